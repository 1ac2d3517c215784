"""Folders of JSON files, one a frame, as OpenPose writes them (BODY_25, COCO, and by rtmlib and Pose2Sim HALPE-26 and COCO-WholeBody)."""

from __future__ import annotations

import json
import re
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from runfree.core.errors import InputError
from runfree.core.motion import Motion
from runfree.io.lab.pixels import picture_motion
from runfree.io.lab.text import refused
from runfree.io.readers import Held

_LIMBS = ("Shoulder", "Elbow", "Wrist")
_BODY_25 = (
    *("Nose", "Neck", *(f"R{x}" for x in _LIMBS), *(f"L{x}" for x in _LIMBS)),
    *("MidHip", "RHip", "RKnee", "RAnkle", "LHip", "LKnee", "LAnkle", "REye", "LEye", "REar", "LEar"),
    *("LBigToe", "LSmallToe", "LHeel", "RBigToe", "RSmallToe", "RHeel"),
)
_COCO_18 = (*_BODY_25[:8], *_BODY_25[9:19])
_COCO_17 = (
    *("Nose", "LEye", "REye", "LEar", "REar"),
    *(f"{s}{x}" for x in (*_LIMBS, "Hip", "Knee", "Ankle") for s in "LR"),
)
_HALPE_26 = (*_COCO_17, "Head", "Neck", "Hip", "LBigToe", "RBigToe", "LSmallToe", "RSmallToe", "LHeel", "RHeel")
_FEET_133 = tuple(f"{s}{x}" for s in "LR" for x in ("BigToe", "SmallToe", "Heel"))
_COCO_133 = (*_COCO_17, *_FEET_133, *(f"Face or hand {i}" for i in range(24, 134)))
LAYOUTS = {len(names): names for names in (_BODY_25, _COCO_18, _COCO_17, _HALPE_26, _COCO_133)}
"""Order of the keypoints, by how many there are; of the whole body (133) face and hands are not used."""

MAX_FILES = 60_000
MAX_FILE_BYTES = 1_000_000
_NUMBER = re.compile(r"(\d+)(?!.*\d)")


class OpenPose:
    """Reads folders of OpenPose JSON."""

    name = "OpenPose JSON folder"
    suffixes = ()

    def claims(self, path: Path, head: bytes) -> bool:
        """Whether this is a folder with JSON files in it."""
        return path.is_dir() and any(path.glob("*.json"))

    def read(self, path: Path, rate_hz: float | None = None) -> Motion:
        """Follow the person seen best in the first frames, from frame to frame the nearest.

        Raises
        ------
        MotionError
            If no ``rate_hz`` is given, a file is damaged, or the keypoints are of no known layout.
        """
        if rate_hz is None:
            raise refused(path, "a folder of JSON files holds no times", "Give its frames a second with --rate.")
        files = sorted(path.glob("*.json"))
        if len(files) > MAX_FILES:
            raise refused(path, f"it holds more than {MAX_FILES} files", "Give a shorter stretch.")
        frames = [_frame_number(file, i) for i, file in enumerate(files)]
        order = np.argsort(frames, kind="stable")
        people = [_people(files[i]) for i in order]
        number = np.array(frames, dtype=float)[order]
        if (np.diff(number) <= 0).any():
            raise refused(path, "two of its files carry the same frame number")
        chosen = _followed(path, people)
        return picture_motion(path, number / rate_hz, chosen[..., :2], chosen[..., 2], LAYOUTS[chosen.shape[1]])

    def write(self, path: Path, held: Held) -> None:
        """Refuse: such folders are read only.

        Raises
        ------
        InputError
        """
        raise InputError(
            f"The folder {path.name}", "JSON folders are read, but not written", "Choose .trc or .nc."
        )


def _frame_number(file: Path, place: int) -> int:
    stem = file.stem.removesuffix("_keypoints")
    found = _NUMBER.search(stem)
    return int(found[1][-12:]) if found else place


def _people(file: Path) -> list[NDArray[np.float64]]:
    """Keypoints (K, 3) of everybody in one frame: x, y, confidence."""
    try:
        if file.stat().st_size > MAX_FILE_BYTES:
            raise refused(file, "it is larger than the keypoints of a frame can be")
        document = json.loads(file.read_bytes())
        flat = [np.asarray(list(p["pose_keypoints_2d"]), dtype=np.float64) for p in document["people"]]
    except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
        raise refused(file, "it is not a frame of OpenPose (people, pose_keypoints_2d)") from error
    shapes = {f.size for f in flat if f.ndim != 1 or f.size % 3 or f.size // 3 not in LAYOUTS}
    if shapes:
        raise refused(file, f"it names {min(shapes) / 3:g} keypoints a person; 17, 18, 25, 26 and 133 are known")
    return [f.reshape(-1, 3) for f in flat]


def _followed(path: Path, people: list[list[NDArray[np.float64]]]) -> NDArray[np.float64]:
    first = next((frame for frame in people if frame), None)
    if first is None:
        raise refused(path, "nobody is seen in any of its frames")
    last = max(first, key=lambda p: float(p[:, 2].sum()))
    out = np.full((len(people), *last.shape), np.nan)
    for i, frame in enumerate(people):
        alike = [p for p in frame if p.shape == last.shape]
        if alike:
            last = min(alike, key=lambda p: _distance(p, last))
            seen = last[:, 2] > 0
            out[i, seen] = last[seen]
    out[..., 2] = np.clip(np.nan_to_num(out[..., 2]), 0, 1)
    return out


def _distance(a: NDArray[np.float64], b: NDArray[np.float64]) -> float:
    both = (a[:, 2] > 0) & (b[:, 2] > 0)
    return float(np.median(np.linalg.norm(a[both, :2] - b[both, :2], axis=1))) if both.any() else float("inf")


def reader() -> OpenPose:
    """Return the reader (entry point ``openpose``)."""
    return OpenPose()
