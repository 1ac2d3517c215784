"""The C3D format itself: parameters, points and analog channels; every claimed length is checked before it is used.

Layout after the C3D user guide (c3d.org), for the number formats of Intel, DEC (VAX) and MIPS (SGI) processors. Own code, since a
damaged file can end the whole process inside a library (docs/decisions/0018-c3d.md).
"""

from __future__ import annotations

import math
import struct
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from runfree.io.lab.text import MAX_NUMBERS, refused

Array = NDArray[np.float64]
Parameters = dict[tuple[str, str], tuple[str, ...] | Array]

_BLOCK = 512
_MARK = 0x50
_DEC, _MIPS = 85, 86
_PROCESSORS = (84, _DEC, _MIPS)
_DAMAGED = "its header is damaged or cut off"
_ANY_LENGTH = 0xFFFF
_DEC_TO_IEEE = 0.25
_KINDS = {-1: "S1", 1: "i1", 2: "i2", 4: "f4"}


@dataclass(frozen=True, slots=True, eq=False)
class Stored:
    """What a C3D file holds, in its own units.

    Attributes
    ----------
    parameters : dict of (group, name) to array or tuple of str
        Arrays with the file's dimensions, the first running fastest.
    first_frame : int
        1 for a trial that was not trimmed.
    points : array (T, M, 3)
        NaN where a point is marked as not seen.
    analog : array (S, C)
        Scaled, S a multiple of T.
    """

    parameters: Parameters
    first_frame: int
    points: Array
    analog: Array

    def numbers(self, group: str, name: str) -> Array:
        """A numeric parameter; empty where there is none."""
        value = self.parameters.get((group, name))
        return value if isinstance(value, np.ndarray) else np.empty(0)

    def words(self, group: str, name: str) -> tuple[str, ...]:
        """A parameter of text; empty where there is none."""
        value = self.parameters.get((group, name))
        return value if isinstance(value, tuple) else ()


def read_stored(path: Path) -> Stored:
    """Read a whole file.

    Raises
    ------
    MotionError
        If it is damaged, claims more than it holds, or holds no markers.
    """
    data = path.read_bytes()
    if len(data) < 2 * _BLOCK or data[1] != _MARK:
        raise refused(path, "it is not a C3D file, or it was cut off")
    at = (data[0] - 1) * _BLOCK
    if at < _BLOCK or at + 4 > len(data) or data[at + 3] not in _PROCESSORS:
        raise refused(path, _DAMAGED)
    processor = data[at + 3]
    order = ">" if processor == _MIPS else "<"
    parameters = _parameters(path, data, at, order, dec=processor == _DEC)
    return _body(path, data, parameters, order, dec=processor == _DEC)


def _parameters(path: Path, data: bytes, at: int, order: str, *, dec: bool) -> Parameters:
    """Follow the chain of groups and parameters."""
    end, place = min(len(data), at + data[at + 2] * _BLOCK), at + 4
    groups: dict[int, str] = {}
    found: list[tuple[int, str, tuple[str, ...] | Array]] = []
    while place + 2 <= end:
        length, group = struct.unpack_from("bb", data, place)
        offset_at = place + 2 + abs(length)
        if length == 0:
            break
        if offset_at + 3 > end:
            raise refused(path, _DAMAGED)
        name = data[place + 2 : offset_at].decode("latin-1").strip().upper()
        if group < 0:
            groups[-group] = name
        elif group > 0:
            found.append((group, name, _value(path, data[offset_at + 2 : end], order, dec=dec)))
        offset = struct.unpack_from(f"{order}H", data, offset_at)[0]
        if offset == 0:
            break
        place = offset_at + offset
    if not found:
        raise refused(path, _DAMAGED)
    return {(groups.get(group, ""), name): value for group, name, value in found}


def _value(path: Path, data: bytes, order: str, *, dec: bool) -> tuple[str, ...] | Array:
    """One parameter: kind, number of dimensions, dimensions, values."""
    kind, dimensions = struct.unpack_from("bB", data + b"\0\0")
    shape = tuple(data[2 : 2 + dimensions])
    raw, count = data[2 + dimensions :], math.prod(shape)
    if kind not in _KINDS or dimensions > 7 or count * abs(kind) > len(raw):
        raise refused(path, "a parameter in its header claims more than the file holds")
    if kind == -1:
        width = shape[0] if shape else 1
        text = raw[:count].decode("latin-1")
        return tuple(text[i : i + width].strip(" \0") for i in range(0, count, width)) if width else ()
    return _numbers(raw[: count * kind], _KINDS[kind], order, dec=dec).reshape(shape, order="F")


