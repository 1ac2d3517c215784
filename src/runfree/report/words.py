"""Numbers and names as people read them."""

from __future__ import annotations

import math

from runfree.core.estimate import Estimate
from runfree.core.metrics import METRICS

AXES = {"deg": "degrees", "pct": "percent", "spm": "steps/min", "ms": "milliseconds"}
UNITS = {"spm": "steps/min", "deg": "°", "pct": "%"}
VIEWS = {"side": "from the side", "front": "from the front", "rear": "from behind", "oblique": "at an angle"}
ALIGNMENTS = {
    "parallel": "Feet parallel",
    "tracking": "Kneecap over the second toe",
    "glide": "Glide, not bounce",
    "belly": "Low belly lifted",
    "toes": "Toes lifted and spread",
}
MINUS = "\N{MINUS SIGN}"


def decimals(half_width: float) -> int:
    """How many decimals an interval of this half width supports (0 to 3)."""
    if half_width <= 0:
        return 3
    return max(0, min(3, -math.floor(math.log10(half_width))))


def number(value: float, places: int) -> str:
    """A number with a true minus sign, and never a minus zero."""
    text = f"{value:.{places}f}"
    if float(text) == 0:
        text = text.lstrip("-")
    return text.replace("-", MINUS)


def unit_suffix(unit: str) -> str:
    """The unit as it follows a number, with its space where one belongs."""
    symbol = UNITS.get(unit, unit)
    return symbol if symbol == "°" else f" {symbol}"


def places(estimate: Estimate) -> int:
    """How many decimals an estimate's interval supports."""
    return decimals((estimate.high - estimate.low) / 2)


def value_text(estimate: Estimate) -> str:
    """The value alone: ``7.8 cm``."""
    return number(estimate.value, places(estimate)) + unit_suffix(estimate.unit)


def range_text(estimate: Estimate) -> str:
    """The interval alone: ``7.4–8.2``, or ``−2 to 3`` where a bound is negative."""
    joint = "–" if estimate.low >= 0 else " to "
    return number(estimate.low, places(estimate)) + joint + number(estimate.high, places(estimate))


def metric_title(metric: str) -> str:
    """The measure's short name, or its id where it has none."""
    return METRICS[metric].title if metric in METRICS else metric
