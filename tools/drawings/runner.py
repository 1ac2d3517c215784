"""The runner of the drawings: from the side (facing right), from the front, and footprints from above.

Lengths are shares of the body height.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from canvas import Point, capsule, circle_path, path, smooth, towards

THIGH, SHANK, TRUNK, UPPER_ARM, FOREARM = 0.245, 0.246, 0.275, 0.165, 0.14


@dataclass(frozen=True)
class Leg:
    """Thigh forward +, bend of the knee, toe up +; degrees."""

    thigh: float
    knee: float
    foot: float


@dataclass(frozen=True)
class Pose:
    near: Leg
    far: Leg
    near_arm: float
    far_arm: float
    lean: float = 8
    elbow: float = 95


TOUCH_DOWN = Pose(Leg(26, 17, 16), Leg(-14, 88, -60), -46, 26)
MID_STANCE = Pose(Leg(24, 44, 0), Leg(8, 104, -68), -18, 4)
TOE_OFF = Pose(Leg(-24, 14, -48), Leg(50, 92, -22), 30, -52)
OTHER_TOUCH_DOWN = Pose(TOUCH_DOWN.far, TOUCH_DOWN.near, TOUCH_DOWN.far_arm, TOUCH_DOWN.near_arm)
FLIGHT = Pose(Leg(-22, 62, -58), Leg(42, 46, 2), 28, -50)
LOADED = Pose(Leg(38, 70, 0), MID_STANCE.far, MID_STANCE.near_arm, MID_STANCE.far_arm)
WALK_DOWN = Pose(Leg(25, 5, 20), Leg(-18, 24, -44), -22, 18)
WALK_MID = Pose(Leg(3, 10, 0), Leg(12, 56, -40), -4, 2)
WALK_OFF = Pose(Leg(-18, 30, -48), Leg(25, 6, 8), 18, -22)


@dataclass
class Figure:
    """Joints in pixels, and the paths that show them from back to front."""

    at: dict[str, Point] = field(default_factory=dict)
    parts: list[str] = field(default_factory=list)
    sole: float = 0.0

    def draw(self, kind: str, *shapes: str) -> None:
        self.parts.append(path(kind, "".join(shapes)))


def side(pose: Pose, height: float, x: float, sole: float, *, lift: float = 0, ghost: bool = False) -> Figure:
    """A runner whose mid-hip stands at ``x`` and whose lowest sole is ``lift`` above ``sole``."""
    lowest = max(_leg(leg, (0, 0), height)[1] for leg in (pose.near, pose.far))
    hip = (x, sole - lift - lowest)
    out = Figure({"hip": hip})
    near, far = ("far", "far") if ghost else ("near", "far")
    shoulder = towards(hip, 180 - pose.lean, TRUNK * height)
    out.at["shoulder"] = shoulder
    out.draw(far, *_arm(shoulder, pose.far_arm, pose.elbow, height))
    out.draw(far, *_leg(pose.far, hip, height)[0])
    chest = towards(hip, 180 - pose.lean, 0.72 * TRUNK * height)
    neck = towards(shoulder, 180 - 1.5 * pose.lean, 0.05 * height)
    skull = towards(shoulder, 180 - 1.8 * pose.lean, 0.125 * height)
    nose = (skull[0] + 0.064 * height, skull[1] + 0.008 * height)
    out.draw(
        near,
        capsule(hip, chest, 0.058 * height, 0.06 * height),
        capsule(chest, shoulder, 0.06 * height, 0.04 * height),
        capsule(shoulder, neck, 0.03 * height, 0.026 * height),
        circle_path(skull, 0.062 * height),
        capsule(skull, nose, 0.03 * height, 0.012 * height),
    )
    shapes, _, joints = _leg(pose.near, hip, height)
    out.at.update(joints)
    out.at["head"] = skull
    out.draw(near, *shapes)
    out.draw(near, *_arm(shoulder, pose.near_arm, pose.elbow, height))
    return out


def _leg(leg: Leg, hip: Point, h: float) -> tuple[list[str], float, dict[str, Point]]:
    knee = towards(hip, leg.thigh, THIGH * h)
    ankle = towards(knee, leg.thigh - leg.knee, SHANK * h)
    shoe, low, joints = foot(ankle, leg.foot, h)
    limbs = [capsule(hip, knee, 0.054 * h, 0.034 * h), capsule(knee, ankle, 0.034 * h, 0.02 * h), shoe]
    return limbs, low, {"knee": knee, "ankle": ankle, **joints}


SHOE = [(-0.05, -0.004), (-0.024, -0.022), (0.022, -0.022), (0.056, 0.002), (0.1, 0.014), (0.124, 0.03), (0.116, 0.043),
        (0.08, 0.047), (0.03, 0.046), (-0.03, 0.047), (-0.05, 0.041), (-0.055, 0.02)]  # fmt: skip


def foot(ankle: Point, pitch: float, h: float) -> tuple[str, float, dict[str, Point]]:
    """A shoe seen from the side: its shape, its lowest point, and heel and toe on the sole."""

    def place(ahead: float, below: float) -> Point:
        return towards(towards(ankle, 90 + pitch, ahead * h), pitch, below * h)

    outline = [place(*p) for p in SHOE]
    return smooth(outline), max(y for _, y in outline), {"heel": place(-0.042, 0.046), "toe": place(0.11, 0.046)}


def _arm(shoulder: Point, upper: float, elbow: float, h: float) -> list[str]:
    bend = towards(shoulder, upper, UPPER_ARM * h)
    hand = towards(bend, upper + elbow, FOREARM * h)
    return [
        capsule(shoulder, bend, 0.032 * h, 0.023 * h),
        capsule(bend, hand, 0.023 * h, 0.016 * h),
        circle_path(hand, 0.022 * h),
    ]


def front(height: float, x: float, sole: float, *, knee_in: float = 0, drop: float = 0) -> Figure:
    """A runner coming towards us in mid-stance on the left leg, which is at the picture's right.

    ``knee_in`` shifts the knee towards the midline (share of height), ``drop`` lowers the other hip (degrees).
    """
    h = height
    ankle = (x + 0.02 * h, sole - 0.048 * h)
    pelvis = (x, ankle[1] - 0.475 * h)
    across = towards((0, 0), 90 - drop, 0.062 * h)
    hip, other = (pelvis[0] + across[0], pelvis[1] - across[1]), (pelvis[0] - across[0], pelvis[1] + across[1])
    knee = ((hip[0] + ankle[0]) / 2 - knee_in * h, (hip[1] + ankle[1]) / 2)
    swing_knee = (other[0] - 0.012 * h, other[1] + 0.215 * h)
    swing_ankle = (swing_knee[0] + 0.008 * h, swing_knee[1] + 0.07 * h)
    out = Figure({"hip": hip, "other_hip": other, "knee": knee, "ankle": ankle, "pelvis": pelvis})
    out.draw("far", capsule(swing_knee, swing_ankle, 0.03 * h, 0.022 * h), front_foot(swing_ankle, 0, 0.9 * h))
    out.draw("far", capsule(other, swing_knee, 0.056 * h, 0.034 * h))
    shin, thigh = capsule(knee, ankle, 0.034 * h, 0.02 * h), capsule(hip, knee, 0.056 * h, 0.034 * h)
    out.draw("near", front_foot(ankle, 6, h), shin, thigh, *_front_trunk(pelvis, hip, other, h))
    for turn, raised in ((1, -0.035), (-1, 0.075)):
        shoulder = (pelvis[0] + turn * 0.098 * h, pelvis[1] - 0.275 * h)
        bend = (shoulder[0] + turn * 0.05 * h, shoulder[1] + 0.15 * h)
        hand = (bend[0] - turn * 0.045 * h, bend[1] - raised * h)
        arm = capsule(shoulder, bend, 0.034 * h, 0.024 * h) + capsule(bend, hand, 0.024 * h, 0.02 * h)
        out.draw("near", arm, circle_path(hand, 0.024 * h))
    return out


TOE_CAP = [(-0.02, -0.03), (0, -0.035), (0.02, -0.03), (0.03, 0.0), (0.039, 0.03), (0.032, 0.045), (0, 0.048), (-0.032, 0.045),
           (-0.039, 0.03), (-0.03, 0.0)]  # fmt: skip


def front_foot(ankle: Point, turn: float, h: float) -> str:
    """A shoe pointing at us, its toe turned by ``turn`` degrees to the picture's right."""
    lean = 0.04 * turn
    return smooth([(ankle[0] + (x + lean * max(y, 0)) * h, ankle[1] + y * h) for x, y in TOE_CAP])


