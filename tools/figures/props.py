"""What a pose is done with, as meshes that hide and are hidden like the body: boxes, rolls and bands."""

from __future__ import annotations

from typing import Any

import numpy as np

from figures.rig import Placed
from figures.turns import Array, X, Z, rz, unit

Mesh = tuple[Array, Array]
_QUADS = [(0, 1, 3, 2), (4, 6, 7, 5), (0, 4, 5, 1), (2, 3, 7, 6), (0, 2, 6, 4), (1, 5, 7, 3)]


def mesh(prop: dict[str, Any], placed: Placed) -> Mesh:
    """A prop of a pose file: ``box`` (centre as a point, size, turn), or ``band`` (points or joints, radius)."""
    if "box" in prop:
        return _box(point(prop["box"], placed), np.array(prop["size"], float), prop.get("turn", 0.0))
    return tube(np.array([point(p, placed) for p in prop["band"]]), prop.get("radius", 0.012))


def point(where: Any, placed: Placed) -> Array:
    """A point [x, y, z], a joint ``kn.L``, or a joint and an offset [kn.L, x, y, z]."""
    if isinstance(where, str):
        return placed.joint(where)
    if isinstance(where[0], str):
        return placed.joint(where[0]) + np.array(where[1:], float)
    return np.array(where, float)


def _box(centre: Array, size: Array, turn: float) -> Mesh:
    signs = np.array([(x, y, z) for x in (-1, 1) for y in (-1, 1) for z in (-1, 1)])
    corners = centre + (signs * size / 2) @ rz(turn).T
    points = np.concatenate([corners[list(q)] for q in _QUADS])  # corners are not shared: the edges stay sharp
    faces = np.concatenate([[[4 * i, 4 * i + 1, 4 * i + 2], [4 * i, 4 * i + 2, 4 * i + 3]] for i in range(6)])
    return points, faces


def tube(line: Array, radius: float, sides: int = 14) -> Mesh:
    """A round band along a line of points (N, 3), closed at its ends."""
    ahead = np.gradient(line, axis=0)
    rings = []
    for p, d in zip(line, ahead, strict=True):
        d = unit(d)
        one = unit(np.cross(d, Z if abs(d[2]) < 0.9 else X))
        two = np.cross(d, one)
        a = np.linspace(0, 2 * np.pi, sides, endpoint=False)[:, None]
        rings.append(p + radius * (np.cos(a) * one + np.sin(a) * two))
    n, points = len(line), np.concatenate([*rings, line[[0, -1]]])
    i, j = np.meshgrid(np.arange(n - 1), np.arange(sides), indexing="ij")
    a, b = i * sides + j, i * sides + (j + 1) % sides
    sleeve = np.concatenate(
        [np.stack([a, b, b + sides], -1).reshape(-1, 3), np.stack([a, b + sides, a + sides], -1).reshape(-1, 3)]
    )
    k = np.arange(sides)
    start = np.stack([np.full(sides, n * sides), (k + 1) % sides, k], 1)
    end = np.stack([np.full(sides, n * sides + 1), (n - 1) * sides + k, (n - 1) * sides + (k + 1) % sides], 1)
    return points, np.concatenate([sleeve, start, end])


def bun(head: Array, turn: Array, unit_m: float, top: bool) -> Mesh:
    """A knot of hair behind the head, or on top of it for lying down."""
    offset = np.array([-0.03, 0, 0.135] if top else [-0.125, 0, 0.088]) * unit_m
    a, b = np.meshgrid(np.linspace(0, np.pi, 16), np.linspace(0, 2 * np.pi, 24, endpoint=False), indexing="ij")
    ball = np.stack([np.sin(a) * np.cos(b), np.sin(a) * np.sin(b), np.cos(a)], -1).reshape(-1, 3)
    points = head + (ball * [0.037, 0.043, 0.043] * unit_m + offset) @ turn.T
    i, j = np.meshgrid(np.arange(15), np.arange(24), indexing="ij")
    p, q = i * 24 + j, i * 24 + (j + 1) % 24
    return points, np.concatenate(
        [np.stack([p, p + 24, q + 24], -1).reshape(-1, 3), np.stack([p, q + 24, q], -1).reshape(-1, 3)]
    )
