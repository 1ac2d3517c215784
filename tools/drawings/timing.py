"""The drawings of the measures over time: small runners above, and a bar for each time on the ground."""

from __future__ import annotations

from canvas import arrow, bar, circle, dot, ground, line, page, path, text
from runner import (
    FLIGHT,
    LOADED,
    MID_STANCE,
    OTHER_TOUCH_DOWN,
    TOE_OFF,
    TOUCH_DOWN,
    WALK_DOWN,
    WALK_MID,
    WALK_OFF,
    Pose,
    side,
)

FLOOR = 132.0
NEAR_ROW, FAR_ROW = 150.0, 174.0


def cadence() -> str:
    parts = [ground(FLOOR)]
    for pose, x, lift in ((TOUCH_DOWN, 62, 0), (FLIGHT, 160, 8), (OTHER_TOUCH_DOWN, 254, 0)):
        parts += side(pose, 110, x, FLOOR, lift=lift).parts
    parts.append(line("line", (16, 172), (304, 172)))
    for i in range(8):
        x = 37 + 35 * i
        parts += [circle("fill", (x, 172), 11), text((x, 176.5), "RL"[i % 2], "in", "middle")]
    parts.append(text((160, 216), "all steps in one minute", "name", "middle"))
    return page("Cadence: all steps of both feet in one minute", parts)


def _runners(*shown: tuple[Pose, float, float]) -> list[str]:
    parts = [ground(FLOOR)]
    for pose, x, lift in shown:
        parts += side(pose, 110, x, FLOOR, lift=lift).parts
    return parts


def _row(name: str, y: float, *bars: tuple[str, float, float]) -> list[str]:
    parts = [text((22, y + 12), name, anchor="middle"), line("line", (34, y + 8), (304, y + 8))]
    return parts + [bar(kind, a, y, b - a, 16) for kind, a, b in bars]


def _span(a: float, b: float, y: float, words: str, top: float) -> list[str]:
    """A measured stretch of time with its name, and dotted lines down to its ends."""
    drops = [line("line dash", (x, top), (x, y + 4)) for x in (a, b)]
    return [*drops, arrow((a, y), (b, y), both=True), text(((a + b) / 2, y + 22), words, "name", "middle")]


def contact_time() -> str:
    parts = _runners((TOUCH_DOWN, 66, 0), (MID_STANCE, 158, 0), (TOE_OFF, 262, 0))
    parts += _span(86, 236, 204, "contact time", FLOOR + 4)
    parts += _row("R", NEAR_ROW, ("fill", 86, 236)) + _row("L", FAR_ROW, ("near", 34, 54), ("near", 274, 304))
    return page("Contact time: from touch-down to toe-off of one foot", parts)


def flight_time() -> str:
    parts = _runners((TOE_OFF, 76, 0), (FLIGHT, 156, 9), (OTHER_TOUCH_DOWN, 242, 0))
    parts += _span(104, 206, 204, "flight time", FLOOR + 4)
    parts += _row("R", NEAR_ROW, ("near", 34, 104)) + _row("L", FAR_ROW, ("near", 206, 304))
    return page("Flight time: from toe-off of one foot to touch-down of the other", parts)


def duty_factor() -> str:
    parts = _runners((TOUCH_DOWN, 62, 0), (TOE_OFF, 164, 0), (TOUCH_DOWN, 252, 0))
    parts += _row("R", NEAR_ROW, ("fill", 80, 150), ("near", 270, 304)) + _row("L", FAR_ROW, ("near", 175, 245))
    parts += [line("line dash", (x, FLOOR + 4), (x, 208)) for x in (80, 270)]
    parts += [arrow((80, 204), (270, 204), both=True, kind="line", fill="prop")]
    parts += [text((166, 226), "on the ground", "name", "end"), text((176, 226), "÷ whole stride")]
    return page("Duty factor: the share of a stride that one foot spends on the ground", parts)


