"""The truth measures: against hand-made points, and against the phantom's own numbers."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import numpy as np
import pytest
from scipy.interpolate import CubicSpline

from runfree.testing import truth

FILMS = ("side_base", "front_valgus_5_10", "front_fpa_m5_0", "rear_fpa_10_20", "side_overground")
MID_STANCE = (
    "fpa_deg",
    "fppa_deg",
    "knee_over_foot_line_deg",
    "pelvic_drop_deg",
    "knee_flexion_midstance_deg",
)
JSON_SIDE = {"left": "L", "right": "R"}
NAMES = {
    "hip": "hip",
    "knee": "knee",
    "ankle": "ankle",
    "heel": "heel",
    "toe": "second_toe",
    "mtp": "mtp2",
    "shoulder": "shoulder",
}


def one(**points: tuple[float, float, float]) -> dict[str, np.ndarray]:
    return {name: np.array([xyz], dtype=float) for name, xyz in points.items()}


def standing(side: str, **changes: tuple[float, float, float]) -> dict[str, np.ndarray]:
    """A body standing straight, feet and hips 20 cm apart, with changes to this side's leg."""
    body: dict[str, tuple[float, float, float]] = {}
    for name, sign in (("left", 1), ("right", -1)):
        places = {"hip": (0, 0.9), "knee": (0, 0.5), "ankle": (0, 0.1), "heel": (-0.05, 0.0), "toe": (0.2, 0.0)}
        body |= {f"{name}_{part}": (x, 0.1 * sign, z) for part, (x, z) in places.items()}
    return one(**(body | {f"{side}_{part}": xyz for part, xyz in changes.items()}))


@pytest.mark.parametrize(("side", "sign"), [("left", 1), ("right", -1)])
def test_signs_at_mid_stance(side: str, sign: int) -> None:
    straight = truth.stance_truth(standing(side), side)
    for key in ("fpa_deg", "fppa_deg", "knee_over_foot_line_deg", "pelvic_drop_deg"):
        assert straight[key] == pytest.approx(0, abs=1e-9)
    toe_out = standing(side, toe=(0.2, sign * (0.1 + 0.25), 0.0))
    assert truth.stance_truth(toe_out, side)["fpa_deg"] == pytest.approx(45)
    knee_in = truth.stance_truth(standing(side, knee=(0.0, sign * (0.1 - 0.04), 0.5)), side)
    assert knee_in["fppa_deg"] == pytest.approx(2 * np.rad2deg(np.arctan(0.1)))
    assert knee_in["knee_over_foot_line_deg"] == pytest.approx(np.rad2deg(np.arctan(0.1)))
    stance_hip_high = standing(side, hip=(0.0, 0.1 * sign, 1.0))
    assert truth.stance_truth(stance_hip_high, side)["pelvic_drop_deg"] == pytest.approx(
        np.rad2deg(np.arctan(0.5))
    )


def test_signs_at_touch_down() -> None:
    leg = one(
        left_hip=(0, 0, 0.9),
        left_knee=(0.1, 0, 0.5),
        left_ankle=(0.2, 0, 0.1),
        left_heel=(0.1, 0, 0),
        left_mtp=(0.3, 0, 0.1),
    )
    found = truth.contact_truth(leg, "left", rest_pitch_deg=5.0)
    assert found["tibia_angle_contact_deg"] == pytest.approx(np.rad2deg(np.arctan(0.25)))
    assert found["foot_strike_angle_deg"] == pytest.approx(np.rad2deg(np.arctan(0.5)) - 5)
    assert found["knee_flexion_contact_deg"] == pytest.approx(0, abs=1e-5)
    leg["left_ankle"] = np.array([[-0.3, 0.0, 0.4]])
    assert truth.knee_flexion_deg(leg["left_hip"], leg["left_knee"], leg["left_ankle"]) == pytest.approx(90)


