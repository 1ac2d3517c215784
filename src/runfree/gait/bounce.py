"""The bounce: how far the trunk rises and falls in each step."""

from __future__ import annotations

import itertools

import numpy as np
from numpy.typing import NDArray

from runfree.gait.body import Body
from runfree.gait.cycle import Stride
from runfree.gait.per_step import PerStep
from runfree.signal.local import local_line
from runfree.signal.periodic import fold

Array = NDArray[np.float64]

SHOULDER_SHARE = 0.8
_DRIFT_SD_STRIDES = 0.5
_NOISE_SD_S = 0.012
_ORDER = 6


def trunk_height(body: Body, stride: Stride, size: Array) -> Array:
    """Height of a point in the trunk in body heights, up +, slow drift through the picture removed (T,).

    The point lies between mid-hip and mid-shoulder (80 % towards the shoulders): the network's hips swing up to 2 cm with
    the legs, its shoulders much less, and trunk and pelvis rise and fall together within millimetres.
    """
    y = -((1 - SHOULDER_SHARE) * body.hips + SHOULDER_SHARE * body.shoulders)[:, 1]
    slow, _ = local_line(body.time_s, y, body.time_s, _DRIFT_SD_STRIDES / stride.hz)
    return (y - slow) / size


def bounce_per_step(body: Body, stride: Stride, size: Array) -> tuple[PerStep, float]:
    """Peak-to-peak height of each step, and of the mean stride (mean of its two steps), in body heights."""
    height = trunk_height(body, stride, size)
    cycle = fold(stride.phase, height[:, None], np.ones(len(height)), _ORDER)
    left, right = stride.mid_stance["left"], stride.mid_stance["right"]
    grid = np.linspace(0, 1, 100)
    spans = [float(np.ptp(cycle.at(a + grid * ((b - a) % 1))[:, 0])) for a, b in ((left, right), (right, left))]
    value = float(np.mean(spans))
    smooth, _ = local_line(body.time_s, height, body.time_s, max(_NOISE_SD_S, body.frame_s / 2))
    lows = np.sort(np.concatenate([stride.times(body, left), stride.times(body, right)]))
    steps = [_span(body.time_s, smooth, a, b) for a, b in itertools.pairwise(lows)]
    per_step = np.array(steps) if steps else np.array([value])
    shift = value - float(np.nanmedian(per_step))
    times = (lows[1:] + lows[:-1]) / 2 if steps else lows[:1]
    return PerStep(times, per_step + shift), value


def _span(time: Array, y: Array, start: float, end: float) -> float:
    inside = (time >= start - 0.02) & (time <= end + 0.02)
    return float(np.ptp(y[inside])) if inside.sum() >= 5 else float("nan")
