"""The steady part of a film: all of it, or the longest stretch in which somebody keeps running or walking."""

from __future__ import annotations

import numpy as np

from runfree.gait.body import Body, cut_body
from runfree.gait.cycle import Stride, stride_of

_WINDOW_S = 4.0
_HOP_S = 1.0


def steady_part(body: Body) -> tuple[Body, Stride] | None:
    """Return the body cut to its steady part, and the rhythm of it; None where there is none.

    A film that holds one rhythm throughout is taken whole. Otherwise windows of four seconds are tried every second; the longest
    run of windows with a rhythm, whose whole has one too, is the steady part (ends in which somebody stands still are cut).
    """
    whole = stride_of(body)
    if whole is not None:
        return body, whole
    starts = np.arange(body.time_s[0], body.time_s[-1] - _WINDOW_S, _HOP_S)
    good = [stride_of(cut_body(body, t, t + _WINDOW_S)) is not None for t in starts]
    for first, last in _runs(good):
        part = cut_body(body, float(starts[first]), float(starts[last]) + _WINDOW_S)
        stride = stride_of(part)
        if stride is not None:
            return part, stride
    return None


def _runs(good: list[bool]) -> list[tuple[int, int]]:
    """First and last index of every run of true values, longest first."""
    edges = np.flatnonzero(np.diff(np.concatenate([[0], np.array(good, dtype=np.int8), [0]])))
    runs = [(int(a), int(b) - 1) for a, b in zip(edges[::2], edges[1::2], strict=True)]
    return sorted(runs, key=lambda r: r[0] - r[1])
