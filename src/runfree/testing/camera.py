"""A pinhole phone on a tripod."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from runfree.core.metrics import View

Array = NDArray[np.float64]
AZIMUTH_DEG: dict[View, float] = {"front": 0.0, "oblique": 45.0, "side": 90.0, "rear": 180.0}
REFERENCE_HEIGHT_M = 1.75


@dataclass(frozen=True, slots=True)
class Camera:
    """Where the film is taken from.

    Attributes
    ----------
    view : View
        ``oblique`` is 45 degrees, from the front.
    facing : {"left", "right"}
        Which way the runner faces in a film from the side (or oblique): left shows the left leg nearer.
    distance_m : float
        To the runner: on a treadmill, at the middle of a pass, at the nearest moment of an approach.
    height_m, aim_m : float
        Heights of the lens and of the point it looks at.
    yaw_error_deg : float
        How far the phone stands off the nominal direction, around the runner, towards the runner's left positive.
    fill : float
        Share of the picture's height that a body of 1.75 m takes at ``distance_m``; this sets the lens.
    portrait : bool
        720 x 1280 instead of 1280 x 720.
    travel : {"treadmill", "pass", "approach"}
        ``approach`` runs towards the phone (away from it in a rear view).
    """

    view: View = "side"
    facing: Literal["left", "right"] = "left"
    distance_m: float = 3.6
    height_m: float = 1.0
    aim_m: float = 0.92
    yaw_error_deg: float = 0.0
    fill: float = 0.78
    portrait: bool = False
    travel: Literal["treadmill", "pass", "approach"] = "treadmill"

    @property
    def size_px(self) -> tuple[int, int]:
        """Width and height of the picture."""
        return (720, 1280) if self.portrait else (1280, 720)

    @property
    def focal_px(self) -> float:
        """Focal length."""
        return self.fill * self.size_px[1] * self.distance_m / REFERENCE_HEIGHT_M

    @property
    def position_m(self) -> Array:
        """Place of the lens (3,), X travel, Y the runner's left, Z up."""
        nominal = AZIMUTH_DEG[self.view] * (1 if self.facing == "left" else -1)
        angle = np.deg2rad(nominal + self.yaw_error_deg)
        return np.array([self.distance_m * np.cos(angle), self.distance_m * np.sin(angle), self.height_m])

    def axes(self) -> Array:
        """Rows: the camera's right, down and forward in the world (3, 3)."""
        forward = np.array([0.0, 0.0, self.aim_m]) - self.position_m
        forward /= np.linalg.norm(forward)
        right = np.cross(forward, [0.0, 0.0, 1.0])
        right /= np.linalg.norm(right)
        return np.stack([right, np.cross(forward, right), forward])

    def travelled_m(self, time_s: Array, speed_mps: float) -> Array:
        """Place of the runner along X (T,) at times from the start of the film to its last frame."""
        if self.travel == "treadmill":
            return np.zeros_like(time_s)
        if self.travel == "pass":
            return speed_mps * (time_s - (time_s[0] + time_s[-1]) / 2)
        return speed_mps * (time_s - (time_s[0] if self.view == "rear" else time_s[-1]))

    def project(self, points_m: Array) -> tuple[Array, Array]:
        """Pixels and depth.

        Parameters
        ----------
        points_m : array (..., 3)

        Returns
        -------
        pixels : array (..., 2)
            x right, y down from the top-left corner of the picture.
        depth_m : array (...,)
            Along the optical axis.

        Raises
        ------
        ValueError
            If a point is not in front of the lens.
        """
        seen = (points_m - self.position_m) @ self.axes().T
        depth = seen[..., 2]
        if (depth <= 0.1).any():
            raise ValueError("the runner comes up to the camera: choose a larger distance")
        centre = np.array(self.size_px) / 2
        return self.focal_px * seen[..., :2] / depth[..., None] + centre, depth
