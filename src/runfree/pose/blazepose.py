"""The default backend: BlazePose (Bazarevsky et al. 2020, arXiv:2006.10204) by mediapipe, raw landmarks."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from importlib import metadata
from typing import Any

import numpy as np
from numpy.typing import NDArray

from runfree.core.errors import MissingPartError
from runfree.core.motion import KEYPOINTS

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


class _Session:
    def __init__(self, pose: Any) -> None:
        self._pose, self._found_before = pose, False

    def infer(self, rgb: NDArray[np.uint8]) -> tuple[NDArray[np.float32], NDArray[np.float32]] | None:
        with nullcontext() if self._found_before else quiet_stderr():
            found = self._pose.process(rgb).pose_landmarks
        if found is None:
            return None
        self._found_before = True
        height, width = rgb.shape[:2]
        marks = [found.landmark[i] for i in LANDMARKS]
        position = np.array([(m.x * width, m.y * height) for m in marks], dtype=np.float32)
        return position, np.clip(np.array([m.visibility for m in marks], dtype=np.float32), 0, 1)


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
