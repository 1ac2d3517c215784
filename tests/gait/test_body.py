"""Which frames of a motion are used."""

from __future__ import annotations

import numpy as np
import pytest
from gait_kit import changed, clean

from runfree.core.motion import KEYPOINTS
from runfree.gait.body import body_of

FPS = 60


def with_hidden(frames: np.ndarray | slice, point: str = "left_knee") -> np.ndarray:
    position = clean("front_run").motion["position"].to_numpy().copy()
    position[frames, KEYPOINTS.index(point)] = np.nan
    return position


def used(position: np.ndarray) -> np.ndarray | None:
    body = body_of(changed(clean("front_run").motion, position=position))
    return None if body is None else np.round(body.time_s * FPS).astype(int)


def test_a_whole_film_is_used_whole_and_unchanged() -> None:
    motion = clean("front_run").motion
    body = body_of(motion)
    assert body is not None
    assert (len(body.time_s), body.seen, body.total) == (360, 360, 360)
    assert (body.width_px, body.height_px) == (1280, 720)
    assert body.frame_s == pytest.approx(1 / FPS)
    for i, name in enumerate(KEYPOINTS):
        np.testing.assert_array_equal(body.at[name], motion["position"].to_numpy()[:, i])
    np.testing.assert_allclose(body.hips, (body.at["left_hip"] + body.at["right_hip"]) / 2)
    np.testing.assert_allclose(body.ears, (body.at["left_ear"] + body.at["right_ear"]) / 2)
    np.testing.assert_allclose(body.trunk_px, np.linalg.norm(body.shoulders - body.hips, axis=1), rtol=0.04)


@pytest.mark.parametrize("point", ["left_hip", "right_knee", "left_ankle", "right_heel", "left_toe"])
def test_a_frame_without_a_leg_point_is_not_used(point: str) -> None:
    kept = used(with_hidden(slice(100, 110), point))
    assert kept is not None
    np.testing.assert_array_equal(kept, np.r_[0:100, 110:360])


@pytest.mark.parametrize("point", ["nose", "left_ear", "right_wrist"])
def test_a_frame_without_face_or_hands_is_used(point: str) -> None:
    kept = used(with_hidden(slice(100, 110), point))
    assert kept is not None
    assert len(kept) == 360


def test_a_long_gap_cuts_the_film_and_the_longer_part_is_kept() -> None:
    kept = used(with_hidden(slice(130, 160)))
    assert kept is not None
    np.testing.assert_array_equal(kept, np.arange(160, 360))


@pytest.mark.parametrize(("edge", "value"), [(0, -0.02), (0, 1.02), (1, -0.02), (1, 1.02)])
def test_a_foot_outside_the_picture_is_not_used_although_the_network_guessed_it(edge: int, value: float) -> None:
    position = clean("front_run").motion["position"].to_numpy().copy()
    position[200:, KEYPOINTS.index("left_toe"), edge] = value * (1280, 720)[edge]
    kept = used(position)
    assert kept is not None
    np.testing.assert_array_equal(kept, np.arange(200))


def test_nobody_and_hardly_anybody_are_no_body() -> None:
    assert used(with_hidden(slice(None))) is None
    assert used(with_hidden(slice(9, None))) is None
    kept = used(with_hidden(slice(10, None)))
    assert kept is not None
    assert len(kept) == 10


def test_frames_with_anybody_are_counted_before_the_cut() -> None:
    position = with_hidden(slice(300, None))
    position[350:] = np.nan
    body = body_of(changed(clean("front_run").motion, position=position))
    assert body is not None
    assert (len(body.time_s), body.seen, body.total) == (300, 350, 360)


def test_size_follows_a_runner_who_comes_closer() -> None:
    film = clean("approach_run")
    body = body_of(film.motion)
    assert body is not None
    depth = film.camera.position_m[0] - film.points_m["left_hip"][:, 0]
    first = int(np.searchsorted(film.motion["time"].to_numpy(), body.time_s[0]))
    expected = depth[first] / depth[first + len(body.time_s) - 1]
    assert body.trunk_px[-1] / body.trunk_px[0] == pytest.approx(expected, rel=0.05)
