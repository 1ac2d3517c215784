"""The bounce: how far the body rises and falls in each step."""

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

_DRIFT_SD_STRIDES = 0.5
_NOISE_SD_S = 0.012
_ORDER = 3


def body_height(body: Body, stride: Stride, size: Array) -> Array:
    """Mean height of mid-hip, mid-shoulder and mid-ear in body heights, up +, slow drift removed (T,).

    Three witnesses, since each has its own error: the network's hips swing up to 2 cm with the legs, its shoulders with the
    arms, and heads are held a little stiller than hips. Pelvis, trunk and head rise and fall together within about a centimetre.
    Keypoints without ears leave it to the other two.
    """
    witnesses = [body.hips, body.shoulders]
    if body.shows("left_ear", "right_ear"):
        witnesses.append(body.ears)
    y = -np.mean([w[:, 1] for w in witnesses], axis=0)
    slow, _ = local_line(body.time_s, y, body.time_s, _DRIFT_SD_STRIDES / stride.hz)
    return (y - slow) / size


def bounce_per_step(body: Body, stride: Stride, size: Array) -> tuple[PerStep, float]:
    """Peak-to-peak height of each step, and of the mean step, in body heights.

    The mean step folds left and right steps onto each other: what the near leg does to the network's points differs between
    the two and cancels.
    """
    height = body_height(body, stride, size)
    cycle = fold(2 * stride.phase, height[:, None], np.ones(len(height)), _ORDER)
    value = float(np.ptp(cycle.at(np.linspace(0, 1, 200))[:, 0]))
    smooth, _ = local_line(body.time_s, height, body.time_s, max(_NOISE_SD_S, body.frame_s / 2))
    lows = np.sort(np.concatenate([stride.times(body, p) for p in stride.mid_stance.values()]))
    steps = [_span(body.time_s, smooth, a, b) for a, b in itertools.pairwise(lows)]
    per_step = np.array(steps) if steps else np.array([value])
    times = (lows[1:] + lows[:-1]) / 2 if steps else lows[:1]
    seen = per_step[np.isfinite(per_step)]
    centre = float(np.median(seen)) if seen.size else value
    return PerStep(times, per_step + value - centre), value


def _span(time: Array, y: Array, start: float, end: float) -> float:
    inside = (time >= start - 0.02) & (time <= end + 0.02)
    return float(np.ptp(y[inside])) if inside.sum() >= 5 else float("nan")
