"""Left/right repair: frames in which the network exchanged the legs."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from runfree.core.motion import Motion, points

_PARTS = ("hip", "knee", "ankle", "heel", "toe")
_LEG = (*_PARTS, "big_toe", "small_toe")
MAX_GAP_S = 0.1
COST_CAP = 0.25
PRIOR = 0.01
SURE = 0.13
DOUBTFUL = 0.05


def put_sides_right(motion: Motion) -> tuple[Motion, int, int]:
    """Find frames with left and right leg exchanged, and exchange them back.

    Every frame is either as named or exchanged. Of all ways to label the frames the one is taken in which hips,
    knees, ankles, heels and toes move most steadily: the least sum of distances, in trunk lengths, between where
    the two frames before predict a keypoint and where it is (dynamic programming over pairs of labels, Viterbi 1967).
    Legs that cross in a side view move on steadily and are left alone. A stretch labelled as exchanged is repaired
    when that saves at least ``SURE`` trunk lengths a keypoint, made NaN with confidence 0 when it saves at least
    ``DOUBTFUL``, else left as it is. Exchanges that last more than half of the film cannot be told.

    Parameters
    ----------
    motion : Motion
        Raw keypoints.

    Returns
    -------
    motion : Motion
        A new one; ``attrs`` hold the two counts as ``swapped_frames`` and ``uncertain_frames``.
    swapped_frames, uncertain_frames : int
        Frames exchanged back, and frames made NaN.
    """
    legs = np.stack([np.stack([points(motion, f"{s}_{p}") for p in _PARTS], 1) for s in ("left", "right")], 1)
    seen = np.flatnonzero(np.isfinite(legs).all((1, 2, 3)) & np.isfinite(_trunk_px(motion)))
    swapped = np.zeros(len(legs), dtype=bool)
    uncertain = np.zeros(len(legs), dtype=bool)
    if len(seen) > 2:
        cost = _unsteadiness(legs[seen], motion["time"].to_numpy()[seen], _trunk_px(motion)[seen])
        label = _steadiest(cost)
        for start, stop in _runs(label):
            gain = _gain(cost, label, start, stop)
            if gain >= SURE:
                swapped[seen[start:stop]] = True
            elif gain >= DOUBTFUL:
                uncertain[seen[start:stop]] = True
    return _repaired(motion, swapped, uncertain), int(swapped.sum()), int(uncertain.sum())


def _trunk_px(motion: Motion) -> NDArray[np.float64]:
    """Distance mid-shoulder to mid-hip (T,): the same however the legs are named."""
    shoulder, hip = (
        (points(motion, f"left_{part}") + points(motion, f"right_{part}")) / 2 for part in ("shoulder", "hip")
    )
    return np.maximum(np.linalg.norm(shoulder - hip, axis=1), 1.0)


def _unsteadiness(
    legs: NDArray[np.float64], time_s: NDArray[np.float64], unit_px: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Mean misprediction in units, (n, 2, 2, 2) over the labels of the frames k − 2, k − 1 and k.

    ``legs`` is (n, 2 sides, parts, 2). Frames after a gap are not predicted and cost nothing.
    """
    step = np.diff(time_s)
    ahead = (step[1:] / step[:-1])[:, None, None, None]
    named = (legs, legs[:, ::-1])
    cost = np.zeros((len(legs), 2, 2, 2))
    for a, b, c in np.ndindex(2, 2, 2):
        before, last, now = named[a][:-2], named[b][1:-1], named[c][2:]
        missed = np.linalg.norm(now - last - (last - before) * ahead, axis=-1) / unit_px[2:, None, None]
        cost[2:, a, b, c] = np.minimum(missed, COST_CAP).mean(axis=(1, 2))
    cost[2:][np.maximum(step[1:], step[:-1]) > MAX_GAP_S] = 0
    return cost


def _steadiest(cost: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Return the labels (n,) of least cost; being exchanged costs ``PRIOR`` a frame."""
    n = len(cost)
    total = np.array([[0, PRIOR], [PRIOR, 2 * PRIOR]])
    came = np.zeros((n, 2, 2), dtype=np.int8)
    for k in range(2, n):
        through = total[:, :, None] + cost[k]
        came[k] = through.argmin(axis=0)
        total = through.min(axis=0) + np.array([0, PRIOR])
    label = np.zeros(n, dtype=bool)
    b, c = np.unravel_index(int(total.argmin()), (2, 2))
    for k in range(n - 1, 1, -1):
        label[k - 1 : k + 1] = b, c
        b, c = came[k, b, c], b
    label[:2] = b, c
    return label


def _runs(label: NDArray[np.bool_]) -> list[tuple[int, int]]:
    edges = np.flatnonzero(np.diff(np.concatenate([[False], label, [False]]).astype(np.int8)))
    return list(zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True))


def _gain(cost: NDArray[np.float64], label: NDArray[np.bool_], start: int, stop: int) -> float:
    """What labelling a run as exchanged saves, in trunk lengths a keypoint."""
    plain = label.copy()
    plain[start:stop] = False
    k = np.arange(max(start, 2), min(stop + 2, len(cost)))
    one, other = (label.astype(int), plain.astype(int))
    return float((cost[k, other[k - 2], other[k - 1], other[k]] - cost[k, one[k - 2], one[k - 1], one[k]]).sum())


def _repaired(motion: Motion, swapped: NDArray[np.bool_], uncertain: NDArray[np.bool_]) -> Motion:
    names = [str(k) for k in motion["keypoint"].to_numpy()]
    left, right = (
        [names.index(f"{side}_{part}") for part in _LEG if f"{side}_{part}" in names] for side in ("left", "right")
    )
    fixed = motion.copy(deep=True)
    for variable, lost in (("position", np.nan), ("confidence", 0.0)):
        values = fixed[variable].to_numpy()
        rows = np.flatnonzero(swapped)[:, None]
        values[rows, left + right] = values[rows, right + left]
        values[np.flatnonzero(uncertain)[:, None], left + right] = lost
    fixed.attrs["swapped_frames"] = int(swapped.sum())
    fixed.attrs["uncertain_frames"] = int(uncertain.sum())
    return Motion(fixed)
