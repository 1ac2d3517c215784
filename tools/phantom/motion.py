"""From footfalls to the turns of every bone.

The standing leg is solved so that the lowest point of the sole is on the ground and the foot does not slide: it rolls over the heel
while the toes are up, stands flat, then rolls over the ball with the toes bending. The swinging leg follows splines through
hip, knee and ankle angles of published shape, tied to the stances around it. The leg's plane turns about the line hip-ankle, with the toes or
for the knee angle asked for.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from body import Body
from scipy.interpolate import CubicSpline

from phantom.footfalls import Gait, Step, footfalls, pelvis_height, rhythm
from phantom.people import SIDES, marks
from phantom.turns import Array, ease, frame, turn, unit
from phantom.upper import pose_upper, trunk_give

AHEAD = np.array([1.0, 0, 0])
_EPS_S = 1e-3


@dataclass(frozen=True)
class Posed:
    """The body at times ``t``: bone turns (N, B, 3, 3) from rest, joints (N, B, 3), height of each sole (N,)."""

    t: Array
    turns: Array
    joints: Array
    sole: dict[str, Array]

    def vertices(self, body: Body, frame_index: int, only: Array | slice = slice(None)) -> Array:
        """The skin of one frame (V, 3)."""
        return body.skin(self.turns[frame_index], self.joints[frame_index], only)


@dataclass(frozen=True)
class Foot:
    """A foot in time: angles (N,) in radians (toes up +, outer edge down +, toes bent +) and the ankle (N, 3)."""

    yaw: Array
    pitch: Array
    roll: Array
    bend: Array
    ankle: Array


class Leg:
    """The rest geometry of one leg, and what follows from it."""

    def __init__(self, body: Body, side: str) -> None:
        self.side, self.sign = side, SIDES[side]
        self.hip, self.knee, self.ankle = (body.joint(f"{n}.{side}") for n in ("upperleg01", "lowerleg01", "foot"))
        self.thigh, self.shank = np.linalg.norm(self.hip - self.knee), np.linalg.norm(self.knee - self.ankle)
        skin = marks(body)
        line = body.vertices[skin[f"second_toe_{side}"]] - body.vertices[skin[f"heel_{side}"]]
        self.yaw = np.arctan2(line[1], line[0])
        self.ball = body.joint(f"toe2-1.{side}") - self.ankle
        self.heel = body.vertices[skin[f"heel_bottom_{side}"]] - self.ankle
        self._foot_part, self._toe_part = self._sole(body)

    def _sole(self, body: Body) -> tuple[Array, Array]:
        """Sole points (K, 3) split into what turns with the foot and what turns with the toes."""
        foot = body.share("foot", "toe", side=f".{self.side}") > 0.97
        sole = np.flatnonzero(foot & (body.vertices[:, 2] < 0.03))
        points = body.vertices[sole]
        fixed = body.weights[sole, body.bone(f"foot.{self.side}")][:, None] * (points - self.ankle)
        bending = np.zeros_like(points)
        for toe in range(1, 6):
            joint = body.joint(f"toe{toe}-1.{self.side}")
            share = body.share(f"toe{toe}-", side=f".{self.side}")[sole][:, None]
            fixed, bending = fixed + share * (joint - self.ankle), bending + share * (points - joint)
        return fixed, bending

    def foot_turn(self, yaw: Array, pitch: Array, roll: Array) -> Array:
        aside = turn("z", self.sign * yaw) @ turn("y", -pitch) @ turn("x", self.sign * roll)
        return aside @ turn("z", -self.yaw)

    def toe_turn(self, foot: Array, bend: Array) -> Array:
        return foot @ turn("z", self.yaw) @ turn("y", -bend) @ turn("z", -self.yaw)

    def lowest(self, foot: Array, toes: Array) -> Array:
        """Height (N,) of the lowest sole point against the ankle."""
        return (foot[:, 2] @ self._foot_part.T + toes[:, 2] @ self._toe_part.T).min(1)

    def flexion(self, distance: Array) -> Array:
        """Knee flexion for a distance hip-ankle."""
        cosine = (distance**2 - self.thigh**2 - self.shank**2) / (2 * self.thigh * self.shank)
        return np.arccos(np.clip(cosine, -1, 1))

    def distance(self, flexion: Array) -> Array:
        return np.sqrt(self.thigh**2 + self.shank**2 + 2 * self.thigh * self.shank * np.cos(flexion))

    def ahead_of_line(self, flexion: Array) -> Array:
        """Angle between the thigh and the line hip-ankle."""
        return np.arctan2(self.shank * np.sin(flexion), self.thigh + self.shank * np.cos(flexion))

    def knee_at(self, hip: Array, ankle: Array, plane: Array) -> tuple[Array, Array]:
        """Knee (N, 3) and the way it points, for a turn of the leg's plane (outwards +)."""
        down = unit(ankle - hip)
        angle = self.ahead_of_line(self.flexion(np.linalg.norm(ankle - hip, axis=1)))[:, None]
        level, aside = frame(-down, np.broadcast_to(AHEAD, down.shape)), self.sign * plane[:, None]
        ahead = level[:, :, 0] * np.cos(aside) + level[:, :, 1] * np.sin(aside)
        return hip + self.thigh * (np.cos(angle) * down + np.sin(angle) * ahead), ahead


