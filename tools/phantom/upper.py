"""Trunk, head and arms: counter-turning, leaning, and a head that does not simply ride on the pelvis."""

from __future__ import annotations

import numpy as np
from body import Body

from phantom.footfalls import Gait
from phantom.people import SIDES
from phantom.turns import Array, frame, turn, unit

SPINE = ("spine05", "spine04", "spine03", "spine02", "spine01")
NECK = {"neck01": 0.3, "neck02": 0.55, "neck03": 0.8, "head": 1.0, "eye.L": 1.0, "eye.R": 1.0}


def trunk_give(body: Body) -> Array:
    """Share (B,) of the trunk's give that each bone has: none at the hips, half at the shoulders, all at the head."""
    give = np.zeros(len(body.names))
    for i, parent in enumerate(body.parents[1:], 1):
        name = body.names[i]
        give[i] = give[parent] + (0.1 if name in SPINE else 0.125 if name.startswith(("neck", "head")) else 0)
    return give


def pose_upper(bones: Array, body: Body, gait: Gait, pelvis: Array, phase: Array, middle: Array) -> None:
    """Turn all bones above the pelvis, in place."""
    deg = np.deg2rad
    swing = np.cos(np.pi * (phase - middle - 0.15))
    yaw, roll = deg(9) * swing, deg(1.5) * np.cos(np.pi * (phase - middle))
    own_yaw = np.arctan2(pelvis[:, 1, 0], pelvis[:, 0, 0])
    own_roll, tilt = np.arcsin(np.clip(pelvis[:, 2, 1], -1, 1)), deg(gait.pelvic_tilt)
    lean = deg(gait.trunk_lean) - _rest_lean(body) + deg(1.2) * np.cos(2 * np.pi * (phase - middle - 0.3))
    top = lean + 0.18 * (
        lean - tilt
    )  # the lean asked for is that of hips to shoulders, and the pelvis leans by its tilt
    for i, name in enumerate(SPINE, 1):
        w = i / len(SPINE)
        bones[:, body.bone(name)] = (
            turn("z", own_yaw + (yaw - own_yaw) * w)
            @ turn("x", own_roll * (1 - w) - roll * w)
            @ turn("y", tilt + (top - tilt) * w)
        )
    thorax = bones[:, body.bone("spine01")].copy()
    bones[:, body.bones("clavicle", "shoulder")] = thorax[:, None]
    nod = deg(
        3 + gait.nod_deg * np.sin(2 * np.pi * (phase - middle)) + 0.6 * gait.nod_deg * np.sin(0.7 * np.pi * phase)
    )
    for name, w in NECK.items():
        bones[:, body.bone(name)] = turn("z", yaw * (1 - w)) @ turn("y", top * (1 - w) + nod * w)
    for side in SIDES:
        _arm(bones, body, side, thorax, -SIDES[side] * np.cos(np.pi * (phase - middle + 0.30)), gait.walking)


def _rest_lean(body: Body) -> float:
    line = sum(body.joint(f"upperarm01.{s}") - body.joint(f"upperleg01.{s}") for s in SIDES)
    return float(np.arctan2(line[0], line[2]))


def _arm(bones: Array, body: Body, side: str, thorax: Array, swing: Array, walking: bool) -> None:
    deg, sign = np.deg2rad, SIDES[side]
    shoulder, elbow, wrist = (body.joint(f"{n}.{side}") for n in ("upperarm01", "lowerarm01", "wrist"))
    lift, out, bend = (
        (deg(-2) + deg(18) * swing, deg(9) + 0 * swing, deg(22) + deg(8) * swing)
        if walking
        else (deg(-14) + deg(33) * swing, deg(16) - deg(3) * swing, deg(98) + deg(12) * swing)
    )
    upper = np.stack([np.sin(lift) * np.cos(out), sign * np.sin(out), -np.cos(lift) * np.cos(out)], -1)
    level = frame(-upper, np.broadcast_to([1.0, 0, 0], upper.shape))
    inward = -sign * deg(22 + 10 * swing)[:, None]
    ahead = level[:, :, 0] * np.cos(inward) + level[:, :, 1] * np.sin(inward)
    fore = np.cos(bend)[:, None] * upper + np.sin(bend)[:, None] * ahead
    upper, fore, ahead = (np.einsum("nij,nj->ni", thorax, v) for v in (upper, fore, ahead))
    upper0, fore0 = unit(elbow - shoulder), unit(wrist - elbow)
    ahead0 = unit(fore0 - (fore0 @ upper0) * upper0)
    bones[:, body.bones("upperarm", side=f".{side}")] = (frame(-upper, ahead) @ frame(-upper0, ahead0).T)[:, None]
    lower = frame(-fore, -upper) @ frame(-fore0, -upper0).T
    bones[:, body.bones("lowerarm", "wrist", "metacarpal", side=f".{side}")] = lower[:, None]
    for finger, curl in _relaxed_fist(body, side):
        bones[:, finger] = lower @ curl


def _relaxed_fist(body: Body, side: str) -> list[tuple[int, Array]]:
    """Each finger bone and its turn against the hand."""
    from scipy.spatial.transform import Rotation

    at = lambda name: body.joint(f"{name}.{side}")  # noqa: E731
    axis = unit(at("finger2-1") - at("finger5-1"))
    palm = np.cross(axis, unit(at("finger3-3") - at("finger3-1")))
    axis = axis * (np.sign((at("finger1-3") - at("finger3-1")) @ palm) or 1.0)
    fingers = body.bones("finger", side=f".{side}")
    degrees = [(12 if body.names[i][6] == "1" else 48) * int(body.names[i][8]) for i in fingers]
    return [
        (i, Rotation.from_rotvec(np.deg2rad(a) * axis).as_matrix()) for i, a in zip(fingers, degrees, strict=True)
    ]
