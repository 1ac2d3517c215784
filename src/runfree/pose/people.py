"""Everybody in a picture: BlazePose's own person detector, which the pose solution asks for one person only."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from runfree.pose.backend import Finder
from runfree.pose.blazepose import graph_of, quiet_stderr

People = NDArray[np.float64]
"""One row a person: x and y of mid-hip and the radius of the circle round the whole body, in pixels; the surest first."""

_GRAPH = """
input_stream: "image"
output_stream: "detections"
node { calculator: "PoseDetectionCpu" input_stream: "IMAGE:image" output_stream: "DETECTIONS:detections" }
"""
_LONGEST_PX = 448
_SURE = 0.6
_MOST = 5


@contextmanager
def people_finder() -> Iterator[Finder]:
    """Start the detector; what it yields returns the people in an RGB picture.

    Raises
    ------
    MissingPartError
        If mediapipe is not installed or cannot be loaded.
    """
    with graph_of(_GRAPH, ["detections"]) as graph:
        with quiet_stderr():
            graph.process({"image": np.zeros((64, 64, 3), dtype=np.uint8)})

        def find(rgb: NDArray[np.uint8]) -> People:
            scale = min(1.0, _LONGEST_PX / max(rgb.shape[:2]))
            size = max(1, round(rgb.shape[1] * scale)), max(1, round(rgb.shape[0] * scale))
            rest = np.asarray(Image.fromarray(rgb).resize(size, Image.Resampling.BILINEAR))
            people: People = np.empty((0, 3))
            while (
                len(people) < _MOST
                and (person := _surest(graph.process({"image": rest}).detections, rest)) is not None
            ):
                people = np.vstack([people, person])
                rest = _painted_out(rest, person)
            return people / scale

        yield find


def _surest(found: Any, rgb: NDArray[np.uint8]) -> NDArray[np.float64] | None:
    """The detector names one person at a time: mid-hip and radius in pixels, or None."""
    if not found or found[0].score[0] < _SURE:
        return None
    size = np.array([rgb.shape[1], rgb.shape[0]], dtype=np.float64)
    hip, rim = (np.array([p.x, p.y]) * size for p in found[0].location_data.relative_keypoints[:2])
    return np.array([*hip.tolist(), float(np.linalg.norm(rim - hip))], dtype=np.float64)


def _painted_out(rgb: NDArray[np.uint8], person: NDArray[np.float64]) -> NDArray[np.uint8]:
    x, y, radius = person
    out = rgb.copy()
    rows = slice(max(0, int(y - 1.1 * radius)), max(0, int(y + 1.1 * radius)))
    columns = slice(max(0, int(x - 0.5 * radius)), max(0, int(x + 0.5 * radius)))
    out[rows, columns] = out.mean(axis=(0, 1)).astype(np.uint8)
    return out