class Motion:
    """One runner's movement from 0 s to ``seconds``: ``at(t)`` poses the body at any times in it."""

    def __init__(self, body: Body, gait: Gait, seconds: float) -> None:
        self.body, self.gait, self.seconds = body, gait, seconds
        self.steps = footfalls(gait, seconds)
        self.legs = {side: Leg(body, side) for side in SIDES}

    def at(self, t: Array) -> Posed:
        """Pose the body."""
        body, (turns, root) = self.body, self._pelvis(t)
        bones = np.repeat(turns[:, None], len(body.names), 1)
        pose_upper(bones, body, self.gait, turns, *rhythm(t, self.steps))
        soles = {}
        for side, leg in self.legs.items():
            foot, plane = self._foot(leg, t, turns, root)
            soles[side] = self._place(bones, leg, foot, plane, self._hip(leg, turns, root))
        joints = forward(body, bones, root)
        joints += trunk_give(body)[:, None] * self._give(t)[:, None, None] * np.array([0, 0, 1.0])
        return Posed(t, bones, joints, soles)

    def _give(self, t: Array) -> Array:
        """How far the head stays behind the pelvis' rise (N,), 25 ms late."""
        return -self.gait.head_still * pelvis_height(t - 0.025, self.steps, self.gait)

    def _pelvis(self, t: Array, standing: float | None = None) -> tuple[Array, Array]:
        gait = self.gait
        phase, middle = rhythm(t, self.steps)
        over = np.cos(np.pi * (phase - middle))  # +1 over the left foot, -1 over the right
        drop = np.deg2rad(gait.pelvic_drop) * np.sign(over) * np.abs(over) ** 0.7
        yaw = -np.deg2rad(5) * np.cos(np.pi * (phase - middle - 0.35))
        tilt = np.deg2rad(gait.pelvic_tilt + 1.5 * np.cos(2 * np.pi * (phase - middle)))
        z = pelvis_height(t, self.steps, gait) + (self.standing if standing is None else standing)
        sway = 0.025 if gait.walking else 0.012
        return turn("z", yaw) @ turn("x", drop) @ turn("y", tilt), np.stack([0 * t, sway * over, z], -1)

    def _hip(self, leg: Leg, turns: Array, root: Array) -> Array:
        return root + turns @ (leg.hip - self.body.joints[0])

    @cached_property
    def standing(self) -> float:
        """Height of the pelvis' path: as high as the legs reach with the knee a little bent all through stance."""
        least = [4, 8, 8, 3, 14] if self.gait.walking else [15, 20, 25, 22, 15]
        heights = []
        for step in self.steps[3:9]:
            leg, u = self.legs[step.side], np.linspace(0, 1, 25)
            t = step.down + u * step.contact
            foot, hip = self._stance(leg, step, t), self._hip(leg, *self._pelvis(t, 0.0))
            away, reach = foot.ankle - hip, leg.distance(np.deg2rad(np.interp(u, [0, 0.1, 0.3, 0.7, 1], least)))
            up = np.sqrt(np.maximum(reach**2 - away[:, 0] ** 2 - away[:, 1] ** 2, 1e-4))
            heights.append((foot.ankle[:, 2] + up - hip[:, 2]).min())
        return float(np.mean(heights))

    def _stance(self, leg: Leg, step: Step, t: Array) -> Foot:
        u = (t - step.down) / step.contact
        landing = 0.20 if step.strike > 0 else 0.14
        pitch = step.strike * (1 - ease(u / landing)) - np.deg2rad(60) * np.clip((u - 0.46) / 0.54, 0, None) ** 1.7
        roll, yaw = np.deg2rad(5) * (1 - ease(u / 0.25)), np.full_like(t, step.fpa)
        bend = np.clip(-pitch, 0, np.deg2rad(52)) + np.deg2rad(12) * ease(pitch / np.deg2rad(8))
        foot = leg.foot_turn(yaw, pitch, roll)
        level = leg.foot_turn(yaw, 0 * t, 0 * t)
        lead = 0.56 if self.gait.walking else 0.47
        x = self.gait.speed * (lead * step.contact - (t - step.down))
        y = leg.sign * step.width / 2 + 0.75 * (level @ (leg.ball - leg.heel))[:, 1]
        ball = np.stack([x, y], -1)
        heel = ball + (level @ (leg.heel - leg.ball))[:, :2]
        over_heel = heel - (foot @ leg.heel)[:, :2]
        over_ball = ball - (foot @ leg.ball)[:, :2]
        xy = np.where((pitch > 1e-9)[:, None], over_heel, over_ball)
        return Foot(yaw, pitch, roll, bend, np.column_stack([xy, -leg.lowest(foot, leg.toe_turn(foot, bend))]))

    def _foot(self, leg: Leg, t: Array, turns: Array, root: Array) -> tuple[Foot, Array]:
        """The foot, and the turn of the leg's plane, through stances and swings."""
        own = [s for s in self.steps if s.side == leg.side]
        foot = Foot(*(np.full_like(t, np.nan) for _ in range(4)), np.full((len(t), 3), np.nan))
        plane, hip = np.zeros_like(t), self._hip(leg, turns, root)
        for step, after in itertools.pairwise(own):
            stance, swing = (t >= step.down) & (t < step.off), (t >= step.off) & (t < after.down)
            _put(foot, stance, self._stance(leg, step, t[stance]))
            if swing.any():
                _put(foot, swing, self._swing(leg, step, after, t[swing], hip[swing]))
            both = stance | swing
            if both.any():
                u = (t[both] - step.off) / (after.down - step.off)
                first, then = self._plane(leg, step), self._plane(leg, after)
                half = np.where(u < 0, 0, np.sin(np.pi * np.clip(u, 0, 1)) ** 2) / 2
                plane[both] = (first + (then - first) * ease(u)) * (1 - half)
        return foot, plane

    def _plane(self, leg: Leg, step: Step) -> float:
        """Turn of the leg's plane for the foot's turn, or for the knee angle asked for at mid-stance."""
        if np.isnan(step.knee):
            return step.fpa
        t = np.array([(step.down + step.off) / 2])
        hip, ankle = self._hip(leg, *self._pelvis(t)), self._stance(leg, step, t).ankle
        tried = np.deg2rad(np.arange(-60, 60.1, 0.5))
        hip, ankle = np.repeat(hip, len(tried), 0), np.repeat(ankle, len(tried), 0)
        bend = knee_projection(hip, leg.knee_at(hip, ankle, tried)[0], ankle, leg.sign)
        order = np.argsort(bend)
        return float(np.interp(step.knee, bend[order], tried[order]))

    def _swing(self, leg: Leg, step: Step, after: Step, t: Array, hip: Array) -> Foot:
        took, walking, d = after.down - step.off, self.gait.walking, np.deg2rad
        u = (t - step.off) / took
        leave = self._ends(leg, step, np.array([step.off - _EPS_S, step.off]))
        land = self._ends(leg, after, np.array([after.down, after.down + _EPS_S]))
        slope = (leave.angles[1] - leave.angles[0]) / _EPS_S * took
        (thigh0, knee0, ankle0), (thigh1, knee1, ankle1) = leave.angles[1], land.angles[0]
        deep = d(2.5) * max(
            0.0, self.gait.vert_osc_cm - 8
        )  # a pelvis that sinks far asks for more bend to clear the ground
        forward, middle, extended = (
            (d(30), d(15), d(32)) if walking else (d(36 + 3 * self.gait.speed), d(8), d(58) + deep)
        )
        peak, dip = (0.32, 0) if walking else (0.36, d(1.5))
        thigh = _spline([0, 0.14, 0.40, 0.70, 1], [thigh0, thigh0 - dip, middle, forward, thigh1],
                        np.clip(slope[0], -1.2, 0.6 if walking else 0), d(-35 if not walking else -20), u)  # fmt: skip
        knee = _spline([0, peak, 0.72, 0.94, 1], [knee0, step.kick, extended, knee1 - d(0 if walking else 2), knee1],
                       np.clip(slope[1], 0.5, 3), d(25 if not walking else 0), u)  # fmt: skip
        lifted = d(6) if walking else d(-4)
        ankle = _spline([0, 0.16, 0.45, 0.75, 1], [ankle0, ankle0 + d(3), lifted, d(3), ankle1], d(-10), 0, u)
        y = leave.foot.ankle[1, 1] + (land.foot.ankle[0, 1] - leave.foot.ankle[1, 1]) * ease(u)
        across = y + leg.sign * 0.03 * np.sin(np.pi * u) ** 2 - hip[:, 1]
        along, angle = np.sqrt(leg.distance(knee) ** 2 - across**2), thigh - leg.ahead_of_line(knee)
        between = lambda name: _between(getattr(leave.foot, name)[1], getattr(land.foot, name)[0], u)  # noqa: E731
        return Foot(
            between("yaw") + d(3) * np.sin(np.pi * u) ** 2,
            thigh - knee + ankle,
            between("roll") + d(4) * np.sin(np.pi * u),
            _between(leave.foot.bend[1], land.foot.bend[0], u / 0.3),
            hip + np.stack([along * np.sin(angle), across, -along * np.cos(angle)], -1),
        )

    def _ends(self, leg: Leg, step: Step, t: Array) -> _Ends:
        """Foot and angles (2, 3) of thigh, knee and ankle at two times of a stance."""
        foot = self._stance(leg, step, t)
        away = foot.ankle - self._hip(leg, *self._pelvis(t))
        knee = leg.flexion(np.linalg.norm(away, axis=1))
        thigh = np.arctan2(away[:, 0], -away[:, 2]) + leg.ahead_of_line(knee)
        return _Ends(foot, np.stack([thigh, knee, foot.pitch - (thigh - knee)], -1))

    def _place(self, bones: Array, leg: Leg, foot: Foot, plane: Array, hip: Array) -> Array:
        """Turn the bones of one leg; the height of its sole (N,)."""
        body, side = self.body, f".{leg.side}"
        knee, ahead = leg.knee_at(hip, foot.ankle, plane)
        bones[:, body.bones("upperleg", side=side)] = (
            frame(hip - knee, ahead) @ frame(leg.hip - leg.knee, AHEAD).T
        )[:, None]
        bones[:, body.bones("lowerleg", side=side)] = (
            frame(knee - foot.ankle, ahead) @ frame(leg.knee - leg.ankle, AHEAD).T
        )[:, None]
        turned = leg.foot_turn(foot.yaw, foot.pitch, foot.roll)
        toes = leg.toe_turn(turned, foot.bend)
        bones[:, body.bones("foot", side=side)] = turned[:, None]
        bones[:, body.bones("toe", side=side)] = toes[:, None]
        return foot.ankle[:, 2] + leg.lowest(turned, toes)


