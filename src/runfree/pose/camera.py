"""How the camera moves: the background followed from picture to picture, people left out."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

MEASURE_HZ = 30.0
_STILL = np.array([0.0015, 0.0015, 0.15])
_LONGEST_PX = 480
_POINTS, _FEWEST = 150, 12
_APART_PX = 12
_SURE_SHARE, _FRESH_SHARE = 0.4, 0.6
_OFF_PX = 0.8
_ROOM = 0.12
_AS_IT_WAS = np.array([[1.0, 0.0, 0.0], [0.0, 1.0, 0.0]])


def measure_every(time_s: Array) -> int:
    """Every how many frames the camera's motion is measured: a hand does not tremble faster than thirty pictures a second show."""
    return max(1, round(1 / (MEASURE_HZ * float(np.median(np.diff(time_s))))))


def background() -> Background | None:
    """Start to follow the background; None without OpenCV, which comes with mediapipe and not with every other network."""
    try:
        return Background()
    except ImportError:
        return None


def mostly_told(steps: dict[int, Array]) -> bool:
    """Whether the background showed in most pictures how the camera moved."""
    return bool(steps) and float(np.mean([np.isfinite(step[0]) for step in steps.values()])) > 0.5


def camera_path(steps: dict[int, Array], count: int, longest_px: int) -> Array | None:
    """How the background lies in every frame against the first, at the runner.

    Parameters
    ----------
    steps : dict of int to array (3,)
        What :meth:`Background.step` returned, by frame; NaN for None.
    count : int
        Frames of the film.
    longest_px : int
        Longer side of the picture.

    Returns
    -------
    array (count, 3) or None
        x and y in pixels, turn in degrees. NaN around frames that do not tell; what comes after them has a zero of its own. None
        where the camera stood still (nearly all within 0.15 % of the longer side and 0.15 degrees), or nothing was measured.
    """
    index = np.array(sorted(steps), dtype=np.int64)
    step = np.array([steps[i] for i in index]).reshape(-1, 3)
    lost = np.isnan(step[:, 0])
    if lost.mean() > 0.9 if len(step) else True:
        return None
    path = np.cumsum(np.where(lost[:, None], 0.0, step), axis=0)
    shots = np.split(path[~lost], np.flatnonzero(np.diff(np.cumsum(lost)[~lost]) > 0) + 1)
    size = np.array([longest_px, longest_px, 1.0])
    if all(
        (np.ptp(np.percentile(shot, (1, 99), axis=0), axis=0) < _STILL * size).all() for shot in shots if len(shot)
    ):
        return None
    out = np.stack([np.interp(np.arange(count), index, path[:, k]) for k in range(3)], axis=1)
    every = int(np.diff(index).min()) if len(index) > 1 else 1
    for i in index[lost]:
        out[max(0, i - every + 1) : i + every] = np.nan
    return out


class Background:
    """Follows points of the background.

    Points are taken in one picture outside of the runner and followed (Lucas and Kanade 1981, in OpenCV's pyramids) for as
    long as six tenths of them agree on one shift, turn and scale; then new ones are taken. So nothing drifts while a hand
    trembles about one place.
    """

    def __init__(self) -> None:
        import cv2

        cv2.setNumThreads(1)
        self._cv2: Any = cv2
        self._anchor: NDArray[np.uint8] | None = None
        self._last: NDArray[np.uint8] | None = None
        self._from = self._now = np.empty((0, 2), dtype=np.float32)
        self._map = _AS_IT_WAS
        self._body: Array | None = None

    def step(self, rgb: NDArray[np.uint8], body: Array | None) -> Array | None:
        """Return how far the background moved since the picture before.

        Parameters
        ----------
        rgb : array (height, width, 3)
        body : array (K, 2) or None
            Keypoints of the runner in this picture; the motion is told at their middle.

        Returns
        -------
        array (3,) or None
            x and y in pixels and a turn in degrees, clockwise +; zeros for the first picture. None where the background
            does not tell: nothing to hold on to, or another scene.
        """
        grey, scale = self._small(rgb)
        if body is not None and np.isfinite(body).all():
            self._body = body * scale
        if self._last is None:
            self._start(grey)
            return np.zeros(3)
        found = self._follow(grey)
        if found is None:
            self._start(self._last)
            found = self._follow(grey)
        if found is None:
            self._start(grey)
            return None
        new, share = found
        step = self._step(new, grey)
        self._map, self._last = new, grey
        if share < _FRESH_SHARE:
            self._start(grey)
        return step / np.array([scale, scale, 1.0])

    def _small(self, rgb: NDArray[np.uint8]) -> tuple[NDArray[np.uint8], float]:
        scale = min(1.0, _LONGEST_PX / max(rgb.shape[:2]))
        size = max(16, round(rgb.shape[1] * scale)), max(16, round(rgb.shape[0] * scale))
        return self._cv2.resize(rgb[..., 1], size, interpolation=self._cv2.INTER_AREA), scale

    def _start(self, grey: NDArray[np.uint8]) -> None:
        """Take new points in a picture, outside of the runner."""
        mask = np.full(grey.shape, 255, dtype=np.uint8)
        if self._body is not None:
            low, high = self._body.min(axis=0), self._body.max(axis=0)
            room = _ROOM * float((high - low).max())
            left, top, right, bottom = (max(0, int(v)) for v in (*(low - room), *(high + room)))
            mask[top:bottom, left:right] = 0
        found = self._cv2.goodFeaturesToTrack(grey, _POINTS, 0.01, _APART_PX, mask=mask)
        self._from = np.empty((0, 2), dtype=np.float32) if found is None else found[:, 0]
        self._now, self._anchor, self._last, self._map = self._from.copy(), grey, grey, _AS_IT_WAS

    def _follow(self, grey: NDArray[np.uint8]) -> tuple[Array, float] | None:
        """Where the points taken are now, as one map (2, 3), and the share that agrees; None where too few do."""
        if len(self._from) < _FEWEST:
            return None
        flags = self._cv2.OPTFLOW_USE_INITIAL_FLOW
        now, there, _ = self._cv2.calcOpticalFlowPyrLK(
            self._anchor, grey, self._from, self._now.copy(), winSize=(15, 15), maxLevel=3, flags=flags
        )
        seen = there[:, 0] == 1
        if int(seen.sum()) < _FEWEST:
            return None
        new, agree = self._cv2.estimateAffinePartial2D(
            self._from[seen], now[seen], method=self._cv2.RANSAC, ransacReprojThreshold=_OFF_PX
        )
        if new is None or int(agree.sum()) < _FEWEST:
            return None
        share = float(agree.sum()) / len(self._from)
        if share < _SURE_SHARE:
            return None
        self._now = (self._from @ new[:, :2].T + new[:, 2]).astype(np.float32)
        return new, share

    def _step(self, new: Array, grey: NDArray[np.uint8]) -> Array:
        here = self._body.mean(axis=0) if self._body is not None else np.array(grey.shape[::-1]) / 2
        there = np.linalg.solve(new[:, :2], here - new[:, 2])
        shift = here - (self._map[:, :2] @ there + self._map[:, 2])
        turn = np.arctan2(new[1, 0], new[0, 0]) - np.arctan2(self._map[1, 0], self._map[0, 0])
        return np.array([*shift, np.degrees(turn)])
