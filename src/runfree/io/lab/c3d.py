"""C3D files (Vicon, Qualisys, Visual3D …): markers, force plates and events as a recording; ezc3d writes them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from runfree.core.errors import InputError
from runfree.core.recording import Recording, make_recording, marker_names, with_events, with_forces
from runfree.io.lab.c3d_file import Stored, read_stored
from runfree.io.lab.text import check_size, evenly, first_line, refused
from runfree.io.lab.trc import UNITS_M
from runfree.io.readers import Held, is_recording
from runfree.io.whole_file import whole_file

MAX_BYTES = 300_000_000


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
        try:
            return _recording(path, read_stored(path))
        except (OSError, ValueError, IndexError) as error:
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
        with whole_file(path) as part:
            made.write(str(part))


def _recording(path: Path, stored: Stored) -> Recording:
    rates = stored.numbers("POINT", "RATE").ravel()
    rate = float(rates[0]) if rates.size else 0.0
    unit = (stored.words("POINT", "UNITS") or ("mm",))[0].lower() or "mm"
    if not 5 <= rate <= 5000:
        raise refused(path, f"its rate is {rate:g} frames a second")
    if unit not in UNITS_M:
        raise refused(path, f"its header gives lengths in {unit[:20]!r}", "Write mm, cm or m as POINT:UNITS.")
    frames, markers, _ = stored.points.shape
    names = _names([*stored.words("POINT", "LABELS"), *stored.words("POINT", "LABELS2")], markers)
    time = (stored.first_frame - 1 + np.arange(frames)) / rate
    recording = make_recording(time, stored.points * UNITS_M[unit], names, source=path.name)
    return _with_events(stored, _with_plates(stored, recording, rate))


def _names(labels: list[str], count: int) -> tuple[str, ...]:
    """One distinct name a marker; a subject's name before a colon is taken off where that leaves names distinct."""
    full = [n.strip() for n in labels[:count]] + [f"marker {i}" for i in range(len(labels) + 1, count + 1)]
    bare = [n.rsplit(":", 1)[-1] for n in full]
    names = bare if len(set(bare)) == len(bare) else full
    return tuple(n if n and names.count(n) == 1 else f"{n or 'marker'} {i}" for i, n in enumerate(names, start=1))


def _with_plates(stored: Stored, recording: Recording, rate: float) -> Recording:
    """Join what is known of force plates of types 2 and 4, whose first three channels are the force.

    A plate reports the force that the runner puts on it, in its own axes (z down into the plate): the force on the runner is
    its negative, and the corners say how the plate lies.
    """
    kinds = stored.numbers("FORCE_PLATFORM", "TYPE").ravel()
    analog = stored.analog.T
    if not len(kinds) or analog.size == 0 or not set(kinds) <= {2, 4}:
        return recording
    channels = stored.numbers("FORCE_PLATFORM", "CHANNEL").reshape(6, -1, order="F").astype(int) - 1
    corners = stored.numbers("FORCE_PLATFORM", "CORNERS").reshape(3, 4, -1, order="F")
    matrices = stored.numbers("FORCE_PLATFORM", "CAL_MATRIX")
    units = stored.words("ANALOG", "UNITS")
    forces: list[NDArray[np.float64]] = []
    note = ""
    for i, kind in enumerate(kinds):
        at = channels[:, i]
        raw = analog[at]
        if kind == 4:
            called = units[at[2]] if len(units) > at[2] else ""
            raw = matrices.reshape(6, 6, -1, order="F")[:, :, i] @ raw
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


def _with_events(stored: Stored, recording: Recording) -> Recording:
    times, labels = stored.numbers("EVENT", "TIMES"), stored.words("EVENT", "LABELS")
    seconds = times[0] * 60 + times[1] if times.ndim == 2 and len(times) == 2 else times.ravel()
    sides = stored.words("EVENT", "CONTEXTS")
    count = min(len(seconds), len(labels))
    if count == 0:
        return recording
    full = [f"{sides[i]} {labels[i]}" if i < len(sides) else labels[i] for i in range(count)]
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
