"""Everybody in a picture: BlazePose's own person detector, which the pose solution asks for one person only."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
from numpy.typing import NDArray

from runfree.core.errors import MissingPartError
from runfree.pose.blazepose import quiet_stderr

People = NDArray[np.float64]
"""One row a person: x and y of mid-hip and the radius of the circle round the whole body, in pixels; the surest first."""
Finder = Callable[[NDArray[np.uint8]], People]

_GRAPH = """
input_stream: "image"
output_stream: "detections"
node { calculator: "PoseDetectionCpu" input_stream: "IMAGE:image" output_stream: "DETECTIONS:detections" }
"""
_SURE = 0.6
_MOST = 4


@contextmanager
def people_finder() -> Iterator[Finder]:
    """Start the detector; what it yields returns the people in an RGB picture.

    Raises
    ------
    MissingPartError
        If mediapipe is not installed or cannot be loaded.
    """
    os.environ.setdefault("GLOG_minloglevel", "2")
    try:
        with quiet_stderr():
            from google.protobuf import text_format
            from mediapipe.framework import calculator_pb2
            from mediapipe.python.solution_base import SolutionBase

            config_type: Any = getattr(calculator_pb2, "CalculatorGraphConfig")  # noqa: B009
            config = text_format.Parse(_GRAPH, config_type())
            graph: Any = SolutionBase(graph_config=config, outputs=["detections"])
            graph.process({"image": np.zeros((64, 64, 3), dtype=np.uint8)})
    except ImportError as error:
        raise MissingPartError(
            "Finding people in a film", f"mediapipe cannot be loaded ({error})", "Run: runfree doctor"
        ) from error

    def find(rgb: NDArray[np.uint8]) -> People:
        rest, people = rgb, np.empty((0, 3))
        while (
            len(people) < _MOST and (person := _surest(graph.process({"image": rest}).detections, rgb)) is not None
        ):
            people = np.vstack([people, person])
            rest = _painted_out(rest, person)
        return people

    with graph:
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
