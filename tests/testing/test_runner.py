"""The synthetic runner is a body that could be: planted feet, whole legs, the gait that was asked for."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from runfree.core.motion import KEYPOINTS
from runfree.testing.runner import SHANK, SIDES, THIGH, Gait, Runner, mirrored_gait, walker
from runfree.testing.truth import events, measure_truth

SOLE = ("heel", "ball", "toe")
MOTIONS = {
    "run": Gait(),
    "forefoot": Gait(foot_strike_deg=-10, seed=3),
    "fast": Gait(speed_mps=4.5, contact_s=0.2, cadence_spm=182, foot_strike_deg=0),
    "slow, high bounce": Gait(speed_mps=2.3, contact_s=0.28, cadence_spm=155, oscillation_m=0.11),
    "walk": walker(),
    "brisk walk": walker(speed_mps=1.5, cadence_spm=120, contact_s=0.62, seed=2),
}

gaits = st.builds(
    Gait,
    speed_mps=st.floats(2.0, 4.2),
    cadence_spm=st.floats(150, 190),
    contact_s=st.floats(0.19, 0.28),
    oscillation_m=st.floats(0.04, 0.11),
    foot_progression_left_deg=st.floats(-10, 25),
    foot_progression_right_deg=st.floats(-10, 25),
    knee_projection_left_deg=st.floats(-10, 10),
    knee_projection_right_deg=st.floats(-10, 10),
    pelvic_drop_deg=st.floats(-2, 10),
    step_width_m=st.floats(-0.04, 0.14),
    trunk_lean_deg=st.floats(0, 15),
    foot_strike_deg=st.floats(-12, 18),
    height_m=st.floats(1.5, 2.0),
    noise=st.just(0.0),
)
few = settings(max_examples=25, deadline=None)


def sole_height(points: dict[str, np.ndarray], side: str) -> np.ndarray:
    return np.min([points[f"{side}_{part}_sole"][:, 2] for part in SOLE], axis=0)


@pytest.mark.parametrize("gait", MOTIONS.values(), ids=MOTIONS)
def test_a_planted_foot_does_not_skate_nor_sink(gait: Gait) -> None:
    runner = Runner(gait, 4.0)
    time = np.arange(0, 4, 0.001)
    points = runner.points(time)
    for side in SIDES:
        assert sole_height(points, side).min() > -0.003
        for down, up in zip(*events(time, points, side), strict=True):
            held = (time > down + 0.003) & (time < up - 0.003)
            assert sole_height(points, side)[held].max() < 0.001, "a standing foot left the floor"
            slowest = np.min([floor_speed(points, f"{side}_{p}_sole", gait)[held[1:]] for p in SOLE], axis=0)
            assert slowest.max() < 0.05


def floor_speed(points: dict[str, np.ndarray], name: str, gait: Gait) -> np.ndarray:
    step = np.diff(points[name], axis=0) + np.array([gait.speed_mps * 0.001, 0, 0])
    return np.linalg.norm(step, axis=1) / 0.001


def test_a_skating_foot_would_be_seen() -> None:
    gait = Gait()
    points = Runner(gait, 1.0).points(np.arange(0, 1, 0.001))
    assert floor_speed(points, "left_heel_sole", replace(gait, speed_mps=3.2)).min() > 0.05


@pytest.mark.parametrize("gait", MOTIONS.values(), ids=MOTIONS)
def test_legs_keep_their_length_and_the_body_moves_smoothly(gait: Gait) -> None:
    time = np.arange(0, 4, 0.002)
    points = Runner(gait, 4.0).points(time)
    assert set(KEYPOINTS) <= set(points)
    for side in SIDES:
        hip, knee, ankle = (points[f"{side}_{n}"] for n in ("hip", "knee", "ankle"))
        np.testing.assert_allclose(np.linalg.norm(knee - hip, axis=1), THIGH * gait.height_m, rtol=1e-9)
        np.testing.assert_allclose(np.linalg.norm(ankle - knee, axis=1), SHANK * gait.height_m, rtol=1e-9)
    fastest = max(np.linalg.norm(np.diff(points[n], axis=0), axis=1).max() / 0.002 for n in KEYPOINTS)
    assert fastest < 4.5 * gait.speed_mps + 3, "a point jumps"


@few
@given(gaits)
def test_what_was_asked_for_is_what_the_points_show(gait: Gait) -> None:
    truth = measure_truth(Runner(gait, 3.0))
    assert truth["cadence_spm"] == pytest.approx(gait.cadence_spm, abs=0.1)
    assert truth["contact_time_s"] == pytest.approx(gait.contact_s, abs=0.006)
    assert truth["vert_osc_pelvis_cm"] == pytest.approx(100 * gait.oscillation_m, rel=0.01)
    assert truth["step_width_cm"] == pytest.approx(100 * gait.step_width_m, abs=0.05)
    assert truth["trunk_lean_mean_deg"] == pytest.approx(gait.trunk_lean_deg, abs=0.2)
    for side in SIDES:
        assert truth["pelvic_drop_deg"][side] == pytest.approx(gait.pelvic_drop_deg, abs=0.1)
        assert truth["foot_strike_angle_deg"][side] == pytest.approx(gait.foot_strike_deg, abs=0.6)
        toe_out = getattr(gait, f"foot_progression_{side}_deg")
        assert truth["fpa_deg"][side] == pytest.approx(toe_out, abs=0.1)
        knee = getattr(gait, f"knee_projection_{side}_deg")
        assert truth["fppa_deg"][side] == pytest.approx(knee, abs=0.3)


@few
@given(gaits, st.integers(0, 1000))
def test_the_mirrored_request_gives_the_mirrored_motion(gait: Gait, seed: int) -> None:
    noisy = replace(gait, noise=1.0, seed=seed)
    time = np.linspace(0, 2, 101)
    points, other = (Runner(g, 2.0).points(time) for g in (noisy, mirrored_gait(noisy)))
    swap = {"left": "right", "right": "left"}
    for name, xyz in points.items():
        side, _, part = name.partition("_")
        twin = other[f"{swap[side]}_{part}" if side in swap else name]
        np.testing.assert_allclose(twin * [1, -1, 1], xyz, rtol=0, atol=1e-12)


def test_running_flies_and_bounces_walking_vaults_and_stands_on_both() -> None:
    run, walk = (measure_truth(Runner(g, 6.0)) for g in (Gait(), walker()))
    assert run["flight_time_s"] > 0.05
    assert run["duty_factor"] < 0.4
    assert walk["flight_time_s"] < -0.08
    assert walk["duty_factor"] == pytest.approx(0.62, abs=0.02)
    assert walk["cadence_spm"] == pytest.approx(110, abs=2)
    assert hip_height_at_mid_stance(Gait()) < 0.1
    assert hip_height_at_mid_stance(walker()) > 0.9


def hip_height_at_mid_stance(gait: Gait) -> float:
    """Rank of the mid-hip's height at mid-stance within its range: 0 lowest, 1 highest."""
    runner = Runner(gait, 6.0)
    mid = np.array([row["mid_stance"] for row in measure_truth(runner)["per_step"]])
    low, high = np.quantile(mid_hip(runner, np.arange(0, 6, 0.01)), [0, 1])
    return float((np.median(mid_hip(runner, mid)) - low) / (high - low))


