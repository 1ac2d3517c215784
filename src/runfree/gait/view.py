"""From where the runner was filmed, and how they move through the picture."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from runfree.core.metrics import Side, View
from runfree.gait.body import LEGS, Body

Travel = Literal["treadmill", "pass", "approach"]

# Landmark distances over trunk length, as BlazePose places them: shoulder width seen square on,
# nose ahead of ears, toe ahead of heel (median over a stride).
_SHOULDER_WIDTH = 0.67
_NOSE_AHEAD = 0.145
_FOOT_AHEAD = 0.25
_SQUARE_WITHIN_DEG = 27.0
_PASS_TRUNKS_PER_S = 1.0
_APPROACH_GROWTH = 1.25


@dataclass(frozen=True, slots=True)
class Viewpoint:
    """The camera against the runner.

    Attributes
    ----------
    view : View
    facing : {"left", "right", None}
        Which way the runner faces in the picture, from the side.
    around_deg : float
        0 = the runner faces the camera, +90 = faces image right, 180 = runs away, −90 = faces image left.
    travel : {"treadmill", "pass", "approach"}
    """

    view: View
    facing: Side | None
    around_deg: float
    travel: Travel

    @property
    def near_leg(self) -> Side | None:
        """The leg towards a camera at the side; None in other views."""
        return self.facing


def viewpoint(body: Body) -> Viewpoint:
    """Tell the view from shoulder width, and from where nose and toes point (a head may be turned, feet are not).

    Keypoints without a head leave it to the feet.
    """
    trunk = body.trunk_px
    width = (body.at["left_shoulder"] - body.at["right_shoulder"])[:, 0] / trunk
    feet = sum((body.at[f"{leg}_toe"] - body.at[f"{leg}_heel"])[:, 0] for leg in LEGS) / 2 / trunk
    square_on = np.nanmedian(width) / _SHOULDER_WIDTH
    ahead = [np.nanmedian(feet) / _FOOT_AHEAD]
    if body.shows("nose", "left_ear", "right_ear"):
        nose = (body.at["nose"] - body.ears)[:, 0] / trunk
        ahead.append(np.nanmedian(nose) / _NOSE_AHEAD)
    sideways = np.mean(ahead)
    around = float(np.degrees(np.arctan2(sideways, square_on)))
    view: View = "oblique"
    facing: Side | None = None
    if abs(abs(around) - 90) <= _SQUARE_WITHIN_DEG:
        view, facing = "side", ("right" if around > 0 else "left")
    elif abs(around) <= _SQUARE_WITHIN_DEG:
        view = "front"
    elif abs(around) >= 180 - _SQUARE_WITHIN_DEG:
        view = "rear"
    return Viewpoint(view, facing, around, _travel(body))


def _travel(body: Body) -> Travel:
    seconds = float(body.time_s[-1] - body.time_s[0])
    drift = np.polyfit(body.time_s, body.hips[:, 0] / np.median(body.trunk_px), 1)[0]
    if abs(drift) > _PASS_TRUNKS_PER_S:
        return "pass"
    fifth = max(3, len(body.trunk_px) // 5)
    growth = np.median(body.trunk_px[-fifth:]) / np.median(body.trunk_px[:fifth])
    if max(growth, 1 / growth) > _APPROACH_GROWTH and seconds > 1:
        return "approach"
    return "treadmill"