@dataclass(frozen=True)
class _Ends:
    foot: Foot
    angles: Array


def forward(body: Body, bones: Array, root: Array) -> Array:
    """Joints (N, B, 3) from the turns of all bones."""
    joints = np.empty((*bones.shape[:2], 3))
    joints[:, 0] = root
    for i, parent in enumerate(body.parents[1:], 1):
        joints[:, i] = joints[:, parent] + bones[:, parent] @ (body.joints[i] - body.joints[parent])
    return joints


def knee_projection(hip: Array, knee: Array, ankle: Array, sign: float) -> Array:
    """Bend hip-knee-ankle seen along the way of travel (N,), radians, knee towards the midline +."""
    thigh, shank = knee - hip, ankle - knee
    return -sign * (np.arctan2(thigh[:, 1], -thigh[:, 2]) - np.arctan2(shank[:, 1], -shank[:, 2]))


def _put(into: Foot, where: Array, part: Foot) -> None:
    for name in ("yaw", "pitch", "roll", "bend", "ankle"):
        getattr(into, name)[where] = getattr(part, name)


def _between(a: float, b: float, u: Array) -> Array:
    return a + (b - a) * ease(u)


def _spline(at: list[float], values: list[float], first: float, last: float, u: Array) -> Array:
    return CubicSpline(at, values, bc_type=((1, first), (1, last)))(u)
