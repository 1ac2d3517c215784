"""Whether the phone was held level, from upright edges of the scene and from how the runner's body stands in the picture.

Seen from the front or the back a body stands upright on average over its steps (the line from between the ankles to between the
ears: 0.0 to 0.2 degrees on rendered films). From the side it leans forward in running, by 11.8 ± 0.4 degrees on 28 rendered films and
by 11.2 on a real one. The scene's edges are believed only where the body agrees with them.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from runfree.gait.body import Body
from runfree.gait.cycle import Stride
from runfree.gait.view import Viewpoint

AGAINST_UPRIGHT = frozenset({"trunk_lean", "tibia_angle_contact", "foot_strike_angle", "knee_over_toe"})
"""Measures that a tilted picture changes by as much as it is tilted, or more."""
MOST_TURNED_DEG = 8.0
"""Beyond this a tilt is not corrected: validation holds no such film."""
_FORWARD_DEG = 11.8
_WORTH_TURNING_DEG = 1.5
_AGREES_DEG = {"side": 4.5, "front": 2.5, "rear": 2.5}
_SCENE_DOUBT_DEG = 2.0
_BODY_DOUBT_DEG = {"side": 12.0, "front": 8.0, "rear": 8.0}


def levelled(
    body: Body, viewpoint: Viewpoint, stride: Stride, scene_deg: float | None
) -> tuple[Body, float, bool]:
    """Turn the picture upright where its tilt is sure.

    Parameters
    ----------
    body, viewpoint, stride
    scene_deg : float or None
        How far upright edges of the scene are turned clockwise; None where there are none.

    Returns
    -------
    body : Body
    turned_deg : float
        The tilt that was taken out, clockwise +.
    doubtful : bool
        Whether the picture may be tilted by an amount that is not sure.
    """
    view = viewpoint.view
    body_deg = _body_tilt_deg(body, viewpoint, stride)
    if body_deg is None or view == "oblique":
        return body, 0.0, scene_deg is not None and abs(scene_deg) > _SCENE_DOUBT_DEG
    roll_deg = scene_deg
    if scene_deg is None and view != "side":
        roll_deg = body_deg
    if roll_deg is None or abs(roll_deg - body_deg) > _AGREES_DEG[view] or abs(roll_deg) > MOST_TURNED_DEG:
        scene_doubt = scene_deg is not None and abs(scene_deg) > _SCENE_DOUBT_DEG
        return body, 0.0, scene_doubt or abs(body_deg) > _BODY_DOUBT_DEG[view]
    if abs(roll_deg) < _WORTH_TURNING_DEG:
        return body, 0.0, False
    return _turned(body, roll_deg), roll_deg, False


def _body_tilt_deg(body: Body, viewpoint: Viewpoint, stride: Stride) -> float | None:
    """Tilt of the body against how runners stand, clockwise +; None without a head or in walking."""
    if not body.shows("left_ear", "right_ear") or stride.gait != "running":
        return None
    ankles = (body.at["left_ankle"] + body.at["right_ankle"]) / 2
    right, down = np.nanmean(body.ears - ankles, axis=0)
    forward = {"right": _FORWARD_DEG, "left": -_FORWARD_DEG, None: 0.0}[viewpoint.facing]
    return float(np.degrees(np.arctan2(right, -down))) - forward


def _turned(body: Body, roll_deg: float) -> Body:
    angle = -np.radians(roll_deg)
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    centre = np.array([body.width_px, body.height_px]) / 2
    at = {name: (place - centre) @ turn.T + centre for name, place in body.at.items()}
    return replace(body, at=at, second=(body.second - centre) @ turn.T + centre)
