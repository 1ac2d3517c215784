"""Numbers and changes in plain words."""

from __future__ import annotations

from runfree.coach.seen import Seen
from runfree.core.estimate import Estimate

_UNITS = {"deg": "°", "cm": " cm", "pct": " %", "spm": " steps a minute"}
_TOWARDS = {"foot_progression": ("out", "in"), "knee_over_toe": ("in", "out"), "knee_projection": ("in", "out")}


def number(estimate: Estimate) -> str:
    """Write a number with its interval and unit: ``12.3° out (10.4 to 14.2°)``, ``8.1 cm (7.6 to 8.6 cm)``."""
    unit = _UNITS.get(estimate.unit, f" {estimate.unit}")
    numbers = (estimate.value, estimate.low, estimate.high)
    way, low_way, high_way = (_way(x, estimate.metric) for x in numbers)
    value, low, high = (abs(x) if way else x for x in numbers)
    if low_way == high_way:
        low, high = sorted((low, high))
        return f"{value:.1f}{unit}{way} ({low:.1f} to {high:.1f}{unit})"
    return f"{value:.1f}{unit}{way} ({low:.1f}{unit}{low_way} to {high:.1f}{unit}{high_way})"


def _way(value: float, metric: str) -> str:
    if metric not in _TOWARDS:
        return ""
    return f" {_TOWARDS[metric][0 if value >= 0 else 1]}"


def change(seen: Seen, now: Estimate) -> str:
    """Compare with the runner's own earlier film; a change is called only where the intervals do not meet.

    Empty without an earlier number of the same measure, side and unit.
    """
    before = seen.before(now)
    if before is None:
        return ""
    if now.low > before.high or now.high < before.low:
        return f"In your earlier film it was {number(before)}: a change beyond measurement error."
    return f"In your earlier film it was {number(before)}: no change beyond measurement error."


def joined(*sentences: str) -> str:
    """Join the sentences that have something to say."""
    return " ".join(s for s in sentences if s)


def capital(text: str) -> str:
    """Begin with a capital and end with a full stop."""
    clean = text.strip().rstrip(".")
    return f"{clean[:1].upper()}{clean[1:]}."
