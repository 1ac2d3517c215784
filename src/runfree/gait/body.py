"""A motion as plain arrays: the usable frames, the body's keypoints and its size in the picture."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from runfree.core.metrics import Side
from runfree.core.motion import Motion
from runfree.signal.local import local_line

Array = NDArray[np.float64]

LEGS: tuple[Side, Side] = ("left", "right")
_LOWER = tuple(f"{leg}_{part}" for leg in LEGS for part in ("hip", "knee", "ankle", "heel", "toe"))
_MARGIN = 0.01
_LONGEST_GAP_S = 0.35
_SCALE_SD_S = 0.3


@dataclass(frozen=True, slots=True)
class Body:
    """The frames in which the whole runner is in the picture, as a camera at rest would show them.

    Attributes
    ----------
    time_s : array (T,)
    at : dict of str to array (T, 2)
        Pixels, x right, y down.
    trunk_px : array (T,)
        Distance mid-hip to mid-shoulder, smoothed over about a second: the runner's size over time.
    shank : dict of Side to array (T,)
        Length of each shank as the network found it, in trunk lengths.
    width_px, height_px : int
        Of the picture.
    second : array (T, K, 2)
        Second look at the same frames, keypoints in the order of ``at``; NaN where there was none.
    seen : int
        Frames with anybody in them, before cutting to the longest usable run.
    total : int
        Frames of the film.
    """

    time_s: Array
    at: dict[str, Array]
    trunk_px: Array
    shank: dict[Side, Array]
    width_px: int
    height_px: int
    second: Array
    seen: int
    total: int

    def shows(self, *names: str) -> bool:
        """Whether all these keypoints exist and are found in most frames."""
        return all(n in self.at and np.isfinite(self.at[n]).all(axis=1).mean() > 0.5 for n in names)

    @property
    def hips(self) -> Array:
        """Mid-hip, (T, 2)."""
        return (self.at["left_hip"] + self.at["right_hip"]) / 2

    @property
    def shoulders(self) -> Array:
        """Mid-shoulder, (T, 2)."""
        return (self.at["left_shoulder"] + self.at["right_shoulder"]) / 2

    @property
    def ears(self) -> Array:
        """Mid-ear, (T, 2)."""
        return (self.at["left_ear"] + self.at["right_ear"]) / 2

    @property
    def frame_s(self) -> float:
        """Median time between frames."""
        return float(np.median(np.diff(self.time_s)))


def body_of(motion: Motion) -> Body | None:
    """Return the longest of :func:`bodies_of`; None when there is none."""
    return max(bodies_of(motion), key=lambda b: float(b.time_s[-1] - b.time_s[0]), default=None)


def bodies_of(motion: Motion) -> list[Body]:
    """Cut a motion to its runs of usable frames, in order of time.

    A frame is usable when hips, knees, ankles and feet are found and lie inside the picture; runs are joined over gaps
    shorter than 0.35 s, never over a cut of the film (``cuts_s``). Runs of ten frames or fewer are left out. Where the camera
    moves its motion is taken out; frames that do not tell it are not usable, and runs end there.
    """
    names = [str(k) for k in motion["keypoint"].to_numpy()]
    position = motion["position"].to_numpy().astype(np.float64)
    time = motion["time"].to_numpy().astype(np.float64)
    width, height = int(motion.attrs["width_px"]), int(motion.attrs["height_px"])
    lower = position[:, [names.index(n) for n in _LOWER]]
    size = np.array([width, height], dtype=np.float64)
    fits = (lower >= -_MARGIN * size) & (lower <= (1 + _MARGIN) * size)
    inside: NDArray[np.bool_] = fits.reshape(len(time), -1).min(axis=1)
    cuts = np.atleast_1d(np.asarray(motion.attrs.get("cuts_s", []), dtype=np.float64))
    if "camera" in motion:
        told = np.isfinite(motion["camera"].to_numpy()).all(axis=1)
        inside &= told
        cuts = np.sort(np.concatenate([cuts, time[~told]]))
    runs = [run for run in _runs(time, inside, cuts) if run.size >= 10]
    return [_body(motion, time, names, position, run) for run in runs]


def cut_body(body: Body, start_s: float, end_s: float) -> Body:
    """Return the frames from one time to another."""
    keep = (body.time_s >= start_s) & (body.time_s <= end_s)
    return replace(
        body,
        time_s=body.time_s[keep],
        at={name: p[keep] for name, p in body.at.items()},
        trunk_px=body.trunk_px[keep],
        shank={side: length[keep] for side, length in body.shank.items()},
        second=body.second[keep],
    )


def _body(motion: Motion, time: Array, names: list[str], position: Array, run: NDArray[np.intp]) -> Body:
    width, height = int(motion.attrs["width_px"]), int(motion.attrs["height_px"])
    position, second = position[run], _second_look(motion)[run]
    if "camera" in motion:
        hips = position[:, [names.index("left_hip"), names.index("right_hip")]].mean(axis=1)
        camera = motion["camera"].to_numpy().astype(np.float64)[run]
        position, second = (_steadied(points, hips, camera) for points in (position, second))
    at = {name: position[:, i] for i, name in enumerate(names)}
    trunk = np.linalg.norm(
        (at["left_shoulder"] + at["right_shoulder"] - at["left_hip"] - at["right_hip"]) / 2, axis=1
    )
    smooth, _ = local_line(time[run], trunk, time[run], _SCALE_SD_S)
    seen = int(np.isfinite(motion["position"].to_numpy()[..., 0]).any(axis=1).sum())
    size_px = np.where(np.isfinite(smooth), smooth, trunk)
    return Body(time[run], at, size_px, shanks(at, size_px), width, height, second, seen, len(time))


def shanks(at: dict[str, Array], size_px: Array) -> dict[Side, Array]:
    """Length of each shank (T,) over a size in the picture."""
    return {s: np.linalg.norm(at[f"{s}_knee"] - at[f"{s}_ankle"], axis=1) / size_px for s in LEGS}


def _steadied(points: Array, hips: Array, camera: Array) -> Array:
    """Points (n, K, 2) as if the camera had kept its place of the first frame, and its usual tilt."""
    turn = -np.radians(camera[:, 2] - np.median(camera[:, 2]))
    cos, sin = np.cos(turn)[:, None], np.sin(turn)[:, None]
    x, y = np.moveaxis(points - hips[:, None], 2, 0)
    turned = np.stack([cos * x - sin * y, sin * x + cos * y], axis=2)
    return turned + (hips - camera[:, :2] + camera[0, :2])[:, None]


def _second_look(motion: Motion) -> Array:
    if "second_look" in motion:
        return motion["second_look"].to_numpy().astype(np.float64)
    return np.full(motion["position"].shape, np.nan)


def _runs(time: Array, good: NDArray[np.bool_], cuts: Array) -> list[NDArray[np.intp]]:
    index = np.flatnonzero(good)
    if index.size == 0:
        return []
    shot = np.searchsorted(cuts, time[index], side="right")
    breaks = np.flatnonzero((np.diff(time[index]) > _LONGEST_GAP_S) | (np.diff(shot) > 0)) + 1
    return np.split(index, breaks)
