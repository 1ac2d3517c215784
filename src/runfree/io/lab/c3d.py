"""C3D files (Vicon, Qualisys, Visual3D …): markers, force plates and events, by ezc3d after a look at every claimed size."""

from __future__ import annotations

import struct
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from runfree.core.errors import InputError
from runfree.core.recording import Recording, make_recording, marker_names, with_events, with_forces
from runfree.io.lab.text import check_size, evenly, first_line, refused, write_whole
from runfree.io.lab.trc import UNITS_M
from runfree.io.readers import Held, is_recording

MAX_BYTES = 300_000_000
_BLOCK = 512
_DAMAGED = "its header is damaged or cut off"


class C3d:
    """Reads and writes C3D files."""

    name = "C3D"
    suffixes = (".c3d",)

    def claims(self, path: Path, head: bytes) -> bool:
        """Whether this is a C3D file, by name."""
        return path.suffix.lower() in self.suffixes

    def read(self, path: Path, rate_hz: float | None = None) -> Recording:
        """Read markers, force plates and events; lengths become metres, a marker that was not seen NaN.

        Raises
        ------
        MotionError
            If it is damaged, claims more than it holds, or holds no markers.
        """
        check_size(path, MAX_BYTES)
        _check_claims(path)
        import ezc3d

        try:
            stored = ezc3d.c3d(str(path), extract_forceplat_data=False)
            return _recording(path, stored)
        except (OSError, ValueError, RuntimeError, IndexError, KeyError) as error:
            raise refused(path, f"it cannot be read as C3D ({first_line(error)})") from error

    def write(self, path: Path, held: Held) -> None:
        """Write markers in metres (C3D keeps single precision), with events; forces are kept by ``.nc`` only.

        Raises
        ------
        InputError
            If it is no recording, or holds forces.
        OutputError
        """
        if not is_recording(held):
            raise InputError(f"The file {path.name}", "C3D holds markers", "Choose .csv, .parquet or .nc.")
        recording = held
        if "force" in recording:
            raise InputError(
                f"The file {path.name}", "forces are not written to C3D", "Choose .nc, which holds everything."
            )
        import ezc3d

        made = _stored(ezc3d.c3d(), recording)
        write_whole(path, lambda part: made.write(str(part)))


def _check_claims(path: Path) -> None:
    """Refuse a header that claims more than the file holds, before anything is made room for.

    Layout after the C3D user guide (c3d.org): words 2 to 6, 9 and 10 of the first block, then blocks of parameters.
    """
    data = path.read_bytes()
    if len(data) < 2 * _BLOCK or data[1] != 0x50:
        raise refused(path, "it is not a C3D file, or it was cut off")
    parameters_at = (data[0] - 1) * _BLOCK
    if parameters_at < _BLOCK or parameters_at + 4 > len(data):
        raise refused(path, _DAMAGED)
    big = data[parameters_at + 3] == 86
    order = ">" if big else "<"
    words = struct.unpack_from(f"{order}10H", data, 0)
    markers, analog, first, last, start = words[1], words[2], words[3], words[4], words[8]
    if markers == 0:
        raise refused(path, "it holds no markers", "Export the trial with its marker trajectories.")
    size = 4 if _is_float(data, order) else 2
    frames = (len(data) - (start - 1) * _BLOCK) // (size * (4 * markers + analog)) if start > 1 else 0
    if frames < 1 or (last != 0xFFFF and last - first + 1 > frames):
        raise refused(
            path, f"its header claims {last - first + 1} frames, but the file ends after {max(frames, 0)}"
        )
    _check_parameters(path, data, parameters_at, order)


def _is_float(data: bytes, order: str) -> bool:
    return struct.unpack_from(f"{order}f", data, 12)[0] < 0


def _check_parameters(path: Path, data: bytes, at: int, order: str) -> None:
    """Walk the chain of groups and parameters: every length must lie inside their blocks."""
    end = min(len(data), at + data[at + 2] * _BLOCK)
    place = at + 4
    while place + 2 <= end:
        name_length, group = struct.unpack_from("bb", data, place)
        if name_length == 0:
            return
        offset_at = place + 2 + abs(name_length)
        if offset_at + 3 > end:
            raise refused(path, _DAMAGED)
        offset = struct.unpack_from(f"{order}H", data, offset_at)[0]
        if group > 0:
            kind, dimensions = struct.unpack_from("bB", data, offset_at + 2)
            sizes = data[offset_at + 4 : offset_at + 4 + dimensions]
            claimed = abs(kind) * int(np.prod([float(s) for s in sizes])) if dimensions else abs(kind)
            if dimensions > 7 or offset_at + 4 + dimensions + claimed > end:
                raise refused(path, "a parameter in its header claims more than the file holds")
        if offset == 0:
            return
        place = offset_at + offset
    raise refused(path, _DAMAGED)


def _value(stored: Any, group: str, name: str) -> list[Any]:
    parameters = stored["parameters"]
    if group not in parameters or name not in parameters[group]:
        return []
    return list(np.atleast_1d(parameters[group][name]["value"]).tolist())


