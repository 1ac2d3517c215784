"""Every measure against the runner in space: raw readings, and differences between runners who differ in one thing."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from gait_kit import CLEAN, by_id, changed, clean, half_width, measured, measured_clean, measured_noisy, raw, truth

from runfree.testing import scenes
from runfree.testing.camera import Camera
from runfree.testing.film import synthetic
from runfree.testing.foot import REST_MTP_PITCH_DEG
from runfree.testing.runner import Gait, Runner
from runfree.testing.truth import contact_truth, stance_truth

RAW_TOLERANCE = {
    ("side_run", "trunk_lean"): 0.5,
    ("side_walk", "trunk_lean"): 0.5,
    ("passing_run", "trunk_lean"): 0.5,
    ("side_run", "knee_flexion_midstance"): 2.0,
    ("front_run", "foot_progression"): 2.0,
    ("front_run", "knee_projection"): 2.5,
    ("front_run", "knee_over_toe"): 2.5,
    ("front_run", "pelvic_drop"): 0.5,
    ("rear_run", "knee_projection"): 2.5,
    ("rear_run", "pelvic_drop"): 0.5,
    ("approach_run", "foot_progression"): 2.0,
    ("approach_run", "pelvic_drop"): 0.5,
    ("front_walk", "foot_progression"): 2.0,
    ("front_walk", "knee_projection"): 2.5,
    ("front_walk", "pelvic_drop"): 0.5,
}


@pytest.mark.parametrize(("scene", "metric"), RAW_TOLERANCE)
def test_exact_points_give_the_angle_in_space(scene: str, metric: str) -> None:
    sides = {side for name, side in by_id(measured_clean(scene)) if name == metric}
    assert sides
    for side in sides:
        assert raw(measured_clean(scene), metric, side) == pytest.approx(
            truth(clean(scene), metric, side), abs=RAW_TOLERANCE[scene, metric]
        )


@pytest.mark.parametrize("side", ["left", "right"])
@pytest.mark.parametrize("scene", ["side_run", "passing_run"])
def test_exact_points_give_the_angles_at_the_moments_chosen(scene: str, side: str) -> None:
    """The body in space at the instants found; how well these are found is another test."""
    film, found = clean(scene), measured_clean(scene)
    seconds = float(film.motion["time"].to_numpy()[-1]) + 1 / 60
    runner = Runner(film.gait, seconds)
    mine = [s for s in found.steps if s.side == side]
    down = runner.points([s.touch_down_s for s in mine])
    mid = runner.points([s.mid_stance_s for s in mine])
    expected = contact_truth(down, side, REST_MTP_PITCH_DEG) | stance_truth(mid, side)
    for metric in ("knee_flexion_contact", "tibia_angle_contact", "knee_flexion_midstance"):
        value = float(np.mean(expected[f"{metric}_deg"]))
        assert raw(found, metric, side) == pytest.approx(value, abs=2.5), metric
    sole = by_id(found)["foot_strike_angle", side]
    assert sole.value == pytest.approx(float(np.mean(expected["foot_strike_angle_deg"])), abs=6)


@pytest.mark.parametrize(
    ("scene", "changes", "metric", "side", "within"),
    [
        ("front_run", {"foot_progression_left_deg": 17.0}, "foot_progression", "left", 1.0),
        ("front_run", {"foot_progression_left_deg": 17.0}, "foot_progression", "right", 0.7),
        ("front_run", {"foot_progression_right_deg": -3.0}, "foot_progression", "right", 1.0),
        ("front_walk", {"foot_progression_left_deg": 17.0}, "foot_progression", "left", 1.5),
        ("approach_run", {"foot_progression_right_deg": 17.0}, "foot_progression", "right", 1.5),
        ("front_run", {"knee_projection_left_deg": 9.0}, "knee_projection", "left", 1.0),
        ("front_run", {"knee_projection_left_deg": 9.0}, "knee_projection", "right", 0.7),
        ("front_run", {"knee_projection_right_deg": -9.0}, "knee_projection", "right", 1.0),
        ("rear_run", {"knee_projection_right_deg": 9.0}, "knee_projection", "right", 1.0),
        ("front_run", {"knee_projection_left_deg": 9.0}, "knee_over_toe", "left", 1.5),
        ("front_run", {"foot_progression_left_deg": 17.0}, "knee_over_toe", "left", 1.5),
        ("front_run", {"pelvic_drop_deg": 9.0}, "pelvic_drop", "left", 0.7),
        ("rear_run", {"pelvic_drop_deg": 9.0}, "pelvic_drop", "right", 0.7),
        ("front_run", {"step_width_m": 0.12}, "step_width", "both", 0.7),
        ("rear_run", {"step_width_m": -0.02}, "step_width", "both", 0.9),
        ("side_run", {"oscillation_m": 0.11}, "vertical_oscillation", "both", 0.5),
        ("side_run", {"oscillation_m": 0.05}, "vertical_oscillation", "both", 0.5),
        ("side_run", {"trunk_lean_deg": 16.0}, "trunk_lean", "both", 0.5),
        ("side_run", {"trunk_lean_deg": -2.0}, "trunk_lean", "both", 0.5),
        ("side_run", {"cadence_spm": 185.0}, "cadence", "both", 0.5),
        ("side_run", {"foot_strike_deg": -6.0}, "foot_strike_angle", "left", 7.0),
        ("side_run", {"foot_strike_deg": 22.0}, "foot_strike_angle", "left", 4.0),
    ],
)
def test_a_runner_who_differs_reads_differently_by_as_much(
    scene: str, changes: dict[str, Any], metric: str, side, within: float
) -> None:
    one = clean(scene)
    other = getattr(scenes, scene)(replace(one.gait, **changes), **CLEAN)
    now, before = measured(other), measured_clean(scene)
    if metric in ("cadence", "vertical_oscillation", "step_width"):
        read = by_id(now)[metric, side].value - by_id(before)[metric, side].value
    else:
        read = raw(now, metric, side) - raw(before, metric, side)
    assert read == pytest.approx(truth(other, metric, side) - truth(one, metric, side), abs=within)


def test_a_foot_that_something_hides_gets_no_angle() -> None:
    """Behind the side of a treadmill the network guesses: the line heel–toe points into the ground while the foot stands."""
    motion = clean("side_run").motion
    names, position = [str(k) for k in motion["keypoint"].to_numpy()], motion["position"].to_numpy().copy()
    for side in ("left", "right"):
        toe, heel = (position[:, names.index(f"{side}_{part}")] for part in ("toe", "heel"))
        toe[:, 1] += 0.8 * np.linalg.norm(toe - heel, axis=1)
    found = measured(clean("side_run"), motion=changed(motion, position=position))
    refused = {(m.metric, m.side) for m in found.not_assessable if "does not look flat" in m.reason}
    assert refused == {(m, s) for m in ("foot_strike_angle", "knee_flexion_midstance") for s in ("left", "right")}


@pytest.mark.parametrize("scene", ["side_run", "front_run", "rear_run", "side_walk", "front_walk", "approach_run"])
def test_the_errors_of_a_network_stay_within_the_interval(scene: str) -> None:
    """The truth here is what exact points read: what noise and wandering points add is what the interval must hold."""
    exact, seen = by_id(measured_clean(scene)), by_id(measured_noisy(scene))
    assert exact.keys() == seen.keys()
    held = [seen[k].low <= e.value <= seen[k].high for k, e in exact.items()]
    assert np.mean(held) >= 0.95


@pytest.mark.parametrize("yaw", [-8.0, 8.0])
@pytest.mark.parametrize("known", [3.0, None])
def test_a_camera_that_stands_at_an_angle_is_allowed_for(yaw: float, known: float | None) -> None:
    square = measured_clean("front_run")
    turned = measured(synthetic(Gait(), Camera("front", yaw_error_deg=yaw)), speed_mps=known)
    assert "camera_oblique" in turned.flags
    for metric in ("foot_progression", "knee_projection", "knee_over_toe"):
        for side in ("left", "right"):
            now, before = by_id(turned)[metric, side], by_id(square)[metric, side]
            assert now.value == pytest.approx(before.value, abs=3.0), (metric, side)
            assert now.high - now.low >= before.high - before.low - 0.3


def test_a_variable_frame_rate_and_lost_frames_change_little() -> None:
    rough = scenes.side_run(**CLEAN, jitter_fps=8.0, missing=range(5, 340, 9))
    for key, estimate in by_id(measured(rough)).items():
        before = by_id(measured_clean("side_run"))[key]
        assert estimate.low <= before.value <= estimate.high, key


def test_the_plots_carry_the_steps_of_the_numbers() -> None:
    """Times of single steps are held against the runner's own: their median wanders about the rhythm as the steps do."""
    for scene in ("side_run", "front_run"):
        found = measured_clean(scene)
        mids = np.sort([row["mid_stance"] for row in clean(scene).truth["per_step"]])
        own_ms = {"step_time": 1000 * np.diff(mids).mean(), "stride_time": 1000 * (mids[2:] - mids[:-2]).mean()}
        series = {(s.metric, s.side): s for s in found.per_step}
        for key, estimate in by_id(found).items():
            assert series[key].unit == estimate.unit
            if key[0] in ("step_length", "vertical_ratio"):
                continue
            assert len(series[key].value) == estimate.n
            assert list(series[key].time_s) == sorted(series[key].time_s)
            if key[0] in own_ms:
                assert float(np.mean(series[key].value)) == pytest.approx(own_ms[key[0]], abs=0.5)
                continue
            assert float(np.median(series[key].value)) == pytest.approx(
                estimate.value, abs=max(1.0, 0.5 * half_width(estimate))
            )


def test_the_bounce_curve_is_the_hips_height() -> None:
    film, found = clean("side_run"), measured_clean("side_run")
    hips = 50 * (film.points_m["left_hip"] + film.points_m["right_hip"])[:, 2]
    curve = found.bounce
    assert curve is not None
    assert curve.unit == "cm"
    there = np.interp(curve.time_s, film.motion["time"].to_numpy(), hips - hips.mean())
    assert np.corrcoef(curve.value, there)[0, 1] > 0.95
    assert np.std(curve.value) == pytest.approx(np.std(there), rel=0.2)


@pytest.mark.parametrize("scene", ["front_run", "rear_run", "front_walk"])
def test_pelvic_drop_is_one_number_since_it_is_read_from_both_legs_together(scene: str) -> None:
    found = by_id(measured_noisy(scene))
    assert found["pelvic_drop", "left"].value == pytest.approx(found["pelvic_drop", "right"].value, abs=0.01)
