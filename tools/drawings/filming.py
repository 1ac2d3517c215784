"""Where to put the phone: the place from above, and what the picture should hold."""

from __future__ import annotations

from canvas import Point, arrow, bar, line, page, path, text, xy
from runner import TOUCH_DOWN, from_above, front, side

WIDTH = 480


def _phone(centre: Point, width: float, height: float) -> str:
    return bar("prop", centre[0] - width / 2, centre[1] - height / 2, width, height, 4)


def _sees(phone: Point, a: Point, b: Point) -> str:
    return path("view", f"M{xy(phone)}L{xy(a)}L{xy(b)}Z")


def _screen(x: float, y: float, width: float, height: float, inside: list[str]) -> list[str]:
    frame = bar("prop", x - 7, y - 7, width + 14, height + 14, 13) + bar("card", x, y, width, height, 7)
    return [frame, *inside]


def side_on() -> str:
    phone = (120.0, 204.0)
    parts = [_sees(phone, (42, 92), (198, 92)), bar("far", 40, 38, 160, 56, 8), from_above((120, 66), 118)]
    parts += [arrow((208, 66), (238, 66), kind="line", fill="prop"), _phone(phone, 30, 9)]
    parts += [arrow((120, 97), (120, 194), both=True), text((130, 150), "3–4 m", "name")]
    parts += [text((24, 26), "from above"), text((144, 209), "phone")]
    runner = side(TOUCH_DOWN, 118, 354, 170)
    hip = runner.at["hip"]
    parts += _screen(262, 42, 190, 140, [line("line", (270, 170), (444, 170)), *runner.parts])
    parts += [line("mark thin", (270, hip[1]), (322, hip[1])), line("mark thin", (392, hip[1]), (444, hip[1]))]
    parts += [
        text((357, 26), "in the picture", anchor="middle"),
        text((357, 215), "phone level with the hips", "name", "middle"),
    ]
    return page(
        "Filming from the side: phone level, at hip height, 3 to 4 metres away, square to the runner", parts, WIDTH
    )


def head_on() -> str:
    phone = (292.0, 116.0)
    parts = [_sees(phone, (24, 70), (24, 162)), line("line dash", (24, 116), (284, 116))]
    parts += [from_above((54, 116), 105, ghost=True), from_above((196, 116), 105), _phone(phone, 9, 30)]
    parts += [arrow((92, 116), (160, 116), kind="mark thin"), text((54, 150), "20 m", "", "middle")]
    parts += [
        text((196, 150), "5 m", "", "middle"),
        text((304, 150), "phone", anchor="middle"),
        text((24, 26), "from above"),
    ]
    parts += [text((160, 215), "straight towards the phone", "name", "middle")]
    runner = front(142, 396, 192)
    parts += _screen(346, 42, 100, 162, [line("line", (356, 192), (436, 192)), *runner.parts])
    parts.append(text((396, 26), "in the picture", anchor="middle"))
    return page("Filming from the front: run straight towards the phone, from 20 to 5 metres", parts, WIDTH)
