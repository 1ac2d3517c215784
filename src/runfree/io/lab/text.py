"""What text files of laboratories share: bounded reading, numbers with gaps, clear refusals."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from runfree.core.errors import MotionError

Array = NDArray[np.float64]

MAX_BYTES = 150_000_000
MAX_NUMBERS = 20_000_000
_NO_NUMBER = re.compile(r"-?(nan\(\w*\)|1\.#\w+)", re.IGNORECASE)
"""How programs under Windows write NaN and infinity."""
EXPORT_AGAIN = "Export the trial again from the program that wrote it."


def refused(path: Path, why: str, remedy: str = EXPORT_AGAIN) -> MotionError:
    """The error for a file that cannot be used."""
    return MotionError(f"The file {path.name}", why, remedy)


def first_line(error: Exception) -> str:
    """What a library says is wrong, short enough for a sentence."""
    return (str(error).splitlines() or [type(error).__name__])[0][:80].strip()


def check_size(path: Path, most: int = MAX_BYTES) -> None:
    """Refuse what is missing, no file, empty or far too large, before it is read.

    Raises
    ------
    MotionError
    """
    try:
        if not path.is_file():
            raise refused(path, "there is no such file", "Check the name and the folder.")
        size = path.stat().st_size
    except OSError as error:
        raise refused(path, f"it cannot be read ({error.strerror})", "Check its permissions.") from error
    if size == 0:
        raise refused(path, "the file is empty")
    if size > most:
        raise refused(path, f"it is larger than {most // 1_000_000} MB", "Export a shorter trial.")


def read_lines(path: Path) -> list[str]:
    """Lines of a text file of bounded size, line ends taken off.

    Raises
    ------
    MotionError
    """
    check_size(path)
    try:
        return path.read_bytes().decode("utf-8-sig", errors="replace").splitlines()
    except OSError as error:
        raise refused(path, f"it cannot be read ({error.strerror})", "Check its permissions.") from error


def cells(line: str) -> list[str]:
    """Cells of a row: between tabs where there are tabs (an empty cell is a gap), else between spaces."""
    if "\t" in line:
        return [cell.strip() for cell in line.split("\t")]
    return line.split()


def numbers(path: Path, rows: Iterable[str], width: int) -> Array:
    """Read rows of ``width`` numbers; empty cells and missing last cells are NaN.

    Parameters
    ----------
    path : Path
        Named in errors.
    rows : iterable of str
    width : int

    Returns
    -------
    array (rows, width)

    Raises
    ------
    MotionError
        If a cell is no number, a row too long, or there are more numbers than a trial can hold.
    """
    out: list[Array] = []
    for i, row in enumerate(rows, start=1):
        values = cells(row.lstrip())
        while len(values) > width and values[-1] == "":
            values.pop()
        if len(values) > width:
            raise refused(path, f"data row {i} has {len(values)} cells where the header names {width}")
        if (i + 1) * width > MAX_NUMBERS:
            raise refused(path, "it holds more numbers than a trial can", "Export a shorter trial.")
        full = [_number(path, i, v) for v in values]
        out.append(np.array(full + [math.nan] * (width - len(full))))
    table = np.array(out) if out else np.empty((0, width))
    return np.where(np.isinf(table), np.nan, table)


def _number(path: Path, row: int, cell: str) -> float:
    if cell == "" or _NO_NUMBER.fullmatch(cell):
        return math.nan
    try:
        return float(cell)
    except ValueError as error:
        raise refused(path, f"data row {row} holds {cell[:20]!r}, which is not a number") from error


def evenly(time_s: Array) -> float:
    """Frames a second of a clock: its mean rate."""
    return (len(time_s) - 1) / float(time_s[-1] - time_s[0]) if len(time_s) > 1 else 0.0


def unrounded(time_s: Array) -> Array:
    """Times without the rounding of the file: evenly spaced ones where the file rounds even times to milliseconds."""
    if len(time_s) < 3 or np.abs(time_s - np.round(time_s, 3)).max() > 1e-9:
        return time_s
    even = time_s[0] + np.arange(len(time_s)) * (time_s[-1] - time_s[0]) / (len(time_s) - 1)
    return even if 1e-9 < np.abs(even - time_s).max() <= 0.00101 else time_s
