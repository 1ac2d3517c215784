"""Rotations in degrees, and frames of limbs. A limb's frame: z up along it, x where it faces, y to the left."""

from __future__ import annotations

import numpy as np
from scipy.spatial.transform import Rotation

Array = np.ndarray
X, Y, Z = np.eye(3)


def rx(angle: float) -> Array:
    return about(X, angle)


def ry(angle: float) -> Array:
    return about(Y, angle)


def rz(angle: float) -> Array:
    return about(Z, angle)


def about(axis: Array, angle: float) -> Array:
    c, s = np.cos(np.radians(angle)), np.sin(np.radians(angle))
    x, y, z = unit(axis)
    cross = np.array([[0, -z, y], [z, 0, -x], [-y, x, 0]])
    return np.eye(3) + s * cross + (1 - c) * cross @ cross


def unit(v: Array) -> Array:
    v = np.asarray(v, float)
    return v / np.linalg.norm(v)


def wrap(angle: float) -> float:
    return (angle + 180) % 360 - 180


def between(a: Array, b: Array) -> float:
    return float(np.degrees(np.arccos(np.clip(unit(a) @ unit(b), -1, 1))))


def frame(along: Array, facing: Array) -> Array:
    """The frame of a limb that points ``along`` (its z axis looks back up the limb) and faces ``facing``."""
    z = -unit(along)
    y = unit(np.cross(z, facing))
    return np.stack([np.cross(y, z), y, z], 1)


def hinge(along: Array, axis: Array) -> Array:
    """The same, given the left-right axis it bends about."""
    z = -unit(along)
    return np.stack([np.cross(axis, z), axis, z], 1)


def part(rotation: Array, share: float) -> Array:
    """A share of a rotation."""
    return Rotation.from_rotvec(Rotation.from_matrix(rotation).as_rotvec() * share).as_matrix()


def twist(rotation: Array) -> float:
    """The part of a rotation about its own z axis, in -180 to 180."""
    q = Rotation.from_matrix(rotation).as_quat()
    return wrap(np.degrees(2 * np.arctan2(q[2], q[3])))


def swing(direction: Array) -> Array:
    """The shortest rotation that takes straight down to ``direction``."""
    axis = np.cross(-Z, direction)
    return about(axis, between(-Z, direction)) if np.linalg.norm(axis) > 1e-6 else np.eye(3)


def euler(rotation: Array, order: str) -> Array:
    return Rotation.from_matrix(rotation).as_euler(order, degrees=True)
