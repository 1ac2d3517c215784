"""What a pose network would have seen: the runner filmed, with the faults of real films and networks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter1d

from runfree.core.motion import FOREFOOT, KEYPOINTS, Motion, make_motion
from runfree.testing.camera import Camera
from runfree.testing.runner import SIDES, Gait, Runner
from runfree.testing.truth import measure_truth

Array = NDArray[np.float64]
LEG = ("hip", "knee", "ankle", "heel", "toe", "big_toe", "small_toe")
SEEN, HIDDEN = 0.95, 0.35
DRIFT_FRAMES = 5


@dataclass(frozen=True, slots=True)
class Synthetic:
    """A filmed runner.

    Attributes
    ----------
    motion : Motion
        Keypoints in pixels; ``toe`` is the tip of the second toe, or of the big toe with ``forefoot``.
    truth : dict
        See :func:`runfree.testing.truth.measure_truth`; times are those of the motion.
    gait, camera
        What was asked for. Never compare with these: compare with ``truth``.
    points_m : dict of array (T, 3)
        The body in space at every frame, moved along by the travel of the film.
    """

    motion: Motion
    truth: dict[str, Any]
    gait: Gait
    camera: Camera
    points_m: dict[str, Array]


def synthetic(
    gait: Gait | None = None,
    camera: Camera | None = None,
    fps: float = 60.0,
    seconds: float = 6.0,
    noise_px: float = 0.0,
    seed: int = 0,
    *,
    drift_px: float = 0.0,
    jitter_fps: float = 0.0,
    missing: Sequence[int] = (),
    swapped: Sequence[int] = (),
    far_leg_hidden: bool = False,
    forefoot: bool = False,
) -> Synthetic:
    """Film a runner.

    Parameters
    ----------
    gait, camera : optional
        The runner (default: an everyday run) and the phone (default: from the side, treadmill).
    fps, seconds : float
        Mean frame rate and length.
    noise_px : float
        Standard deviation of white noise on every keypoint, for a picture 720 px high or wide.
    seed : int
        Of noise, drift and jitter (the gait has its own).
    drift_px : float
        Standard deviation of a bias of each keypoint that wanders over about five frames, as networks' do.
    jitter_fps : float
        Standard deviation of the frame rate from frame to frame: a phone's variable rate.
    missing : sequence of int
        Frames in which nothing is found.
    swapped : sequence of int
        Frames in which the legs' left and right are mixed up.
    far_leg_hidden : bool
        The leg farther from the phone is seen badly: low confidence, three times the noise and drift.
    forefoot : bool
        Big and small toe are keypoints too, as in HALPE-26, and ``toe`` is the big toe.

    Raises
    ------
    ValueError
        If the gait, the camera or the length cannot be.
    """
    gait, camera = gait or Gait(), camera or Camera()
    rng = np.random.default_rng(seed)
    runner = Runner(gait, seconds)
    time = _frame_times(fps, seconds, jitter_fps, rng)
    travel = np.zeros((len(time), 3))
    travel[:, 0] = camera.travelled_m(time, gait.speed_mps)
    points = {name: xyz + travel for name, xyz in runner.points(time).items()}
    names = KEYPOINTS + FOREFOOT if forefoot else KEYPOINTS
    if forefoot:
        points |= {f"{side}_toe": points[f"{side}_big_toe"] for side in SIDES}
    pixels, depth = camera.project(np.stack([points[name] for name in names], axis=1))
    worse = _far_leg(depth, names) if far_leg_hidden else np.zeros(len(names), dtype=bool)
    pixels += _errors(pixels.shape, noise_px, drift_px, rng) * np.where(worse, 3.0, 1.0)[:, None]
    confidence = np.broadcast_to(np.where(worse, HIDDEN, SEEN), depth.shape).copy()
    _swap_legs(pixels, confidence, names, swapped)
    pixels[list(missing)], confidence[list(missing)] = np.nan, 0.0
    width, height = camera.size_px
    motion = make_motion(
        time,
        pixels,
        confidence,
        names,
        width_px=width,
        height_px=height,
        source="synthetic",
        backend="runfree.testing",
    )
    return Synthetic(motion, measure_truth(runner), gait, camera, points)


def _frame_times(fps: float, seconds: float, jitter_fps: float, rng: np.random.Generator) -> Array:
    rates = np.clip(fps + jitter_fps * rng.standard_normal(round(fps * seconds)), fps / 2, 2 * fps)
    time = np.concatenate([[0.0], np.cumsum(1 / rates)[:-1]])
    return time[time < seconds]


def _errors(shape: tuple[int, ...], noise_px: float, drift_px: float, rng: np.random.Generator) -> Array:
    """White noise plus a wandering bias, both with the standard deviation asked for."""
    white, slow = rng.standard_normal((2, *shape))
    wander = gaussian_filter1d(slow, DRIFT_FRAMES / 2, axis=0)
    # A Gaussian of width s leaves 1 / (2 s sqrt(pi)) of white noise's variance.
    return noise_px * white + drift_px * np.sqrt(DRIFT_FRAMES * np.sqrt(np.pi)) * wander


def _leg_columns(names: tuple[str, ...], side: str) -> list[int]:
    return [names.index(f"{side}_{part}") for part in LEG if f"{side}_{part}" in names]


def _far_leg(depth: Array, names: tuple[str, ...]) -> NDArray[np.bool_]:
    far = max(SIDES, key=lambda side: depth[:, _leg_columns(names, side)].mean())
    return np.isin(np.arange(len(names)), _leg_columns(names, far))


def _swap_legs(pixels: Array, confidence: Array, names: tuple[str, ...], frames: Sequence[int]) -> None:
    left, right = (_leg_columns(names, side) for side in SIDES)
    rows = np.asarray(frames, dtype=int)[:, None]
    for array in (pixels, confidence):
        array[rows, left + right] = array[rows, right + left]