def _numbers(raw: bytes, kind: str, order: str, *, dec: bool) -> Array:
    """Numbers of one kind as floats; those of DEC have their words exchanged and count four times as much."""
    if dec and kind == "f4":
        words = np.frombuffer(raw, "<u2").reshape(-1, 2)[:, ::-1]
        return np.frombuffer(words.tobytes(), "<f4").astype(np.float64) * _DEC_TO_IEEE
    return np.frombuffer(raw, order + kind).astype(np.float64)


def _body(path: Path, data: bytes, parameters: Parameters, order: str, *, dec: bool) -> Stored:
    words = struct.unpack_from(f"{order}10H", data, 0)
    markers, per_frame, first, last, begin, samples = *words[1:5], (words[8] - 1) * _BLOCK, words[9]
    scale = float(_numbers(data[12:16], "f4", order, dec=dec)[0])
    if markers == 0:
        raise refused(path, "it holds no markers", "Export the trial with its marker trajectories.")
    kind, size = ("f4", 4) if scale < 0 else ("i2", 2)
    width = 4 * markers + per_frame
    held = (len(data) - begin) // (size * width) if begin >= _BLOCK else 0
    frames = _length(parameters, first, last, held)
    if not 1 <= frames <= held:
        raise refused(path, f"its header claims {frames} frames, but the file ends after {max(held, 0)}")
    if frames * width > MAX_NUMBERS:
        raise refused(path, "it holds more numbers than a trial can", "Export a shorter trial.")
    table = _numbers(data[begin : begin + frames * width * size], kind, order, dec=dec).reshape(frames, width)
    points = table[:, : 4 * markers].reshape(frames, markers, 4)
    seen = (points[..., 3] >= 0) & (points[..., :3] != 0).any(axis=2) & np.isfinite(points[..., :3]).all(axis=2)
    stored = Stored(
        parameters,
        first,
        np.where(seen[..., None], points[..., :3] * (1.0 if scale < 0 else scale), np.nan),
        table[:, 4 * markers :].reshape(-1, per_frame // samples) if samples and per_frame else np.empty((0, 0)),
    )
    return _scaled(path, stored, wraps=kind == "i2")


def _length(parameters: Parameters, first: int, last: int, held: int) -> int:
    """Frames, where the header cannot count so far from the parameters."""
    if last != _ANY_LENGTH:
        return last - first + 1
    ends = [parameters.get(("TRIAL", f"ACTUAL_{which}_FIELD")) for which in ("START", "END")]
    counts = [e.ravel() % 65536 @ [1, 65536] for e in ends if isinstance(e, np.ndarray) and e.size == 2]
    return int(counts[1] - counts[0]) + 1 if len(counts) == 2 else held


def _scaled(path: Path, stored: Stored, *, wraps: bool) -> Stored:
    """With analog channels in their own units: (value - offset) x scale x general scale."""
    channels = stored.analog.shape[1]
    if channels == 0:
        return stored
    scale, offset = (
        np.concatenate([stored.numbers("ANALOG", f"{name}{more}").ravel() for more in ("", "2")])[:channels]
        for name in ("SCALE", "OFFSET")
    )
    general = stored.numbers("ANALOG", "GEN_SCALE").ravel()
    if len(scale) != channels:
        raise refused(path, f"it holds {channels} analog channels, but scales for {len(scale)}")
    unsigned = stored.words("ANALOG", "FORMAT")[:1] == ("UNSIGNED",)
    raw = stored.analog % 65536 if unsigned and wraps else stored.analog
    shift = np.zeros(channels)
    shift[: len(offset)] = offset % 65536 if unsigned else offset
    analog = (raw - shift) * scale * (general[0] if general.size else 1.0)
    return Stored(stored.parameters, stored.first_frame, stored.points, analog)
