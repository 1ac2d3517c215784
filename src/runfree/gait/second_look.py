"""The network's own left–right error, measured on this film and taken out by half.

Shown the same picture mirrored, the network should say the same; what it says differently is error, and it comes back at the
same phase of every stride. Folded over the stride, half of the difference moves every frame to the mean of both looks, though
only a few were looked at twice. On rendered films this took a tenth to a fifth off the errors of knees and feet
(docs/accuracy.md).
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from runfree.gait.body import Body
from runfree.gait.cycle import Stride
from runfree.signal.periodic import fold

_ORDER = 6
_FEWEST = 60
_FEWEST_STRIDES = 4
_EXCHANGED = 0.25


def straightened(body: Body, stride: Stride) -> Body:
    """Move every keypoint by half the difference of the two looks, folded over the stride.

    Frames in which the looks differ by more than a quarter of the trunk anywhere (legs exchanged in one of them) do not
    count. With fewer than sixty left, or fewer than four strides (a runner who passes is seen from another angle at each),
    the body is returned as it is.
    """
    if stride.phase[-1] - stride.phase[0] < _FEWEST_STRIDES:
        return body
    names = list(body.at)
    first = np.stack([body.at[name] for name in names], axis=1)
    half = (body.second - first) / 2 / body.trunk_px[:, None, None]
    largest = np.abs(np.where(np.isfinite(half), half, np.inf)).reshape(len(half), -1).max(axis=1)
    usable = largest < _EXCHANGED / 2
    if int(usable.sum()) < _FEWEST:
        return body
    flat = half[usable].reshape(int(usable.sum()), -1)
    size = body.trunk_px[usable]
    cycle = fold(stride.phase[usable], flat, (size / size.max()) ** 2, _ORDER)
    moved = first + cycle.at(stride.phase).reshape(first.shape) * body.trunk_px[:, None, None]
    return replace(body, at={name: moved[:, i] for i, name in enumerate(names)})
