"""What a film cannot show is said, with the film that would; a guess is a bug."""

from __future__ import annotations

import numpy as np
import pytest
from gait_kit import changed, clean, measured, measured_clean, measured_noisy

from runfree.core.metrics import METRICS
from runfree.core.motion import KEYPOINTS, as_motion
from runfree.gait import measure
from runfree.testing import scenes
from runfree.testing.camera import Camera
from runfree.testing.film import synthetic
from runfree.testing.runner import Gait, walker

RUNNING_ONLY = {m.id for m in METRICS.values() if not m.walking}
SCENES = (
    "side_run",
    "front_run",
    "rear_run",
    "oblique_run",
    "passing_run",
    "approach_run",
    "side_walk",
    "front_walk",
)


@pytest.mark.parametrize("scene", SCENES)
@pytest.mark.parametrize("what", [measured_clean, measured_noisy])
def test_only_what_the_view_shows_is_given_and_for_the_rest_the_right_film_is_named(scene: str, what) -> None:
    found = what(scene)
    assert all(found.view in METRICS[e.metric].views for e in found.estimates)
    for entry in found.not_assessable:
        if found.view not in METRICS[entry.metric].views:
            assert entry.film_instead == METRICS[entry.metric].views[0], entry
            assert entry.reason


@pytest.mark.parametrize("scene", ["rear_run", "oblique_run", "side_run"])
def test_the_foot_angle_is_left_to_a_film_from_the_front(scene: str) -> None:
    found = measured_noisy(scene)
    assert not [e for e in found.estimates if e.metric == "foot_progression"]
    entries = [n for n in found.not_assessable if n.metric == "foot_progression"]
    assert {(n.side, n.film_instead) for n in entries} == {("left", "front"), ("right", "front")}


@pytest.mark.parametrize("yaw", [-10.0, 10.0])
@pytest.mark.parametrize(
    ("view", "facing"), [("side", "left"), ("side", "right"), ("front", "left"), ("rear", "left")]
)
def test_a_camera_ten_degrees_off_still_shows_all_of_its_view(view, facing, yaw: float) -> None:
    found = measured(synthetic(Gait(), Camera(view, facing, yaw_error_deg=yaw), noise_px=1.5, drift_px=2.0))
    given = {e.metric for e in found.estimates}
    assert given == {m.id for m in METRICS.values() if view in m.views and m.running}


@pytest.mark.parametrize("view", ["side", "front", "rear", "oblique"])
@pytest.mark.parametrize("cadence", [95.0, 112.0, 126.0])
def test_walking_has_no_running_only_number(view, cadence: float) -> None:
    gait = walker(cadence_spm=cadence, contact_s=1.24 * 60 / cadence)
    found = measured(synthetic(gait, Camera(view), noise_px=1.5, drift_px=2.0))
    assert found.gait == "walking"
    assert not {e.metric for e in found.estimates} & (RUNNING_ONLY | {"vertical_ratio"})
    said = {n.metric: n.reason for n in found.not_assessable}
    assert all("walking" in said[m] for m in RUNNING_ONLY - {"vertical_ratio"})
    assert "cadence" in {e.metric for e in found.estimates}


def test_without_height_the_centimetres_are_not_assessable_and_what_is_needed_is_said() -> None:
    for scene, metric in (("side_run", "vertical_oscillation"), ("front_run", "step_width")):
        found = measured(clean(scene), height_m=None)
        assert next(e.unit for e in found.estimates if e.metric == metric) == "body heights"
        (entry,) = [n for n in found.not_assessable if n.metric == metric]
        assert "height" in entry.reason
        assert not [e for e in found.estimates if e.unit == "cm" and e.metric != "step_length"]


def test_without_speed_step_length_and_ratio_are_not_assessable_and_what_is_needed_is_said() -> None:
    found = measured(clean("side_run"), speed_mps=None)
    reasons = {n.metric: n.reason for n in found.not_assessable}
    assert "speed" in reasons["step_length"]
    assert "speed" in reasons["vertical_ratio"]


def nothing_in(motion) -> None:
    found = measure(motion, height_m=1.75, speed_mps=3.0)
    assert found.estimates == ()
    assert found.steps == ()
    assert found.per_step == ()
    said = {(n.metric, n.side) for n in found.not_assessable}
    assert said == {(m.id, s) for m in METRICS.values() for s in m.sides}
    assert len({n.reason for n in found.not_assessable}) == 1


def test_nobody_in_the_picture() -> None:
    motion = clean("front_run").motion
    empty = changed(motion, position=np.full_like(motion["position"].to_numpy(), np.nan))
    assert measure(empty).gait == "nobody"
    nothing_in(empty)


