"""A depth-buffered picture of triangles in numpy: seen in parallel, so that one metre is the same everywhere."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from figures.turns import Array, Z, unit


@dataclass(frozen=True)
class Camera:
    """``azimuth`` 0 looks at the front, 90 at the figure's left; ``scale`` pixels a metre; ``centre`` (right, up) in metres."""

    azimuth: float
    elevation: float
    scale: float
    size: tuple[int, int]
    centre: tuple[float, float]

    @property
    def axes(self) -> Array:
        """Rows: right, up and towards the eye."""
        a, e = np.radians([self.azimuth, self.elevation])
        eye = np.array([np.cos(a) * np.cos(e), np.sin(a) * np.cos(e), np.sin(e)])
        right = unit(np.cross(Z, eye)) if abs(eye[2]) < 0.999 else np.array([-np.sin(a), np.cos(a), 0])
        return np.stack([right, np.cross(eye, right), eye])

    def project(self, points: Array) -> Array:
        """Points (N, 3) to pixels (N, 2) and nearness (N,), as (N, 3)."""
        seen = np.atleast_2d(points) @ self.axes.T
        width, high = self.size
        x = width / 2 + (seen[:, 0] - self.centre[0]) * self.scale
        y = high / 2 - (seen[:, 1] - self.centre[1]) * self.scale
        return np.stack([x, y, seen[:, 2]], 1)


def draw(points: Array, faces: Array, values: Array, size: tuple[int, int]) -> tuple[Array, Array, Array]:
    """The nearest triangle at each pixel.

    ``points`` (V, 3) are pixels and nearness (larger is nearer), ``values`` (V, K) what the vertices carry.
    Gives the carried values (H, W, K), nearness (H, W; -inf where nothing is) and the face (H, W; -1).
    """
    width, high = size
    corner = points[faces]
    low = np.clip(np.floor(corner[:, :, :2].min(1)).astype(int), 0, [width, high])
    top = np.clip(np.ceil(corner[:, :, :2].max(1)).astype(int) + 1, 0, [width, high])
    wide = np.maximum(top - low, 0)
    count = wide[:, 0] * wide[:, 1]
    face = np.repeat(np.arange(len(faces)), count)
    nth = np.arange(len(face)) - np.repeat(np.cumsum(count) - count, count)
    px, py = low[face, 0] + nth % np.maximum(wide[face, 0], 1), low[face, 1] + nth // np.maximum(wide[face, 0], 1)
    share = _barycentric(corner[face], px + 0.5, py + 0.5)
    inside = (share >= -1e-9).all(1)
    face, px, py, share = face[inside], px[inside], py[inside], share[inside]
    near = (share * corner[face, :, 2]).sum(1)
    order = np.argsort(near, kind="stable")  # far to near: of repeated pixels the last one written stays
    depth, owner = np.full((high, width), -np.inf), np.full((high, width), -1)
    out = np.zeros((high, width, values.shape[1]), np.float32)
    at = py[order], px[order]
    depth[at], owner[at] = near[order], face[order]
    seen = order[depth[at] == near[order]]
    out[py[seen], px[seen]] = np.einsum("nk,nkv->nv", share[seen], values[faces[face[seen]]])
    return out, depth, owner


def _barycentric(corner: Array, x: Array, y: Array) -> Array:
    a, b, c = (corner[:, i, :2] for i in range(3))
    area = (b[:, 0] - a[:, 0]) * (c[:, 1] - a[:, 1]) - (b[:, 1] - a[:, 1]) * (c[:, 0] - a[:, 0])
    area = np.where(np.abs(area) < 1e-12, np.nan, area)
    w1 = ((x - a[:, 0]) * (c[:, 1] - a[:, 1]) - (y - a[:, 1]) * (c[:, 0] - a[:, 0])) / area
    w2 = ((b[:, 0] - a[:, 0]) * (y - a[:, 1]) - (b[:, 1] - a[:, 1]) * (x - a[:, 0])) / area
    return np.stack([1 - w1 - w2, w1, w2], 1)