def mid_hip(runner: Runner, time: np.ndarray) -> np.ndarray:
    points = runner.points(time)
    return (points["left_hip"][:, 2] + points["right_hip"][:, 2]) / 2


def test_the_head_does_not_ride_on_the_pelvis() -> None:
    runner = Runner(Gait(noise=0), 4.0)
    time = np.arange(0.5, 3.5, 0.001)
    pelvis, head = mid_hip(runner, time), runner.points(time)["nose"][:, 2]
    assert np.ptp(head) < 0.9 * np.ptp(pelvis)
    step_s = 60 / 170
    lag = (time[head[:500].argmin()] - time[pelvis[:500].argmin()]) % step_s
    assert 0.04 * step_s < lag < 0.2 * step_s


def test_noise_has_a_seed_and_varies_strides() -> None:
    def toe_out(gait: Gait) -> list[float]:
        return [row["fpa_deg"] for row in measure_truth(Runner(gait, 3.0))["per_step"]]

    assert toe_out(Gait(seed=4)) == toe_out(Gait(seed=4))
    assert toe_out(Gait(seed=4)) != toe_out(Gait(seed=5))
    assert np.std(toe_out(Gait(noise=0))) < 0.01 < np.std(toe_out(Gait()))


@pytest.mark.parametrize(
    "impossible",
    [
        lambda: Gait(contact_s=0.4),
        lambda: walker(contact_s=0.5),
        lambda: Runner(Gait(speed_mps=9.0, contact_s=0.3), 2.0),
        lambda: Runner(walker(knee_projection_left_deg=30.0), 2.0),
        lambda: measure_truth(Runner(Gait(), 0.2)),
    ],
)
def test_what_no_body_can_do_is_refused(impossible) -> None:
    with pytest.raises(ValueError, match=r"contact|legs|knee|short"):
        impossible()
