"""Feet and legs of the synthetic runner: planted feet, swinging feet, and the knee between hip and ankle."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from scipy.interpolate import CubicSpline

if TYPE_CHECKING:
    from runfree.testing.runner import Gait, Steps

Array = NDArray[np.float64]

# The foot in its own plane, in body heights: forward from the heel, up from the sole.
HEEL, ANKLE, MTP, BALL_SOLE = (0.0, 0.017), (0.04, 0.045), (0.112, 0.02), (0.112, 0.0)
TOE, TOE_SOLE = (0.04, 0.012), (0.04, 0.0)  # from the ball's sole
BIG_TOE, SMALL_TOE = (0.0, -0.012), (-0.03, 0.03)  # from the tip of the second toe: forward, outward
REST_MTP_PITCH_DEG = float(np.rad2deg(np.arctan2(MTP[1] - HEEL[1], MTP[0] - HEEL[0])))
"""Pitch of the line heel to ball joint on a foot standing flat."""

ANKLE_AHEAD_RUNNING, ANKLE_AHEAD_WALKING = -0.065, -0.03  # of the mid-hip at mid-stance, in body heights
KNOTS = (0.0, 0.3, 0.6, 0.88, 1.0)


@dataclass(frozen=True, slots=True)
class Legs:
    """Lengths of thigh and shank in metres."""

    thigh_m: float
    shank_m: float

    def length(self, bend: float) -> float:
        """Hip to ankle at a knee bend in radians."""
        return float(np.sqrt(self.thigh_m**2 + self.shank_m**2 + 2 * self.thigh_m * self.shank_m * np.cos(bend)))


def smooth(u: Array) -> Array:
    """Rise from 0 to 1 with flat ends."""
    u = np.clip(u, 0, 1)
    return u * u * (3 - 2 * u)


def knees(hip: Array, ankle: Array, legs: Legs, turn: Array, sign: float) -> Array:
    """Knee by two-link inverse kinematics.

    Parameters
    ----------
    hip, ankle : array (T, 3)
    legs : Legs
    turn : array (T,)
        Turn of the leg plane about the line hip-ankle in radians; 0 bends straight ahead, medial positive.
    sign : float
        1 for the left leg, -1 for the right.
    """
    gap = ankle - hip
    distance = np.linalg.norm(gap, axis=-1)
    axis = gap / distance[:, None]
    along = (legs.thigh_m**2 - legs.shank_m**2 + distance**2) / (2 * distance)
    radius = np.sqrt(legs.thigh_m**2 - along**2)
    ahead = np.array([1.0, 0.0, 0.0]) - axis[:, :1] * axis
    ahead /= np.linalg.norm(ahead, axis=-1, keepdims=True)
    medial = sign * np.cross(axis, ahead)
    out = np.cos(turn)[:, None] * ahead + np.sin(turn)[:, None] * medial
    return hip + along[:, None] * axis + radius[:, None] * out


def knee_projection_deg(hip: Array, knee: Array, ankle: Array, sign: float) -> Array:
    """Bend of hip-knee-ankle seen along the direction of travel, knee towards the midline positive."""
    thigh, shank = knee - hip, ankle - knee
    return -sign * np.rad2deg(
        np.arctan2(thigh[..., 1], -thigh[..., 2]) - np.arctan2(shank[..., 1], -shank[..., 2])
    )


def _in_plane(point: tuple[float, float], yaw: Array, pitch: Array, scale: float) -> Array:
    """Turn a point of the foot's plane into a 3-D offset; pitch is toes-up positive."""
    forward = scale * (point[0] * np.cos(pitch) - point[1] * np.sin(pitch))
    up = scale * (point[0] * np.sin(pitch) + point[1] * np.cos(pitch))
    return np.stack([forward * np.cos(yaw), forward * np.sin(yaw), up], -1)


