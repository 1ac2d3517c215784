"""The arithmetic of top-down pose: boxes, pictures cut out for a network, and what its answer means.

Boxes are arrays (4,): left, top, right, bottom in pixels, measured from the corner of the picture (the middle of its first
pixel is at 0.5, 0.5).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PIL import Image

Array = NDArray[np.float64]
Picture = NDArray[np.uint8]

PADDING = 1.25
"""Room left around a box, as in training (RTMPose's ``GetBBoxCenterScale``)."""
SPLIT = 2.0
"""Bins a pixel of the network's picture (``simcc_split_ratio``)."""
SURE = 0.3
"""Score from which a point or a person counts, as in RTMPose's own demonstrations."""

_MEAN = np.array([123.675, 116.28, 103.53], dtype=np.float32)
_STD = np.array([58.395, 57.12, 57.375], dtype=np.float32)
_GREY = 114
_ROOM = 1.1
_FEWEST_POINTS = 6
_SMALLEST_PX = 16.0


def whole(picture: Picture) -> Array:
    """Return the box of the whole picture."""
    return np.array([0.0, 0.0, picture.shape[1], picture.shape[0]])


def crop_of(box: Array, width: int, height: int) -> Array:
    """Widen a box by the padding and to the proportions of the network's picture."""
    centre, size = (box[:2] + box[2:]) / 2, (box[2:] - box[:2]) * PADDING
    scale = max(size[0] / width, size[1] / height)
    half = np.array([width, height]) * scale / 2
    return np.concatenate([centre - half, centre + half])


def cut_out(picture: Picture, crop: Array, width: int, height: int) -> NDArray[np.float32]:
    """Return the crop as the network's input (1, 3, height, width): RGB, standardised, black outside the picture."""
    scale_x, scale_y = (crop[2:] - crop[:2]) / (width, height)
    affine = (scale_x, 0.0, crop[0], 0.0, scale_y, crop[1])
    cut = Image.fromarray(picture).transform(
        (width, height), Image.Transform.AFFINE, affine, resample=Image.Resampling.BILINEAR
    )
    return ((np.asarray(cut, dtype=np.float32) - _MEAN) / _STD).transpose(2, 0, 1)[None]


def letterbox(picture: Picture, width: int, height: int) -> tuple[NDArray[np.float32], float]:
    """Return YOLOX's input (1, 3, height, width) (BGR, 0 to 255, grey to the right and below) and the scale."""
    scale = min(width / picture.shape[1], height / picture.shape[0])
    size = max(1, round(picture.shape[1] * scale)), max(1, round(picture.shape[0] * scale))
    small = np.asarray(Image.fromarray(picture).resize(size, Image.Resampling.BILINEAR))
    canvas = np.full((height, width, 3), _GREY, dtype=np.float32)
    canvas[: size[1], : size[0]] = small[..., ::-1]
    return np.ascontiguousarray(canvas.transpose(2, 0, 1)[None]), scale


def decode(simcc_x: NDArray[np.float32], simcc_y: NDArray[np.float32], crop: Array) -> tuple[Array, Array]:
    """Read positions and scores from SimCC responses (Li et al. 2022, arXiv:2107.03332; as in MMPose, without refinement).

    Parameters
    ----------
    simcc_x, simcc_y : array (K, SPLIT · width), (K, SPLIT · height)
        Response in each bin. What is not finite counts as none.
    crop : array (4,)
        What the network was shown.

    Returns
    -------
    position : array (K, 2)
        In pixels of the picture. Bin ``b`` stands for the middle of the network's pixel ``b / SPLIT``.
    score : array (K,)
        The smaller of the two highest responses, 0 to 1.
    """
    responses = [np.where(np.isfinite(r), r, 0.0) for r in (simcc_x, simcc_y)]
    size = np.array([r.shape[1] / SPLIT for r in responses])
    place = np.stack([r.argmax(axis=1) for r in responses], axis=1) / SPLIT + 0.5
    score = np.min([r.max(axis=1) for r in responses], axis=0)
    return crop[:2] + place / size * (crop[2:] - crop[:2]), np.clip(score.astype(np.float64), 0.0, 1.0)


def around(position: Array, score: Array) -> Array | None:
    """Return the box around the points that are sure, with a little room; None where they are few or all in one spot."""
    sure = position[score >= SURE]
    if len(sure) < _FEWEST_POINTS:
        return None
    low, high = sure.min(axis=0), sure.max(axis=0)
    if (high - low).max() < _SMALLEST_PX:
        return None
    half = np.maximum(high - low, _SMALLEST_PX) / 2 * _ROOM
    return np.concatenate([(low + high) / 2 - half, (low + high) / 2 + half])


def sure_boxes(found: NDArray[np.float32], scale: float) -> Array:
    """Return sure persons' boxes (N, 4), the largest first, from YOLOX's answer (N, 5: box in its own pixels, score)."""
    sure = found[np.isfinite(found).all(axis=1) & (found[:, 4] > SURE)].astype(np.float64)
    size = sure[:, 2:4] - sure[:, :2]
    sure, size = sure[(size > 1).all(axis=1)], size[(size > 1).all(axis=1)]
    return sure[np.argsort(-size.prod(axis=1), kind="stable"), :4] / scale


def places(boxes: Array) -> Array:
    """Return centre and half of the height of boxes, (N, 3)."""
    return np.column_stack([(boxes[:, :2] + boxes[:, 2:]) / 2, (boxes[:, 3] - boxes[:, 1]) / 2])


def box_at(place: Array) -> Array:
    """Return the box of a person of usual width at a place (3,)."""
    half = np.array([0.5, 1.0]) * place[2]
    return np.concatenate([place[:2] - half, place[:2] + half])


def same_place(box: Array, place: Array) -> bool:
    """Whether a box may be of the person at a place: its middle within a third of the radius, its height within a third."""
    x, y, radius = places(box[None])[0]
    return bool(np.hypot(x - place[0], y - place[1]) < place[2] / 3 and 0.75 < radius / place[2] < 4 / 3)
