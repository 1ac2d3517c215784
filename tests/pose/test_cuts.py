"""A cut of an edited film is found; a pan, a flicker and a shaking hand are none."""

from __future__ import annotations

import numpy as np
import pytest

from runfree.pose.cuts import THUMBNAIL, cut_times, thumbnail

RNG = np.random.default_rng(3)
SCENES = RNG.integers(0, 255, (2, 360, 640, 3)).astype(np.uint8)
for scene in SCENES:
    scene[:] = np.kron(RNG.integers(0, 255, (9, 16, 3)), np.ones((40, 40, 1)))


def small(pictures) -> np.ndarray:
    return np.array([thumbnail(p) for p in pictures])


def test_a_cut_is_found_at_its_picture() -> None:
    time = np.arange(40) / 30
    film = [SCENES[int(i >= 17)] for i in range(40)]
    assert cut_times(time, small(film)) == pytest.approx([time[17]])


@pytest.mark.parametrize("step_px", [0, 2, 6])
def test_a_pan_with_noise_is_no_cut(step_px: int) -> None:
    film = [
        np.roll(SCENES[0], -step_px * i, axis=1) // 2 + RNG.integers(0, 12, SCENES[0].shape) for i in range(40)
    ]
    assert cut_times(np.arange(40) / 30, small(film)).size == 0


def test_a_picture_smaller_than_a_thumbnail_is_no_error() -> None:
    assert thumbnail(np.zeros((4, 4, 3), dtype=np.uint8)).shape == THUMBNAIL
    assert cut_times(np.arange(2) / 30, np.zeros((2, *THUMBNAIL), dtype=np.uint8)).size == 0