class Feet:
    """All steps of one foot: where it stands, and how it swings to the next step."""

    def __init__(self, gait: Gait, steps: Steps, left: bool) -> None:
        mine = steps.left == left
        self._gait, self._sign, self._scale = gait, 1.0 if left else -1.0, gait.height_m
        self.mid_s, self.knee_deg = steps.mid_s[mine], steps.knee_deg[mine]
        self._down_s, self._contact_s = steps.touch_down_s[mine], steps.contact_s[mine]
        self._yaw, self._strike, self._heel_y = steps.yaw[mine], steps.strike[mine], steps.heel_y_m[mine]
        self._ahead_m = gait.height_m * (ANKLE_AHEAD_WALKING if gait.walking else ANKLE_AHEAD_RUNNING)

    def stances(self) -> tuple[Array, Array]:
        """Times (M,) and ankles (M, 3) over every stance but the outermost, which the film does not reach."""
        u = np.linspace(0, 1, 41)
        inner = np.arange(1, len(self._down_s) - 1)
        time = self._down_s[inner, None] + u * self._contact_s[inner, None]
        k = np.repeat(inner, len(u))
        return time.ravel(), self.stance_ankle(k, time.ravel())

    def _stance_pitch(self, k: NDArray[np.intp], time: Array) -> Array:
        """Sole: lands at the strike angle, flat by a fifth of stance, heel up after 55 % of it."""
        u = (time - self._down_s[k]) / self._contact_s[k]
        rise = np.clip((u - 0.55) / 0.45, 0, None)
        return self._strike[k] * (1 - smooth(u / 0.2)) - np.deg2rad(60.0) * rise**1.7

    def stance_ankle(self, k: NDArray[np.intp], time: Array) -> Array:
        """Ankle (T, 3) of step ``k`` while the foot stands: it pivots on the heel, lies flat, pivots on the ball."""
        yaw, pitch = self._yaw[k], self._stance_pitch(k, time)
        x = self._ahead_m - ANKLE[0] * self._scale * np.cos(yaw) - self._gait.speed_mps * (time - self.mid_s[k])
        heel = np.stack([x, self._heel_y[k], np.zeros_like(x)], -1)
        on_heel = heel + _in_plane(ANKLE, yaw, pitch, self._scale)
        ball = heel + _in_plane(BALL_SOLE, yaw, np.zeros_like(pitch), self._scale)
        from_ball = (ANKLE[0] - BALL_SOLE[0], ANKLE[1])
        on_ball = ball + _in_plane(from_ball, yaw, pitch, self._scale)
        return np.where((pitch >= 0)[:, None], on_heel, on_ball)

    def pose(self, time: Array, hip: Array, legs: Legs) -> dict[str, Array]:
        """Return the foot's points by name, each (T, 3)."""
        k = np.clip(np.searchsorted(self._down_s, time, side="right") - 1, 0, len(self._down_s) - 2)
        pitch = self._stance_pitch(k, time)
        ankle, yaw, toes = self.stance_ankle(k, time), self._yaw[k].copy(), np.maximum(pitch, 0.0)
        swinging = time >= self._down_s[k] + self._contact_s[k]
        for step in np.unique(k[swinging]):
            at = swinging & (k == step)
            ankle[at], yaw[at], pitch[at], toes[at] = self._swing(int(step), time[at])
        ankle = np.where(swinging[:, None], _within_reach(ankle, hip, legs), ankle)
        return self._points(ankle, yaw, pitch, toes)

    def _points(self, ankle: Array, yaw: Array, pitch: Array, toes: Array) -> dict[str, Array]:
        heel_sole = ankle - _in_plane(ANKLE, yaw, pitch, self._scale)
        ball_sole = heel_sole + _in_plane(BALL_SOLE, yaw, pitch, self._scale)
        toe = ball_sole + _in_plane(TOE, yaw, toes, self._scale)
        return {
            "ankle": ankle,
            "heel": heel_sole + _in_plane(HEEL, yaw, pitch, self._scale),
            "toe": toe,
            "big_toe": toe + self._level(BIG_TOE, yaw),
            "small_toe": toe + self._level(SMALL_TOE, yaw),
            "mtp": heel_sole + _in_plane(MTP, yaw, pitch, self._scale),
            "heel_sole": heel_sole,
            "ball_sole": ball_sole,
            "toe_sole": ball_sole + _in_plane(TOE_SOLE, yaw, toes, self._scale),
        }

    def _level(self, offset: tuple[float, float], yaw: Array) -> Array:
        """Turn an offset forward and outward into a level one in space; the toes stay side by side."""
        ahead, out = offset[0] * self._scale, self._sign * offset[1] * self._scale
        x, y = ahead * np.cos(yaw) - out * np.sin(yaw), ahead * np.sin(yaw) + out * np.cos(yaw)
        return np.stack([x, y, np.zeros_like(yaw)], -1)

    def _swing(self, k: int, time: Array) -> tuple[Array, Array, Array, Array]:
        """Ankle, yaw, pitch and toe pitch between toe-off of step ``k`` and the next touch-down."""
        off_s, down_s = self._down_s[k] + self._contact_s[k], self._down_s[k + 1]
        u = (time - off_s) / (down_s - off_s)
        yaw = self._yaw[k] + (self._yaw[k + 1] - self._yaw[k]) * smooth(u)
        ankle, pitch = np.split(self._swing_path(k, off_s, down_s)(u), [3], axis=1)
        bent = np.deg2rad(60.0) * (1 - smooth(u / 0.35))
        toes = pitch[:, 0] + bent + max(0.0, -self._strike[k + 1]) * smooth((u - 0.7) / 0.3)
        return ankle, yaw, pitch[:, 0], toes

    def _swing_path(self, k: int, off_s: float, down_s: float) -> CubicSpline:
        """Ankle and pitch over the swing (0 to 1).

        They leave the floor as the stance ends, lift the heel, reach ahead, and come down moving back with the floor.
        """
        gait, eps, length_s = self._gait, 1e-4, down_s - off_s
        before, off = self._ankle_and_pitch(k, np.array([off_s - eps, off_s]))
        (down,) = self._ankle_and_pitch(k + 1, np.array([down_s]))
        heel_up, toes_down = np.deg2rad((-52, -12) if gait.walking else (-75, -22))
        lift = (0.13, 0.085, 0.075) if gait.walking else (0.15 + 0.03 * gait.speed_mps, 0.16, 0.085)
        middle = off + (down - off) * np.array([[0.12], [0.62], [1.0]])
        middle[:, 1] += self._sign * np.array([0.012, 0.02, 0.006])
        middle[:, 2], middle[:, 3] = np.array(lift) * self._scale, [heel_up, toes_down, down[3] + np.deg2rad(2)]
        lift_off = (off - before) / eps * [1, 1, 1, 0.2] + [0, 0, 0.8, 0]  # lifted, not dragged
        landing = np.array([-0.5 * gait.speed_mps, 0.0, -0.7, 0.0])
        return CubicSpline(
            KNOTS, np.vstack([off, middle, down]), bc_type=((1, lift_off * length_s), (1, landing * length_s))
        )

    def _ankle_and_pitch(self, k: int, time: Array) -> Array:
        step = np.full(len(time), k)
        return np.column_stack([self.stance_ankle(step, time), self._stance_pitch(step, time)])


def _within_reach(ankle: Array, hip: Array, legs: Legs) -> Array:
    """Pull a swinging ankle back to where an almost straight leg ends."""
    gap = ankle - hip
    distance = np.linalg.norm(gap, axis=-1, keepdims=True)
    return hip + gap * np.minimum(1.0, legs.length(np.deg2rad(5.0)) / distance)
