"""The two networks under onnxruntime, checked before they are believed."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from runfree.core.errors import InputError, MissingPartError
from runfree.pose.rtmpose.topdown import SPLIT, Array, Picture, crop_of, cut_out, decode, letterbox, sure_boxes
from runfree.pose.rtmpose.weights import read_onnx, refused, sha256_of

POINTS = 26
REQUIREMENT = "onnxruntime>=1.20"
_LARGEST_PX = 1024
_SILENT = 4


class PoseNetwork:
    """RTMPose: a crop of a picture in, 26 points out."""

    def __init__(self, path: Path, data: bytes) -> None:
        self._network = _Network(path, data)
        width, height = self._network.width, self._network.height
        expected = [(1, POINTS, SPLIT * width), (1, POINTS, SPLIT * height)]
        shapes = [answer.shape for answer in self._network.of_nothing()]
        if shapes != expected:
            raise refused(path, f"it gives {_spoken(shapes)} in place of {_spoken(expected)}")

    def __call__(self, picture: Picture, box: Array) -> tuple[Array, Array]:
        """Return positions (26, 2) in pixels of the picture and scores (26,) of the person in a box."""
        width, height = self._network.width, self._network.height
        crop = crop_of(box, width, height)
        simcc_x, simcc_y = self._network(cut_out(picture, crop, width, height))
        return decode(simcc_x[0], simcc_y[0], crop)


class Finder:
    """YOLOX with its own suppression of doubles: a picture in, the largest person's box out."""

    def __init__(self, path: Path, data: bytes) -> None:
        self._network = _Network(path, data)
        shapes = [answer.shape for answer in self._network.of_nothing()]
        if not shapes or len(shapes[0]) != 3 or shapes[0][2] != 5:
            raise refused(path, f"it gives {_spoken(shapes)} in place of boxes (1, n, 5)")

    def __call__(self, picture: Picture) -> Array | None:
        """Return the box of the largest person; None if there is nobody."""
        boxes = self.everybody(picture)
        return boxes[0] if len(boxes) else None

    def everybody(self, picture: Picture) -> Array:
        """Return the boxes (N, 4) of all that are sure, the largest first."""
        shown, scale = letterbox(picture, self._network.width, self._network.height)
        return sure_boxes(self._network(shown)[0][0], scale)


class _Network:
    """An ONNX network that takes one picture (1, 3, height, width), on one thread of the processor."""

    def __init__(self, path: Path, data: bytes) -> None:
        import onnxruntime

        onnxruntime.disable_telemetry_events()
        onnxruntime.set_default_logger_severity(_SILENT)
        options = onnxruntime.SessionOptions()
        # The runner keeps every core busy with a process of its own; and one thread adds up in one order.
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.use_deterministic_compute = True
        options.log_severity_level = _SILENT
        self._path, self._errors = path, _errors(onnxruntime)
        try:
            self._session = onnxruntime.InferenceSession(data, options, providers=["CPUExecutionProvider"])
        except self._errors as error:
            raise refused(path, "it is not an ONNX network that onnxruntime can run") from error
        self._input, (self.height, self.width) = self._picture_input()

    def _picture_input(self) -> tuple[str, tuple[int, int]]:
        inputs = self._session.get_inputs()
        shapes = [tuple(item.shape) for item in inputs]
        if len(shapes) == 1 and len(shapes[0]) == 4 and shapes[0][1] == 3:
            size = shapes[0][2:]
            if all(isinstance(n, int) and 0 < n <= _LARGEST_PX for n in size):
                return inputs[0].name, size
        raise refused(self._path, f"it takes {_spoken(shapes)} in place of one picture (1, 3, height, width)")

    def of_nothing(self) -> list[NDArray[np.float32]]:
        """Return the answers to a black picture."""
        return self(np.zeros((1, 3, self.height, self.width), dtype=np.float32))

    def __call__(self, shown: NDArray[np.float32]) -> list[NDArray[np.float32]]:
        try:
            return [np.asarray(answer) for answer in self._session.run(None, {self._input: shown})]
        except self._errors as error:
            raise refused(self._path, "it fails on a picture") from error


def _errors(onnxruntime: Any) -> tuple[type[Exception], ...]:
    state = onnxruntime.capi.onnxruntime_pybind11_state
    names = (
        *("EPFail", "Fail", "InvalidArgument", "InvalidGraph", "InvalidProtobuf"),
        *("NoModel", "NoSuchFile", "NotImplemented", "RuntimeException"),
    )
    return (*(getattr(state, name) for name in names), MemoryError, RuntimeError, ValueError)


def _spoken(shapes: list[tuple[Any, ...]]) -> str:
    sizes = (
        "(" + ", ".join(f"{n:g}" if isinstance(n, float) else str(n) for n in shape) + ")" for shape in shapes
    )
    return " and ".join(sizes) or "nothing"


_Kind = TypeVar("_Kind", PoseNetwork, Finder)


@lru_cache(maxsize=4)
def open_pose(path: Path, sha256: str) -> PoseNetwork:
    """Open RTMPose once a process.

    Raises
    ------
    InputError
        If the file is no such network.
    MissingPartError
        If onnxruntime cannot be loaded.
    """
    return _open(PoseNetwork, path, sha256)


@lru_cache(maxsize=4)
def open_finder(path: Path, sha256: str) -> Finder:
    """Open YOLOX once a process; raises as :func:`open_pose`."""
    return _open(Finder, path, sha256)


def _open(kind: type[_Kind], path: Path, sha256: str) -> _Kind:
    data = read_onnx(path)
    if sha256_of(data) != sha256:
        raise InputError(f"The weights {path.name}", "they changed while they were in use", "Start again.")
    try:
        return kind(path, data)
    except ImportError as error:
        raise MissingPartError(
            "The pose backend 'rtmpose'", f"onnxruntime cannot be loaded ({error})", f"Reinstall {REQUIREMENT}."
        ) from error
