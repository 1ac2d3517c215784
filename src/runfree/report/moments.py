"""Which moments of a film to show: the runner's own typical mid-stance, left and right, and touch-down."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from runfree.core.analysis import Measured, Step
from runfree.core.metrics import Side
from runfree.core.motion import REQUIRED, Motion, points

Phase = Literal["mid-stance", "touch-down"]

_LEG = ("hip", "knee", "ankle", "heel", "toe")
CONFIDENT = 0.5


@dataclass(frozen=True, slots=True)
class Moment:
    """One moment to show: the standing foot, the phase of its step, and the row of the motion nearest to it."""

    side: Side
    phase: Phase
    row: int


def moments(motion: Motion, measured: Measured) -> tuple[Moment, ...]:
    """Choose the moments worth a still.

    The typical step of each foot: measured, its leg seen with confidence, and the leg nearest to where it is in the
    median step of that foot. Films from the side add the touch-down of the leg nearer to the camera.

    Returns
    -------
    tuple of Moment
        Left mid-stance, right mid-stance, touch-down; fewer where no step qualifies.
    """
    found: list[Moment] = []
    for side in ("left", "right"):
        if (step := _typical(motion, measured, side)) is not None:
            found.append(Moment(side, "mid-stance", row_at(motion, step.mid_stance_s)))
    if measured.view == "side" and measured.facing is not None:
        step = _typical(motion, measured, measured.facing, timed=True)
        if step is not None and step.touch_down_s is not None:
            found.append(Moment(measured.facing, "touch-down", row_at(motion, step.touch_down_s)))
    return tuple(found)


def row_at(motion: Motion, time_s: float) -> int:
    """Index of the motion's row nearest in time."""
    return int(np.abs(motion["time"].to_numpy() - time_s).argmin())


def _typical(motion: Motion, measured: Measured, side: Side, *, timed: bool = False) -> Step | None:
    steps = [
        s
        for s in measured.steps
        if s.side == side
        and s.left_out is None
        and not (timed and s.touch_down_s is None)
        and _leg_confidence(motion, side, row_at(motion, s.mid_stance_s)) >= _enough(motion, measured, side)
    ]
    if not steps:
        return None
    if measured.travel == "approach":
        steps = _nearer_half(motion, steps)
    return steps[int(np.argmin(_off_usual(motion, side, steps)))]


def _enough(motion: Motion, measured: Measured, side: Side) -> float:
    """Confidence asked of a leg: what is usual for the far leg of a side film, which is often half hidden."""
    rows = [row_at(motion, s.mid_stance_s) for s in measured.steps if s.side == side and s.left_out is None]
    usual = float(np.median([_leg_confidence(motion, side, r) for r in rows]))
    return min(CONFIDENT, usual)


def _leg_confidence(motion: Motion, side: Side, row: int) -> float:
    """The lowest confidence among one leg's keypoints; 0 where one is missing."""
    frame = motion.isel(time=row).sel(keypoint=[f"{side}_{part}" for part in _LEG])
    if not np.isfinite(frame["position"].to_numpy()).all():
        return 0.0
    return float(frame["confidence"].min())


def _nearer_half(motion: Motion, steps: list[Step]) -> list[Step]:
    """The steps in which the runner is at least as large in the picture as in the median step."""
    shoulder, ankle = (
        motion["position"].sel(keypoint=f"left_{k}", space="y").to_numpy() for k in ("shoulder", "ankle")
    )
    size = np.array([abs(shoulder[r] - ankle[r]) for r in (row_at(motion, s.mid_stance_s) for s in steps)])
    return [s for s, large in zip(steps, size >= np.nanmedian(size), strict=True) if large]


def _off_usual(motion: Motion, side: Side, steps: list[Step]) -> NDArray[np.float64]:
    """How far each step's leg lies from where it is in the median step, in trunk lengths.

    A frame in which the network took one leg for the other may show a typical angle, but never a typical leg.
    """
    rows = [row_at(motion, s.mid_stance_s) for s in steps]
    at = {k: points(motion, k)[rows] for k in sorted(REQUIRED)}
    shoulders, hips = ((at[f"left_{k}"] + at[f"right_{k}"]) / 2 for k in ("shoulder", "hip"))
    leg = np.stack([at[f"{side}_{part}"] for part in _LEG], axis=1)
    posture = (leg - hips[:, None]) / np.hypot(*(shoulders - hips).T)[:, None, None]
    off = np.hypot(*np.moveaxis(posture - np.nanmedian(posture, axis=0), -1, 0))
    return np.where(np.isfinite(off), off, np.inf).max(axis=1)
