"""Finds the few numbers a pose leaves open, so that the wanted angles come out and the named parts rest on the floor."""

from __future__ import annotations

import copy
from functools import cache
from typing import Any

import numpy as np
from body import Body
from scipy.optimize import least_squares

from figures.rig import Placed, Pose, Rig
from figures.turns import Array

# Limits of active movement in yoga, degrees: generous, but human.
LIMITS = {
    "hip_flex": (-30, 145), "hip_abd": (-40, 80), "hip_rot": (-50, 88), "knee": (-3, 160), "ankle": (-72, 40),
    "ankle_inv": (-45, 35), "ankle_turn": (-34, 34), "elbow": (-5, 152), "sh_elev": (0, 183), "pron": (-105, 105),
    "wrist": (-88, 92), "sh_rot": (-115, 115), "toes": (-45, 85),
}  # fmt: skip
BONES = {
    "hand": ("wrist", "finger", "metacarpal"), "forearm": ("lowerarm",), "upperarm": ("upperarm",),
    "thigh": ("upperleg",), "shank": ("lowerleg",), "foot": ("foot", "toe"), "toes": ("toe",),
}  # fmt: skip
TRUNK = ("root", "pelvis", "spine", "clavicle", "shoulder")
SINK_M = {"seat": 0.022, "trunk": 0.02, "thigh": 0.015, "shank": 0.012, "knee": 0.004, "head": 0.006}
SAMPLE = 7
SMOOTHED_M = {"knee": 0.013}  # what smoothing takes from a bent knee, which the blended samples still have


@cache
def parts(body: Body) -> dict[str, Array]:
    """The vertices of each part of the body: ``hand.L``, ``trunk``, ``seat``, …"""
    found = {}
    for s in "LR":
        for name, starts in BONES.items():
            found[f"{name}.{s}"] = np.flatnonzero(body.share(*starts, side=f".{s}") > 0.75)
        knee = np.linalg.norm(body.vertices - body.joint(f"lowerleg01.{s}"), axis=1) < 0.085
        found[f"knee.{s}"] = np.flatnonzero(knee)
    found["trunk"] = np.flatnonzero(body.share(*TRUNK) > 0.75)
    found["head"] = np.flatnonzero(body.share("head", "neck") > 0.75)
    hips = body.share("root", "pelvis", "upperleg01") > 0.75
    found["seat"] = np.flatnonzero(hips & (body.vertices[:, 2] > body.joint("upperleg01.L")[2] - 0.1))
    return found


def height(body: Body, vertices: Array, part: str) -> float:
    """How far the lowest point of a part is above where it would rest on the floor, in metres."""
    return float(vertices[parts(body)[part], 2].min() + SINK_M.get(part.split(".")[0], 0.0))


def solve(rig: Rig, pose: Pose) -> Pose:
    """The pose with its ``free`` numbers found (least squares); ``want`` and ``floor`` say what shall come out."""
    pose = copy.deepcopy(pose)
    free, want, floor = pose.pop("free", []), pose.get("want", {}), pose.get("floor", [])
    if not free:
        return pose
    spots = {p: parts(rig.body)[p][::SAMPLE] for p in floor}
    sizes = np.array([1.0 if _is_place(name) else 60.0 for name in free])
    start = np.array([_get(pose, name) for name in free]) / sizes

    def misses(x: Array) -> Array:
        for name, value in zip(free, x * sizes, strict=True):
            _set(pose, name, float(value))
        placed = rig.place(pose)
        return np.r_[_wanted(placed, want), _resting(placed, spots), _limits(placed), 0.01 * (x - start)]

    misses(least_squares(misses, start, diff_step=1e-3).x)
    return pose


def _wanted(placed: Placed, want: dict[str, float]) -> list[float]:
    return [missed(placed, name, value) / (0.025 if is_length(name) else 10) for name, value in want.items()]


def missed(placed: Placed, name: str, value: float) -> float:
    """By how much a wanted measure, or difference of two (``wr.L_x-sh.L_x``), came out otherwise; metres or degrees."""
    one, _, other = name.partition("-")
    return placed.measures[one] - (placed.measures[other] if other else 0) - value


def is_length(name: str) -> bool:
    return name[-2:] in ("_x", "_y", "_z")


def _resting(placed: Placed, spots: dict[str, Array]) -> list[float]:
    out = []
    for part, only in spots.items():
        z = placed.body.skin(placed.skin, placed.at, only)[:, 2]
        kind = part.split(".")[0]
        out.append((z.min() + SINK_M.get(kind, 0.0) + SMOOTHED_M.get(kind, 0.0)) / 0.025)
    return out


def _limits(placed: Placed) -> list[float]:
    out = [200 * v for k, v in placed.measures.items() if "_short" in k]
    for name in ("knee", "hip_abd"):
        low, high = LIMITS[name]
        values = [placed.measures[f"{name}.{s}"] for s in "LR"]
        out += [max(0.0, low - v, v - high) / 10 for v in values]
    return out


def _is_place(name: str) -> bool:
    return (
        (name.startswith("pelvis.") and name[-1] in "xyz") or ".hand" in name or ".foot." in name or ".at." in name
    )


def _find(pose: Pose, name: str) -> tuple[Any, Any]:
    """``L.leg.hip.1`` is pose["L.leg"]["hip"][1]."""
    keys = name.split(".")
    if keys[0] in ("L", "R"):
        keys = [".".join(keys[:2]), *keys[2:]]
    holder: Any = pose
    for key in keys[:-1]:
        holder = holder.setdefault(key, {})
    return holder, int(keys[-1]) if isinstance(holder, list) else keys[-1]


def _get(pose: Pose, name: str) -> float:
    holder, key = _find(pose, name)
    if isinstance(holder, list):
        return float(holder[key])
    return float(holder.get(key, 0.85 if name == "pelvis.z" else 0.0))


def _set(pose: Pose, name: str, value: float) -> None:
    holder, key = _find(pose, name)
    holder[key] = value