def test_a_body_cut_off_at_the_knees_is_not_measured() -> None:
    position = clean("front_run").motion["position"].to_numpy() + np.array([0, 200])
    cut = changed(clean("front_run").motion, position=position)
    assert measure(cut).gait == "nobody"
    nothing_in(cut)


@pytest.mark.parametrize("noise_px", [0.0, 2.0, 6.0])
def test_someone_who_stands_still(noise_px: float) -> None:
    motion = clean("front_run").motion
    still = np.repeat(motion["position"].to_numpy()[:1], 360, axis=0)
    still = still + noise_px * np.random.default_rng(1).standard_normal(still.shape)
    standing = changed(motion, position=still)
    assert measure(standing).gait == "neither"
    nothing_in(standing)


@pytest.mark.parametrize("seed", range(4))
def test_points_that_jump_about_at_random_are_no_runner(seed: int) -> None:
    rng = np.random.default_rng(seed)
    position = rng.uniform([100, 50], [1180, 670], (360, len(KEYPOINTS), 2))
    nothing_in(changed(clean("front_run").motion, position=position))


@pytest.mark.parametrize("seed", range(4))
def test_someone_who_shifts_from_foot_to_foot_without_rhythm(seed: int) -> None:
    """Slow random drift of every point, as of a person waiting."""
    film = synthetic(Gait(), Camera("front"), seconds=6)
    position = np.repeat(film.motion["position"].to_numpy()[:1], 360, axis=0)
    steps = np.random.default_rng(seed).standard_normal((360, len(KEYPOINTS), 2))
    nothing_in(changed(film.motion, position=position + 0.5 * np.cumsum(steps, axis=0)))


@pytest.mark.parametrize("scene", ["side_run", "front_run", "side_walk"])
def test_a_stride_and_a_half_is_the_least(scene: str) -> None:
    motion = clean(scene).motion
    assert measure(changed(motion, frames=slice(0, 40))).estimates == ()


def test_a_runner_who_stays_far_away_is_too_small_for_angles_but_not_for_cadence() -> None:
    far = synthetic(Gait(), Camera("front", fill=0.28), noise_px=0.5, drift_px=0.5)
    found = measured(far)
    assert {e.metric for e in found.estimates} == {"cadence", "step_length"}
    assert "small_in_picture" in found.flags
    reasons = {n.reason for n in found.not_assessable if "front" in METRICS[n.metric].views}
    assert any("too small" in r for r in reasons)
    assert all(s.left_out for s in found.steps)


def test_an_approach_counts_only_steps_near_enough() -> None:
    found = measured(scenes.approach_run(Gait(), seconds=6.0))
    small = [s for s in found.steps if s.left_out]
    assert {"approach", "small_in_picture"} <= set(found.flags)
    assert small
    assert len(small) < len(found.steps)
    assert max(s.mid_stance_s for s in small) < min(s.mid_stance_s for s in found.steps if not s.left_out)


@pytest.mark.parametrize(("fps", "flagged"), [(30.0, True), (60.0, False), (120.0, False)])
def test_a_low_frame_rate_is_flagged_and_reads_the_same(fps: float, flagged: bool) -> None:
    """Folded over the strides, frames of 30 a second are as sure as others (docs/decisions/0019-judging-films.md)."""
    found = measured(scenes.side_run(fps=fps, noise_px=0.0, drift_px=0.0))
    assert ("low_frame_rate" in found.flags) == flagged
    for usual in measured_clean("side_run").estimates:
        (now,) = [e for e in found.estimates if (e.metric, e.side) == (usual.metric, usual.side)]
        assert now.low <= usual.value <= now.high
        assert abs(now.value - usual.value) <= 0.35 * (usual.high - usual.low), usual.metric


@pytest.mark.parametrize("scene", ["side_run", "front_run", "rear_run", "oblique_run", "front_walk"])
@pytest.mark.parametrize("every", [1, 3, 5, 8, 12])
def test_few_frames_end_in_reasons_never_in_an_error(scene: str, every: int) -> None:
    motion = getattr(scenes, scene)().motion
    gaps = np.random.default_rng(every).random(motion.sizes["time"]) < 0.4
    for frames in (12, 16, 24, 40):
        for lost in (False, True):
            short = motion.isel(time=slice(0, every * frames, every)).copy(deep=True)
            if lost:
                short["position"].to_numpy()[gaps[: every * frames : every]] = np.nan
            found = measure(as_motion(short), height_m=1.75)
            assert found.estimates or found.not_assessable
