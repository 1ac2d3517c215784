"""Before any measure: view, facing, gait, travel, rhythm, which foot stands when, size in the picture."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from gait_kit import clean, measured, measured_clean, measured_noisy, noisy, off_nearest

from runfree.testing import scenes
from runfree.testing.camera import Camera
from runfree.testing.film import synthetic
from runfree.testing.runner import Gait, walker

KINDS = {
    "side_run": ("side", "left", "running", "treadmill"),
    "front_run": ("front", None, "running", "treadmill"),
    "rear_run": ("rear", None, "running", "treadmill"),
    "oblique_run": ("oblique", None, "running", "treadmill"),
    "passing_run": ("side", "left", "running", "pass"),
    "approach_run": ("front", None, "running", "approach"),
    "side_walk": ("side", "left", "walking", "treadmill"),
    "front_walk": ("front", None, "walking", "treadmill"),
}
SCENES = tuple(KINDS)


@pytest.mark.parametrize("scene", SCENES)
@pytest.mark.parametrize("what", [measured_clean, measured_noisy])
def test_what_kind_of_film_it_is(scene: str, what) -> None:
    found = what(scene)
    assert (found.view, found.facing, found.gait, found.travel) == KINDS[scene]


@pytest.mark.parametrize(
    ("nominal", "yaw_error", "view", "facing"),
    [
        ("front", -15, "front", None),
        ("front", 15, "front", None),
        ("rear", 15, "rear", None),
        ("side", -15, "side", "left"),
        ("side", 15, "side", "left"),
        ("oblique", -5, "oblique", None),
        ("oblique", 5, "oblique", None),
        ("oblique", 85, "oblique", None),
        ("oblique", 40, "side", "left"),
        ("oblique", 130, "rear", None),
        ("oblique", -90, "oblique", None),
    ],
)
def test_the_view_follows_the_camera_round_the_runner(nominal, yaw_error: float, view: str, facing) -> None:
    found = measured(synthetic(Gait(), Camera(nominal, yaw_error_deg=yaw_error), seconds=3))
    assert (found.view, found.facing) == (view, facing)


def test_a_runner_who_faces_right() -> None:
    film = synthetic(Gait(trunk_lean_deg=12), Camera("side", "right"))
    found = measured(film)
    assert (found.view, found.facing) == ("side", "right")
    assert {e.side for e in found.estimates if "far_leg" in e.flags} == {"left"}
    lean = next(e.value for e in found.estimates if e.metric == "trunk_lean")
    assert lean > 10


@pytest.mark.parametrize("scene", ["side_run", "front_run", "rear_run", "oblique_run", "side_walk", "front_walk"])
@pytest.mark.parametrize("what", [measured_clean, measured_noisy])
def test_cadence_on_a_treadmill_is_within_half_a_step(scene: str, what) -> None:
    found, cadence = what(scene), clean(scene).truth["cadence_spm"]
    estimate = next(e for e in found.estimates if e.metric == "cadence")
    assert estimate.value == pytest.approx(cadence, abs=0.5)
    assert estimate.low <= cadence <= estimate.high


@pytest.mark.parametrize("scene", ["passing_run", "approach_run"])
@pytest.mark.parametrize("what", [measured_clean, measured_noisy])
def test_cadence_overground_is_within_its_interval(scene: str, what) -> None:
    estimate = next(e for e in what(scene).estimates if e.metric == "cadence")
    assert estimate.low <= clean(scene).truth["cadence_spm"] <= estimate.high


@pytest.mark.parametrize(
    "gait",
    [
        Gait(cadence_spm=145, contact_s=0.30, speed_mps=2.4),
        Gait(cadence_spm=195, contact_s=0.19, oscillation_m=0.06),
        walker(cadence_spm=90, contact_s=0.82, speed_mps=1.0),
        walker(cadence_spm=128, contact_s=0.55, speed_mps=1.7),
    ],
    ids=["slow run", "quick run", "slow walk", "quick walk"],
)
@pytest.mark.parametrize("view", ["side", "front"])
def test_slow_and_quick_running_and_walking(gait: Gait, view) -> None:
    film = synthetic(gait, Camera(view), noise_px=1.5, drift_px=2.0)
    found = measured(film)
    cadence = next(e for e in found.estimates if e.metric == "cadence")
    assert found.gait == ("walking" if gait.walking else "running")
    assert cadence.value == pytest.approx(film.truth["cadence_spm"], abs=0.5)


@pytest.mark.parametrize(
    "gait",
    [Gait(cadence_spm=172, oscillation_m=0.025), walker(cadence_spm=146, contact_s=0.49, speed_mps=2.1)],
    ids=["hardly bouncing run", "racing walk"],
)
def test_when_the_body_is_high_tells_running_from_walking_seen_from_the_side(gait: Gait) -> None:
    found = measured(synthetic(gait, Camera("side"), noise_px=1.5, drift_px=2.0))
    assert found.gait == ("walking" if gait.walking else "running")


@pytest.mark.parametrize("scene", SCENES)
@pytest.mark.parametrize(("film", "what"), [(clean, measured_clean), (noisy, measured_noisy)])
def test_each_foot_stands_when_it_is_said_to(scene: str, film, what) -> None:
    """A foot taken for the other would be half a stride, 0.35 s and more, off."""
    for side in ("left", "right"):
        mid = [row["mid_stance"] for row in film(scene).truth["per_step"] if row["side"] == side]
        off = off_nearest([s.mid_stance_s for s in what(scene).steps if s.side == side], mid)
        assert len(off) >= len(mid) - 1
        assert abs(np.median(off)) < 0.020
        assert np.abs(off).max() < 0.035


@pytest.mark.parametrize("scene", ["side_run", "passing_run"])
@pytest.mark.parametrize(("film", "what"), [(clean, measured_clean), (noisy, measured_noisy)])
def test_touch_down_and_toe_off_of_the_near_leg(scene: str, film, what) -> None:
    near = [s for s in what(scene).steps if s.side == "left"]
    events = film(scene).truth["events"]["left"]
    down = off_nearest([s.touch_down_s for s in near if s.touch_down_s is not None], events["contact"])
    off = off_nearest([s.toe_off_s for s in near if s.toe_off_s is not None], events["toe_off"])
    assert np.abs(down).max() < 0.030
    assert np.abs(off).max() < 0.030


@pytest.mark.parametrize("contact_s", [0.18, 0.22, 0.28])
def test_contact_time_follows_the_runner(contact_s: float) -> None:
    film = scenes.side_run(Gait(contact_s=contact_s))
    found = {(e.metric, e.side): e for e in measured(film).estimates}
    for metric, side, value in (
        ("contact_time", "left", 1000 * film.truth["contact_time_s"]),
        ("contact_time", "right", 1000 * film.truth["contact_time_s"]),
        ("flight_time", "both", 1000 * film.truth["flight_time_s"]),
        ("duty_factor", "both", 100 * film.truth["duty_factor"]),
    ):
        assert found[metric, side].low <= value <= found[metric, side].high
    assert found["contact_time", "left"].value == pytest.approx(1000 * film.truth["contact_time_s"], abs=15)


@pytest.mark.parametrize(("cadence", "stance_s"), [(95, 0.8), (112, 0.664), (126, 0.58)])
def test_a_walker_gets_stance_swing_and_double_support(cadence: float, stance_s: float) -> None:
    film = synthetic(walker(cadence_spm=cadence, contact_s=stance_s), Camera("side"), noise_px=1.5, drift_px=2.0)
    found = {(e.metric, e.side): e for e in measured(film).estimates}
    stance, stride = 1000 * film.truth["contact_time_s"], 120_000 / film.truth["cadence_spm"]
    for side in ("left", "right"):
        assert found["stance_time", side].low <= stance <= found["stance_time", side].high
        assert found["swing_time", side].low <= stride - stance <= found["swing_time", side].high
    both = found["double_support", "both"]
    assert both.low <= 100 * (2 * stance / stride - 1) <= both.high


@pytest.mark.parametrize("scene", SCENES)
def test_steps_come_in_order_feet_in_turn(scene: str) -> None:
    steps = measured_noisy(scene).steps
    assert [s.mid_stance_s for s in steps] == sorted(s.mid_stance_s for s in steps)
    assert all(a.side != b.side for a, b in pairwise(steps))
    timed = [s for s in steps if s.touch_down_s is not None and s.toe_off_s is not None]
    assert all(s.touch_down_s < s.mid_stance_s < s.toe_off_s for s in timed)


@pytest.mark.parametrize("scene", ["side_run", "front_run", "rear_run", "side_walk"])
def test_the_scale_follows_from_the_height(scene: str) -> None:
    camera = clean(scene).camera
    assert measured_clean(scene).px_per_m == pytest.approx(camera.focal_px / camera.distance_m, rel=0.06)
    assert measured_noisy(scene).px_per_m == pytest.approx(camera.focal_px / camera.distance_m, rel=0.06)


@pytest.mark.parametrize("scene", ["side_run", "front_run", "side_walk"])
def test_step_length_is_speed_over_cadence(scene: str) -> None:
    film = clean(scene)
    found = {e.metric: e for e in measured_clean(scene).estimates}
    length = 100 * film.gait.speed_mps * 60 / film.truth["cadence_spm"]
    assert found["step_length"].value == pytest.approx(length, rel=0.005)
    assert found["step_length"].low <= length <= found["step_length"].high
    if scene == "side_run":
        expected = 100 * found["vertical_oscillation"].value / found["step_length"].value
        assert found["vertical_ratio"].value == pytest.approx(expected)
