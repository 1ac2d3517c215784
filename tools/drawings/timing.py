"""The drawings of the measures over time: small runners above, and a bar for each time on the ground."""

from __future__ import annotations

from canvas import arrow, bar, circle, ground, line, page, text
from runner import FLIGHT, MID_STANCE, OTHER_TOUCH_DOWN, TOE_OFF, TOUCH_DOWN, Pose, side

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
