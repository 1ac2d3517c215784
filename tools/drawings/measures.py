"""The drawings of the measures: angles and lengths. Those over time are in timing.py."""

from __future__ import annotations

from canvas import angle_of, arrow, capsule, dot, ground, line, page, path, text, towards, travel, wave, wedge
from runner import (
    FLIGHT,
    MID_STANCE,
    OTHER_TOUCH_DOWN,
    TOUCH_DOWN,
    Leg,
    Pose,
    foot,
    footprint,
    front,
    front_foot,
    side,
)

GROUND = 216.0


def vertical_oscillation() -> str:
    low, high = side(MID_STANCE, 172, 92, GROUND), side(FLIGHT, 172, 204, GROUND, lift=27)
    a, b = low.at["hip"], high.at["hip"]
    parts = [ground(GROUND), *high.parts, *low.parts, wave(a, b)]
    parts += [line("line dash", a, (296, a[1])), line("line dash", b, (296, b[1]))]
    parts += [dot(a), dot(b), arrow((278, b[1]), (278, a[1]), both=True)]
    parts.append(text((304, b[1] - 12), "bounce", "name", "end"))
    return page("Bounce: how far the middle of the hips rises and falls in one step", parts)


def vertical_ratio() -> str:
    low, high = side(MID_STANCE, 140, 92, 178), side(FLIGHT, 140, 196, 178, lift=22)
    a, b = low.at["hip"], high.at["hip"]
    parts = [ground(178), *high.parts, *low.parts, wave(a, b)]
    parts += [line("line dash", a, (296, a[1])), line("line dash", b, (296, b[1]))]
    parts += [
        dot(a),
        dot(b),
        arrow((278, b[1]), (278, a[1]), both=True),
        text((304, b[1] - 12), "bounce", "name", "end"),
    ]
    parts += [arrow((92, 196), (300, 196), both=True), text((196, 222), "bounce ÷ step length", "name", "middle")]
    return page("Bounce per step length: how much of each step goes up and down", parts)


def step_length() -> str:
    before, now = side(OTHER_TOUCH_DOWN, 158, 66, 184, ghost=True), side(TOUCH_DOWN, 158, 214, 184)
    end = now.at["heel"][0]
    start = end - 148
    parts = [ground(184), *before.parts, *now.parts]
    parts += [line("line dash", (x, 188), (x, 210)) for x in (start, end)]
    parts += [
        arrow((start, 203), (end, 203), both=True),
        text(((start + end) / 2, 226), "step length", "name", "middle"),
    ]
    return page("Step length: from one footfall to the next", parts)


def foot_progression() -> str:
    parts = [arrow((136, 226), (136, 22), kind="line", fill="prop"), text((128, 36), "travel", anchor="end")]
    left, _ = footprint((84, 204), 184, 106, -1)
    heel, way = (184.0, 190.0), 162.0
    right, toe = footprint(heel, way, 118, 1)
    way = angle_of(heel, toe)
    parts += [path("far", left), path("near", right)]
    parts += [
        line("line dash", heel, (heel[0], 42)),
        wedge(heel, 138, 180, way),
        line("mark", heel, towards(heel, way, 154)),
    ]
    parts += [
        dot(heel),
        dot(toe),
        text((304, 52), "toe-out +", "name", "end"),
        text((toe[0] + 24, toe[1] + 6), "2nd toe"),
    ]
    parts += [text((heel[0] + 24, heel[1] + 6), "heel"), text((82, 228), "left", anchor="middle")]
    parts += [text((heel[0], 224), "right", anchor="middle")]
    return page(
        "Foot angle: the line from heel to second toe against the direction of travel, seen from above", parts
    )


