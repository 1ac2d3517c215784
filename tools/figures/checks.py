"""What a drawing must not show: a part off or through the floor, joints beyond their range, limbs through each other."""

from __future__ import annotations

import numpy as np
from body import Body
from scipy.spatial import cKDTree

from figures.rig import Placed, Pose
from figures.skin import normals
from figures.solver import LIMITS, height, is_length, missed, parts
from figures.turns import Array

FLOOR_M = 0.012
REST_M = 0.025
WANTED_M, WANTED_DEG = 0.025, 6.0
DEEP_M = 0.014
SOFT_DEEP_M = 0.035
NEIGHBOURS = [
    {"hand", "forearm"}, {"forearm", "upperarm"}, {"upperarm", "trunk"}, {"thigh", "trunk"}, {"thigh", "seat"},
    {"thigh", "shank"}, {"shank", "foot"}, {"trunk", "head"}, {"trunk", "seat"}, {"foot", "toes"}, {"shank", "toes"},
]  # fmt: skip


def faults(pose: Pose, placed: Placed, vertices: Array) -> list[str]:
    """Everything wrong with a pose, in words; empty if nothing."""
    body = placed.body
    touching = [*_floor(pose, body, vertices), *_wall(pose, body, vertices)]
    return [*touching, *_joints(placed), *_through(body, vertices), *_wanted(pose, placed)]


def _wall(pose: Pose, body: Body, vertices: Array) -> list[str]:
    """A wall stands at the x of its first corner; ``at_wall`` touches it and nothing goes through."""
    out = []
    for wall in pose.get("walls", []):
        through = vertices[:, 0].max() - wall[0][0]
        if through > FLOOR_M:
            out.append(f"the body is {100 * through:.1f} cm through the wall")
        for part in pose.get("at_wall", []):
            gap = wall[0][0] - vertices[parts(body)[part], 0].max()
            if gap > REST_M:
                out.append(f"{part} is {100 * gap:.1f} cm from the wall")
    return out


def _wanted(pose: Pose, placed: Placed) -> list[str]:
    out = []
    for name, value in pose.get("want", {}).items():
        by, length = missed(placed, name, value), is_length(name)
        if abs(by) > (WANTED_M if length else WANTED_DEG):
            out.append(f"{name} misses {value} by " + (f"{100 * by:.1f} cm" if length else f"{by:.0f} degrees"))
    return out


def _floor(pose: Pose, body: Body, vertices: Array) -> list[str]:
    out = []
    if pose.get("floor") is not None:
        for part in parts(body):
            sunk = -height(body, vertices, part)
            if sunk > FLOOR_M:
                out.append(f"{part} is {100 * sunk:.1f} cm under the floor")
    near = {**dict.fromkeys(pose.get("rests", []), REST_M), **dict.fromkeys(pose.get("floor", []), FLOOR_M)}
    for part, least in near.items():
        gap = height(body, vertices, part)
        if gap > least:
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
