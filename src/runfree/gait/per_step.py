"""One value per step of a signal, at a given moment of the stride."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from runfree.gait.body import Body
from runfree.gait.cycle import Stride
from runfree.signal.robust import TooFewSamplesError, least_squares, spread, trimmed_mean

Array = NDArray[np.float64]


_NEAREST = 0.03
_BELIEVED = 0.2
_ENOUGH = 5


@dataclass(frozen=True, slots=True)
class Curve:
    """A polynomial in phase around one moment of the stride."""

    centre: float
    reach: float
    coefficients: Array

    def at(self, phase: Array) -> Array:
        """Values at phases (strides) within reach of the moment."""
        offset = from_moment(np.asarray(phase, dtype=np.float64), self.centre) / self.reach
        return np.vander(offset, len(self.coefficients), increasing=True) @ self.coefficients

    def slope_at_centre(self) -> float:
        """Derivative by phase at the moment, per stride."""
        return float(self.coefficients[1] / self.reach)


@dataclass(frozen=True, slots=True)
class PerStep:
    """Values of one measure, one per step; NaN where the step could not be read.

    Attributes
    ----------
    time_s, value : array (N,)
    common : float
        The value of all steps together, where it was fitted to all frames at once.
    frame_noise : float
        What the spread of single frames around the common curve makes of a step's value.
    """

    time_s: Array
    value: Array
    common: float = float("nan")
    frame_noise: float = 0.0

    @property
    def n(self) -> int:
        """Steps with a value."""
        return int(np.isfinite(self.value).sum())

    @property
    def mean(self) -> float:
        """Value of all steps together; else their mean without far-off ones."""
        return self.common if np.isfinite(self.common) else trimmed_mean(self.value)[0]

    def shifted(self, offset: float, gain: float = 1.0) -> PerStep:
        """Every value times ``gain`` plus ``offset``."""
        return PerStep(
            self.time_s, self.value * gain + offset, self.common * gain + offset, self.frame_noise * gain
        )

    @property
    def standard_error(self) -> float:
        """Of the mean, from the spread between steps.

        Where steps are few their spread says little: 1 + 2/n stands in for Student's t, and with fewer than five the noise
        of single frames is the least they may be taken to vary.
        """
        deviation = max(spread(self.value), self.frame_noise if self.n < _ENOUGH else 0.0)
        return deviation * (1 + 2 / max(1, self.n)) / max(1.0, np.sqrt(self.n))


def local_mean(stride: Stride, x: Array, centre: float, belief: Array, reach: float, degree: int) -> Curve:
    """Fit a polynomial in phase to the frames of all strides around one moment, robustly.

    Parameters
    ----------
    stride
    x, belief : array (T,)
        Signal, and weight of each frame from 0 to 1; NaN does not count.
    centre, reach : float
        Phase of the moment, and half-width of the frames that take part, in strides.
    degree : int

    Raises
    ------
    TooFewSamplesError
        If too few frames take part.
    """
    offset = from_moment(stride.phase, centre) / reach
    weight = np.where(np.isfinite(x) & (np.abs(offset) <= 1), belief, 0.0)
    if int((weight > 0).sum()) < degree + 3:
        raise TooFewSamplesError("too few frames around this moment")
    design = np.vander(offset, degree + 1, increasing=True)
    ridge = np.full(degree + 1, 1e-6)
    clean = np.where(weight > 0, x, 0.0)[:, None]
    return Curve(centre, reach, least_squares(design, clean, weight, ridge)[:, 0])


def from_moment(phase: Array, centre: float) -> Array:
    """Distance in strides to the nearest passage of a phase, −0.5 to 0.5."""
    return (phase - centre + 0.5) % 1 - 0.5


def at_moment(
    body: Body,
    stride: Stride,
    x: Array,
    window: tuple[float, float],
    belief: Array | None = None,
    *,
    reach: float = 0.12,
    degree: int = 3,
) -> PerStep:
    """Read a signal once per stride: the common curve over a window of phase, corrected by that step's own residuals.

    Reading residuals from the common curve, and not raw samples, keeps a step with two samples (30 frames a second) as
    unbiased as one with twenty. The steps are centred on the common value. Where no step has a believed frame near the
    moment, frames further off (up to ``reach``) stand in.

    Parameters
    ----------
    body, stride
    x : array (T,)
    window : (float, float)
        Phases between which to read, in strides.
    belief : array (T,), optional
        Weight of each frame, 0 to 1.
    reach, degree
        Of :func:`local_mean`, around the middle of the window.
    """
    weight = np.ones(len(x)) if belief is None else belief
    centre = (window[0] + window[1]) / 2
    curve = local_mean(stride, x, centre, weight, reach, degree)
    level = float(curve.at(np.linspace(window[0], window[1], 9)).mean())
    least = max((window[1] - window[0]) / 2, 0.75 * body.frame_s * stride.hz, _NEAREST)
    times = stride.times(body, centre)
    turn = np.floor(stride.phase - centre + 0.5)
    away = np.abs(stride.phase - centre - turn)
    rest = np.where(np.isfinite(x) & (away <= reach), x - curve.at(stride.phase), 0.0)
    start = int(np.ceil(stride.phase[0] - centre))
    values = np.full(len(times), np.nan)
    for half in (least, reach):
        near = (away <= half + 1e-9) & np.isfinite(x) & (weight > _BELIEVED)
        for i in range(len(times)):
            mine = near & (turn == start + i)
            if mine.any():
                values[i] = float(np.average(rest[mine], weights=weight[mine]))
        if np.isfinite(values).any():
            break
    frames_a_step = near.sum() / max(1, int(np.isfinite(values).sum()))
    noise = spread(rest[near]) / np.sqrt(frames_a_step) if near.any() else 0.0
    centred = values - np.nanmedian(values) if np.isfinite(values).any() else values
    return PerStep(times, level + centred, level if np.isfinite(values).any() else float("nan"), noise)
