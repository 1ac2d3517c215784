"""Dressing the body: colours for skin and clothes, cloth a little off the skin, and shoes."""

from __future__ import annotations

import os
from dataclasses import dataclass

import numpy as np

os.environ.setdefault("LIBGL_ALWAYS_SOFTWARE", "1")
import pyvista as pv
from body import Body

from phantom.people import SIDES, normals
from phantom.turns import Array

SKINS = ((236, 196, 172), (204, 158, 130), (150, 104, 74), (92, 62, 46))
SHOE_COLOURS = ((70, 140, 205), (30, 30, 34), (235, 90, 60), (225, 225, 225), (120, 200, 90))
CLOTH_COLOURS = (
    (196, 62, 48),
    (38, 44, 66),
    (60, 120, 90),
    (230, 228, 220),
    (235, 190, 60),
    (90, 90, 96),
    (110, 60, 130),
)


@dataclass(frozen=True)
class Outfit:
    """How the runner is dressed. ``legs``: shorts, tights or trousers; ``loose_m`` is how far cloth stands off."""

    barefoot: bool = False
    legs: str = "shorts"
    sleeves: str = "short"
    loose_m: float = 0.008
    seed: int = 0


def dressed(body: Body, outfit: Outfit) -> tuple[Body, Array]:
    """The body in its clothes (shoes are more vertices), and a colour (V, 3) for each vertex."""
    rng = np.random.default_rng(outfit.seed)
    skin, top, legs, shoe = (
        np.array(c[rng.integers(len(c))], float) for c in (SKINS, CLOTH_COLOURS, CLOTH_COLOURS, SHOE_COLOURS)
    )
    v, size, z = body.vertices, body.height_m / 1.75, body.vertices[:, 2] / (body.height_m / 1.75)
    arm, head = (
        body.share("upperarm", "lowerarm", "wrist", "finger", "metacarpal"),
        body.share("head", "neck02", "neck03", "eye"),
    )
    trunk = (arm < 0.5) & (head < 0.5)
    collar = (z > 1.40) & (np.hypot(v[:, 0] - body.joint("neck01")[0] + 0.02 * size, v[:, 1]) < 0.085 * size)
    sleeve = (
        (body.share("upperarm") > 0.5) & (z > 1.29)
        if outfit.sleeves == "short"
        else body.share("upperarm", "lowerarm") > 0.5
    )
    shirt = (trunk & (z > 0.99) & ~collar) | sleeve
    bottom = trunk & (z <= 0.99) & (z > {"shorts": 0.66, "tights": 0.09, "trousers": 0.10}[outfit.legs])
    sock = trunk & (z < 0.17) & (z > 0.06) & ~bottom & (not outfit.barefoot)
    face, crown = v[:, 0] - body.joint("head")[0], v[:, 2] - body.joint("head")[2]
    hair = (head > 0.5) & (crown > 0.02 * size) & (0.75 * crown - face > 0.035 * size)
    colour, off = np.repeat(skin[None], len(v), 0), np.zeros(len(v))
    loose = {"shorts": 1.3, "tights": 0.3, "trousers": 2.0}[outfit.legs] * outfit.loose_m
    for part, paint, thick in (
        (shirt, top, outfit.loose_m),
        (bottom, legs, loose),
        (sock, 235.0, 0.003),
        (hair, (52, 36, 26), 0.01),
    ):
        colour[part], off[part] = paint, thick
    colour[body.share("eye") > 0.5] = (40, 30, 26)
    faces = body.faces
    clothed = [v + normals(v, faces) * off[:, None]], [body.weights], [colour], [faces]
    if not outfit.barefoot:
        clothed[3][0] = faces[~((body.share("foot", "toe") > 0.9) & (z < 0.062))[faces].all(1)]
        for side in SIDES:
            for kept, new in zip(clothed, _shoe(body, side, shoe), strict=True):
                kept.append(new if kept is not clothed[3] else new + sum(map(len, clothed[0][:-1])))
    vertices, weights, colours, triangles = (np.concatenate(part) for part in clothed)
    colours = np.clip(colours * (1 + 0.03 * rng.standard_normal((len(colours), 1))), 0, 255)
    return Body(vertices, triangles, body.joints, body.parents, body.names, weights, body.height_m), colours


def _shoe(body: Body, side: str, paint: Array) -> tuple[Array, Array, Array, Array]:
    """Vertices, weights, colours and faces of a shoe: the hull of the foot, a little wider, the sole where the skin's is."""
    size = body.height_m / 1.75
    foot = (body.share("foot", "toe", side=f".{side}") > 0.6) & (body.vertices[:, 2] < 0.085 * size)
    hull = body.vertices[foot].copy()
    middle = hull.mean(0)
    out = hull[:, :2] - middle[:2]
    hull[:, :2] += 0.007 * size * out / np.linalg.norm(out, axis=1, keepdims=True)
    hull[:, 2] = np.maximum(hull[:, 2] + np.where(hull[:, 2] > 0.02 * size, 0.005 * size, 0), 0)
    outsole = hull[hull[:, 2] < 0.03 * size] * (1, 1, 0)
    mesh = (
        pv.PolyData(np.vstack([hull, outsole]))
        .delaunay_3d()
        .extract_surface(algorithm="dataset_surface")
        .triangulate()
        .clean()
    )
    mesh = mesh.subdivide_adaptive(max_edge_len=0.012 * size, max_n_passes=6).clean()
    v = np.asarray(mesh.points, float)
    ball = body.joint(f"toe2-1.{side}")[0]
    bending = np.clip((v[:, 0] - ball) / (0.024 * size) + 0.5, 0, 1)
    weights = np.zeros((len(v), len(body.names)))
    weights[:, body.bone(f"foot.{side}")], weights[:, body.bone(f"toe2-1.{side}")] = 1 - bending, bending
    above = v[:, 2] > 0.018 * size
    colours = np.where(above[:, None], paint, 240.0)
    colours[above & (v[:, 0] < v[:, 0].min() + 0.05 * size)] = paint * 0.55
    colours[above & (np.abs(v[:, 0] - middle[0] - 0.02 * size) < 0.012 * size)] = 245
    return v, weights, colours, mesh.regular_faces.astype(int)
