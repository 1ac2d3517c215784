"""Which way a laboratory's axes point: up, the direction of travel, and whether units and sides can be right."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from runfree.core.errors import MotionError
from runfree.gait.markers import Points

Array = NDArray[np.float64]

LEG_M = (0.45, 1.25)
_UP_WITHIN_DEG = 25.0
_FEET_WITHIN_DEG = 45.0
_LOW_SHARE = 0.25
_SLOWEST_MPS = 0.3
_AXIS_WITHIN_DEG = 2.5
RUNWAY_MPS = 0.5
_FACTORS = {
    "a thousandth of that": 0.001,
    "a hundredth of that": 0.01,
    "a thousand times that": 1000.0,
    "a hundred times that": 100.0,
}
_AGAIN = "Correct the units in its header."


def turned(points: Points, source: str) -> tuple[Points, Array]:
    """Turn keypoints so that x is the direction of travel, y up and z the runner's right (ISB's laboratory axes).

    Up is the axis of the file nearest to the line from ankles to hips. The direction of travel is level; see
    :func:`_travel`.

    Parameters
    ----------
    points : Points
        Along the file's axes.
    source : str
        Name of the file, for errors.

    Returns
    -------
    points : Points
    rotation : array (3, 3)
        Rows x, y, z along the file's axes.

    Raises
    ------
    MotionError
        If legs have no human length (wrong units), nobody stands upright, feet point away from the travel, or left and right are
        exchanged.
    """
    _check_size(points, source)
    up = _up(points, source)
    forward = _travel(points, up, source)
    rotation = np.array([forward, up, np.cross(forward, up)])
    out = replace(
        points,
        at={name: path @ rotation.T for name, path in points.at.items()},
        across={
            name: replace(c, medial=c.medial @ rotation.T, lateral=c.lateral @ rotation.T)
            for name, c in points.across.items()
        },
    )
    across = np.nanmedian(out.at["right_hip"][:, 2] - out.at["left_hip"][:, 2])
    if across < 0:
        raise MotionError(
            f"The file {source}",
            "its left hip lies to the right of the right one: sides are exchanged, or an axis is mirrored",
            "Check the names of the markers and the axes of the export.",
        )
    return out, rotation


def middle(points: Points, part: str) -> Array:
    """Middle of the left and right keypoint of a part, (T, 3)."""
    return (points.at[f"left_{part}"] + points.at[f"right_{part}"]) / 2


def _check_size(points: Points, source: str) -> None:
    leg = _leg_m(points)
    if LEG_M[0] <= leg <= LEG_M[1]:
        return
    fits = [times for times, factor in _FACTORS.items() if LEG_M[0] <= leg * factor <= LEG_M[1]]
    raise MotionError(
        f"The file {source}",
        f"its units make a leg of {leg:.3g} m, which nobody has",
        f"It would fit with {fits[0]}: correct the units (mm, cm, m) in its header." if fits else _AGAIN,
    )


def _leg_m(points: Points) -> float:
    """Hip to ankle where the leg is longest (its 95th percentile), mean of both legs."""
    low = "ankle" if "left_ankle" in points.at else "knee"
    lengths = [
        float(np.nanpercentile(np.linalg.norm(points.at[f"{s}_hip"] - points.at[f"{s}_{low}"], axis=1), 95))
        for s in ("left", "right")
    ]
    return float(np.mean(lengths))


def _up(points: Points, source: str) -> Array:
    low = "ankle" if "left_ankle" in points.at else "knee"
    rise = np.nanmean(middle(points, "hip") - middle(points, low), axis=0)
    rise = rise / np.linalg.norm(rise)
    axis = int(np.argmax(np.abs(rise)))
    if np.degrees(np.arccos(abs(rise[axis]))) > _UP_WITHIN_DEG:
        raise MotionError(
            f"The file {source}",
            "no axis of it points up along the body of the runner",
            "Export it with a level floor.",
        )
    up = np.zeros(3)
    up[axis] = np.sign(rise[axis])
    return up


def _travel(points: Points, up: Array, source: str) -> Array:
    """Level direction of travel: of the hips themselves on a runway; on a treadmill of the hips against the feet on the belt, or
    the axis of the file within 2.5 degrees of it, since laboratories lay an axis along the belt and feet turn as they roll.
    """
    hips, time = middle(points, "hip"), points.time_s
    seen = np.isfinite(hips).all(axis=1)
    own = np.polyfit(time[seen], hips[seen], 1)[0] if int(seen.sum()) > 2 else np.zeros(3)
    if np.linalg.norm(_level(own, up)) > RUNWAY_MPS:
        way = _level(own, up)
    else:
        way = _near_axis(np.mean([_against_belt(points, hips, side, up) for side in ("left", "right")], axis=0))
    if not np.isfinite(way).all() or np.linalg.norm(way) < _SLOWEST_MPS:
        raise MotionError(
            f"The file {source}", "its runner does not move over the ground", "Give a trial of running."
        )
    way = way / np.linalg.norm(way)
    if all(f"{s}_{p}" in points.at for s in ("left", "right") for p in ("heel", "toe")):
        feet = np.nanmean(middle(points, "toe") - middle(points, "heel"), axis=0)
        feet = _level(feet, up)
        if np.degrees(np.arccos(np.clip(feet @ way / np.linalg.norm(feet), -1, 1))) > _FEET_WITHIN_DEG:
            raise MotionError(
                f"The file {source}",
                "its feet do not point along the direction of travel: heel and toe are exchanged, or time runs backwards",
                "Check the names of the markers.",
            )
    return way


def _level(v: Array, up: Array) -> Array:
    return v - np.multiply.outer(v @ up, up)


def _against_belt(points: Points, hips: Array, side: str, up: Array) -> Array:
    """Usual level speed of the hips against one foot while it is low: their geometric median (Weiszfeld)."""
    foot = foot_middle(points, side)
    low = foot @ up <= np.nanquantile(foot @ up, _LOW_SHARE)
    speed = _level(np.gradient(hips - foot, points.time_s, axis=0), up)
    speed = speed[low & np.isfinite(speed).all(axis=1)]
    centre = speed.mean(axis=0) if len(speed) else np.full(3, np.nan)
    for _ in range(50):
        weight = 1 / np.maximum(np.linalg.norm(speed - centre, axis=1), 1e-6)
        centre = weight @ speed / weight.sum()
    return centre


def _near_axis(way: Array) -> Array:
    axis = int(np.argmax(np.abs(way)))
    snapped = np.zeros(3)
    snapped[axis] = way[axis]
    close = abs(way[axis]) >= np.cos(np.radians(_AXIS_WITHIN_DEG)) * np.linalg.norm(way)
    return snapped if close else way


def foot_middle(points: Points, side: str) -> Array:
    """Middle of heel and toe, or the ankle where they are not marked, (T, 3)."""
    if f"{side}_heel" in points.at and f"{side}_toe" in points.at:
        return (points.at[f"{side}_heel"] + points.at[f"{side}_toe"]) / 2
    return points.at[f"{side}_ankle"]
