"""The default backend: BlazePose (Bazarevsky et al. 2020, arXiv:2006.10204) by mediapipe, raw landmarks."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from importlib import metadata
from typing import Any

import numpy as np
from numpy.typing import NDArray

from runfree.core.errors import MissingPartError
from runfree.core.motion import KEYPOINTS
from runfree.pose.backend import Finder, Place, Seen

_REQUIREMENT = "mediapipe==0.10.21"
_PLACE = {
    "nose": 0,
    "ear": 7,
    "shoulder": 11,
    "elbow": 13,
    "wrist": 15,
    "hip": 23,
    "knee": 25,
    "ankle": 27,
    "heel": 29,
    "toe": 31,
}
LANDMARKS: tuple[int, ...] = tuple(_PLACE[name.split("_")[-1]] + name.startswith("right_") for name in KEYPOINTS)
"""Index of each of :data:`KEYPOINTS` among BlazePose's 33 landmarks (left first, right next)."""

_AT_PLACE = """
input_stream: "image"
input_stream: "place"
output_stream: "landmarks"
output_stream: "next_place"
node {
  calculator: "PoseLandmarkByRoiCpu"
  input_stream: "IMAGE:image" input_stream: "ROI:place"
  output_stream: "LANDMARKS:landmarks" output_stream: "AUXILIARY_LANDMARKS:auxiliary"
}
node { calculator: "ImagePropertiesCalculator" input_stream: "IMAGE_CPU:image" output_stream: "SIZE:size" }
node {
  calculator: "PoseLandmarksToRoi"
  input_stream: "LANDMARKS:auxiliary" input_stream: "IMAGE_SIZE:size"
  output_stream: "ROI:next_place"
}
"""
_ROOM = 1.25
_SAME_PLACE = 0.35
_SAME_SIZE = 1.35

_NOBODY = np.zeros((64, 64, 3), dtype=np.uint8)  # loading ends, and its log lines with it, at the first picture


class BlazePose:
    """``mp.solutions.pose`` with ``model_complexity=1`` and without its own smoothing, which lags."""

    name = "blazepose"
    keypoints = KEYPOINTS

    def __init__(self, version: str) -> None:
        self.version = version

    @contextmanager
    def session(self) -> Iterator[_Session]:
        """Start the network afresh.

        Raises
        ------
        MissingPartError
            If mediapipe is installed but cannot be loaded.
        """
        os.environ.setdefault("GLOG_minloglevel", "2")
        try:
            with quiet_stderr():
                from mediapipe.python.solutions import pose as solution

                pose = solution.Pose(model_complexity=1, smooth_landmarks=False)
                pose.process(_NOBODY)
        except ImportError as error:
            raise _missing(f"mediapipe cannot be loaded ({error})") from error
        with pose:
            yield _Session(pose)

    @contextmanager
    def following(self) -> Iterator[_Following]:
        """Start the landmark network without the person detector; raises as :meth:`session`."""
        with graph_of(_AT_PLACE, ["landmarks", "next_place"]) as graph:
            with quiet_stderr():
                graph.process({"image": _NOBODY, "place": _region(np.array([32.0, 32.0, 20.0]), _NOBODY)})
            yield _Following(graph)

    def people_finder(self) -> AbstractContextManager[Finder]:
        """Start the person detector, see :func:`runfree.pose.people.people_finder`."""
        from runfree.pose.people import people_finder

        return people_finder()


class _Session:
    def __init__(self, pose: Any) -> None:
        self._pose, self._found_before = pose, False

    def infer(self, rgb: NDArray[np.uint8]) -> Seen | None:
        with nullcontext() if self._found_before else quiet_stderr():
            found = self._pose.process(rgb).pose_landmarks
        self._found_before |= found is not None
        return _points(found, rgb)


class _Following:
    """The landmark network alone, shown the picture around a place; where it looks next follows from what it found."""

    def __init__(self, graph: Any) -> None:
        self._graph, self._next = graph, None

    def infer(self, rgb: NDArray[np.uint8], near: Place) -> Seen | None:
        if self._next is None or not _around(self._next, near, rgb):
            self._next = _region(near, rgb)
        found = self._graph.process({"image": rgb, "place": self._next})
        self._next = found.next_place
        return _points(found.landmarks, rgb)


def _region(place: Place, rgb: NDArray[np.uint8]) -> Any:
    from mediapipe.framework.formats import rect_pb2

    (height, width), (x, y, radius) = rgb.shape[:2], place.tolist()
    side = 2 * _ROOM * radius
    region_type: Any = getattr(rect_pb2, "NormalizedRect")  # noqa: B009
    return region_type(x_center=x / width, y_center=y / height, width=side / width, height=side / height)


def _around(region: Any, place: Place, rgb: NDArray[np.uint8]) -> bool:
    (height, width), (x, y, radius) = rgb.shape[:2], place.tolist()
    away = np.hypot(region.x_center * width - x, region.y_center * height - y)
    larger = region.width * width / (2 * _ROOM * radius)
    return bool(away < _SAME_PLACE * radius and 1 / _SAME_SIZE < larger < _SAME_SIZE)


def _points(found: Any, rgb: NDArray[np.uint8]) -> Seen | None:
    if found is None:
        return None
    height, width = rgb.shape[:2]
    marks = [found.landmark[i] for i in LANDMARKS]
    position = np.array([(m.x * width, m.y * height) for m in marks], dtype=np.float32)
    return position, np.clip(np.array([m.visibility for m in marks], dtype=np.float32), 0, 1)


@contextmanager
def graph_of(text: str, outputs: list[str]) -> Iterator[Any]:
    """Start a graph of mediapipe's calculators.

    Raises
    ------
    MissingPartError
        If mediapipe cannot be loaded.
    """
    os.environ.setdefault("GLOG_minloglevel", "2")
    try:
        with quiet_stderr():
            from google.protobuf import text_format
            from mediapipe.framework import calculator_pb2
            from mediapipe.python.solution_base import SolutionBase

            config_type: Any = getattr(calculator_pb2, "CalculatorGraphConfig")  # noqa: B009
            config = text_format.Parse(text, config_type())
            graph: Any = SolutionBase(graph_config=config, outputs=outputs)
    except ImportError as error:
        raise _missing(f"mediapipe cannot be loaded ({error})") from error
    with graph:
        yield graph


@contextmanager
def quiet_stderr() -> Iterator[None]:
    """Keep the start-up lines of native libraries, written past Python, off the user's terminal."""
    sys.stderr.flush()
    saved = os.dup(2)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, 2)
        yield
    finally:
        os.dup2(saved, 2)
        os.close(saved)
        os.close(nowhere)


def backend() -> BlazePose:
    """Return the backend (entry point ``blazepose``).

    Raises
    ------
    MissingPartError
        If mediapipe is not installed or has no build for this Python or computer.
    """
    try:
        return BlazePose(metadata.version("mediapipe"))
    except metadata.PackageNotFoundError as error:
        raise _missing("mediapipe is not installed") from error


def _missing(why: str) -> MissingPartError:
    if sys.version_info < (3, 13):
        remedy = f"Run: {sys.executable} -m pip install {_REQUIREMENT} (made for Linux x86-64, macOS and Windows)."
    else:
        why = f"{_REQUIREMENT} is made for Python 3.11 and 3.12, and this is 3.{sys.version_info[1]}"
        remedy = "Install Runfree with Python 3.12; saved motion files (.nc) can be analysed here too."
    return MissingPartError("The pose backend 'blazepose'", why, remedy)
