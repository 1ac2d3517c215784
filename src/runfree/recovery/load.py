"""The single-run rule: no run far longer than the longest of the last 30 days."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

WINDOW_DAYS: Final = 30
WITHIN: Final = 1.10
HAZARDS: Final = (
    (1.10, 1.30, 1.64, 1.31, 2.05),
    (1.30, 2.00, 1.52, 1.16, 2.00),
    (2.00, float("inf"), 2.28, 1.50, 3.48),
)
"""Ratio above, ratio up to, hazard rate ratio with its 95 % interval: Frandsen 2025, BJSM 59:1203,
10.1136/bjsports-2024-109380 (5205 runners, 588 071 runs). Fewer than 15 % of injuries followed such a run."""


@dataclass(frozen=True, slots=True)
class Limit:
    """How far the next run may go within what the runner is used to.

    ``longest_m`` and ``up_to_m`` are None where no run with a distance lies in the last 30 days.
    """

    longest_m: float | None
    longest_on: date | None
    up_to_m: float | None


@dataclass(frozen=True, slots=True)
class Spike:
    """A run that went beyond 110 % of the longest of the 30 days before, with the hazard seen after such runs."""

    day: date
    distance_m: float
    longest_before_m: float
    hazard: float
    hazard_low: float
    hazard_high: float


def limit(runs: Sequence[tuple[date, float]], today: date) -> Limit:
    """Return the limit for a run on ``today`` from runs (day, metres) of the 30 days up to it.

    Raises
    ------
    ValueError
        If a distance is negative.
    """
    if any(distance_m < 0 for _, distance_m in runs):
        raise ValueError("a distance is negative")
    recent = [
        (metres, day) for day, metres in runs if today - timedelta(days=WINDOW_DAYS) <= day <= today and metres > 0
    ]
    if not recent:
        return Limit(None, None, None)
    longest_m, on = max(recent)
    return Limit(longest_m, on, WITHIN * longest_m)


def spikes(runs: Sequence[tuple[date, float]]) -> list[Spike]:
    """Return the runs beyond 110 % of the longest in the 30 days before each, in order. Runs without any before are none."""
    ordered = sorted(runs)
    out: list[Spike] = []
    first = 0
    for i, (day, metres) in enumerate(ordered):
        while ordered[first][0] < day - timedelta(days=WINDOW_DAYS):
            first += 1
        longest = max((m for _, m in ordered[first:i]), default=0.0)
        band = next((h for h in HAZARDS if longest > 0 and h[0] < metres / longest <= h[1]), None)
        if band is not None:
            out.append(Spike(day, metres, longest, *band[2:]))
    return out