def step_time() -> str:
    parts = _runners((TOUCH_DOWN, 76, 0), (FLIGHT, 156, 9), (OTHER_TOUCH_DOWN, 242, 0))
    parts += _row("R", NEAR_ROW, ("near", 104, 174)) + _row("L", FAR_ROW, ("near", 206, 276))
    parts += _span(104, 206, 204, "step time", FLOOR + 4)
    return page("Step time: from the footfall of one foot to that of the other", parts)


def stride_time() -> str:
    parts = _runners((TOUCH_DOWN, 62, 0), (OTHER_TOUCH_DOWN, 158, 0), (TOUCH_DOWN, 252, 0))
    parts += _row("R", NEAR_ROW, ("near", 80, 150), ("near", 270, 304)) + _row("L", FAR_ROW, ("near", 175, 245))
    parts += _span(80, 270, 204, "stride time", FLOOR + 4)
    return page("Stride time: from a footfall to the next of the same foot", parts)


def peak_force() -> str:
    floor, top = 200.0, 71.0
    parts = [line("line", (34, floor), (304, floor)), line("line dash", (34, 150), (304, 150))]
    for a, b in ((50.0, 130.0), (166.0, 246.0)):
        rise = (4 * top - floor) / 3
        parts += [path("far", f"M{a:g} {floor:g} C{a + 20:g} {rise:g} {b - 20:g} {rise:g} {b:g} {floor:g} Z")]
        parts.append(dot(((a + b) / 2, top)))
    parts += [arrow((90, floor), (90, top + 8), kind="line", fill="prop")]
    parts += [text((304, 144), "weight", anchor="end"), text((148, 52), "peak force", "name", "middle")]
    parts += [text((90, 222), "contact", anchor="middle"), text((148, 222), "flight", anchor="middle")]
    return page("Peak force: the top of the push of the ground, taken as half a wave over the contact", parts)


def leg_stiffness() -> str:
    down, loaded = side(TOUCH_DOWN, 160, 92, 190), side(LOADED, 160, 220, 190)
    high, low = down.at["hip"], loaded.at["hip"]
    parts = [ground(190), *down.parts, *loaded.parts]
    parts += [line("line dash", high, (300, high[1])), line("line dash", low, (300, low[1])), dot(high), dot(low)]
    parts += [arrow((280, high[1]), (280, low[1])), text((160, 222), "force ÷ shortening", "name", "middle")]
    return page("Leg stiffness: peak force over how far the leg shortens under it", parts)


def stance_time() -> str:
    parts = _runners((WALK_DOWN, 66, 0), (WALK_MID, 158, 0), (WALK_OFF, 250, 0))
    parts += _row("R", NEAR_ROW, ("fill", 80, 246)) + _row("L", FAR_ROW, ("near", 34, 112), ("near", 216, 304))
    parts += _span(80, 246, 204, "stance time", FLOOR + 4)
    return page("Stance time: from touch-down to toe-off of one foot in walking", parts)


def swing_time() -> str:
    parts = _runners((WALK_OFF, 76, 0), (WALK_MID, 158, 0), (WALK_DOWN, 240, 0))
    parts += _row("R", NEAR_ROW, ("near", 34, 96), ("near", 220, 304)) + _row("L", FAR_ROW, ("near", 66, 250))
    parts += _span(96, 220, 204, "swing time", FLOOR + 4)
    return page("Swing time: from toe-off to the next touch-down of the same foot in walking", parts)


def double_support() -> str:
    parts = _runners((WALK_DOWN, 66, 0), (WALK_MID, 158, 0), (WALK_DOWN, 250, 0))
    parts += _row("R", NEAR_ROW, ("fill", 80, 236)) + _row("L", FAR_ROW, ("near", 34, 112), ("near", 204, 304))
    parts += [line("line dash", (x, FLOOR + 4), (x, 204)) for x in (80, 112, 204, 236)]
    parts += [arrow((80, 202), (112, 202), both=True), arrow((204, 202), (236, 202), both=True)]
    parts.append(text((158, 226), "both feet on the ground", "name", "middle"))
    return page("Double support: the share of a stride with both feet on the ground", parts)
