"""Tab-separated text with one header line, as in the public data set of Fukuchi et al. 2017 (markers in mm, forces in N)."""

from __future__ import annotations

from pathlib import Path

from runfree.core.errors import InputError
from runfree.core.recording import Recording, make_recording
from runfree.core.table import Table
from runfree.io.lab.text import cells, numbers, read_lines, refused, unrounded
from runfree.io.readers import Held

_FORCES = ("Fx", "Fy", "Fz", "COPx", "COPy", "COPz")


class Fukuchi:
    """Reads the two kinds of text file: ``Time`` with ``NAMEX NAMEY NAMEZ`` columns, or with ``Fx … COPz``."""

    name = "Fukuchi text"
    suffixes = ()

    def claims(self, path: Path, head: bytes) -> bool:
        """Whether the first line is that of such a file."""
        first = head.split(b"\n", 1)[0].decode("utf-8", "replace").rstrip("\r").split("\t")
        return path.suffix.lower() == ".txt" and len(first) > 3 and first[0] == "Time"

    def read(self, path: Path, rate_hz: float | None = None) -> Recording | Table:
        """Read markers (in metres) or, as a table, forces; a force file counts its rows instead of telling the time.

        Raises
        ------
        MotionError
        """
        lines = read_lines(path)
        names = cells(lines[0])[1:]
        values = numbers(path, (line for line in lines[1:] if line.strip()), len(names) + 1)
        if len(values) < 2:
            raise refused(path, "it holds fewer than two frames")
        time = unrounded(values[:, 0])
        if set(_FORCES) <= set(names):
            return Table(time, tuple(names), values[:, 1:], source=path.name)
        markers = [n[:-1] for n in names[::3]]
        if names != [f"{m}{axis}" for m in markers for axis in "XYZ"]:
            raise refused(path, "its columns are not three (X, Y, Z) for each marker")
        position = values[:, 1:].reshape(len(values), -1, 3) / 1000
        return make_recording(time, position, tuple(markers), source=path.name)

    def write(self, path: Path, held: Held) -> None:
        """Refuse: markers have better formats.

        Raises
        ------
        InputError
        """
        raise InputError(f"The file {path.name}", "text is read, but not written", "Choose .trc, .csv or .nc.")


def reader() -> Fukuchi:
    """Return the reader (entry point ``fukuchi``)."""
    return Fukuchi()
