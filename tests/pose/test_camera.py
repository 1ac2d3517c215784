"""The camera's own motion, told from the background."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.ndimage import affine_transform, gaussian_filter, shift

from runfree.pose.camera import Background, camera_path, measure_every, mostly_told

pytest.importorskip("cv2")

RNG = np.random.default_rng(1)
WALL = gaussian_filter(RNG.uniform(0, 255, (500, 900)), 3)
WALL = ((WALL - WALL.min()) / np.ptp(WALL) * 255).astype(np.float64)


def picture(scene: np.ndarray) -> np.ndarray:
    return np.repeat(scene[50:410, 100:740, None], 3, axis=2).clip(0, 255).astype(np.uint8)


def moved(x: float, y: float, turn_deg: float = 0.0) -> np.ndarray:
    """The wall with its picture shifted right and down, and turned clockwise about its middle."""
    angle = np.radians(turn_deg)
    back = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    middle = np.array([230.0, 420.0])
    turned = affine_transform(WALL, back, middle - back @ middle, order=1, mode="reflect")
    return picture(shift(turned, (y, x), order=1, mode="reflect"))


def test_a_trembling_hand_is_measured_to_a_fraction_of_a_pixel() -> None:
    time = np.arange(60) / 30
    x, y = 9 * np.sin(2 * np.pi * 1.7 * time), 6 * np.cos(2 * np.pi * 2.9 * time)
    background = Background()
    steps = [background.step(moved(a, b), None) for a, b in zip(x, y, strict=True)]
    path = np.cumsum(steps, axis=0)
    assert np.abs(path[:, 0] - (x - x[0])).max() < 0.3
    assert np.abs(path[:, 1] - (y - y[0])).max() < 0.3
    assert np.abs(path[:, 2]).max() < 0.1


def test_a_turn_is_clockwise_positive() -> None:
    background = Background()
    steps = [background.step(moved(0, 0, a), None) for a in (0, 0.5, 1.0, 2.0)]
    assert np.cumsum(steps, axis=0)[:, 2] == pytest.approx([0, 0.5, 1.0, 2.0], abs=0.05)


def test_a_runner_in_the_picture_does_not_count() -> None:
    """A large textured body that swings up and down on a wall that stands."""
    background, steps = Background(), []
    for k in range(40):
        rgb = moved(0, 0)
        top = 60 + round(20 * np.sin(k))
        rgb[top : top + 250, 250:390] = (WALL[200:450, 20:160, None] // 2).astype(np.uint8)
        body = np.array([[250.0, top], [390.0, top + 250.0]])
        steps.append(background.step(rgb, body))
    assert np.abs(np.cumsum(steps, axis=0)).max() < 0.1


def test_another_scene_and_an_empty_wall_tell_nothing() -> None:
    background = Background()
    background.step(moved(0, 0), None)
    assert background.step(picture(WALL[::-1, ::-1] + 0), None) is None
    empty = Background()
    flat = np.full((360, 640, 3), 90, dtype=np.uint8)
    assert empty.step(flat, None) is not None
    assert empty.step(flat, None) is None


def test_a_camera_at_rest_has_no_path_and_a_lost_one_begins_anew() -> None:
    still = {i: np.array([0.02, -0.03, 0.001]) * (-1) ** i for i in range(90)}
    assert camera_path(still, 90, 1280) is None
    assert camera_path({}, 90, 1280) is None
    assert camera_path({i: np.full(3, np.nan) for i in range(90)}, 90, 1280) is None
    assert not mostly_told({})
    assert not mostly_told({i: np.full(3, np.nan) for i in range(90)})
    assert mostly_told(still)
    pan = {i: np.array([-3.0, 0, 0]) for i in range(0, 90, 2)} | {40: np.full(3, np.nan)}
    path = camera_path(pan, 90, 1280)
    assert path is not None
    assert np.isnan(path[39:42]).all()
    assert np.isfinite(path[:39]).all()
    assert path[30, 0] - path[20, 0] == pytest.approx(-15)


def test_fast_films_are_measured_at_about_thirty_pictures_a_second() -> None:
    assert [measure_every(np.arange(50) / hz) for hz in (24, 30, 60, 240)] == [1, 1, 2, 8]
