"""Numbers and changes in plain words."""

from __future__ import annotations

from runfree.coach.seen import Seen
from runfree.core.estimate import Estimate
from runfree.core.wording import number, places, unit_suffix

_TOWARDS = {"foot_progression": ("out", "in"), "knee_over_toe": ("in", "out"), "knee_projection": ("in", "out")}


def measured(estimate: Estimate) -> str:
    """Write a number with its interval and unit: ``12° out (10 to 14°)``, ``8.1 cm (7.6 to 8.6 cm)``.

    It has as many decimals as the interval supports.
    """
    digits, unit = places(estimate), unit_suffix(estimate.unit)
    numbers = [round(x, digits) for x in (estimate.value, estimate.low, estimate.high)]
    way, low_way, high_way = (_way(x, estimate.metric) for x in numbers)
    size = abs if estimate.metric in _TOWARDS else float
    ends = [size(x) for x in numbers[1:]]
    if low_way == high_way:
        ends, low_way, high_way = sorted(ends), "", ""
    value, low, high = (number(x, digits) for x in (size(numbers[0]), *ends))
    first = f"{low}{unit}{low_way}" if high_way or low_way else low
    return f"{value}{unit}{way} ({first} to {high}{unit}{high_way})"


def _way(value: float, metric: str) -> str:
    if metric not in _TOWARDS or value == 0:
        return ""
    return f" {_TOWARDS[metric][0 if value > 0 else 1]}"


def change(seen: Seen, now: Estimate) -> str:
    """Compare with the runner's own earlier film; a change is called only where the intervals do not meet.

    Empty without an earlier number of the same measure, side and unit.
    """
    before = seen.before(now)
    if before is None:
        return ""
    verdict = "a" if now.differs(before) else "no"
    return f"In your earlier film it was {measured(before)}: {verdict} change beyond measurement error."


def joined(*sentences: str) -> str:
    """Join the sentences that have something to say."""
    return " ".join(s for s in sentences if s)


def capital(text: str) -> str:
    """Begin with a capital and end with a full stop."""
    clean = text.strip().rstrip(".")
    return f"{clean[:1].upper()}{clean[1:]}."
