"""How bright and how sharp a picture is."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter, gaussian_filter1d, sobel, uniform_filter1d

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


_TILTS_DEG = np.arange(-12.0, 12.01, 0.25)
_CLEAR = 2.5
_EDGE = 0.06


def tilt_deg(pictures: Sequence[Picture], people: Sequence[NDArray[np.float64]]) -> float | None:
    """How far the upright edges of a scene are turned clockwise, people left out; None where no direction stands out.

    Walls, doors, posts: the direction of the gradient at strong edges within 12 degrees of upright, counted by its strength.
    Upright edges stay upright whatever way a level phone looks; level ones do not.

    Parameters
    ----------
    pictures : sequence of array (height, width, 3)
    people : sequence of array (N, 3)
        Mid-hip and radius of everybody in them.
    """
    count = np.zeros(len(_TILTS_DEG))
    for rgb, rows in zip(pictures, people, strict=True):
        luma = gaussian_filter(_luma(rgb), 1.0)
        across, down = sobel(luma, axis=1) / 4, sobel(luma, axis=0) / 4
        strength = np.hypot(across, down)
        for x, y, radius in rows:
            strength[
                max(0, int(y - 1.2 * radius)) : int(y + 1.2 * radius),
                max(0, int(x - 0.7 * radius)) : int(x + 0.7 * radius),
            ] = 0
        angle = np.degrees(np.arctan(down / np.where(across == 0, 1e-9, across)))
        on = (strength > _EDGE) & (np.abs(angle) < 12)
        count += np.histogram(angle[on], bins=np.append(_TILTS_DEG - 0.125, 12.125), weights=strength[on])[0]
    smooth = gaussian_filter1d(count, 2.0, mode="nearest")
    best = int(smooth.argmax())
    if count.sum() < 1 or smooth[best] < _CLEAR * np.median(smooth) or best in (0, len(smooth) - 1):
        return None
    near = np.abs(_TILTS_DEG - _TILTS_DEG[best]) <= 1
    return float(np.average(_TILTS_DEG[near], weights=count[near]))
