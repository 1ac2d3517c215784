"""Make the runner's face unrecognisable, in every frame and for good."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFilter

from runfree.core.motion import Motion

CONFIDENT = 0.3
_EAR_SHOULDER = 1.1
_BLOCKS = 6
_NEIGHBOURS = 7


def heads(motion: Motion) -> NDArray[np.float64]:
    """Where the head is in every frame.

    The radius is 1.1 times the distance from the ears to the shoulders, or that of the film's median frame if larger.
    A frame in which no head was found takes the place of the nearest frame in which one was.

    Returns
    -------
    array (T, 3)
        Centre x, y and radius in pixels of the upright picture. A film without any head found gives a circle over the
        whole picture.
    """
    names = [str(k) for k in motion["keypoint"].to_numpy()]
    centre = _mean_of(motion, [k for k in ("nose", "left_ear", "right_ear") if k in names])
    shoulders = _mean_of(motion, ["left_shoulder", "right_shoulder"])
    radius = _EAR_SHOULDER * np.hypot(*(centre - shoulders).T)
    found = np.flatnonzero(np.isfinite(radius) & (radius > 0))
    width, height = motion.attrs["width_px"], motion.attrs["height_px"]
    if not found.size:
        return np.tile([width / 2, height / 2, float(np.hypot(width, height))], (motion.sizes["time"], 1))
    radius = np.fmax(radius, np.median(radius[found]))
    nearest = found[np.abs(np.arange(motion.sizes["time"])[:, None] - found).argmin(axis=1)]
    return np.column_stack([centre, radius])[nearest]


def _mean_of(motion: Motion, keypoints: list[str]) -> NDArray[np.float64]:
    """Mean place (T, 2) of the keypoints seen with some confidence; NaN where none is."""
    if not keypoints:
        return np.full((motion.sizes["time"], 2), np.nan)
    chosen = motion.sel(keypoint=keypoints)
    place = chosen["position"].where(chosen["confidence"] >= CONFIDENT)
    return place.mean("keypoint").transpose("time", "space").to_numpy().astype(np.float64)


def circles(all_heads: NDArray[np.float64], row: int) -> NDArray[np.float64]:
    """The circles (2, 3) to hide in one frame: its own, and the median of its neighbours.

    The second holds where a single frame's head was looked for in the wrong place.
    """
    around = all_heads[max(0, row - _NEIGHBOURS) : row + _NEIGHBOURS + 1]
    return np.stack([all_heads[row], np.median(around, axis=0)])


def hide(image: Image.Image, hidden: NDArray[np.float64]) -> Image.Image:
    """Return the picture with these circles reduced to a few blurred blocks each.

    Parameters
    ----------
    image : Image
        RGB.
    hidden : array (N, 3)
        Centre x, y and radius in pixels of this picture.
    """
    out = image.copy()
    for x, y, radius in hidden:
        box = (
            max(0, int(x - radius)),
            max(0, int(y - radius)),
            min(image.width, int(np.ceil(x + radius))),
            min(image.height, int(np.ceil(y + radius))),
        )
        if box[2] <= box[0] or box[3] <= box[1]:
            continue
        size = (box[2] - box[0], box[3] - box[1])
        blocks = (
            out.crop(box).resize((_BLOCKS, _BLOCKS), Image.Resampling.BOX).resize(size, Image.Resampling.NEAREST)
        )
        soft = blocks.filter(ImageFilter.GaussianBlur(max(size) / _BLOCKS / 3))
        mask = Image.new("L", size, 0)
        ImageDraw.Draw(mask).ellipse(
            (x - radius - box[0], y - radius - box[1], x + radius - box[0], y + radius - box[1]), 255
        )
        out.paste(soft, box[:2], mask)
    return out
