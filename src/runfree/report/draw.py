"""Anti-aliased lines with a dark casing, drawn over a picture so that they are seen on any background."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

CASING = (18, 24, 27)
FOOT = (240, 228, 66)
KNEE = (86, 196, 255)
TRUNK = (255, 255, 255)
TOE = (255, 150, 60)
_FINER = 2

Point = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Line:
    """A polyline through points (N, 2) in pixels; a line with a missing point is not drawn."""

    points: Point
    colour: tuple[int, int, int]
    dashed: bool = False


@dataclass(frozen=True, slots=True)
class Dot:
    """A filled circle; ``size`` is its radius in line widths."""

    point: Point
    colour: tuple[int, int, int]
    size: float = 1.3


@dataclass(frozen=True, slots=True)
class Label:
    """A few words beside a point, to its right, or to its left if ``left``."""

    point: Point
    text: str
    left: bool = False


Mark = Line | Dot | Label


def drawn(image: Image.Image, marks: list[Mark], *, width_px: float) -> Image.Image:
    """Return the picture with the marks drawn on, lines ``width_px`` wide.

    Marks with a coordinate that is not finite are left out: what was not seen is not drawn.
    """
    layer = Image.new("RGBA", (image.width * _FINER, image.height * _FINER), (*CASING, 0))
    pen = ImageDraw.Draw(layer)
    seen = [m for m in marks if np.isfinite(m.points if isinstance(m, Line) else m.point).all()]
    stroke = width_px * _FINER
    for casing in (True, False):
        for mark in seen:
            if isinstance(mark, Line):
                _line(pen, mark, stroke, casing=casing)
            elif isinstance(mark, Dot):
                radius = mark.size * stroke + (0.6 * stroke if casing else 0)
                _disc(pen, mark.point * _FINER, radius, CASING if casing else mark.colour)
    font = ImageFont.load_default(max(10, round(7 * stroke)))
    for mark in seen:
        if isinstance(mark, Label):
            _label(pen, mark, font, stroke, layer.width)
    layer = layer.reduce(_FINER)
    out = image.copy()
    out.paste(layer, mask=layer)
    return out


def _line(pen: ImageDraw.ImageDraw, mark: Line, stroke: float, *, casing: bool) -> None:
    width = round(stroke * 2.1 if casing else stroke)
    colour = CASING if casing else mark.colour
    points = mark.points * _FINER
    if mark.dashed:
        for start, end in _dashes(points, 5 * stroke):
            pen.line([*start, *end], fill=colour, width=width)
        return
    pen.line([tuple(p) for p in points], fill=colour, width=width, joint="curve")
    for point in points[[0, -1]]:
        _disc(pen, point, width / 2, colour)


def _dashes(points: Point, length: float) -> list[tuple[Point, Point]]:
    out: list[tuple[Point, Point]] = []
    for start, end in pairwise(points):
        count = max(1, round(float(np.hypot(*(end - start))) / length))
        at = np.linspace(0, 1, 2 * count)[:, None] * (end - start) + start
        out += [(at[i], at[i + 1]) for i in range(0, 2 * count, 2)]
    return out


def _disc(pen: ImageDraw.ImageDraw, centre: Point, radius: float, colour: tuple[int, int, int]) -> None:
    x, y = float(centre[0]), float(centre[1])
    pen.ellipse((x - radius, y - radius, x + radius, y + radius), fill=colour)


def _label(
    pen: ImageDraw.ImageDraw,
    mark: Label,
    font: ImageFont.ImageFont | ImageFont.FreeTypeFont,
    stroke: float,
    limit: int,
) -> None:
    x, y = mark.point * _FINER
    pad, gap = 1.6 * stroke, 4 * stroke
    width = pen.textlength(mark.text, font=font)
    left = x - gap - width if mark.left else x + gap
    left = min(max(left, pad), limit - width - pad)
    box = pen.textbbox((left, y), mark.text, font=font, anchor="lm")
    pen.rounded_rectangle(
        (box[0] - pad, box[1] - pad, box[2] + pad, box[3] + pad), radius=2 * pad, fill=(*CASING, 215)
    )
    pen.text((left, y), mark.text, font=font, fill=(255, 255, 255), anchor="lm")