def _front_trunk(pelvis: Point, hip: Point, other: Point, h: float) -> list[str]:
    waist = (pelvis[0], pelvis[1] - 0.13 * h)
    chest = (pelvis[0], pelvis[1] - 0.235 * h)
    left, right = (chest[0] - 0.06 * h, chest[1]), (chest[0] + 0.06 * h, chest[1])
    top, skull = (chest[0], chest[1] - 0.1 * h), (chest[0], chest[1] - 0.155 * h)
    return [
        capsule(other, hip, 0.05 * h, 0.05 * h),
        capsule(pelvis, waist, 0.085 * h, 0.07 * h),
        capsule(waist, left, 0.068 * h, 0.06 * h),
        capsule(waist, right, 0.068 * h, 0.06 * h),
        capsule(left, right, 0.06 * h, 0.06 * h),
        capsule(chest, top, 0.06 * h, 0.026 * h),
        circle_path(skull, 0.06 * h),
    ]


SOLE = [(-0.03, 0.0), (0.03, -0.11), (0.25, -0.115), (0.45, -0.085), (0.68, -0.16), (0.87, -0.16), (0.98, -0.06), (0.93, 0.07),
        (0.82, 0.15), (0.66, 0.19), (0.45, 0.155), (0.25, 0.13), (0.03, 0.11)]  # fmt: skip


def footprint(heel: Point, angle: float, length: float, leg: int) -> tuple[str, Point]:
    """The sole of a shoe from above (leg −1 = left, +1 = right) and the place of its second toe."""

    def place(along: float, outwards: float) -> Point:
        return towards(towards(heel, angle, along * length), angle - 90 * leg, outwards * length)

    return smooth([place(*p) for p in SOLE]), place(0.86, -0.045)


def from_above(centre: Point, h: float, *, ghost: bool = False) -> str:
    """Head, shoulders and feet of a runner who goes to the picture's right."""

    def place(ahead: float, across: float) -> Point:
        return centre[0] + ahead * h, centre[1] + across * h

    body, top = ("far", "far") if ghost else ("near", "prop")
    shoes = capsule(place(0.08, 0.05), place(0.2, 0.05), 0.034 * h, 0.028 * h)
    shoes += capsule(place(-0.22, -0.05), place(-0.1, -0.05), 0.034 * h, 0.028 * h)
    arms = capsule(place(0.0, -0.13), place(0.1, -0.12), 0.035 * h, 0.025 * h)
    arms += capsule(place(-0.1, 0.14), place(0.0, 0.13), 0.025 * h, 0.035 * h)
    trunk = capsule(place(0, -0.1), place(0, 0.1), 0.062 * h, 0.062 * h)
    return path(body, shoes) + path(body, arms + trunk) + path(top, circle_path(place(0.02, 0), 0.066 * h))
