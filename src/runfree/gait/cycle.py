"""The stride: its frequency, its phase over time, running or walking, and when each foot is in mid-stance."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from runfree.core.metrics import Gait, Side
from runfree.gait.body import Body
from runfree.signal.local import local_line
from runfree.signal.periodic import explained, fold, local_phase, refined_phase
from runfree.signal.robust import TooFewSamplesError

Array = NDArray[np.float64]

STRIDE_HZ = (0.35, 2.1)
_GRID_HZ = 0.01
_MIN_PERIODIC = 0.45
_MIN_SWING = 0.12
_DRIFT_SD_CYCLES = 0.5
_MIN_STRIDES = 1.5
_BOUNCE_WEIGHT = 3.0
_TRUNK_M = 0.52
_RUNNING_ACCELERATION, _LEAST_ACCELERATION = 5.0, 2.0
_STRIDING = 0.3
_RUNNING_SPM = 130.0


@dataclass(frozen=True, slots=True)
class Stride:
    """The rhythm of one film.

    Attributes
    ----------
    hz, se_hz : float
        Stride frequency over the film, and its standard error.
    phase : array (T,)
        In strides, at every frame of the body.
    mid_stance : dict of Side to float
        Phase (0 to 1) of the mid-stance of the left and right foot.
    gait : Gait
    """

    hz: float
    se_hz: float
    phase: Array
    mid_stance: dict[Side, float]
    gait: Gait

    @property
    def cadence_spm(self) -> float:
        """Steps per minute."""
        return 120 * self.hz

    def times(self, body: Body, phase: float) -> Array:
        """Times at which the stride passes a phase, inside the film."""
        first, last = int(np.ceil(self.phase[0] - phase)), int(np.floor(self.phase[-1] - phase))
        return np.interp(phase + np.arange(first, last + 1), self.phase, body.time_s)


def legs_apart(body: Body) -> Array:
    """Left minus right ankle in trunk lengths, (T, 2): the signal of the stride."""
    return (body.at["left_ankle"] - body.at["right_ankle"]) / body.trunk_px[:, None]


def hip_height(body: Body, stride_hz: float) -> Array:
    """Height of mid-hip in trunk lengths, up +, the slow drift through the picture removed."""
    y = -body.hips[:, 1]
    slow, _ = local_line(body.time_s, y, body.time_s, _DRIFT_SD_CYCLES / stride_hz)
    return (y - slow) / body.trunk_px


def stride_of(body: Body) -> Stride | None:
    """Find the rhythm of running or walking; None when there is none, or too few frames to tell.

    The stride frequency is the one at which the difference of the ankles swings once while mid-hip bounces twice: the
    first alone cannot tell a stride from its third, the second alone not a stride from a step.
    """
    try:
        return _stride(body)
    except TooFewSamplesError:
        return None


def _stride(body: Body) -> Stride | None:
    grid = np.arange(STRIDE_HZ[0], STRIDE_HZ[1], _GRID_HZ)
    apart = legs_apart(body)
    swing = np.nanstd(apart - np.nanmedian(apart, axis=0), axis=0)
    share = swing**2 / max(float((swing**2).sum()), 1e-12)
    once = sum(share[i] * explained(body.time_s, apart[:, i], grid) for i in (0, 1))
    score = once + 0.5 * explained(body.time_s, -body.hips[:, 1] / body.trunk_px, 2 * grid)
    best = float(grid[int(np.argmax(score))])
    if np.hypot(*swing) < _MIN_SWING or float(np.interp(best, grid, once)) < _MIN_PERIODIC:
        return None
    phase = local_phase(body.time_s, apart[:, int(np.argmax(share))], best)
    if phase[-1] - phase[0] < _MIN_STRIDES:
        return None
    signals = np.column_stack([apart, _knees_apart(body), _BOUNCE_WEIGHT * hip_height(body, best)])
    phase, noise = refined_phase(body.time_s, phase, signals)
    hz, se = _mean_frequency(body.time_s, phase, noise)
    hip = hip_height(body, hz)
    gait = _gait(phase, hip, apart[:, 0], hz)
    return Stride(hz, se, phase, _mid_stance(phase, hip, apart[:, 1], gait), gait)


def _knees_apart(body: Body) -> Array:
    return (body.at["left_knee"] - body.at["right_knee"]) / body.trunk_px[:, None]


def _mean_frequency(time: Array, phase: Array, phase_sd: float) -> tuple[float, float]:
    """Slope of the phase over time, and its standard error from the phase noise at both ends."""
    hz = float(np.polyfit(time, phase, 1)[0])
    return hz, float(np.sqrt(2) * phase_sd / (time[-1] - time[0]))


def _gait(phase: Array, hip: Array, across: Array, hz: float) -> Gait:
    """Runners are highest while their legs are far apart, walkers while the legs pass each other.

    Where the film does not show the legs part sideways, the bounce tells: in running its acceleration nearly cancels gravity, in
    walking it stays far below. The amplitude of mid-hip at step frequency (trunk length taken as 0.52 m) gives it.
    """
    cycle = fold(phase, np.column_stack([hip, np.abs(across)]), np.ones(len(phase)), 4)
    bounce, parting = cycle.coefficients[3] + 1j * cycle.coefficients[4]
    acceleration = _TRUNK_M * abs(bounce) * (2 * np.pi * 2 * hz) ** 2
    if abs(parting) > _STRIDING:
        runs = acceleration > _LEAST_ACCELERATION and (bounce * np.conj(parting)).real > 0
    else:
        runs = acceleration > _RUNNING_ACCELERATION
    return "running" if runs and 120 * hz > _RUNNING_SPM else "walking"


def _mid_stance(phase: Array, hip: Array, lower: Array, gait: Gait) -> dict[Side, float]:
    """Phases of mid-stance: where mid-hip is lowest (running: the spring is loaded) or highest (walking: it vaults).

    The foot on the ground is the one whose ankle is lower then.
    """
    cycle = fold(phase, np.column_stack([hip, lower - np.nanmean(lower)]), np.ones(len(phase)), 4)
    grid = np.arange(0, 1, 0.002)
    height, low = cycle.at(grid).T
    extreme = -height if gait == "running" else height
    first = float(grid[int(np.argmax(extreme))])
    away = np.abs((grid - first) % 1 - 0.5)
    second = float(grid[int(np.argmax(np.where(away < 0.2, extreme, -np.inf)))])
    left_first = low[round(first / 0.002)] > low[round(second / 0.002)]
    return {"left": first, "right": second} if left_first else {"left": second, "right": first}
