"""Slow motion as phones store it: how many times slower than life a film plays, as far as the file tells.

Android writes every frame at its time of play (30 a second, say) and the rate of capture beside them: the key
``com.android.capture.fps`` of the metadata (``MediaRecorder.setCaptureRate``; Android's MPEG4Writer). An iPhone keeps every frame
at its time of capture; an edit list whose entries have a rate other than 1 (ISO 14496-12, 8.6.6; QuickTime File Format, "Edit list
atom") slows the play. A film that was exported or sent may have lost all of it: then nothing tells, and nothing is guessed.
"""

from __future__ import annotations

import math
import struct
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import BinaryIO

from runfree.core.errors import FilmError

CAPTURE_KEY = "com.android.capture.fps"
FASTEST_CAPTURE_HZ = 2000.0
_WHOLE = 0.03
_FASTER = 0.9
_MAX_EDITS = 1000
_MAX_ATOMS = 10_000


def times_slower(name: str, tags: Mapping[str, str], played_hz: float) -> float | None:
    """Return how many times slower than life a film plays by its metadata; None where it does not say.

    Parameters
    ----------
    name : str
        What errors call the film.
    tags : mapping
        Metadata of the container.
    played_hz : float
        Frames a second as played (median).

    Returns
    -------
    float or None
        Capture rate over played rate, to the whole number where it lies within 3 % of one.

    Raises
    ------
    FilmError
        If the film plays faster than life (a time lapse): most of every step is missing in it.
    """
    try:
        captured_hz = float(tags[CAPTURE_KEY])
    except (KeyError, ValueError):
        return None
    if not 0 < captured_hz <= FASTEST_CAPTURE_HZ:
        return None
    slower = captured_hz / played_hz
    if slower < _FASTER:
        raise FilmError(
            name,
            f"it is a time lapse: {captured_hz:.3g} pictures a second were taken, and {played_hz:.3g} are shown",
            "Film at normal speed or in slow motion.",
        )
    whole = max(1, round(slower))
    return float(whole) if math.isclose(slower, whole, rel_tol=_WHOLE) else slower


def plays_by_edits(path: Path) -> bool:
    """Tell whether an edit list of the picture track plays it slower or faster than its own times."""
    try:
        with path.open("rb") as file:
            return any(rate not in (0, 1 << 16) for rate in _edit_rates(file, path.stat().st_size))
    except (OSError, struct.error):
        return False


def _edit_rates(file: BinaryIO, size: int) -> Iterator[int]:
    """Rates (16.16) of all entries of the picture tracks' edit lists."""
    for moov in _children(file, 0, size, b"moov"):
        for trak in _children(file, *moov, b"trak"):
            if not _shows_pictures(file, trak):
                continue
            for edts in _children(file, *trak, b"edts"):
                for elst in _children(file, *edts, b"elst"):
                    yield from _rates(file, *elst)


def _children(file: BinaryIO, start: int, end: int, wanted: bytes) -> Iterator[tuple[int, int]]:
    """Where the content of atoms of one kind begins and ends."""
    for _ in range(_MAX_ATOMS):
        if start + 8 > end:
            return
        file.seek(start)
        length, kind = struct.unpack(">I4s", file.read(8))
        content = start + 8
        if length == 1:
            (length,) = struct.unpack(">Q", file.read(8))
            content += 8
        stop = end if length == 0 else start + length
        if stop < content or stop > end:
            return
        if kind == wanted:
            yield content, stop
        start = stop


def _shows_pictures(file: BinaryIO, trak: tuple[int, int]) -> bool:
    for mdia in _children(file, *trak, b"mdia"):
        for start, _ in _children(file, *mdia, b"hdlr"):
            file.seek(start + 8)
            if file.read(4) == b"vide":
                return True
    return False


def _rates(file: BinaryIO, start: int, stop: int) -> Iterator[int]:
    file.seek(start)
    version, count = struct.unpack(">B3xI", file.read(8))
    entry = 20 if version == 1 else 12
    for i in range(min(count, _MAX_EDITS, (stop - start - 8) // entry)):
        file.seek(start + 8 + (i + 1) * entry - 4)
        yield struct.unpack(">i", file.read(4))[0]
