"""Numbers, names and gaps as the page and the terminal say them."""

from __future__ import annotations

from dataclasses import dataclass

from runfree.core.analysis import Analysis
from runfree.core.estimate import Estimate, NotAssessable
from runfree.core.metrics import METRICS
from runfree.core.wording import VIEW_WORDS, number, places, unit_suffix

AXES = {"deg": "degrees", "pct": "percent", "spm": "steps/min", "ms": "milliseconds"}
RUNNING_ONLY = "These belong to running, and the film shows walking"
ONE_THING_MORE = "Another film like this one, or one thing more, would show"


@dataclass(frozen=True, slots=True)
class Unseen:
    """Measures that could not be seen, by reason, under what would show them."""

    heading: str
    reasons: dict[str, list[str]]


def value_text(estimate: Estimate) -> str:
    """The value alone: ``7.8 cm``."""
    return number(estimate.value, places(estimate)) + unit_suffix(estimate.unit)


def range_text(low: float, high: float, digits: int) -> str:
    """A range: ``7.4–8.2``, or ``−2 to 3`` where a bound is negative."""
    return number(low, digits) + ("–" if low >= 0 else " to ") + number(high, digits)


def unseen(analysis: Analysis) -> list[Unseen]:
    """Group what could not be seen by what would show it, and measures with the same reason together."""
    walking = analysis.films[0].measured.gait == "walking"
    sides: dict[tuple[str, str, str], list[str]] = {}
    for missing in analysis.not_assessable:
        key = (_heading(missing, walking=walking), missing.reason, missing.metric)
        sides.setdefault(key, []).append(missing.side)
    groups: dict[str, dict[str, list[str]]] = {}
    for (heading, reason, metric), found in sides.items():
        one = f" ({found[0]})" if found in (["left"], ["right"]) else ""
        groups.setdefault(heading, {}).setdefault(reason, []).append(METRICS[metric].title + one)
    return [Unseen(heading, reasons) for heading, reasons in groups.items()]


def _heading(missing: NotAssessable, *, walking: bool) -> str:
    if walking and not METRICS[missing.metric].walking:
        return RUNNING_ONLY
    return f"A film {VIEW_WORDS[missing.film_instead]} would show" if missing.film_instead else ONE_THING_MORE