def knee_projection() -> str:
    runner = front(300, 166, 226, knee_in=0.034)
    hip, knee, ankle = (runner.at[n] for n in ("hip", "knee", "ankle"))
    down = angle_of(hip, knee)
    parts = [ground(226, 60, 262), *runner.parts]
    parts += [line("line dash", knee, towards(knee, down, 78)), wedge(knee, 58, down, angle_of(knee, ankle))]
    parts += [line("mark", hip, knee, ankle), dot(hip), dot(knee), dot(ankle)]
    parts += [text((hip[0] + 28, hip[1] + 5), "hip"), text((knee[0] + 26, knee[1] + 5), "knee", "name")]
    parts += [text((ankle[0] + 22, ankle[1] + 2), "ankle"), text((84, 190), "towards the", anchor="end")]
    parts += [text((84, 206), "midline +", "name", "end")]
    return page("Knee line: the bend of hip, knee and ankle seen from the front", parts)


def knee_over_toe() -> str:
    h, ankle, knee, hip = 430.0, (168.0, 196.0), (134.0, 94.0), (166.0, -22.0)
    toe = (ankle[0], 216.0)
    leg = capsule(knee, ankle, 0.05 * h, 0.03 * h) + capsule(hip, knee, 0.085 * h, 0.05 * h)
    parts = [ground(223, 50, 290), path("near", front_foot(ankle, 0, 1.25 * h) + leg)]
    parts += [
        line("line dash", toe, (ankle[0], 22)),
        wedge(ankle, 84, 180, angle_of(ankle, knee)),
        line("mark", ankle, knee),
    ]
    parts += [dot(knee, 6), dot(ankle), dot(toe), text((knee[0] - 32, knee[1] + 5), "knee", "name", "end")]
    parts += [text((182, 100), "plane through"), text((182, 116), "heel and 2nd toe")]
    parts += [text((200, 194), "ankle"), text((200, 215), "2nd toe")]
    parts += [text((92, 162), "towards the", anchor="end"), text((92, 178), "midline +", "name", "end")]
    return page(
        "Knee over second toe: the knee against the plane through heel and second toe, seen along the foot", parts
    )


def pelvic_drop() -> str:
    runner = front(222, 164, 226, drop=13)
    hip, other = runner.at["hip"], runner.at["other_hip"]
    way = angle_of(hip, other)
    parts = [ground(226, 60, 262), *runner.parts, line("line dash", (hip[0] + 44, hip[1]), (hip[0] - 124, hip[1]))]
    parts += [
        wedge(hip, 100, -90, way),
        line("mark", towards(hip, way + 180, 40), towards(hip, way, 122)),
        dot(hip),
        dot(other),
    ]
    parts += [
        text((66, hip[1] + 52), "swing side", anchor="middle"),
        text((66, hip[1] + 68), "lower +", "name", "middle"),
    ]
    parts += [text((214, 196), "standing leg")]
    return page("Pelvic drop: the line between the hips against the horizontal, on one leg", parts)


def step_width() -> str:
    parts = [arrow((24, 112), (300, 112), kind="line", fill="prop"), text((300, 104), "travel", anchor="end")]
    first, right, left = (38.0, 76.0), (112.0, 148.0), (186.0, 76.0)
    for leg, heel in ((-1, first), (1, right), (-1, left)):
        parts.append(path("near", footprint(heel, 90 - 6 * leg, 68, leg)[0]))
    parts += [line("line dash", first, (300, 76)), line("line dash", right, (300, 148))]
    parts += [arrow((206, 77), (206, 147), both=True), *(dot(heel) for heel in (first, right, left))]
    parts += [text((215, 136), "step width", "name"), text((222, 50), "left", anchor="middle")]
    parts += [
        text((148, 182), "right", anchor="middle"),
        text((160, 222), "feet that cross over: below zero", anchor="middle"),
    ]
    return page("Step width: the sideways distance between the heels of two steps, seen from above", parts)


