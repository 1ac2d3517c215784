"""A picture with a numbered frame around everybody in it."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from runfree.io.whole_file import whole_file
from runfree.report.draw import CASING, FOOT, KNEE, TOE

_WIDTH_PX = 1280
_COLOURS = (FOOT, KNEE, TOE, (120, 220, 140), (230, 150, 230))


@dataclass(frozen=True, eq=False)
class Framed:
    """A picture (height, width, 3), and mid-hip and radius of the people in it by number."""

    rgb: NDArray[np.uint8]
    people: dict[int, NDArray[np.float64]]


def write_numbered(path: Path, pictures: Sequence[Framed]) -> None:
    """Write one PNG: the pictures one below the other, with numbers; it appears only when it is whole.

    Raises
    ------
    OutputError
        If it cannot be written.
    """
    drawn = [_numbered(picture) for picture in pictures]
    sheet = Image.new("RGB", (max(d.width for d in drawn), sum(d.height for d in drawn)), CASING)
    top = 0
    for one in drawn:
        sheet.paste(one, (0, top))
        top += one.height
    held = io.BytesIO()
    sheet.save(held, "PNG", optimize=True)
    with whole_file(path, "picture", "Choose another place with --out.") as part:
        part.write_bytes(held.getvalue())


def _numbered(picture: Framed) -> Image.Image:
    image = Image.fromarray(picture.rgb)
    scale = min(1.0, _WIDTH_PX / image.width)
    image = image.resize((round(image.width * scale), round(image.height * scale)), Image.Resampling.LANCZOS)
    pen = ImageDraw.Draw(image)
    stroke = max(2, round(image.width / 320))
    font = ImageFont.load_default(max(22, image.width // 28))
    for number, place in picture.people.items():
        x, y, radius = place * scale
        box = np.array([x - 0.5 * radius, y - radius, x + 0.5 * radius, y + radius])
        low = np.full(2, stroke)
        high = np.array(image.size) - stroke - 1
        left, top, right, bottom = (*np.clip(box[:2], low, high), *np.clip(box[2:], low, high))
        colour = _COLOURS[(number - 1) % len(_COLOURS)]
        pen.rectangle((left - 1, top - 1, right + 1, bottom + 1), outline=CASING, width=stroke + 2)
        pen.rectangle((left, top, right, bottom), outline=colour, width=stroke)
        words = pen.textbbox((left + 2 * stroke, top + 2 * stroke), f" {number} ", font=font)
        pen.rounded_rectangle(words, radius=2 * stroke, fill=CASING)
        pen.text((left + 2 * stroke, top + 2 * stroke), f" {number} ", font=font, fill=colour)
    return image
