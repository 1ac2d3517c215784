"""Everybody in a picture: BlazePose's own person detector, which the pose solution asks for one person only."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager

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

            config = text_format.Parse(_GRAPH, calculator_pb2.CalculatorGraphConfig())
            graph = SolutionBase(graph_config=config, outputs=["detections"])
            graph.process({"image": np.zeros((64, 64, 3), dtype=np.uint8)})
    except ImportError as error:
        raise MissingPartError(
            "Finding people in a film", f"mediapipe cannot be loaded ({error})", "Run: runfree doctor"
        ) from error

    def find(rgb: NDArray[np.uint8]) -> People:
        size = np.array([rgb.shape[1], rgb.shape[0]], dtype=np.float64)
        people: list[list[float]] = []
        for seen in graph.process({"image": rgb}).detections or ():
            if seen.score[0] < _SURE:
                continue
            hip, rim = (np.array([p.x, p.y]) * size for p in seen.location_data.relative_keypoints[:2])
            people.append([*hip.tolist(), float(np.linalg.norm(rim - hip))])
        return np.array(people, dtype=np.float64).reshape(-1, 3)

    with graph:
        yield find
