"""How bright and how sharp a picture is."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import uniform_filter1d

Picture = NDArray[np.uint8]
_LUMA = np.array([0.2126, 0.7152, 0.0722])
_REBLUR_PX = 11


def brightness(person: Picture, whole: Picture) -> tuple[float, float]:
    """Median luma (0 to 1, Rec. 709 weights) of a cut-out person and mean luma of the whole picture."""
    return float(np.median(_luma(person))), float(_luma(whole).mean())


def blur_of(rgb: Picture) -> float:
    """How blurred a picture is, 0 (sharp) to 1: how little it changes when it is blurred once more.

    Crété-Roffet et al. 2007, The blur effect (SPIE 6492), in its worse direction; the picture is first
    brought to 160 pixels of height at most, since what matters is detail compared with the body.
    """
    luma = _luma(rgb)
    step = max(1, len(luma) // 160)
    luma = luma[::step, ::step]
    return max(_blur_along(luma, axis) for axis in (0, 1))


def _luma(rgb: Picture) -> NDArray[np.float64]:
    return rgb @ _LUMA / 255


def _blur_along(luma: NDArray[np.float64], axis: int) -> float:
    again = uniform_filter1d(luma, _REBLUR_PX, axis=axis)
    before, after = (np.abs(np.diff(x, axis=axis)) for x in (luma, again))
    lost = np.maximum(0, before - after).sum()
    return float(1 - lost / max(before.sum(), 1e-9))
