"""Pictures that carry their number, so that a test knows which one was decoded."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

_BITS = 10
_BLOCK = 16


def numbered_picture(number: int) -> NDArray[np.uint8]:
    """A picture (96, 160, 3) that carries its number as ten black or white blocks, red left and green right below."""
    rgb = np.zeros((96, _BITS * _BLOCK, 3), dtype=np.uint8)
    for bit in range(_BITS):
        rgb[:_BLOCK, bit * _BLOCK : (bit + 1) * _BLOCK] = 235 if number >> bit & 1 else 16
    rgb[32:, :80, 0] = 200
    rgb[32:, 80:, 1] = 200
    rgb[40 + number % 40 : 48 + number % 40, 60:100] = 128
    return rgb


def number_of(rgb: NDArray[np.uint8]) -> int:
    """Read the number back from a decoded picture."""
    centres = rgb[_BLOCK // 2, _BLOCK // 2 :: _BLOCK].mean(axis=1)
    return sum(1 << bit for bit in range(_BITS) if centres[bit] > 125)
