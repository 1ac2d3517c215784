"""The people who are filmed: between man and woman, slim to heavy, any height."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from body import Body, load
from scipy.sparse import csr_array

from phantom.turns import Array

SIDES = {"L": 1.0, "R": -1.0}
"""Y points to the runner's left."""

_FLESH_M = (("root", "spine", "pelvis"), 0.030), (("upperleg",), 0.016), (("upperarm", "shoulder"), 0.010)


def person(height_m: float, womanly: float, build: float) -> Body:
    """A body: ``womanly`` from 0 (man) to 1 (woman), ``build`` from -1 (slim) over 0 to 2 (heavy).

    Both meshes share faces and weights, so that what lies between them is a mean; flesh is laid on along the skin's normals.
    """
    man, woman = load("man", height_m), load("woman", height_m)
    vertices = (1 - womanly) * man.vertices + womanly * woman.vertices
    joints = (1 - womanly) * man.joints + womanly * woman.joints
    flesh = sum(man.share(*bones) * metres for bones, metres in _FLESH_M) * build
    return replace(man, vertices=vertices + flesh[:, None] * normals(vertices, man.faces), joints=joints)


def normals(vertices: Array, faces: Array, around: csr_array | None = None) -> Array:
    """Unit normals (V, 3), weighted by the area of the faces around (``touching``, where it is at hand)."""
    a, b, c = (vertices[faces[:, i]] for i in range(3))
    out = (touching(faces, len(vertices)) if around is None else around) @ np.cross(b - a, c - a)
    return out / np.maximum(np.linalg.norm(out, axis=1, keepdims=True), 1e-12)


def touching(faces: Array, count: int) -> csr_array:
    """Which of ``count`` vertices belong to which face (V, F), 0 or 1."""
    face = np.repeat(np.arange(len(faces)), 3)
    return csr_array((np.ones(faces.size), (faces.ravel(), face)), shape=(count, len(faces)))


def marks(body: Body) -> dict[str, int]:
    """Skin points by name: the vertex of ``heel_L`` (rearmost), ``heel_bottom_L``, ``second_toe_L`` (tip), ``head_top``, ``nose``."""
    v, found = body.vertices, {}
    for side in SIDES:
        foot = np.flatnonzero(body.share("foot", "toe", side=f".{side}") > 0.95)
        low = foot[v[foot, 2] < 0.035 * body.height_m]
        back = foot[v[foot, 0] < v[foot, 0].min() + 0.25 * np.ptp(v[foot, 0])]
        toe = np.flatnonzero(body.share("toe2-", side=f".{side}") > 0.6)
        found[f"heel_{side}"] = int(low[np.argmin(v[low, 0])])
        found[f"heel_bottom_{side}"] = int(back[np.argmin(v[back, 2])])
        found[f"second_toe_{side}"] = int(toe[np.argmax(v[toe, 0])])
    head = np.flatnonzero(body.share("head") > 0.9)
    face = head[(np.abs(v[head, 1]) < 0.01) & (v[head, 2] > body.joint("head")[2])]
    return found | {"head_top": int(head[np.argmax(v[head, 2])]), "nose": int(face[np.argmax(v[face, 0])])}
