"""Clothes and hair as signed distances on the rest body (metres, positive inside), so that their edges are sharp lines."""

from __future__ import annotations

import numpy as np
from body import Body

from figures.skin import Skin
from figures.turns import Array

GARMENTS = ("top", "legs", "hair")
ARM = ("upperarm", "lowerarm", "wrist", "finger", "metacarpal")


def dress(body: Body, skin: Skin, *, sleeves: bool) -> Array:
    """Distances (V, 3) in the order of GARMENTS."""
    unit_m = body.height_m / 1.70
    return np.stack([_top(body, skin, unit_m, sleeves), _trousers(body, unit_m), _hair(body, unit_m)], 1)


def thickness(cloth: Array, body: Body) -> Array:
    """How far cloth and hair stand off the skin (V, 1), metres."""
    full = np.array([0.003, 0.003, 0.013 * body.height_m / 1.70])
    return (full * np.clip(cloth / [0.01, 0.01, 0.03], 0, 1)).sum(1)[:, None]


def _top(body: Body, skin: Skin, unit_m: float, sleeves: bool) -> Array:
    z, head = body.vertices[:, 2], body.share("head", "eye", "neck03")
    arm = skin.smooth(body.share(*ARM), 6)
    hem = z - body.joint("spine04")[2] - 0.03 * unit_m
    middle = body.joint("neck01") + np.array([0.02, 0, 0.012]) * unit_m
    collar_m = (0.078 if sleeves else 0.092) * unit_m
    collar = np.linalg.norm((body.vertices - middle) * [1, 0.82, 1], axis=1) - collar_m
    edge = (0.42 - arm) * 0.13
    if sleeves:
        to_shoulder = [np.linalg.norm(body.vertices - body.joint(f"upperarm01.{s}"), axis=1) for s in "LR"]
        edge = np.maximum(edge, 0.19 * unit_m - np.minimum(*to_shoulder))
    return np.minimum.reduce([hem, edge, collar, np.where(head > 0.3, -0.1, 0.1)])


def _trousers(body: Body, unit_m: float) -> Array:
    z = body.vertices[:, 2]
    waist, ankle = body.joint("spine04")[2] + 0.03 * unit_m, 0.125 * unit_m
    return np.minimum.reduce([waist - z, z - ankle, np.where(body.share(*ARM) > 0.3, -0.1, 0.1)])


def _hair(body: Body, unit_m: float) -> Array:
    head, z = body.share("head", "eye", "neck03"), body.vertices[:, 2]
    base = body.joint("head")
    up, ahead, wide = z - base[2], body.vertices[:, 0] - base[0], np.abs(body.vertices[:, 1])
    line = (up * 0.80 - ahead - 0.018 * unit_m) * 0.75
    hair = np.where(head > 0.5, np.minimum(line, up + 0.035 * unit_m), -0.1)
    ear = (
        (wide > 0.068 * unit_m)
        & (head > 0.5)
        & (up < 0.055 * unit_m)
        & (up > -0.02 * unit_m)
        & (ahead > -0.03 * unit_m)
    )
    return np.where(ear, -0.02, hair)
