"""The drawing's hand: which pixels are in shade, lit, or on an inner line."""

from __future__ import annotations

import cv2
import numpy as np

from figures.scene import Planes
from figures.turns import Array, unit

LIGHT = unit(np.array([-0.55, 0.8, 0.35]))
FRONT_LIGHT = unit(np.array([-0.45, 0.55, 0.75]))


def shade(planes: Planes, light: Array) -> tuple[Array, Array]:
    """Masks of the shaded and of the lit."""
    facing = cv2.blur(planes.facing, (11, 11))
    bright = facing @ light.astype(np.float32) - 1.1 * _hollow(planes)
    bright = cv2.GaussianBlur(bright, (0, 0), min(9.0, 0.008 * planes.camera.scale))
    return (bright < -0.13) & planes.mask, (bright > 0.62) & planes.mask


def _hollow(planes: Planes) -> Array:
    """0 in the open, towards 1 where a surface lies behind its surroundings."""
    mask, scale = planes.mask, planes.camera.scale
    far = -planes.depth[mask]
    z = np.where(mask, -planes.depth, far.max() + 0.3).astype(np.float32)
    z = cv2.resize(z, None, fx=0.25, fy=0.25, interpolation=cv2.INTER_AREA)
    closeness = min(1.0, 1400 / scale)
    spread, out = 0.05 * closeness * scale / 4, np.zeros_like(z)
    for k in (0.4, 1, 2):
        out += np.clip((z - cv2.GaussianBlur(z, (0, 0), spread * k)) / (0.06 * k * closeness), 0, 1)
    return cv2.resize(cv2.GaussianBlur(out / 3, (0, 0), spread * 0.3), planes.camera.size)


def lines(planes: Planes, width_m: float = 0.004) -> Array:
    """Where one part passes in front of another: a step in depth larger than the slope explains (mask)."""
    scale = planes.camera.scale
    z = np.where(planes.mask, -planes.depth, 9).astype(np.float32)
    k = int(np.clip(round(width_m * scale), 1, 4))
    step = np.zeros_like(z)
    for dx, dy in ((k, 0), (0, k), (k, k), (k, -k)):
        both = np.roll(z, (dy, dx), (0, 1)) + np.roll(z, (-dy, -dx), (0, 1))
        step = np.maximum(step, both - 2 * z)
    inner = cv2.erode(planes.mask.astype(np.uint8), np.ones((2 * k + 1, 2 * k + 1))) > 0
    least = 0.010 * min(1, 900 / scale) ** 1.2 / np.clip(planes.facing[:, :, 2], 0.22, 1)
    strength = np.clip((step - least) / (least * 0.8), 0, 1) * (step < 4)
    strength *= 1 - 0.85 * np.clip(planes.head * 1.5 - 0.3, 0, 1)
    return (strength > 0.45) & inner
