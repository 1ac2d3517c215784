"""RTMPose with feet (Jiang et al. 2023, arXiv:2303.07399), trained on HALPE-26 points, by onnxruntime on the processor."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

import numpy as np

from runfree.core.errors import MissingPartError
from runfree.core.motion import FOREFOOT, KEYPOINTS
from runfree.pose.backend import Finder as PeopleFinder
from runfree.pose.backend import Place, Seen
from runfree.pose.rtmpose.network import REQUIREMENT, Finder, PoseNetwork, open_finder, open_pose
from runfree.pose.rtmpose.topdown import SURE, Array, Picture, around, box_at, places, same_place, whole
from runfree.pose.rtmpose.weights import FINDER, POSE, default_folder, read_onnx, released, sha256_of

_PLACE = {
    "nose": 0,
    "ear": 3,
    "shoulder": 5,
    "elbow": 7,
    "wrist": 9,
    "hip": 11,
    "knee": 13,
    "ankle": 15,
    "heel": 24,
    "toe": 20,
    "big_toe": 20,
    "small_toe": 22,
}
NAMES = KEYPOINTS + FOREFOOT
HALPE: tuple[int, ...] = tuple(
    _PLACE[name.removeprefix("left_").removeprefix("right_")] + name.startswith("right_") for name in NAMES
)
"""Index of each of :data:`NAMES` among the 26 points of HALPE; ``toe`` is the big toe."""

_LOOKS_TO_START = 3
_Seen = tuple[Array, Array]


@dataclass(frozen=True)
class RTMPose:
    """Follows the person from frame to frame; where there is nobody to follow, looks for the largest person.

    Attributes
    ----------
    pose, finder : (Path, str)
        Files and SHA-256 of the networks. Without a finder the look starts at the whole picture.
    version : str
        The first digits of the checksums, and the version of onnxruntime.
    """

    pose: tuple[Path, str]
    finder: tuple[Path, str] | None
    version: str
    name: str = "rtmpose"
    keypoints: tuple[str, ...] = NAMES

    @contextmanager
    def session(self) -> Iterator[_Session]:
        """Start with nobody to follow."""
        yield _Session(open_pose(*self.pose), self._finder())

    @contextmanager
    def following(self) -> Iterator[_Following]:
        """Start to follow a person whose place is known."""
        yield _Following(open_pose(*self.pose))

    @contextmanager
    def people_finder(self) -> Iterator[PeopleFinder]:
        """Start what finds everybody: YOLOX; without it, the pose network finds one person at most."""
        finder = self._finder()
        yield _one_at_most(open_pose(*self.pose)) if finder is None else lambda rgb: places(finder.everybody(rgb))

    def _finder(self) -> Finder | None:
        return open_finder(*self.finder) if self.finder else None


class _Session:
    def __init__(self, pose: PoseNetwork, finder: Finder | None) -> None:
        self._pose, self._finder = pose, finder
        self._box: Array | None = None

    def infer(self, rgb: Picture) -> Seen | None:
        seen = _look(self._pose, rgb, self._box) or self._start(rgb)
        self._box = around(*seen) if seen else None
        return _named(seen)

    def _start(self, rgb: Picture) -> _Seen | None:
        """Look a few times: each look shows where to look more closely."""
        box = self._finder(rgb) if self._finder else whole(rgb)
        seen: _Seen | None = None
        for _ in range(_LOOKS_TO_START):
            seen = _look(self._pose, rgb, box)
            box = around(*seen) if seen else None
        return seen


class _Following:
    def __init__(self, pose: PoseNetwork) -> None:
        self._pose = pose
        self._box: Array | None = None

    def infer(self, rgb: Picture, near: Place) -> Seen | None:
        if self._box is None or not same_place(self._box, near):
            self._box = box_at(near)
        seen = _look(self._pose, rgb, self._box)
        self._box = around(*seen) if seen else None
        return _named(seen)


def _look(pose: PoseNetwork, rgb: Picture, box: Array | None) -> _Seen | None:
    if box is None:
        return None
    position, score = pose(rgb, box)
    return (position, score) if score.mean() >= SURE else None


def _named(seen: _Seen | None) -> Seen | None:
    if seen is None:
        return None
    position, score = (values[list(HALPE)].astype(np.float32) for values in seen)
    return position, score


def _one_at_most(pose: PoseNetwork) -> PeopleFinder:
    def find(rgb: Picture) -> Array:
        seen = _look(pose, rgb, whole(rgb))
        box = around(*seen) if seen else None
        return np.empty((0, 3)) if box is None else places(box[None])

    return find


def backend(weights: Path | None = None) -> RTMPose:
    """Return the backend (entry point ``rtmpose``); its networks are opened and checked.

    Parameters
    ----------
    weights : Path, optional
        A pose network as ``.onnx`` or in its released zip, then used without a finder; or a folder with both released
        files. Without it, the folder of ``runfree fetch-weights``.

    Raises
    ------
    MissingPartError
        If onnxruntime or the weights are not here.
    InputError
        If what is given is no such network.
    """
    try:
        runtime = metadata.version("onnxruntime")
    except metadata.PackageNotFoundError as error:
        remedy = f'Run: {sys.executable} -m pip install "{REQUIREMENT}"'
        raise MissingPartError("The pose backend 'rtmpose'", "onnxruntime is not installed", remedy) from error
    if weights is not None and not weights.is_dir():
        pose, finder = (weights, sha256_of(read_onnx(weights))), None
    else:
        folder = weights or default_folder()
        pose, finder = (released(folder, POSE), POSE.sha256), (released(folder, FINDER), FINDER.sha256)
    sums = "+".join(part[1][:8] for part in (pose, finder) if part)
    found = RTMPose(pose, finder, f"{sums} (onnxruntime {runtime})")
    with found.session():
        return found
