"""The weeks after the first practice: how often, and how the dose follows the pain."""

from __future__ import annotations

from typing import Final, Literal

from runfree.knowledge.exercise import EFFORTS, Effort

WEEKS: Final = 6
"""After so many weeks the plan is looked at: keep, change or consult (evidence: four to six weeks)."""
DAYS: Final = {
    1: "MO",
    2: "MO,TH",
    3: "MO,WE,FR",
    4: "MO,TU,TH,SA",
    5: "MO,TU,WE,FR,SA",
    6: "MO,TU,WE,TH,FR,SA",
    7: "MO,TU,WE,TH,FR,SA,SU",
}


def next_level(level: Effort, light: Literal["green", "amber", "red"], *, greens: int = 1) -> Effort:
    """Return the level of the next practice by the pain light of the last one.

    Parameters
    ----------
    level : {"easy", "medium", "strong"}
        Of the last practice.
    light : {"green", "amber", "red"}
        Its light: at most 2 of 10 and settled; at most 5 and settled by the morning; more, or not settled.
    greens : int
        Practices in a row with a green light, the last one included; two climb one level.

    Returns
    -------
    str
        One level up after two greens, the same after one green or amber, one down after red.
    """
    step = {"green": int(greens >= 2), "amber": 0, "red": -1}[light]
    return EFFORTS[min(max(EFFORTS.index(level) + step, 0), len(EFFORTS) - 1)]
