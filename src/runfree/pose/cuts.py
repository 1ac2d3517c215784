"""Where a film jumps to another picture: cuts of an edited film."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

THUMBNAIL = (18, 32)
_LEAST_LEVELS = 10.0
_OVER_NEIGHBOURS = 8.0
_NEIGHBOURS = 12


def thumbnail(rgb: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """A picture as 18 × 32 grey levels, each the mean of its block."""
    rows, columns = THUMBNAIL
    height, width = rgb.shape[0] // rows, rgb.shape[1] // columns
    if not height or not width:
        return np.zeros(THUMBNAIL, dtype=np.uint8)
    green = rgb[: height * rows, : width * columns, 1]
    return green.reshape(rows, height, columns, width).mean(axis=(1, 3)).astype(np.uint8)


def cut_times(time_s: Array, thumbnails: NDArray[np.uint8]) -> Array:
    """Times of the first picture after each cut.

    A cut changes the thumbnail by 10 grey levels on average and by eight times what the neighbouring pictures change; a runner, a pan
    or a shaking hand change it from picture to picture alike.

    Parameters
    ----------
    time_s : array (T,)
    thumbnails : array (T, 18, 32)
    """
    if len(time_s) < 3:
        return np.empty(0)
    change = np.abs(np.diff(thumbnails.astype(np.float64), axis=0)).mean(axis=(1, 2))
    around = [
        np.median(np.delete(change[max(0, i - _NEIGHBOURS) : i + _NEIGHBOURS + 1], min(i, _NEIGHBOURS)))
        for i in range(len(change))
    ]
    return time_s[1:][change > np.maximum(_LEAST_LEVELS, _OVER_NEIGHBOURS * np.array(around))]
