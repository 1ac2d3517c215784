"""What a drawing must not show: a part off or through the floor, joints beyond their range, limbs through each other."""

from __future__ import annotations

import numpy as np
from body import Body
from scipy.spatial import cKDTree

from figures.rig import Placed, Pose
from figures.skin import normals
from figures.solver import LIMITS, height, parts
from figures.turns import Array

FLOOR_M = 0.012
DEEP_M = 0.014
SOFT_DEEP_M = 0.035
NEIGHBOURS = [
    {"hand", "forearm"}, {"forearm", "upperarm"}, {"upperarm", "trunk"}, {"thigh", "trunk"}, {"thigh", "seat"},
    {"thigh", "shank"}, {"shank", "foot"}, {"trunk", "head"}, {"trunk", "seat"}, {"foot", "toes"}, {"shank", "toes"},
]  # fmt: skip


def faults(pose: Pose, placed: Placed, vertices: Array) -> list[str]:
    """Everything wrong with a pose, in words; empty if nothing."""
    return [*_floor(pose, placed.body, vertices), *_joints(placed), *_through(placed.body, vertices)]


def _floor(pose: Pose, body: Body, vertices: Array) -> list[str]:
    out = []
    if pose.get("floor") is not None:
        for part in parts(body):
            sunk = -height(body, vertices, part)
            if sunk > FLOOR_M:
                out.append(f"{part} is {100 * sunk:.1f} cm under the floor")
    for part in pose.get("floor", []):
        gap = height(body, vertices, part)
        if gap > FLOOR_M:
            out.append(f"{part} is {100 * gap:.1f} cm above the floor")
    return out


def _joints(placed: Placed) -> list[str]:
    out = []
    for name, value in placed.measures.items():
        joint = name.split(".")[0]
        if joint.endswith("_short") and value > 0.004:
            out.append(f"{name}: {100 * value:.1f} cm out of reach")
        low, high = LIMITS.get(joint, (-np.inf, np.inf))
        if not low - 1 <= value <= high + 1:
            out.append(f"{name} is {value:.0f}, beyond {low} to {high} degrees")
    return out


def _through(body: Body, vertices: Array) -> list[str]:
    out, facing, where = [], normals(vertices, body.faces), parts(body)
    names = [n for n in where if not n.startswith(("toes", "seat", "knee"))]
    for one in names:
        tree = cKDTree(vertices[where[one]])
        for other in names:
            if one == other or _neighbours(one, other):
                continue
            distance, nearest = tree.query(vertices[where[other]], distance_upper_bound=0.06)
            close = np.isfinite(distance)
            if not close.any():
                continue
            skin = where[one][nearest[close]]
            depth = -((vertices[where[other]][close] - vertices[skin]) * facing[skin]).sum(1).min()
            soft = {one.split(".")[0], other.split(".")[0]} <= {"thigh", "trunk", "shank"}
            if depth > (SOFT_DEEP_M if soft else DEEP_M):
                out.append(f"{other} is {100 * depth:.1f} cm inside {one}")
    return out


def _neighbours(one: str, other: str) -> bool:
    (a, _, s), (b, _, t) = one.partition("."), other.partition(".")
    return {a, b} in NEIGHBOURS and (s == t or not s or not t)
