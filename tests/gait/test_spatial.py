"""Measures in three dimensions against the truth of a synthetic runner, and what cannot be right is refused."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from runfree.core.analysis import Measured
from runfree.core.errors import MotionError
from runfree.core.motion import KEYPOINTS
from runfree.core.recording import Recording, make_recording, with_forces
from runfree.gait.measure_recording import measure_recording
from runfree.io.lab.marker_sets import choose_set
from runfree.signal.joints import turning_centre
from runfree.testing.runner import Gait, Runner, walker
from runfree.testing.truth import measure_truth

GAIT = Gait(foot_progression_left_deg=12.0, foot_progression_right_deg=4.0, noise=0.3)


@lru_cache
def trial(gait: Gait = GAIT, rate_hz: float = 200.0, seconds: float = 8.0) -> Recording:
    """The runner's keypoints along axes x travel, y up, z right."""
    time = np.arange(0, seconds, 1 / rate_hz)
    at = Runner(gait, seconds).points(time)
    names = tuple(k for k in KEYPOINTS if k in at)
    position = np.stack([at[n] for n in names], axis=1)[..., [0, 2, 1]] * [1, 1, -1]
    return make_recording(time, position, names, source="runner.trc")


@lru_cache
def truth(gait: Gait = GAIT, seconds: float = 8.0) -> dict:
    return measure_truth(Runner(gait, seconds))


def with_plates(recording: Recording, gait: Gait = GAIT) -> Recording:
    """One plate under the belt, on which every true contact presses as half a sine of up to 1.5 kN."""
    time = np.arange(0, 8.0, 1 / 1000)
    force = np.zeros((len(time), 1, 3))
    for side in ("left", "right"):
        found = truth(gait)["events"][side]
        for down, off in zip(found["contact"], found["toe_off"], strict=True):
            on = (time >= down) & (time < off)
            force[on, 0, 1] = 1500.0 * np.sin(np.pi * (time[on] - down) / (off - down))
    return with_forces(recording, time, force, np.full(force.shape, np.nan))


def measured(recording: Recording) -> Measured:
    return measure_recording(recording, choose_set(recording))


def value(found: Measured, metric: str, side: str = "both") -> float:
    return next(e.value for e in found.estimates if (e.metric, e.side) == (metric, side))


def test_every_measure_is_the_truth_where_plates_time_the_steps() -> None:
    found, true = measured(with_plates(trial())), truth()
    for metric, key, scale, bar in (
        ("cadence", "cadence_spm", 1, 0.5),
        ("vertical_oscillation", "vert_osc_pelvis_cm", 1, 0.2),
        ("step_width", "step_width_cm", 1, 0.2),
        ("trunk_lean", "trunk_lean_mean_deg", 1, 0.5),
        ("contact_time", "contact_time_s", 1000, 6.0),
        ("flight_time", "flight_time_s", 1000, 6.0),
        ("duty_factor", "duty_factor", 100, 1.0),
    ):
        sides = ("left", "right") if metric == "contact_time" else ("both",)
        for side in sides:
            assert value(found, metric, side) == pytest.approx(scale * true[key], abs=bar), metric
    for metric, key, bar in (
        ("foot_progression", "fpa_deg", 0.5),
        ("knee_projection", "fppa_deg", 0.5),
        ("knee_over_toe", "knee_over_foot_line_deg", 0.5),
        ("pelvic_drop", "pelvic_drop_deg", 0.5),
        ("knee_flexion_midstance", "knee_flexion_midstance_deg", 0.5),
        ("knee_flexion_contact", "knee_flexion_contact_deg", 3.0),
        ("tibia_angle_contact", "tibia_angle_contact_deg", 3.0),
    ):
        for side in ("left", "right"):
            assert value(found, metric, side) == pytest.approx(true[key][side], abs=bar), (metric, side)
    assert value(found, "step_length") == pytest.approx(6000 * GAIT.speed_mps / true["cadence_spm"], rel=0.03)
    assert (found.view, found.gait, found.travel) == ("3d", "running", "treadmill")


def test_intervals_hold_the_truth_without_plates() -> None:
    found, true = measured(trial()), truth()
    for metric, key, scale in (("contact_time", "contact_time_s", 1000.0), ("cadence", "cadence_spm", 1.0)):
        for e in (e for e in found.estimates if e.metric == metric):
            assert e.low <= scale * true[key] <= e.high
    assert all(step.touch_down_s is not None for step in found.steps)


@pytest.mark.parametrize(("turns", "heading"), [([1, 0, 0], 0.0), ([0, 3, 2], 37.0), ([2, 1, 1], -160.0)])
def test_the_axes_of_the_file_do_not_matter(turns: list[int], heading: float) -> None:
    quarter = Rotation.from_euler("XYZ", 90.0 * np.array(turns), degrees=True).as_matrix()
    level = Rotation.from_euler("y", heading, degrees=True).as_matrix()
    plain = trial().copy(deep=True)  # 10 degrees off its axes, so that none of them is taken for the belt
    plain["position"].to_numpy()[:] @= Rotation.from_euler("y", 10.0, degrees=True).as_matrix()
    turned = plain.copy(deep=True)
    turned["position"].to_numpy()[:] = plain["position"].to_numpy() @ level.T @ quarter.T + [3.0, -1.0, 2.0]
    before, after = measured(Recording(plain)), measured(Recording(turned))
    assert len(before.estimates) > 20
    assert [e.metric for e in after.estimates] == [e.metric for e in before.estimates]
    for a, b in zip(after.estimates, before.estimates, strict=True):
        assert a.value == pytest.approx(b.value, abs=1e-4)


