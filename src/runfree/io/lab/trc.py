"""TRC files (OpenSim, Cortex, Sports2D, Pose2Sim, OpenCap): markers over time."""

from __future__ import annotations

import itertools
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from runfree.core.errors import InputError
from runfree.core.recording import Recording, make_recording, marker_names
from runfree.io.lab.text import EXPORT_AGAIN, cells, evenly, numbers, read_lines, refused, unrounded
from runfree.io.readers import Held, is_recording
from runfree.io.whole_file import whole_file

_NAMES = {
    0.001: ("mm", "millimeter", "millimeters", "millimetre", "millimetres"),
    0.01: ("cm", "centimeter", "centimeters", "centimetre", "centimetres"),
    1.0: ("m", "meter", "meters", "metre", "metres"),
    0.0254: ("in", "inch", "inches"),
}
UNITS_M = {name: metres for metres, names in _NAMES.items() for name in names}
_ROUNDING_S = 0.002
PIXELS = ("px", "pixels", "pixel")


class Trc:
    """Reads and writes TRC files."""

    name = "TRC"
    suffixes = (".trc",)

    def claims(self, path: Path, head: bytes) -> bool:
        """Whether this is a TRC file, by name or first word."""
        return path.suffix.lower() in self.suffixes or head.lstrip(b"\xef\xbb\xbf").startswith(b"PathFileType")

    def read(self, path: Path, rate_hz: float | None = None) -> Recording:
        """Read markers, in metres (or pixels, as the header says).

        Raises
        ------
        MotionError
            If the header is damaged, or the rows are not those that it announces.
        """
        lines = read_lines(path)
        at = _labels_line(path, lines)
        header = _header(path, lines[:at])
        labels = [c for c in cells(lines[at])[2:] if c]
        names = _unique(path, labels)
        rows = [line for line in lines[at + 2 :] if line.strip()]
        _check_rows(path, header, len(names), len(rows))
        if not rows:
            raise refused(path, "it holds no frames")
        table = numbers(path, rows, 2 + 3 * len(names))
        unit = header.get("Units", "mm").lower()
        if unit not in UNITS_M and unit not in PIXELS:
            raise refused(path, f"its header gives lengths in {unit!r}", "Write mm, cm or m as the Units.")
        position = table[:, 2:].reshape(len(rows), -1, 3) * UNITS_M.get(unit, 1.0)
        return make_recording(
            _times(path, table[:, 1], header),
            position,
            names,
            source=path.name,
            picture_unit="px" if unit in PIXELS else "",
        )

    def write(self, path: Path, held: Held) -> None:
        """Write markers in metres with all their digits; gaps are empty cells.

        Raises
        ------
        InputError
            If it is no recording of markers, or holds more (forces, events).
        OutputError
            If it cannot be written.
        """
        if not is_recording(held):
            raise InputError(f"The file {path.name}", "TRC holds markers only", "Choose .csv or .parquet.")
        recording = held
        extra = [what for what, key in (("forces", "force"), ("events", "event_time")) if key in recording]
        if extra:
            raise InputError(
                f"The file {path.name}",
                f"TRC cannot hold {' and '.join(extra)}",
                "Choose .nc, which holds everything.",
            )
        with whole_file(path) as part:
            part.write_text(_text(path, recording), encoding="utf-8", newline="\n")


def _labels_line(path: Path, lines: list[str]) -> int:
    for i, line in enumerate(lines[:10]):
        first = line.lstrip().lower()
        if first.startswith("frame#") or first.startswith("frame\t"):
            return i
    raise refused(path, "it has no line of marker names (Frame#, Time, …): the header is damaged or cut off")


def _header(path: Path, lines: list[str]) -> dict[str, str]:
    for keys, values in itertools.pairwise(lines):
        if keys.startswith("DataRate"):
            return dict(zip(cells(keys), cells(values), strict=False))
    raise refused(path, "its header lacks the line DataRate … Units")


def _unique(path: Path, names: list[str]) -> tuple[str, ...]:
    repeated = {n for n in names if names.count(n) > 1}
    if repeated:
        raise refused(path, f"the marker {sorted(repeated)[0]!r} is named twice")
    if not names:
        raise refused(path, "it names no markers")
    return tuple(names)


def _check_rows(path: Path, header: dict[str, str], markers: int, rows: int) -> None:
    for key, found, what in (("NumMarkers", markers, "markers"), ("NumFrames", rows, "frames")):
        try:
            promised = int(float(header.get(key, "nan")))
        except (ValueError, OverflowError):
            raise refused(path, f"its header does not say how many {what} it holds") from None
        if promised != found:
            raise refused(
                path, f"its header announces {promised} {what}, but {found} are there: it was cut off or edited"
            )


def _times(path: Path, time: NDArray[np.float64], header: dict[str, str]) -> NDArray[np.float64]:
    """The time column, checked against the rate of the header."""
    if len(time) < 2 or not np.isfinite(time).all() or (np.diff(time) <= 0).any():
        raise refused(path, "its times do not rise from row to row", EXPORT_AGAIN)
    try:
        promised = float(header.get("DataRate", "nan"))
    except ValueError:
        promised = float("nan")
    span = float(time[-1] - time[0])
    if promised > 0 and abs(span - (len(time) - 1) / promised) > 0.02 * span + _ROUNDING_S:
        raise refused(
            path,
            f"its times run at {evenly(time):.4g} frames a second, its header says {promised:.4g}",
            "Put the right rate (DataRate) into the header, or export the trial again.",
        )
    return unrounded(time)


def _text(path: Path, recording: Recording) -> str:
    names = marker_names(recording)
    time = recording["time"].to_numpy()
    rate = f"{evenly(time):.10g}"
    unit = recording.attrs["picture_unit"] or "m"
    values = recording["position"].to_numpy().reshape(len(time), -1)
    lines = [
        f"PathFileType\t4\t(X/Y/Z)\t{path.name}",
        "DataRate\tCameraRate\tNumFrames\tNumMarkers\tUnits\tOrigDataRate\tOrigDataStartFrame\tOrigNumFrames",
        "\t".join([rate, rate, str(len(time)), str(len(names)), unit, rate, "1", str(len(time))]),
        "Frame#\tTime\t" + "\t\t\t".join(names) + "\t\t",
        "\t\t" + "\t".join(f"X{i}\tY{i}\tZ{i}" for i in range(1, len(names) + 1)),
        "",
    ]
    for i, (t, row) in enumerate(zip(time.tolist(), values.tolist(), strict=True), start=1):
        lines.append("\t".join([str(i), repr(t), *("" if v != v else repr(v) for v in row)]))
    return "\n".join(lines) + "\n"


def reader() -> Trc:
    """Return the reader (entry point ``trc``)."""
    return Trc()
