"""The camera and the film: projection, views, and the faults that can be put in."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from runfree.core.motion import KEYPOINTS, mirrored, points
from runfree.testing import scenes
from runfree.testing.camera import Camera
from runfree.testing.film import synthetic
from runfree.testing.runner import Gait, mirrored_gait

SCENES = (
    scenes.side_run,
    scenes.front_run,
    scenes.rear_run,
    scenes.oblique_run,
    scenes.passing_run,
    scenes.approach_run,
    scenes.side_walk,
    scenes.front_walk,
)


def by_trigonometry(camera: Camera, azimuth_deg: float, point: np.ndarray) -> np.ndarray:
    """Project by turning the world under the camera: yaw about Z, then pitch, then divide by the depth."""
    turn = np.deg2rad(azimuth_deg)
    towards = point[0] * np.cos(turn) + point[1] * np.sin(turn)
    right = -point[0] * np.sin(turn) + point[1] * np.cos(turn)
    level, up = camera.distance_m - towards, point[2] - camera.height_m
    pitch = np.arctan2(camera.aim_m - camera.height_m, camera.distance_m)
    depth = level * np.cos(pitch) + up * np.sin(pitch)
    rise = up * np.cos(pitch) - level * np.sin(pitch)
    width, height = camera.size_px
    return np.array([width / 2 + camera.focal_px * right / depth, height / 2 - camera.focal_px * rise / depth])


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from([("front", "left", 0), ("side", "left", 90), ("side", "right", -90), ("rear", "left", 180)]),
    st.floats(-20, 20),
    st.floats(3, 15),
    st.floats(0.3, 2.0),
    st.booleans(),
    st.tuples(st.floats(-1, 1), st.floats(-1, 1), st.floats(0, 2)),
)
def test_projection_against_trigonometry(place, yaw_error, distance, height, portrait, point) -> None:
    view, facing, azimuth = place
    camera = Camera(view, facing, distance, height, yaw_error_deg=yaw_error, portrait=portrait)
    pixels, _ = camera.project(np.array(point))
    np.testing.assert_allclose(pixels, by_trigonometry(camera, azimuth + yaw_error, np.array(point)), atol=1e-6)


def test_the_lens_fills_the_picture_as_asked() -> None:
    camera = Camera("front", height_m=0.875, aim_m=0.875, fill=0.6)
    (foot, head), _ = camera.project(np.array([[0, 0, 0.0], [0, 0, 1.75]]))
    assert foot[1] - head[1] == pytest.approx(0.6 * 720)


def test_a_camera_in_the_runner_is_refused() -> None:
    with pytest.raises(ValueError, match="larger distance"):
        synthetic(camera=Camera("front", distance_m=0.3))


def test_views_show_what_they_should() -> None:
    def ahead(camera: Camera) -> float:
        motion = synthetic(camera=camera, seconds=2).motion
        return float((points(motion, "nose") - points(motion, "left_ear"))[:, 0].mean())

    def left_is_right_in_picture(view) -> bool:
        motion = synthetic(camera=Camera(view), seconds=2).motion
        return bool((points(motion, "left_shoulder") > points(motion, "right_shoulder"))[:, 0].all())

    assert ahead(Camera("side", "left")) < -20
    assert ahead(Camera("side", "right")) > 20
    assert left_is_right_in_picture("front")
    assert not left_is_right_in_picture("rear")


def test_travel() -> None:
    approach = scenes.approach_run()
    distance = approach.camera.distance_m - approach.points_m["nose"][:, 0]
    assert distance[0] == pytest.approx(20, abs=0.5)
    assert distance[-1] == pytest.approx(5, abs=0.5)
    tall = np.abs(points(approach.motion, "nose") - points(approach.motion, "left_ankle"))[:, 1]
    assert np.median(tall[-30:]) > 3 * np.median(tall[:30])
    passing = points(scenes.passing_run().motion, "nose")[:, 0]
    assert (np.diff(passing) < 0).mean() > 0.95
    assert np.ptp(passing) > 900


@pytest.mark.parametrize("scene", SCENES, ids=lambda s: s.__name__)
def test_every_scene_is_in_the_picture_and_repeats_exactly(scene) -> None:
    one, again = scene(), scene()
    assert one.motion.identical(again.motion)
    position = one.motion["position"].to_numpy()
    assert (position >= 0).all()
    assert (position <= (one.motion.attrs["width_px"], one.motion.attrs["height_px"])).all()
    assert len(one.truth["per_step"]) >= 4
    assert not scene(seed=9).motion.identical(one.motion)


@pytest.mark.parametrize("view", ["side", "front", "oblique"])
def test_the_mirrored_gait_films_as_the_mirrored_film(view) -> None:
    gait = Gait(foot_progression_left_deg=15, knee_projection_right_deg=6, seed=2)
    motion = synthetic(gait, Camera(view, "left"), seconds=2).motion
    other = synthetic(mirrored_gait(gait), Camera(view, "right"), seconds=2).motion
    np.testing.assert_allclose(mirrored(other)["position"], motion["position"], atol=1e-3)


def test_missing_and_swapped_frames() -> None:
    clean, faulty = (synthetic(seconds=1, **o).motion for o in ({}, {"missing": [3, 4], "swapped": [10]}))
    position = faulty["position"].to_numpy()
    assert np.flatnonzero(np.isnan(position).any(axis=(1, 2))).tolist() == [3, 4]
    assert (faulty["confidence"].to_numpy()[[3, 4]] == 0).all()
    np.testing.assert_array_equal(points(faulty, "left_knee")[10], points(clean, "right_knee")[10])
    np.testing.assert_array_equal(points(faulty, "left_shoulder")[10], points(clean, "left_shoulder")[10])
    np.testing.assert_array_equal(points(faulty, "left_knee")[11], points(clean, "left_knee")[11])


def test_noise_is_as_large_and_as_slow_as_asked() -> None:
    clean = synthetic(seconds=20).motion["position"]
    white = (synthetic(seconds=20, noise_px=3).motion["position"] - clean).to_numpy()
    drift = (synthetic(seconds=20, drift_px=3).motion["position"] - clean).to_numpy()
    for errors in (white, drift):
        assert errors.std() == pytest.approx(3, rel=0.05)
        assert abs(errors.mean()) < 0.2
    assert correlation(white, 1) == pytest.approx(0, abs=0.05)
    assert correlation(drift, 2) > 0.5
    assert correlation(drift, 15) == pytest.approx(0, abs=0.1)


def correlation(errors: np.ndarray, lag: int) -> float:
    return float((errors[lag:] * errors[:-lag]).mean() / errors.var())


@pytest.mark.parametrize(("facing", "far"), [("left", "right"), ("right", "left")])
def test_the_far_leg_is_seen_badly(facing, far) -> None:
    camera = Camera("side", facing)
    clean = synthetic(camera=camera).motion
    hidden = synthetic(camera=camera, noise_px=2, far_leg_hidden=True).motion
    spread = (hidden["position"] - clean["position"]).to_numpy().std(axis=(0, 2))
    legs = [k.startswith(far) and k.split("_")[1] in {"hip", "knee", "ankle", "heel", "toe"} for k in KEYPOINTS]
    assert spread[legs] == pytest.approx(6, rel=0.2)
    assert spread[np.invert(legs)] == pytest.approx(2, rel=0.2)
    assert (
        hidden["confidence"].to_numpy()[:, legs].max()
        < 0.5
        < hidden["confidence"].to_numpy()[:, ~np.array(legs)].min()
    )


def test_a_variable_frame_rate_changes_the_clock_not_the_truth() -> None:
    steady, uneven = (synthetic(jitter_fps=j, seconds=4) for j in (0.0, 8.0))
    gaps = np.diff(uneven.motion["time"])
    assert gaps.min() > 0
    assert gaps.std() / gaps.mean() == pytest.approx(8 / 60, rel=0.3)
    assert np.diff(steady.motion["time"]).std() < 1e-9
    assert uneven.truth["cadence_spm"] == steady.truth["cadence_spm"]
    np.testing.assert_allclose(1 / gaps.mean(), 60, rtol=0.05)
