"""One film understood: body, viewpoint, rhythm, size and camera, ready to be measured."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from runfree.core.metrics import Side
from runfree.gait.accuracy import Table
from runfree.gait.body import Body
from runfree.gait.contacts import Contact, contacts_of
from runfree.gait.cycle import Stride
from runfree.gait.frontal import camera_yaw_deg
from runfree.gait.scale import USUAL_HEIGHT_M, px_per_height
from runfree.gait.view import Viewpoint

Array = NDArray[np.float64]

_SMALL_PX_PER_M = 150.0
_AROUND_PER_YAW = 1.9


@dataclass(frozen=True, slots=True)
class Scene:
    """What every reading needs.

    Attributes
    ----------
    body, viewpoint, stride
    size : array (T,)
        Pixels per body height.
    height_m, speed_mps : float or None
    yaw_deg : float
        Angle from the line of sight to the direction of travel: measured from the front; from the rear only its size is
        known, from where the feet point (they turn nearly twice as fast as the camera). From the side, how far shoulders, nose and
        feet stand off square.
    contacts : dict of Side to Contact
        Legs whose touch-down and toe-off could be timed.
    accuracy : Table
        Corrections and errors of the network that made the motion.
    """

    body: Body
    viewpoint: Viewpoint
    stride: Stride
    size: Array
    height_m: float | None
    speed_mps: float | None
    yaw_deg: float
    contacts: dict[Side, Contact]
    accuracy: Table

    @property
    def near_leg(self) -> Side | None:
        """The leg towards a camera at the side."""
        return self.viewpoint.near_leg

    @property
    def large_enough(self) -> NDArray[np.bool_]:
        """Frames in which a body height spans at least 150 px per metre (T,)."""
        return self.size / (self.height_m or USUAL_HEIGHT_M) >= _SMALL_PX_PER_M

    @property
    def frame_rate(self) -> float:
        """Frames a second."""
        return 1 / self.body.frame_s

    def moment(self, side: Side, name: str) -> float:
        """Phase of ``touch_down`` or ``mid_stance`` of a leg.

        The far leg's touch-down is taken where timed; else half a stride from the near leg's.
        """
        contact = self.contacts.get(side)
        if contact is not None:
            return contact.touch_down if name == "touch_down" else contact.mid_stance
        if name == "mid_stance":
            return self.stride.mid_stance[side]
        other = self.contacts["right" if side == "left" else "left"]
        return other.touch_down + 0.5


def scene_of(
    body: Body,
    viewpoint: Viewpoint,
    stride: Stride,
    height_m: float | None,
    speed_mps: float | None,
    accuracy: Table,
) -> Scene:
    """Work out size, camera yaw and contacts."""
    size = px_per_height(body, viewpoint.view)
    yaw = 0.0
    contacts: dict[Side, Contact] = {}
    if viewpoint.view == "rear":
        yaw = (180.0 - abs(viewpoint.around_deg)) / _AROUND_PER_YAW
    if viewpoint.view == "front":
        yaw = camera_yaw_deg(body, stride, size, speed_mps, height_m)
    if viewpoint.view == "side":
        yaw = abs(viewpoint.around_deg) - 90.0
    if viewpoint.near_leg is not None:
        contacts = contacts_of(body, stride, viewpoint.near_leg)
    return Scene(body, viewpoint, stride, size, height_m, speed_mps, yaw, contacts, accuracy)
