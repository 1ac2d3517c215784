"""The phantom's truth follows what was asked of it, and its feet obey the ground."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from phantom.footfalls import Gait
from phantom.motion import Motion
from phantom.people import person
from phantom.truth import points, truth_of

BODY = person(1.75, 0.0, 0.0)
WALK = {
    "walking": True,
    "speed": 1.3,
    "cadence": 112.0,
    "contact_ms": 660.0,
    "vert_osc_cm": 4.0,
    "foot_strike": 16.0,
}


@settings(max_examples=5, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    cadence=st.floats(155, 188),
    contact_ms=st.floats(215, 270),
    vert_osc_cm=st.floats(6, 10),
    fpa_left=st.floats(-5, 20),
    knee_right=st.floats(-5, 8),
)
def test_the_truth_follows_what_was_asked(**asked: float) -> None:
    truth = truth_of(Motion(BODY, Gait(noise=0, **asked), 2.0))
    assert truth["cadence_spm"] == pytest.approx(asked["cadence"], abs=0.3)
    assert 1000 * truth["contact_time"]["mean"] == pytest.approx(asked["contact_ms"], abs=5)
    assert truth["vert_osc_pelvis_cm"]["mean"] == pytest.approx(asked["vert_osc_cm"], abs=0.25)
    assert truth["L"]["fpa_deg"]["mean"] == pytest.approx(asked["fpa_left"], abs=0.6)
    assert truth["R"]["fppa_deg"]["mean"] == pytest.approx(asked["knee_right"], abs=0.6)


@pytest.mark.parametrize("gait", [Gait(noise=0), Gait(noise=0, **WALK)], ids=["running", "walking"])
def test_feet_neither_sink_nor_slide(gait: Gait) -> None:
    motion = Motion(BODY, gait, 3.0)
    truth = truth_of(motion)
    posed = motion.at(np.arange(0, 3, 1 / 120))
    assert min(sole.min() for sole in posed.sole.values()) > -0.002
    for row in truth["per_step"]:
        flat = np.linspace(
            row["contact"] + 0.25 * row["contact_time"], row["contact"] + 0.4 * row["contact_time"], 5
        )
        heel = points(BODY, motion.at(flat))[f"heel_{row['side']}"] + np.outer(gait.speed * flat, [1, 0, 0])
        assert np.ptp(heel, axis=0).max() < 0.002


def test_walkers_are_never_in_the_air_and_runners_are() -> None:
    assert truth_of(Motion(BODY, Gait(noise=0, **WALK), 3.0))["flight_time"]["mean"] < 0
    assert truth_of(Motion(BODY, Gait(noise=0), 2.0))["flight_time"]["mean"] > 0.05


def test_a_still_head_moves_less_than_the_hips() -> None:
    riding, still = (truth_of(Motion(BODY, Gait(noise=0, head_still=h), 2.0)) for h in (0.0, 0.3))
    hips = still["vert_osc_pelvis_cm"]["mean"]
    assert hips == pytest.approx(riding["vert_osc_pelvis_cm"]["mean"], abs=0.05)
    assert still["vert_osc_head_cm"]["mean"] < 0.85 * hips < riding["vert_osc_head_cm"]["mean"]


@pytest.mark.parametrize("name", ["side_base", "front_fpa_10_20", "front_valgus_5_10", "side_forefoot_30fps"])
def test_it_agrees_with_another_phantom(shared_data: Path, name: str) -> None:
    other = json.loads((shared_data / "phantom" / f"{name}.json").read_text())
    asked = other["requested"]
    same = {k: asked[k] for k in Gait.__dataclass_fields__ if k in asked} | {
        f"knee_{side}": asked[f"knee_valgus_{side}"] for side in ("left", "right")
    }
    truth = truth_of(Motion(person(other["body_height_m"], 0.0, 0.0), Gait(**same), 6.0))
    for side in "LR":
        theirs, ours = other["truth"][side], truth[side]
        for key in set(theirs) & set(ours) - {"swing_scuffs", "contact_time"}:
            assert ours[key]["mean"] == pytest.approx(theirs[key]["mean"], abs=1.2), (side, key)
    for key, within in (("vert_osc_pelvis_cm", 0.2), ("step_width_cm", 0.5), ("contact_time", 0.004)):
        assert truth[key]["mean"] == pytest.approx(other["truth"][key]["mean"], abs=within), key