def test_a_runway_is_as_good_as_a_treadmill() -> None:
    plain = trial()
    along = plain.copy(deep=True)
    along["position"].to_numpy()[..., 0] += GAIT.speed_mps * plain["time"].to_numpy()[:, None]
    before, after = measured(plain), measured(Recording(along))
    assert after.travel == "pass"
    for metric, side in (
        ("foot_progression", "left"),
        ("knee_flexion_midstance", "right"),
        ("step_length", "both"),
    ):
        assert value(after, metric, side) == pytest.approx(value(before, metric, side), abs=0.5)


def test_walking_is_walking() -> None:
    gait = walker(noise=0.0)
    found = measured(trial(gait))
    assert found.gait == "walking"
    assert value(found, "foot_progression", "left") == pytest.approx(truth(gait)["fpa_deg"]["left"], abs=1.0)
    assert "contact_time" not in {e.metric for e in found.estimates}


@pytest.mark.parametrize(
    ("factor", "hint"), [(1000.0, "a thousandth"), (0.001, "a thousand times"), (100.0, "hundredth")]
)
def test_wrong_units_are_caught(factor: float, hint: str) -> None:
    wrong = trial().copy(deep=True)
    wrong["position"].to_numpy()[:] *= factor
    with pytest.raises(MotionError, match=hint):
        measured(Recording(wrong))


def test_exchanged_sides_are_caught() -> None:
    names = [str(m) for m in trial()["marker"].to_numpy()]
    swap = {"left": "right", "right": "left"}
    other = [f"{swap[n.split('_')[0]]}_{n.split('_')[1]}" if "_" in n else n for n in names]
    wrong = trial().assign_coords(marker=np.array(other, dtype=object))
    with pytest.raises(MotionError, match="exchanged"):
        measured(Recording(wrong))


def test_a_mirrored_axis_is_caught() -> None:
    wrong = trial().copy(deep=True)
    wrong["position"].to_numpy()[..., 2] *= -1
    with pytest.raises(MotionError, match="mirrored"):
        measured(Recording(wrong))


def test_forces_on_a_wrong_scale_are_not_used() -> None:
    wrong = with_plates(trial())
    wrong["force"].to_numpy()[:] /= 1000
    found = measured(wrong)
    assert "forces_left_out" in found.flags
    assert all("force over" not in e.method for e in found.estimates)


def test_a_gap_costs_steps_not_the_measure() -> None:
    holes = with_plates(trial()).copy(deep=True)
    knee = list(holes["marker"].to_numpy()).index("left_knee")
    holes["position"].to_numpy()[300:900, knee] = np.nan
    found, whole = measured(Recording(holes)), measured(with_plates(trial()))
    few, all_ = (
        next(e for e in f.estimates if (e.metric, e.side) == ("knee_flexion_midstance", "left"))
        for f in (found, whole)
    )
    assert few.n < all_.n
    assert few.value == pytest.approx(all_.value, abs=1.5)


def test_a_stander_is_no_runner() -> None:
    still = trial().copy(deep=True)
    still["position"].to_numpy()[:] = still["position"].to_numpy()[:1]
    with pytest.raises(MotionError, match="does not move"):
        measured(Recording(still))


def test_two_clusters_turn_about_their_joint() -> None:
    rng = np.random.default_rng(0)
    joint, time = np.array([0.1, 0.5, 0.2]), np.linspace(0, 1, 100)
    one, other = rng.normal(0, 0.1, (2, 4, 3))
    a = Rotation.from_euler("xyz", 0.4 * np.sin(7 * time)[:, None] * [1, 0.5, 2]).as_matrix()
    b = Rotation.from_euler("xyz", 0.6 * np.cos(5 * time)[:, None] * [0.3, 1, 1]).as_matrix()
    path = joint + np.column_stack([time, 0 * time, np.sin(time)])
    first = np.einsum("tij,mj->tmi", a, one + 0.2) + path[:, None]
    second = np.einsum("tij,mj->tmi", b, other - 0.2) + path[:, None]
    found = turning_centre(first, second)
    assert found is not None
    np.testing.assert_allclose(found, path, atol=1e-6)
    assert turning_centre(first[:10], second[:10]) is None


def test_a_leg_longer_than_a_cm_is_measured_alike_at_any_height() -> None:
    tall = replace(GAIT, height_m=1.95)
    assert value(measured(trial(tall)), "vertical_oscillation") == pytest.approx(
        truth(tall)["vert_osc_pelvis_cm"], abs=0.2
    )
