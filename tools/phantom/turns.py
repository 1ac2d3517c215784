"""Rotations of arrays of angles (N,), in radians, as matrices (N, 3, 3)."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.spatial.transform import Rotation

Array = NDArray[np.float64]


def turn(axis: str, angle: ArrayLike) -> Array:
    """Turn about x, y or z; right-handed."""
    return Rotation.from_euler(axis, np.atleast_1d(angle)[:, None]).as_matrix()


def unit(a: Array) -> Array:
    """Along the last axis."""
    return a / np.linalg.norm(a, axis=-1, keepdims=True)


def frame(up: Array, ahead: Array) -> Array:
    """Frame whose z is ``up`` and whose x is the part of ``ahead`` square to it."""
    z = unit(up)
    x = unit(ahead - (ahead * z).sum(-1, keepdims=True) * z)
    return np.stack([x, np.cross(z, x), z], -1)


def ease(u: ArrayLike) -> Array:
    """0 to 1 with level ends."""
    u = np.clip(u, 0, 1)
    return u * u * (3 - 2 * u)
