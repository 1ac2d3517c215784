"""Is the last month different from the runner's own year, at equal speed? One sensor at a time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from runfree.core.run import Stretch

RECENT_DAYS = 28
BASELINE_DAYS = 365
LEAST_RUNS = 5
LEAST_RECENT = 2
_HUBER = 1.345
_MAD_TO_SD = 1.4826
MEASURES: dict[str, str] = {
    "cadence_spm": "steps/min",
    "vertical_oscillation_cm": "cm",
    "contact_time_ms": "ms",
    "vertical_ratio_pct": "%",
}

Verdict = Literal["higher", "lower", "no change beyond noise", "too few runs"]


@dataclass(frozen=True, slots=True)
class Change:
    """The last four weeks against the year before them, at equal speed.

    Attributes
    ----------
    measure, sensor, position : str
        What, and by which sensor; sensors are never mixed.
    verdict : Verdict
        Higher or lower only where the 95 % interval leaves zero out.
    change, low, high : float or None
        Difference and its 95 % interval; None with too few runs.
    usual, at_mps : float or None
        The value of the year at the runner's middle speed, and that speed.
    runs_before, runs_recent : int
        How many runs it rests on.
    """

    measure: str
    sensor: str
    position: str
    verdict: Verdict
    change: float | None
    low: float | None
    high: float | None
    usual: float | None
    at_mps: float | None
    runs_before: int
    runs_recent: int


def changes(stretches: Iterable[tuple[date, int, Stretch]], today: date) -> list[Change]:
    """Compare the last 28 days with the 365 before, for each sensor and measure.

    A Huber regression of the runs' means on speed with a step at the start of the last 28 days: the step is the change.
    Its interval grows with the spread of the runs and, where neighbouring runs resemble each other, with their lag-one
    autocorrelation. Five runs before and two after are the least.
    """
    points: dict[tuple[str, str, str], dict[int, list[tuple[date, float, float, float]]]] = defaultdict(
        lambda: defaultdict(list)
    )
    for day, run, s in stretches:
        if today - timedelta(days=RECENT_DAYS + BASELINE_DAYS) < day <= today:
            for measure in MEASURES:
                if (value := getattr(s, measure)) is not None:
                    points[s.sensor, s.position, measure][run].append((day, s.seconds, s.speed_mps, value))
    return [_change(key, _run_means(runs), today) for key, runs in sorted(points.items())]


def _run_means(runs: dict[int, list[tuple[date, float, float, float]]]) -> list[tuple[date, float, float]]:
    """Day, speed and value of each run, weighted by time; in the order of days."""
    out: list[tuple[date, float, float]] = []
    for stretches in runs.values():
        weights = [s[1] for s in stretches]
        speed = float(np.average([s[2] for s in stretches], weights=weights))
        value = float(np.average([s[3] for s in stretches], weights=weights))
        out.append((stretches[0][0], speed, value))
    return sorted(out)


def _change(key: tuple[str, str, str], runs: list[tuple[date, float, float]], today: date) -> Change:
    sensor, position, measure = key
    recent = np.array([day > today - timedelta(days=RECENT_DAYS) for day, _, _ in runs])
    speed, value = np.array([r[1] for r in runs]), np.array([r[2] for r in runs])
    before, after = int((~recent).sum()), int(recent.sum())
    if before < LEAST_RUNS or after < LEAST_RECENT:
        return Change(measure, sensor, position, "too few runs", None, None, None, None, None, before, after)
    middle = float(np.median(speed))
    solution, error = _fit(speed - middle, recent, value)
    low, high = float(solution[2] - error), float(solution[2] + error)
    verdict: Verdict = "higher" if low > 0 else "lower" if high < 0 else "no change beyond noise"
    return Change(
        measure,
        sensor,
        position,
        verdict,
        float(solution[2]),
        low,
        high,
        float(solution[0]),
        middle,
        before,
        after,
    )


def _fit(
    speed: NDArray[np.float64], recent: NDArray[np.bool_], value: NDArray[np.float64]
) -> tuple[NDArray[np.float64], float]:
    """Intercept, slope and step, and the half width of the step's 95 % interval."""
    design = np.column_stack([np.ones_like(speed), speed, recent])
    # Speeds that hardly differ cannot tell a slope: a weak pull to none.
    pull = np.diag([0.0, 1e-3, 0.0])
    weight, residual = np.ones_like(value), value
    solution = np.zeros(3)
    for _ in range(20):
        gram = design.T @ (weight[:, None] * design) + pull
        solution = np.asarray(np.linalg.solve(gram, design.T @ (weight * value)), dtype=np.float64)
        residual = value - design @ solution
        scale = max(_MAD_TO_SD * float(np.median(np.abs(residual))), 1e-9)
        weight = np.minimum(1.0, _HUBER / np.maximum(np.abs(residual) / scale, 1e-9))
    free = len(value) - 3
    psi = weight * residual
    slope = float(np.mean(weight >= 1.0))
    variance = float(psi @ psi) / free / max(slope, 0.3) ** 2
    covariance = variance * np.linalg.inv(design.T @ design + pull)
    likeness = _likeness(psi)
    effective = max(free * (1 - likeness) / (1 + likeness), 3.0)
    half = _student(effective) * np.sqrt(covariance[2, 2] * (1 + likeness) / (1 - likeness))
    return solution, float(half)


def _student(free: float) -> float:
    """The 97.5 % quantile of Student's t by its expansion (Abramowitz & Stegun 26.7.5), within 0.5 % from 3 degrees on.

    scipy has it too, but its import takes longer than all of the journal.
    """
    z = 1.959964
    terms = (
        (z**3 + z) / 4,
        (5 * z**5 + 16 * z**3 + 3 * z) / 96,
        (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / 384,
        (79 * z**9 + 776 * z**7 + 1482 * z**5 - 1920 * z**3 - 945 * z) / 92_160,
    )
    return z + sum(term / free ** (i + 1) for i, term in enumerate(terms))


def _likeness(residual: NDArray[np.float64]) -> float:
    """Lag-one autocorrelation with the small-sample bias of (1 + 3r)/n added back (Kendall 1954), 0 to 0.9."""
    power = float(residual @ residual)
    if power == 0:
        return 0.0
    r = float(residual[1:] @ residual[:-1]) / power
    return float(np.clip(r + (1 + 3 * r) / len(residual), 0.0, 0.9))
