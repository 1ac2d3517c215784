"""A kinematic runner (or walker): parameters in, 3-D points out.

Axes: X travel, Y the runner's left, Z up; metres; the floor is at Z = 0 and the body stays near X = 0 while the floor
moves back at ``speed_mps``. Nothing a request asks for is ever reported as true: :mod:`runfree.testing.truth` measures
the points.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from runfree.testing.foot import Feet, Legs, knee_projection_deg, knees

Array = NDArray[np.float64]
SIDES: tuple[Literal["left", "right"], ...] = ("left", "right")
SIGN = {"left": 1.0, "right": -1.0}

HIP_HALF, SHOULDER_HALF, TRUNK = 0.05, 0.115, 0.27  # of the body height, as are all lengths below
UPPER_ARM, FOREARM = 0.186, 0.146
THIGH, SHANK = 0.245, 0.246
SWAY_M = 0.01
PELVIC_YAW_DEG, SHOULDER_YAW_DEG = 6.0, 9.0


@dataclass(frozen=True, slots=True)
class Gait:
    """What to ask of the runner.

    Attributes
    ----------
    speed_mps, cadence_spm, contact_s
        Speed, steps per minute, and how long one foot stays down. Running needs a contact shorter than a step,
        walking a longer one.
    oscillation_m : float
        Vertical travel of the mid-hip per step. Lowest at mid-stance running, highest there walking.
    foot_progression_left_deg, foot_progression_right_deg : float
        Toe-out positive.
    knee_projection_left_deg, knee_projection_right_deg : float
        Bend hip-knee-ankle in the frontal plane at mid-stance, knee towards the midline positive.
    pelvic_drop_deg : float
        At mid-stance, swing side lower positive.
    step_width_m : float
        Between the heels; negative crosses over.
    trunk_lean_deg, foot_strike_deg : float
        Forward positive; sole at touch-down, heel first positive.
    height_m : float
        Body height.
    head_share, head_lag : float
        The head's own bounce: its share of the pelvis's, and how many steps later it comes.
    noise : float
        Multiplier of the stride-to-stride variability; 0 repeats every stride.
    seed : int
        Of that variability.
    walking : bool
        Double support and a vault instead of flight and a bounce.
    first : {"left", "right"}
        The foot that stands first.

    Raises
    ------
    ValueError
        If contact and cadence do not make the gait asked for.
    """

    speed_mps: float = 3.0
    cadence_spm: float = 170.0
    contact_s: float = 0.24
    oscillation_m: float = 0.08
    foot_progression_left_deg: float = 7.0
    foot_progression_right_deg: float = 7.0
    knee_projection_left_deg: float = 0.0
    knee_projection_right_deg: float = 0.0
    pelvic_drop_deg: float = 4.0
    step_width_m: float = 0.06
    trunk_lean_deg: float = 8.0
    foot_strike_deg: float = 10.0
    height_m: float = 1.75
    head_share: float = 0.8
    head_lag: float = 0.08
    noise: float = 1.0
    seed: int = 0
    walking: bool = False
    first: Literal["left", "right"] = "left"

    def __post_init__(self) -> None:
        step_s = 60 / self.cadence_spm
        if self.walking != (self.contact_s > step_s):
            raise ValueError(
                f"contact {self.contact_s} s with steps of {step_s:.3f} s is not {'walking' if self.walking else 'running'}"
            )


def walker(**changes: Any) -> Gait:
    """Return an everyday walk (duty factor 0.62, 110 steps a minute), with changes."""
    base = Gait(
        speed_mps=1.25,
        cadence_spm=110.0,
        contact_s=0.676,
        oscillation_m=0.045,
        trunk_lean_deg=3.0,
        foot_strike_deg=18.0,
        walking=True,
    )
    return replace(base, **changes)


def mirrored_gait(gait: Gait) -> Gait:
    """Return the same gait seen in a mirror: everything left becomes right."""
    return replace(
        gait,
        foot_progression_left_deg=gait.foot_progression_right_deg,
        foot_progression_right_deg=gait.foot_progression_left_deg,
        knee_projection_left_deg=gait.knee_projection_right_deg,
        knee_projection_right_deg=gait.knee_projection_left_deg,
        first="right" if gait.first == "left" else "left",
    )


@dataclass(frozen=True, slots=True)
class Steps:
    """The steps asked for, in order, feet in turn; arrays of length N (radians, metres, seconds)."""

    left: NDArray[np.bool_]
    touch_down_s: Array
    contact_s: Array
    oscillation_m: Array
    yaw: Array
    knee_deg: Array
    heel_y_m: Array
    strike: Array

    @property
    def mid_s(self) -> Array:
        """Half-way between touch-down and toe-off."""
        return self.touch_down_s + self.contact_s / 2


def plan_steps(gait: Gait, seconds: float) -> Steps:
    """Lay out steps from two strides before the film to two after it, with the seeded variability."""
    step_s = 60 / gait.cadence_spm
    n = int(np.ceil(seconds / step_s)) + 10
    noise = gait.noise * np.random.default_rng(gait.seed).standard_normal((7, n))
    left = (np.arange(n) % 2 == 0) == (gait.first == "left")
    sign = np.where(left, 1.0, -1.0)
    length_s = step_s * (1 + 0.008 * noise[0])
    contact_s = gait.contact_s * (1 + 0.012 * noise[1])
    if not gait.walking:
        contact_s = np.minimum(contact_s, length_s - 0.015)
    toe_out = np.where(left, gait.foot_progression_left_deg, gait.foot_progression_right_deg) + 0.8 * noise[2]
    return Steps(
        left=left,
        touch_down_s=np.concatenate([[0.0], np.cumsum(length_s)[:-1]]) - 4.9 * step_s,
        contact_s=contact_s,
        oscillation_m=gait.oscillation_m * (1 + 0.03 * noise[3]),
        yaw=sign * np.deg2rad(toe_out),
        knee_deg=np.where(left, gait.knee_projection_left_deg, gait.knee_projection_right_deg) + 0.8 * noise[4],
        heel_y_m=sign * (gait.step_width_m / 2 + 0.004 * noise[5]),
        strike=np.deg2rad(gait.foot_strike_deg + 0.8 * noise[6]),
    )


class Runner:
    """The runner in motion, for any time from 0 to ``seconds``.

    Parameters
    ----------
    gait : Gait
        What is asked for.
    seconds : float
        How long the motion must last.

    Raises
    ------
    ValueError
        If a leg cannot reach the floor or bend its knee as asked.
    """

    def __init__(self, gait: Gait, seconds: float) -> None:
        self.gait, self.seconds = gait, seconds
        self.steps = plan_steps(gait, seconds)
        self._start = 1.0 if gait.first == "left" else -1.0
        self._legs = Legs(THIGH * gait.height_m, SHANK * gait.height_m)
        self._feet = {s: Feet(gait, self.steps, s == "left") for s in SIDES}
        self._pelvis_m = 0.0
        self._pelvis_m = min(self._reachable_pelvis(s) for s in SIDES)
        self._turn = {s: self._knee_turn(s) for s in SIDES}

    def points(self, time_s: ArrayLike) -> dict[str, Array]:
        """Return every point by name as (T, 3) in metres.

        Names are those of :data:`runfree.core.motion.KEYPOINTS`, and for each foot ``_mtp`` (ball joint of the second
        toe) and ``_heel_sole``, ``_ball_sole``, ``_toe_sole`` (what touches the floor). ``_toe`` is the tip of the
        second toe, ``_big_toe`` and ``_small_toe`` those of the outer ones.
        """
        time = np.asarray(time_s, dtype=np.float64)
        phase = self._phase(time)
        out = self._upper_body(time, phase)
        for side in SIDES:
            hip = self._hip(side, time)
            foot = self._feet[side].pose(time, hip, self._legs)
            knee = knees(hip, foot["ankle"], self._legs, self._turn_at(side, time), SIGN[side])
            out |= {f"{side}_{name}": xyz for name, xyz in {"hip": hip, "knee": knee, **foot}.items()}
        return out

    def _phase(self, time: Array) -> Array:
        """Steps since the first mid-stance; whole at every mid-stance."""
        return np.interp(time, self.steps.mid_s, np.arange(len(self.steps.mid_s)))

    def _bounce(self, time: Array, lag: float = 0.0) -> Array:
        phase = self._phase(time)
        size = np.interp(phase, np.arange(len(self.steps.mid_s)), self.steps.oscillation_m)
        turn = 2 * np.pi * (phase - lag)
        wave = -np.cos(turn) + 0.06 * np.cos(2 * turn)
        return (-1.0 if self.gait.walking else 1.0) * size / 2 * wave

    def _mid_hip(self, time: Array) -> Array:
        sway = self._start * SWAY_M * np.cos(np.pi * self._phase(time))
        return np.stack([np.zeros_like(time), sway, self._pelvis_m + self._bounce(time)], -1)

    def _hip(self, side: str, time: Array) -> Array:
        phase = self._phase(time)
        roll = self._start * np.deg2rad(self.gait.pelvic_drop_deg) * np.cos(np.pi * phase)
        yaw = self._start * np.deg2rad(PELVIC_YAW_DEG) * np.sin(np.pi * phase)
        return self._mid_hip(time) + SIGN[side] * HIP_HALF * self.gait.height_m * _across(yaw, roll)

    def _reachable_pelvis(self, side: str) -> float:
        """Highest mid-hip (mean) at which the standing leg always keeps its least bend."""
        time, ankle = self._feet[side].stances()
        reach = self._legs.length(np.deg2rad(6.0 if self.gait.walking else 14.0))
        gap = ankle - self._hip(side, time)
        room = reach**2 - gap[:, 0] ** 2 - gap[:, 1] ** 2
        if (room <= (0.5 * reach) ** 2).any():
            raise ValueError("the steps are too long for these legs: less speed, less contact or more height")
        return float((gap[:, 2] + np.sqrt(room)).min())

    def _knee_turn(self, side: str) -> Array:
        """Turn of each step's leg plane that gives the frontal bend asked for at mid-stance (bisection)."""
        feet, sign = self._feet[side], SIGN[side]
        time = feet.mid_s
        hip = self._hip(side, time)
        ankle = feet.stance_ankle(np.arange(len(time)), time)

        def bend(turn: Array) -> Array:
            return knee_projection_deg(hip, knees(hip, ankle, self._legs, turn, sign), ankle, sign)

        low, high = np.full_like(time, -1.2), np.full_like(time, 1.2)
        for _ in range(50):
            middle = (low + high) / 2
            below = bend(middle) < feet.knee_deg
            low, high = np.where(below, middle, low), np.where(below, high, middle)
        if np.abs(bend(low) - feet.knee_deg).max() > 0.01:
            raise ValueError("this knee bends too little at mid-stance for the knee projection asked for")
        return low

    def _turn_at(self, side: str, time: Array) -> Array:
        """Leg-plane turn: held around mid-stance, half of it while the leg swings."""
        mid, turn = self._feet[side].mid_s, self._turn[side]
        k = np.clip(np.searchsorted(mid, time, side="right") - 1, 0, len(mid) - 2)
        u = np.clip((time - mid[k]) / (mid[k + 1] - mid[k]), 0, 1)
        mixed = turn[k] + (turn[k + 1] - turn[k]) * u * u * (3 - 2 * u)
        return mixed * (1 - 0.5 * np.sin(np.pi * u) ** 4)

    def _upper_body(self, time: Array, phase: Array) -> dict[str, Array]:
        """Soft trunk, head with a bounce of its own, arms swinging against the legs."""
        height, start = self.gait.height_m, self._start
        hip = self._mid_hip(time)
        lean = np.deg2rad(self.gait.trunk_lean_deg + 1.2 * np.cos(2 * np.pi * (phase - 0.3)))
        rise = TRUNK * height * np.cos(lean) + self._pelvis_m
        chest = np.stack(
            [TRUNK * height * np.sin(lean), 0.5 * hip[:, 1], rise + 0.9 * self._bounce(time, 0.04)], -1
        )
        across = _across(
            -start * np.deg2rad(SHOULDER_YAW_DEG) * np.sin(np.pi * phase),
            -start * np.deg2rad(1.5) * np.cos(np.pi * phase),
        )
        bob = self.gait.head_share * self._bounce(time, self.gait.head_lag)
        head = np.stack([chest[:, 0] + 0.02 * height, 0.3 * hip[:, 1], rise + 0.13 * height + bob], -1)
        elbow_bend = np.deg2rad(25.0 if self.gait.walking else 98.0)
        out = {"nose": head + np.array([0.06, 0.0, -0.01]) * height}
        for side in SIDES:
            sign = SIGN[side]
            out[f"{side}_ear"] = head + np.array([0.0, sign * 0.042, 0.0]) * height
            shoulder = chest + sign * SHOULDER_HALF * height * across
            swing = np.deg2rad(-14 + 33 * sign * start * np.sin(np.pi * phase))
            elbow = shoulder + UPPER_ARM * height * _arm(swing, sign * 0.25)
            wrist = elbow + FOREARM * height * _arm(swing + elbow_bend, -sign * 0.35)
            out |= {f"{side}_shoulder": shoulder, f"{side}_elbow": elbow, f"{side}_wrist": wrist}
        return out


def _across(yaw: Array, roll: Array) -> Array:
    """Unit vector to the runner's left, turned by yaw (left side back positive) and raised by roll."""
    return np.stack([-np.sin(yaw) * np.cos(roll), np.cos(yaw) * np.cos(roll), np.sin(roll)], -1)


def _arm(flexion: Array, outward: float) -> Array:
    """Unit vector of an arm segment: forward flexion from hanging down, and its sideways share."""
    inplane = np.sqrt(1 - outward**2)
    return np.stack([inplane * np.sin(flexion), np.full_like(flexion, outward), -inplane * np.cos(flexion)], -1)
