"""MOT and STO files (OpenSim, Sports2D, Pose2Sim, OpenCap): joint angles, forces and other columns over time."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np

from runfree.core.errors import InputError
from runfree.core.table import Table
from runfree.io.lab.text import EXPORT_AGAIN, cells, numbers, read_lines, refused, unrounded
from runfree.io.readers import Held
from runfree.io.whole_file import whole_file

_ROWS = re.compile(r"(?:nRows\s*=|datarows)\s*(\S+)", re.IGNORECASE)
_COLUMNS = re.compile(r"(?:nColumns\s*=|datacolumns)\s*(\S+)", re.IGNORECASE)
_RANGE = re.compile(r"^range\s+(\S+)\s+\S+", re.IGNORECASE | re.MULTILINE)
_DEGREES = re.compile(r"inDegrees\s*=\s*(yes|no)", re.IGNORECASE)
_HEADER_LINES = 200


class Mot:
    """Reads and writes MOT and STO files."""

    name = "MOT"
    suffixes = (".mot", ".sto")

    def claims(self, path: Path, head: bytes) -> bool:
        """Whether this is a MOT or STO file, by name."""
        return path.suffix.lower() in self.suffixes

    def read(self, path: Path, rate_hz: float | None = None) -> Table:
        """Read the columns as they are.

        Raises
        ------
        MotionError
            If the header is damaged, or rows and columns are not those that it announces.
        """
        lines = read_lines(path)
        end = next((i for i, s in enumerate(lines[:_HEADER_LINES]) if s.strip().lower() == "endheader"), None)
        if end is None:
            raise refused(path, "it has no endheader line: its header is damaged or cut off")
        header, body = "\n".join(lines[:end]), [line for line in lines[end + 1 :] if line.strip()]
        names = [c for c in cells(body[0]) if c] if body else []
        if not names or names[0].lower() not in ("time", "t"):
            raise refused(path, "it has no line of column names that begins with time")
        _check(path, header, _COLUMNS, "columns", len(names))
        if not _trimmed(header, body):
            _check(path, header, _ROWS, "rows", len(body) - 1)
        values = numbers(path, body[1:], len(names))
        if len(values) == 0:
            raise refused(path, "it holds no rows of numbers")
        if not np.isfinite(values[:, 0]).all() or (np.diff(values[:, 0]) <= 0).any():
            raise refused(path, "its times do not rise from row to row", EXPORT_AGAIN)
        degrees = _DEGREES.search(header)
        return Table(
            unrounded(values[:, 0]),
            tuple(names[1:]),
            values[:, 1:],
            None if degrees is None else degrees[1].lower() == "yes",
            path.name,
        )

    def write(self, path: Path, held: Held) -> None:
        """Write a table with all its digits.

        Raises
        ------
        InputError
            If it is no table.
        OutputError
        """
        if not isinstance(held, Table):
            raise InputError(
                f"The file {path.name}", "MOT holds angles or forces, no markers", "Choose .trc or .nc."
            )
        with whole_file(path) as part:
            part.write_text(_text(path, held), encoding="utf-8", newline="\n")


def _trimmed(header: str, body: list[str]) -> bool:
    """Whether a longer trial was trimmed and its header kept: the rows begin after the range that it announces began."""
    announced = _RANGE.search(header)
    try:
        return announced is not None and float(cells(body[1])[0]) > float(announced[1]) + 1e-6
    except (IndexError, ValueError):
        return False


def _check(path: Path, header: str, pattern: re.Pattern[str], what: str, found: int) -> None:
    promised = pattern.search(header)
    if promised is not None and promised[1] != str(found):
        raise refused(
            path,
            f"its header announces {promised[1][:20]} {what}, but {found} are there: it was cut off or edited",
        )


def _text(path: Path, table: Table) -> str:
    degrees = [] if table.in_degrees is None else [f"inDegrees={'yes' if table.in_degrees else 'no'}"]
    lines = [
        path.stem,
        "version=1",
        f"nRows={len(table.time_s)}",
        f"nColumns={len(table.columns) + 1}",
        *degrees,
        "endheader",
        "\t".join(["time", *table.columns]),
    ]
    for t, row in zip(table.time_s.tolist(), table.values.tolist(), strict=True):
        lines.append("\t".join([repr(t), *(repr(v) for v in row)]))
    return "\n".join(lines) + "\n"


def reader() -> Mot:
    """Return the reader (entry point ``mot``)."""
    return Mot()
