"""A number never travels alone: value, unit, interval, count, quality, method."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

from runfree.core.metrics import METRICS, Side, View

Quality = Literal["good", "fair", "poor"]


@dataclass(frozen=True, slots=True)
class Estimate:
    """One measured number with its error.

    Attributes
    ----------
    metric : str
        Id in :data:`runfree.core.metrics.METRICS`.
    side : Side
        ``"left"``, ``"right"`` or ``"both"``.
    value, low, high : float
        The value and its 95 % interval of *measurement*, in ``unit``.
    unit : str
        Unit symbol of the metric, or ``"body heights"`` for a length of unknown scale.
    n : int
        Number of steps it rests on.
    quality : {"good", "fair", "poor"}
        How well this film shows it.
    method : str
        How it was measured, in a few words.
    flags : tuple of str
        Codes of :data:`runfree.core.flags.FLAGS`.

    Raises
    ------
    ValueError
        If the metric is unknown, a number is not finite, or the value lies outside its interval.
    """

    metric: str
    side: Side
    value: float
    unit: str
    low: float
    high: float
    n: int
    quality: Quality
    method: str
    flags: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.metric not in METRICS:
            raise ValueError(f"unknown metric {self.metric!r}")
        if not all(map(math.isfinite, (self.value, self.low, self.high))):
            raise ValueError(f"{self.metric}: value and interval must be finite")
        if not self.low <= self.value <= self.high:
            raise ValueError(f"{self.metric}: {self.value} lies outside its interval {self.low} to {self.high}")
        if self.n < 1:
            raise ValueError(f"{self.metric}: an estimate needs at least one step")

    def differs(self, other: Estimate) -> bool:
        """Tell whether two estimates in the same unit differ by more than their errors: the intervals do not meet."""
        return self.low > other.high or self.high < other.low


@dataclass(frozen=True, slots=True)
class NotAssessable:
    """A measure that this film cannot show, with the reason and the film that would.

    ``film_instead`` is the view to film, or None when another film of the same kind would do.
    """

    metric: str
    side: Side
    reason: str
    film_instead: View | None
