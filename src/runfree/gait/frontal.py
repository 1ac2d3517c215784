"""Signals of a film from the front or the back: sideways positions and angles over time, and the camera's yaw.

Sideways is measured towards the outside of the leg (lateral +) in body heights, angles in degrees.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from runfree.core.metrics import Side, View
from runfree.gait.body import LEGS, Body
from runfree.gait.cycle import Stride
from runfree.gait.per_step import local_mean
from runfree.gait.scale import USUAL_HEIGHT_M

Array = NDArray[np.float64]

FOOT_LENGTH = 0.152
"""Foot length over stature (Drillis and Contini, in Winter 2009, fig. 4.1)."""

SECOND_TOE = 0.3
"""Place of the second toe's tip on the way from the big toe's to the small toe's, sideways.

An assumption: of five toes side by side, the big one one and a half to twice as wide as the others, the second is at 0.29 to 0.33. A
tenth of the way is 7 mm, or 1.6 degrees of foot angle.
"""

_LEG_SIGN: dict[Side, float] = {"left": 1.0, "right": -1.0}
_USUAL_SPEED_MPS = {"running": 2.9, "walking": 1.3}


def outward(view: View, side: Side) -> float:
    """+1 if the outside of this leg lies towards image right."""
    return (1.0 if view == "front" else -1.0) * _LEG_SIGN[side]


def lateral(body: Body, view: View, side: Side, a: str, b: str, size: Array) -> Array:
    """Sideways distance from point ``a`` to point ``b`` of one leg, outwards +, in body heights (T,)."""
    return outward(view, side) * (body.at[f"{side}_{b}"] - body.at[f"{side}_{a}"])[:, 0] / size


def second_toe(body: Body, side: Side) -> Array:
    """Tip of the second toe seen from the front (T, 2).

    Between the big toe and the small toe where the network knows them, NaN where it shows them the wrong way round; else the
    network's one toe.
    """
    if f"{side}_small_toe" not in body.at:
        return body.at[f"{side}_toe"]
    big, small = body.at[f"{side}_big_toe"], body.at[f"{side}_small_toe"]
    crossed = outward("front", side) * (small - big)[:, 0] <= 0
    return np.where(crossed[:, None], np.nan, big + SECOND_TOE * (small - big))


def foot_angle_deg(body: Body, side: Side, size: Array) -> Array:
    """Foot against the line of sight seen from the front, toe-out +, from its sideways extent over its length (T,)."""
    across = outward("front", side) * (second_toe(body, side) - body.at[f"{side}_heel"])[:, 0] / size
    return np.degrees(np.arcsin(np.clip(across / FOOT_LENGTH, -1, 1)))


def knee_projection_deg(body: Body, view: View, side: Side) -> Array:
    """Bend of hip–knee–ankle in the picture, knee towards the midline + (T,)."""
    sign = outward(view, side)
    hip, knee, ankle = (body.at[f"{side}_{part}"] for part in ("hip", "knee", "ankle"))
    thigh, shank = knee - hip, ankle - knee
    return np.degrees(np.arctan2(sign * shank[:, 0], shank[:, 1]) - np.arctan2(sign * thigh[:, 0], thigh[:, 1]))


def hip_tilt_deg(body: Body, view: View) -> Array:
    """Tilt of the line between the hips, left side higher + (T,)."""
    right = 1.0 if view == "front" else -1.0
    line = body.at["left_hip"] - body.at["right_hip"]
    return np.degrees(np.arctan2(-line[:, 1], right * line[:, 0]))


def camera_yaw_deg(
    body: Body, stride: Stride, size: Array, speed_mps: float | None, height_m: float | None
) -> float:
    """Angle from the line of sight to the direction of travel, positive when the runner's left side is turned to the
    camera.

    While a foot stands, it moves straight backwards under the hips. Seen at an angle, that path has a sideways part:
    its speed over the running speed is the sine of the yaw. Averaged over both feet, sway cancels. Without a known speed
    2.9 m/s (walking 1.3) is assumed; a speed off by a quarter leaves a quarter of the yaw uncorrected.
    """
    speed = speed_mps if speed_mps is not None else _USUAL_SPEED_MPS.get(stride.gait, 2.0)
    metres = height_m if height_m is not None else USUAL_HEIGHT_M
    drift: list[float] = []
    for side in LEGS:
        foot = (body.at[f"{side}_ankle"] + body.at[f"{side}_heel"]) / 2
        across = (foot - body.hips)[:, 0] / size * metres
        line = local_mean(stride, across, stride.mid_stance[side] - 0.02, np.ones(len(across)), 0.10, 1)
        drift.append(line.slope_at_centre() * stride.hz)
    sine = np.clip(np.mean(drift) / speed, -1, 1)
    return float(np.degrees(np.arcsin(sine)))
