"""Numbers and views as people read them: no more decimals than the interval supports."""

from __future__ import annotations

import math

from runfree.core.estimate import Estimate
from runfree.core.metrics import View

VIEW_WORDS: dict[View, str] = {
    "side": "from the side",
    "front": "from the front",
    "rear": "from behind",
    "oblique": "at an angle",
}
MINUS = "\N{MINUS SIGN}"
_UNITS = {"spm": "steps/min", "deg": "°", "pct": "%", "BW": "× body weight", "BW/m": "× body weight per metre"}


def seen_how(view: View) -> str:
    """From where a runner was filmed, in a sentence; or that they were measured in space."""
    return "measured in three dimensions" if view == "3d" else f"filmed {VIEW_WORDS[view]}"


def decimals(half_width: float) -> int:
    """How many decimals an interval of this half width supports (0 to 3)."""
    if half_width <= 0:
        return 3
    return max(0, min(3, -math.floor(math.log10(half_width))))


def places(*estimates: Estimate) -> int:
    """How many decimals the intervals of estimates that stand side by side support."""
    return max(decimals((e.high - e.low) / 2) for e in estimates)


def number(value: float, places: int) -> str:
    """Write a number with a true minus sign, and never a minus zero."""
    text = f"{value:.{places}f}"
    if float(text) == 0:
        text = text.lstrip("-")
    return text.replace("-", MINUS)


def unit_suffix(unit: str) -> str:
    """The unit as it follows a number, with its space where one belongs."""
    symbol = _UNITS.get(unit, unit)
    return symbol if symbol == "°" else f" {symbol}"