def test_events_of_a_foot_whose_height_is_known() -> None:
    time = np.arange(0, 2, 1 / 240)
    height = 0.001 + 0.05 * np.cos(2 * np.pi * time)  # crosses 1 mm at 0.25, 0.75, 1.25, 1.75 s
    sole = np.stack([np.zeros_like(time), np.zeros_like(time), height], -1)
    points = {f"left_{part}_sole": sole for part in ("heel", "ball", "toe")}
    down, up = truth.events(time, points, "left")
    np.testing.assert_allclose(down, [0.25, 1.25], atol=1e-4)
    np.testing.assert_allclose(up, [0.75, 1.75], atol=1e-4)
    late = {name: xyz + np.array([0, 0, 1]) for name, xyz in points.items()}
    assert [len(x) for x in truth.events(time, late, "left")] == [0, 0]


def test_oscillation_is_peak_to_peak_within_steps() -> None:
    time = np.arange(0, 3, 1 / 1000)
    height = 0.03 * np.sin(2 * np.pi * 2 * time) + 0.2 * (time > 2.2)
    found = truth.oscillation_cm(time, height, np.array([0.1, 0.6, 1.1, 1.6]))
    np.testing.assert_allclose(found, 6.0, atol=1e-3)


@pytest.mark.parametrize("film", FILMS)
def test_the_phantoms_points_give_the_phantoms_truth_at_mid_stance(film: str, shared_data: Path) -> None:
    """Same definitions as the phantom's own: its 3-D points through ours, its numbers step by step."""
    told, time, points = phantom(shared_data, film)
    rows = [r for r in told["per_step"] if r["toe_off"] <= time[-1]]
    assert len(rows) > 8
    for side, letter in JSON_SIDE.items():
        mine = [r for r in rows if r["side"] == letter]
        at_mid = {name: CubicSpline(time, xyz)([r["mid_stance"] for r in mine]) for name, xyz in points.items()}
        found = truth.stance_truth(at_mid, side)
        for key in MID_STANCE:
            np.testing.assert_allclose(found[key], [r[key] for r in mine], atol=0.1, err_msg=key)
        np.testing.assert_allclose(100 * found["heel_y_m"], [100 * r["heel_y"] for r in mine], atol=0.05)
    assert truth.trunk_lean_deg(points).mean() == pytest.approx(told["trunk_lean_mean_deg"], abs=0.1)
    mid_hip = (points["left_hip"] + points["right_hip"])[:, 2] / 2
    fine = np.arange(time[0], time[-1], 1 / 200)
    bounce = truth.oscillation_cm(fine, CubicSpline(time, mid_hip)(fine), np.array([r["contact"] for r in rows]))
    assert bounce.mean() == pytest.approx(told["vert_osc_pelvis_cm"]["mean"], abs=0.05)


def test_the_phantoms_points_give_the_phantoms_truth_at_touch_down(shared_data: Path) -> None:
    """Touch-down is a kink that no interpolation crosses: those within 1.3 ms of a frame are compared."""
    standing_pitch: list[float] = []
    for film in FILMS:
        told, time, points = phantom(shared_data, film)
        for row in told["per_step"]:
            frame = np.abs(time - row["contact"]).argmin()
            if abs(time[frame] - row["contact"]) > 0.0013:
                continue
            side = "left" if row["side"] == "L" else "right"
            found = truth.contact_truth({n: xyz[frame, None] for n, xyz in points.items()}, side, 0.0)
            for key in ("knee_flexion_contact_deg", "tibia_angle_contact_deg"):
                assert found[key] == pytest.approx(row[key], abs=0.25), f"{film} {row['contact']}"
            standing_pitch.append(found["foot_strike_angle_deg"].item() - row["foot_strike_angle_deg"])
    assert len(standing_pitch) > 12
    assert np.ptp(standing_pitch) < 0.5, "one foot has one pitch standing flat"


def phantom(shared_data: Path, film: str) -> tuple[dict, np.ndarray, dict[str, np.ndarray]]:
    told = json.loads((shared_data / "phantom" / f"{film}.json").read_text())["truth"]
    return told, *phantom_points(shared_data / "phantom" / f"{film}.csv")


def phantom_points(path: Path) -> tuple[np.ndarray, dict[str, np.ndarray]]:
    with path.open(newline="") as file:
        table = list(csv.DictReader(file))
    time = np.array([float(row["time"]) for row in table])
    points = {
        f"{side}_{ours}": np.array([[float(row[f"{theirs}_{letter}_{c}"]) for c in "xyz"] for row in table])
        for ours, theirs in NAMES.items()
        for side, letter in JSON_SIDE.items()
    }
    return time, points
