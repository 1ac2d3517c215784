"""True values of the measures, from 3-D points (X travel, Y the runner's left, Z up, metres)."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from runfree.testing.foot import REST_MTP_PITCH_DEG, knee_projection_deg
from runfree.testing.runner import SIDES, SIGN, Runner

Array = NDArray[np.float64]
Points = Mapping[str, Array]
TOUCHING_M = 0.001
RATE_HZ = 240.0


def stance_truth(at_mid: Points, side: str) -> dict[str, Array]:
    """Measures at mid-stance of one foot.

    Parameters
    ----------
    at_mid : mapping of name to array (N, 3)
        Points at N mid-stances of this foot.
    side : {"left", "right"}

    Returns
    -------
    dict of array (N,)
        ``fpa_deg`` heel to second toe against travel, toe-out positive; ``fppa_deg`` hip-knee-ankle seen along travel
        and ``knee_over_foot_line_deg`` knee from the vertical plane heel to second toe, knee towards the midline
        positive; ``pelvic_drop_deg`` swing side lower positive; ``knee_flexion_midstance_deg``; ``heel_y_m``.
    """
    sign = SIGN[side]
    hip, knee, ankle, heel, toe = (at_mid[f"{side}_{n}"] for n in ("hip", "knee", "ankle", "heel", "toe"))
    foot = (toe - heel)[:, :2]
    line = foot / np.linalg.norm(foot, axis=1, keepdims=True)
    out = (knee - heel)[:, :2]
    medial_m = -sign * (line[:, 0] * out[:, 1] - line[:, 1] * out[:, 0])
    across = at_mid["left_hip"] - at_mid["right_hip"]
    return {
        "fpa_deg": sign * np.rad2deg(np.arctan2(foot[:, 1], foot[:, 0])),
        "fppa_deg": knee_projection_deg(hip, knee, ankle, sign),
        "knee_over_foot_line_deg": np.rad2deg(np.arctan2(medial_m, knee[:, 2] - ankle[:, 2])),
        "pelvic_drop_deg": sign * np.rad2deg(np.arctan2(across[:, 2], np.abs(across[:, 1]))),
        "knee_flexion_midstance_deg": knee_flexion_deg(hip, knee, ankle),
        "heel_y_m": heel[:, 1],
    }


def contact_truth(at_contact: Points, side: str, rest_pitch_deg: float) -> dict[str, Array]:
    """Measures at touch-down of one foot.

    Parameters
    ----------
    at_contact : mapping of name to array (N, 3)
        Points at N touch-downs of this foot.
    side : {"left", "right"}
    rest_pitch_deg : float
        Pitch of the line heel to ball joint on a foot standing flat.

    Returns
    -------
    dict of array (N,)
        ``knee_flexion_contact_deg``; ``tibia_angle_contact_deg`` ankle ahead of the knee positive;
        ``foot_strike_angle_deg`` heel first positive.
    """
    hip, knee, ankle, heel, mtp = (at_contact[f"{side}_{n}"] for n in ("hip", "knee", "ankle", "heel", "mtp"))
    shank, foot = knee - ankle, mtp - heel
    pitch = np.rad2deg(np.arctan2(foot[:, 2], np.hypot(foot[:, 0], foot[:, 1])))
    return {
        "knee_flexion_contact_deg": knee_flexion_deg(hip, knee, ankle),
        "tibia_angle_contact_deg": np.rad2deg(np.arctan2(-shank[:, 0], shank[:, 2])),
        "foot_strike_angle_deg": pitch - rest_pitch_deg,
    }


def knee_flexion_deg(hip: Array, knee: Array, ankle: Array) -> Array:
    """Bend of the knee in space, 0 = straight."""
    up, down = hip - knee, ankle - knee
    return 180 - np.rad2deg(np.arctan2(np.linalg.norm(np.cross(up, down), axis=-1), (up * down).sum(-1)))


def oscillation_cm(time_s: Array, height_m: Array, contact_s: Array) -> Array:
    """Range of a height within each step, from one touch-down (either foot) to the next."""
    return np.array([100 * np.ptp(height_m[(time_s >= a) & (time_s < b)]) for a, b in pairwise(contact_s)])


def trunk_lean_deg(at: Points) -> Array:
    """Mid-hip to mid-shoulder against the vertical, forward positive."""
    trunk = (at["left_shoulder"] + at["right_shoulder"] - at["left_hip"] - at["right_hip"]) / 2
    return np.rad2deg(np.arctan2(trunk[:, 0], trunk[:, 2]))


def events(time_s: Array, at: Points, side: str) -> tuple[Array, Array]:
    """Touch-downs and toe-offs of one foot: its lowest sole point crosses 1 mm.

    Only whole stances are returned: as many toe-offs as touch-downs, each after its own.
    """
    height = np.min([at[f"{side}_{n}_sole"][:, 2] for n in ("heel", "ball", "toe")], axis=0) - TOUCHING_M
    share = height[:-1] / np.where(height[:-1] == height[1:], 1.0, height[:-1] - height[1:])
    crossing = time_s[:-1] + share * np.diff(time_s)
    down = crossing[(height[:-1] > 0) & (height[1:] <= 0)]
    up = crossing[(height[:-1] <= 0) & (height[1:] > 0)]
    up = up[up > down[0]] if len(down) else up[:0]
    return down[: len(up)], up


def measure_truth(runner: Runner) -> dict[str, Any]:
    """Measure the whole motion.

    Returns
    -------
    dict
        ``cadence_spm``, ``vert_osc_pelvis_cm``, ``vert_osc_head_cm`` (of the nose), ``step_width_cm``, ``trunk_lean_mean_deg``,
        ``contact_time_s``, ``flight_time_s`` (negative: double support), ``duty_factor``; by side
        (``{"left": …, "right": …}``) the means of everything in :func:`stance_truth` and :func:`contact_truth`;
        ``events`` by side with ``contact`` and ``toe_off`` times; ``per_step``: dicts in order of contact.

    Raises
    ------
    ValueError
        If the motion is too short for one whole stance of each foot.
    """
    time = np.arange(0, runner.seconds, 1 / RATE_HZ)
    at = runner.points(time)
    found = {side: events(time, at, side) for side in SIDES}
    if min(len(down) for down, _ in found.values()) < 1:
        raise ValueError("the motion is too short: one whole stance of each foot is needed")
    rows = _rows(runner, found)
    between = [(a, b) for a, b in pairwise(rows) if a["side"] != b["side"]]
    contacts = np.array([r["contact"] for r in rows])
    step_s = np.mean([b["contact"] - a["contact"] for a, b in between])
    contact_s = np.mean([r["contact_time"] for r in rows])
    by_side = {
        key: {s: float(np.mean([r[key] for r in rows if r["side"] == s])) for s in SIDES}
        for key in rows[0]
        if key.endswith("_deg")
    }
    mid_hip = (at["left_hip"] + at["right_hip"])[:, 2] / 2
    return by_side | {
        "cadence_spm": float(60 / step_s),
        "vert_osc_pelvis_cm": float(oscillation_cm(time, mid_hip, contacts).mean()),
        "vert_osc_head_cm": float(oscillation_cm(time, at["nose"][:, 2], contacts).mean()),
        "step_width_cm": float(np.mean([100 * _left_minus_right(a, b) for a, b in between])),
        "trunk_lean_mean_deg": float(trunk_lean_deg(at).mean()),
        "contact_time_s": float(contact_s),
        "flight_time_s": float(np.mean([b["contact"] - a["toe_off"] for a, b in between])),
        "duty_factor": float(contact_s / (2 * step_s)),
        "events": {s: {"contact": down, "toe_off": up} for s, (down, up) in found.items()},
        "per_step": rows,
    }


def _rows(runner: Runner, found: Mapping[str, tuple[Array, Array]]) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    for side, (down, up) in found.items():
        mid = (down + up) / 2
        values = {"contact": down, "toe_off": up, "mid_stance": mid, "contact_time": up - down}
        values |= stance_truth(runner.points(mid), side)
        values |= contact_truth(runner.points(down), side, REST_MTP_PITCH_DEG)
        rows += [{"side": side} | {key: float(v[i]) for key, v in values.items()} for i in range(len(down))]
    return sorted(rows, key=lambda row: row["contact"])


def _left_minus_right(a: Mapping[str, Any], b: Mapping[str, Any]) -> float:
    left, right = (a, b) if a["side"] == "left" else (b, a)
    return left["heel_y_m"] - right["heel_y_m"]
