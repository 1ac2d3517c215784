"""From a mask to an SVG path: contours, simplified, as smooth curves that keep their corners."""

from __future__ import annotations

import cv2
import numpy as np

from figures.turns import Array

CORNER = 0.45


def path(
    mask: Array,
    scale: float,
    *,
    tolerance_px: float = 1.1,
    least_px: float = 20,
    blur_px: float = 1.5,
    straight: bool = False,
) -> str:
    """The outlines of a mask (H, W) as path data; ``scale`` is drawing units a pixel."""
    soft = cv2.GaussianBlur(mask.astype(np.float32), (0, 0), blur_px) > 0.5
    outlines, _ = cv2.findContours(soft.astype(np.uint8), cv2.RETR_CCOMP, cv2.CHAIN_APPROX_NONE)
    simple = [cv2.approxPolyDP(c, tolerance_px, True)[:, 0] for c in outlines if cv2.contourArea(c) >= least_px]
    shape = _polygon if straight else _curve
    return "".join(shape((c + 0.5) * scale) for c in simple if len(c) > 2)


def _polygon(points: Array) -> str:
    return "M" + "L".join(f"{number(x)} {number(y)}" for x, y in points) + "z"


def _curve(points: Array) -> str:
    before, after = points - np.roll(points, 1, 0), np.roll(points, -1, 0) - points
    short, long = _norm(before), _norm(after)
    heading = before + after
    heading /= _norm(heading)
    heading[(before * after).sum(1) < CORNER * (short * long)[:, 0]] = 0
    third = long / 3
    nodes = np.stack(
        [
            points + heading * third,
            np.roll(points - heading * np.roll(third, 1, 0), -1, 0),
            np.roll(points, -1, 0),
        ],
        1,
    )
    at = np.round(points[0], 1)
    out = f"M{number(at[0])} {number(at[1])}"
    for node in nodes:
        step = np.round(node - at, 1)
        out += "c" + " ".join(map(number, step.ravel()))
        at = np.round(at + step[2], 1)
    return out.replace(" -", "-") + "z"


def _norm(v: Array) -> Array:
    return np.linalg.norm(v, axis=1, keepdims=True) + 1e-9


def number(x: float) -> str:
    text = f"{x:.1f}".removesuffix(".0")
    if text in ("-0", "0"):
        return "0"
    return text.replace("0.", ".", 1) if abs(x) < 1 else text