def trunk_lean() -> str:
    runner = side(Pose(MID_STANCE.near, MID_STANCE.far, -18, 4, lean=16), 200, 140, GROUND)
    hip, shoulder = runner.at["hip"], runner.at["shoulder"]
    way = angle_of(hip, shoulder)
    parts = [ground(GROUND), *runner.parts, line("line dash", hip, (hip[0], 20))]
    parts += [wedge(hip, 82, 180, way), line("mark", hip, shoulder), dot(hip), dot(shoulder)]
    parts += [
        text((206, 112), "forward +", "name"),
        text((hip[0] - 8, 40), "upright", anchor="end"),
        travel(258, 198),
    ]
    return page("Trunk lean: the line from mid-hip to mid-shoulder against the vertical", parts)


CLOSE = 285.0
LANDING = Pose(Leg(30, 26, 14), TOUCH_DOWN.far, TOUCH_DOWN.near_arm, TOUCH_DOWN.far_arm)
REACHING = Pose(Leg(28, 10, 12), TOUCH_DOWN.far, TOUCH_DOWN.near_arm, TOUCH_DOWN.far_arm)


def _knee_bend(pose: Pose, title: str, moment: str) -> str:
    runner = side(pose, CLOSE, 112, GROUND)
    hip, knee, ankle = (runner.at[n] for n in ("hip", "knee", "ankle"))
    down = angle_of(hip, knee)
    end = towards(knee, down, 84)
    parts = [ground(GROUND), *runner.parts, line("line dash", knee, end)]
    parts += [
        wedge(knee, 56, down, angle_of(knee, ankle)),
        line("mark", hip, knee, ankle),
        dot(hip),
        dot(knee),
        dot(ankle),
    ]
    parts += [
        text((knee[0] + 28, knee[1] + 5), "knee bend +", "name"),
        text((end[0] + 8, end[1] - 2), "straight: 0"),
    ]
    parts += [text((304, 32), moment, anchor="end"), travel(266, 72)]
    return page(title, parts)


def knee_flexion_contact() -> str:
    return _knee_bend(LANDING, "Knee bend at touch-down: thigh against shin, 0 is straight", "touch-down")


def knee_flexion_midstance() -> str:
    return _knee_bend(MID_STANCE, "Knee bend at mid-stance: thigh against shin, 0 is straight", "mid-stance")


def tibia_angle_contact() -> str:
    runner = side(REACHING, CLOSE, 112, GROUND)
    knee, ankle = runner.at["knee"], runner.at["ankle"]
    parts = [ground(GROUND), *runner.parts, line("line dash", knee, (knee[0], GROUND))]
    parts += [wedge(knee, 56, 0, angle_of(knee, ankle)), line("mark", knee, ankle), dot(knee), dot(ankle)]
    parts += [
        text((knee[0] + 26, knee[1] + 5), "knee"),
        text((ankle[0] + 24, ankle[1] - 18), "ankle ahead +", "name"),
    ]
    parts += [
        text((knee[0] - 10, 196), "straight down", anchor="end"),
        text((304, 32), "touch-down", anchor="end"),
        travel(266, 72),
    ]
    return page("Shin angle at touch-down: the shin against the vertical", parts)


def foot_strike_angle() -> str:
    h, pitch = 880.0, 16.0
    _, low, _ = foot((0, 0), pitch, h)
    ankle = (118.0, 202.0 - low)
    shoe, _, joints = foot(ankle, pitch, h)
    heel, way = joints["heel"], angle_of(joints["heel"], joints["toe"])
    parts = [ground(204), path("near", shoe + capsule(towards(ankle, 180 + 10, 200), ankle, 40, 19))]
    parts += [
        line("line dash", heel, (296, heel[1])),
        wedge(heel, 150, 90, way),
        line("mark", heel, towards(heel, way, 176)),
    ]
    parts += [
        dot(heel),
        text((304, 134), "heel first +", "name", "end"),
        text((270, 224), "ground", anchor="middle"),
    ]
    parts += [
        text((heel[0], 226), "heel", anchor="middle"),
        text((304, 32), "touch-down", anchor="end"),
        travel(266, 72),
    ]
    return page("Foot angle at touch-down: the sole against the ground", parts)
