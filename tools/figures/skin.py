"""From bones to skin: linear blending, its folds smoothed (delta mush), and soft where it rests on the floor."""

from __future__ import annotations

import numpy as np
from body import Body
from scipy import sparse

from figures.rig import Placed
from figures.turns import Array

ROUNDS = 14
RIGID = ("head", "eye", "neck03", "wrist", "finger", "metacarpal", "foot", "toe")
SOFT_M = 0.008


class Skin:
    """Skinning of one body. Mancewicz et al. 2014, *Delta Mush*: smooth, then put the rest pose's detail back."""

    def __init__(self, body: Body) -> None:
        self.body = body
        edges = np.vstack([body.faces[:, p] for p in ([0, 1], [1, 2], [2, 0])])
        edges, n = np.vstack([edges, edges[:, ::-1]]), len(body.vertices)
        links = sparse.coo_matrix((np.ones(len(edges)), (edges[:, 0], edges[:, 1])), shape=(n, n)).tocsr()
        links.data[:] = 1
        degree = np.maximum(np.asarray(links.sum(1)).ravel(), 1)
        self.smoother = ((sparse.diags(1 / degree) @ links) * 0.6 + sparse.eye(n) * 0.4).tocsr()
        self.neighbour = np.array([links.indices[links.indptr[i]] if degree[i] else i for i in range(n)])
        mushy = np.clip(1 - body.share(*RIGID), 0, 1)[:, None]
        for _ in range(3):
            mushy = np.minimum(self.smoother @ mushy, 1)
        self.mushy = mushy
        rest = self.smooth(body.vertices)
        self.detail = np.einsum("vji,vj->vi", self._frames(rest), body.vertices - rest)

    def smooth(self, values: Array, rounds: int = ROUNDS) -> Array:
        for _ in range(rounds):
            values = self.smoother @ values
        return values

    def vertices(self, placed: Placed) -> Array:
        """The skin (V, 3) in a pose, before it meets the floor."""
        blended = self.body.skin(placed.skin, placed.at)
        calm = self.smooth(blended)
        mushed = calm + np.einsum("vij,vj->vi", self._frames(calm), self.detail)
        return blended + (mushed - blended) * self.mushy

    def _frames(self, v: Array) -> Array:
        n = normals(v, self.body.faces)
        t = v[self.neighbour] - v
        t -= n * (t * n).sum(1, keepdims=True)
        t /= np.maximum(np.linalg.norm(t, axis=1, keepdims=True), 1e-12)
        return np.stack([n, t, np.cross(n, t)], 2)


def rest_on_floor(v: Array) -> Array:
    """What would sink into the floor flattens on it; nothing above 8 mm changes."""
    low = np.minimum(v[:, 2], SOFT_M)
    z = np.where(v[:, 2] < SOFT_M, SOFT_M * np.exp((low - SOFT_M) / SOFT_M), v[:, 2])
    return np.column_stack([v[:, :2], z])


def normals(v: Array, faces: Array) -> Array:
    """Unit normals (V, 3) of a mesh, weighted by area."""
    corners = v[faces]
    facing = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    out = np.stack([np.bincount(faces.ravel(), np.repeat(facing[:, i], 3), len(v)) for i in range(3)], 1)
    return out / np.maximum(np.linalg.norm(out, axis=1, keepdims=True), 1e-12)