def _recording(path: Path, stored: Any) -> Recording:
    points: NDArray[np.float64] = stored["data"]["points"][:3]
    rate = float((_value(stored, "POINT", "RATE") or [0])[0])
    unit = str((_value(stored, "POINT", "UNITS") or ["mm"])[0]).strip().lower() or "mm"
    if points.shape[1] == 0 or points.shape[2] == 0:
        raise refused(path, "it holds no markers", "Export the trial with its marker trajectories.")
    if not 5 <= rate <= 5000:
        raise refused(path, f"its rate is {rate:g} frames a second")
    if unit not in UNITS_M:
        raise refused(path, f"its header gives lengths in {unit!r}", "Write mm, cm or m as POINT:UNITS.")
    labels = [*_value(stored, "POINT", "LABELS"), *_value(stored, "POINT", "LABELS2")]
    names = _names([str(n) for n in labels], points.shape[1])
    first = float(stored["header"]["points"]["first_frame"])
    time = (first + np.arange(points.shape[2])) / rate
    residual = stored["data"]["meta_points"]["residuals"][0]
    position = np.where((residual < 0) | (points == 0).all(axis=0), np.nan, points) * UNITS_M[unit]
    recording = make_recording(time, position.transpose(2, 1, 0), names, source=path.name)
    return _with_events(stored, _with_plates(stored, recording, UNITS_M[unit], rate))


def _names(labels: list[str], count: int) -> tuple[str, ...]:
    """One distinct name a marker; a subject's name before a colon is taken off where that leaves names distinct."""
    full = [n.strip() for n in labels[:count]] + [f"marker {i}" for i in range(len(labels) + 1, count + 1)]
    bare = [n.rsplit(":", 1)[-1] for n in full]
    names = bare if len(set(bare)) == len(bare) else full
    return tuple(n if n and names.count(n) == 1 else f"{n or 'marker'} {i}" for i, n in enumerate(names, start=1))


def _with_plates(stored: Any, recording: Recording, metres: float, rate: float) -> Recording:
    """Join what is known of force plates of types 2 and 4, whose first three channels are the force.

    A plate reports the force that the runner puts on it, in its own axes (z down into the plate): the force on the runner is
    its negative, and the corners say how the plate lies.
    """
    kinds = [int(k) for k in _value(stored, "FORCE_PLATFORM", "TYPE")]
    analog: NDArray[np.float64] = stored["data"]["analogs"][0]
    if not kinds or analog.size == 0 or any(k not in (2, 4) for k in kinds):
        return recording
    plates = stored["parameters"]["FORCE_PLATFORM"]
    channels, corners = np.asarray(plates["CHANNEL"]["value"]), np.asarray(plates["CORNERS"]["value"])
    forces: list[NDArray[np.float64]] = []
    units = _value(stored, "ANALOG", "UNITS")
    note = ""
    for i, kind in enumerate(kinds):
        at = channels[:, i].astype(int) - 1
        raw = analog[at]
        if kind == 4:
            called = str(units[at[2]]).strip() if len(units) > at[2] else ""
            raw = np.asarray(plates["CAL_MATRIX"]["value"])[:, :, i] @ raw
            if called == "N" and np.abs(raw[2]).max() > 2 * np.abs(analog[at[2]]).max():
                note = "recalibrated"
        forces.append(-(_plate_axes(corners[:, :, i]) @ raw[:3]).T)
    time = recording["time"].to_numpy()
    clock = time[0] + np.arange(analog.shape[1]) * len(time) / analog.shape[1] / rate
    force = np.stack(forces, axis=1)
    joined = with_forces(recording, clock, force, np.full(force.shape, np.nan))
    joined.attrs["force_note"] = note
    return joined


def _plate_axes(corners: NDArray[np.float64]) -> NDArray[np.float64]:
    """Columns: the plate's x, y and z along the file's axes, from its corners (3, 4), as the C3D user guide numbers them."""
    c = corners.T
    x = (c[0] + c[3] - c[1] - c[2]) / 2
    y = (c[0] + c[1] - c[2] - c[3]) / 2
    x, y = x / np.linalg.norm(x), y / np.linalg.norm(y)
    return np.column_stack([x, y, np.cross(x, y)])


def _with_events(stored: Any, recording: Recording) -> Recording:
    if not _value(stored, "EVENT", "TIMES"):
        return recording
    times = np.asarray(stored["parameters"]["EVENT"]["TIMES"]["value"], dtype=np.float64)
    seconds = times[0] * 60 + times[1] if times.ndim == 2 else times
    sides, labels = _value(stored, "EVENT", "CONTEXTS"), _value(stored, "EVENT", "LABELS")
    count = min(len(seconds), len(labels))
    full = [f"{sides[i]} {labels[i]}" if i < len(sides) else str(labels[i]) for i in range(count)]
    order = np.argsort(seconds[:count], kind="stable")
    return with_events(recording, seconds[order], tuple(full[i] for i in order))


def _stored(made: Any, recording: Recording) -> Any:
    position = recording["position"].to_numpy().transpose(2, 1, 0)
    time = recording["time"].to_numpy()
    rate = evenly(time)
    made["parameters"]["POINT"]["RATE"]["value"] = [rate]
    made["parameters"]["POINT"]["UNITS"]["value"] = ["m"]
    made["parameters"]["POINT"]["LABELS"]["value"] = list(marker_names(recording))
    full = np.concatenate([position, np.ones((1, *position.shape[1:]))])
    made["data"]["points"] = full
    made["data"]["meta_points"]["residuals"] = np.where(np.isnan(position).any(axis=0), -1.0, 0.0)[None]
    made["header"]["points"]["first_frame"] = round(time[0] * rate)
    if "event_time" in recording:
        seconds = recording["event_time"].to_numpy()
        made.add_parameter("EVENT", "USED", [len(seconds)])
        made.add_parameter("EVENT", "TIMES", np.vstack([np.zeros_like(seconds), seconds]))
        made.add_parameter("EVENT", "LABELS", [str(e) for e in recording["event"].to_numpy()])
    return made


def reader() -> C3d:
    """Return the reader (entry point ``c3d``)."""
    return C3d()
