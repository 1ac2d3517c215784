"""Signals of a film from the side: angles of trunk, knee, shin and foot over time, and how far to believe each frame."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from runfree.core.metrics import Side
from runfree.gait.body import Body

Array = NDArray[np.float64]

_TOLERANCE = 0.10


def forward(facing: Side | None) -> float:
    """+1 if the runner faces image right, −1 if left."""
    return 1.0 if facing == "right" else -1.0


def knee_flexion_deg(body: Body, side: Side) -> Array:
    """Bend of hip–knee–ankle, 0 = straight, (T,)."""
    hip, knee, ankle = (body.at[f"{side}_{part}"] for part in ("hip", "knee", "ankle"))
    thigh, shank = knee - hip, ankle - knee
    cross = thigh[:, 0] * shank[:, 1] - thigh[:, 1] * shank[:, 0]
    return np.degrees(np.abs(np.arctan2(cross, (thigh * shank).sum(axis=1))))


def tibia_angle_deg(body: Body, side: Side, ahead: float) -> Array:
    """Shank against the vertical, ankle ahead of the knee +, (T,)."""
    shank = body.at[f"{side}_ankle"] - body.at[f"{side}_knee"]
    return np.degrees(np.arctan2(ahead * shank[:, 0], shank[:, 1]))


def foot_pitch_deg(body: Body, side: Side, ahead: float) -> Array:
    """Line heel–toe against the horizontal, toe up +, (T,)."""
    foot = body.at[f"{side}_toe"] - body.at[f"{side}_heel"]
    return np.degrees(np.arctan2(-foot[:, 1], ahead * foot[:, 0]))


def trunk_lean_deg(body: Body, ahead: float) -> Array:
    """Line mid-hip–mid-shoulder against the vertical, forward +, (T,)."""
    trunk = body.shoulders - body.hips
    return np.degrees(np.arctan2(ahead * trunk[:, 0], -trunk[:, 1]))


def belief(body: Body, side: Side, *, with_foot: bool) -> Array:
    """How far to believe each frame of a leg: a shank (and a foot) that changes its length is not believed.

    When the legs cross, the network lends points of one leg to the other; the bones between them then grow or shrink by
    tens of percent within a frame. Weight ``exp(-(change / 0.10)² / 2)``, with the change against the median length.
    """
    lengths = [body.shank[side]]
    if with_foot:
        foot = np.linalg.norm(body.at[f"{side}_heel"] - body.at[f"{side}_toe"], axis=1)
        lengths.append(foot / body.trunk_px)
    weight = np.ones(len(body.time_s))
    for length in lengths:
        change = length / np.nanmedian(length) - 1
        weight *= np.exp(-0.5 * (np.nan_to_num(change, nan=9.0) / _TOLERANCE) ** 2)
    return weight
