"""The sentence of a verdict: at most 25 words, in plain English."""

from __future__ import annotations

from typing import Final, Literal

from runfree.core.trial import Better

Code = Literal["helped", "same", "worse", "unknown", "stopped", "left"]
HEADINGS: Final[dict[Code, str]] = {
    "helped": "It helped",
    "same": "No difference you would notice",
    "worse": "It made it worse",
    "unknown": "Cannot tell yet",
    "stopped": "Stopped",
    "left": "Ended early",
}
UNITS: Final[dict[str, str]] = {
    "points": "points",
    "cm": "cm",
    "spm": "steps a minute",
    "ms": "milliseconds",
    "deg": "degrees",
}


def amount(value: float, unit: str, digits: int) -> str:
    """Say a size with its unit: ``1.4 points``."""
    return f"{abs(value):.{digits}f} {UNITS[unit]}"


def mattering(important: float, unit: str) -> str:
    """Say the smallest change that matters: ``1 point``, ``1.2 points``."""
    return "1 point" if (important, unit) == (1, "points") else f"{important:g} {UNITS[unit]}"


def span(low: float, high: float, digits: int) -> str:
    """Say where a change lies, the smaller size first; ends on both sides of zero keep their sign."""
    if low < 0 < high:
        return f"{low:+.{digits}f} to {high:+.{digits}f}"
    near, far = sorted((abs(low), abs(high)))
    return f"{near:.{digits}f} to {far:.{digits}f}"


def changed(
    title: str, named: str, change: str, between: str, *, better: bool, direction: Better, sure: bool
) -> str:
    """Say that it helped or made it worse.

    Parameters
    ----------
    title, named : str
        Of the change, and what it was judged by (``knee pain``).
    change, between : str
        The size, and where it likely lies.
    better : bool
        Whether it helped.
    direction : {"lower", "higher"}
        What the change did.
    sure : bool
        Whether it is very likely as large as what matters.
    """
    verb = "helped" if better else "made it worse"
    end = ", enough to notice" if sure else ""
    return f"{title} {verb}: {named} was {change} {direction} with it (likely {between}){end}."


def same(title: str, named: str, important: str) -> str:
    """Say that there was no difference to notice."""
    return f"{title} made no difference you would notice: {named} changed by less than {important}, if at all."


def not_begun(first: str) -> str:
    """Say that the first block is still to come."""
    return f"Cannot tell yet: these first days show what is usual for you; the first block starts on {first}."


def under_way(done: int, planned: int, longer: str) -> str:
    """Say how far a trial is."""
    return f"Cannot tell yet: {done} of {planned} pairs are done, and {longer} more are planned."


def too_few(usable: int, planned: int, needed: int) -> str:
    """Say that too many days are missing."""
    return f"Cannot tell: only {usable} of {planned} pairs have enough values, and {needed} are needed."


def uneven(more: str) -> str:
    """Say that missing days could turn the result."""
    return (
        f"Cannot tell: many more days are missing {more} the change, and those days could turn the result around."
    )


def not_clear(pairs: int | None) -> str:
    """Say that the end of a trial does not decide, and what would."""
    if pairs is None:
        return (
            "Cannot tell: your days differ so much by themselves that no trial of a sensible length would show it."
        )
    return f"Cannot tell: your days differ much by themselves; a new trial of about {pairs} pairs would show more."


def stopped(why: str) -> str:
    """Say why a rule ended the trial."""
    return f"Stopped: {why}. Leave the change, and show this to someone with training."


def left() -> str:
    """Say that the runner ended it."""
    return "You ended this trial before its last day, so it cannot tell; what you logged is kept."
