"""A watch or app file of any kind, by what it is."""

from __future__ import annotations

import io

from runfree.core.activity import ActivityFile
from runfree.core.errors import ActivityError
from runfree.io.activity_json import read_activity_json
from runfree.io.apple_health import read_apple_health
from runfree.io.fit import read_fit
from runfree.io.gpx import read_gpx
from runfree.io.tcx import read_tcx


def read_watch_file(data: bytes, name: str) -> ActivityFile:
    """Read a FIT, TCX, GPX or Apple Health file, or an activity of the journal, by its content, whatever it is called.

    Raises
    ------
    ActivityError
        If it is none of them, or damaged before its first record.
    """
    if not data:
        raise ActivityError(name, "the file is empty", "Copy it again.")
    if data[8:12] == b".FIT":
        return read_fit(data, name)
    head = _head(data)
    if data[:1] == b"{":
        return read_activity_json(data, name)
    if b"<gpx" in head:
        return read_gpx(data, name)
    if b"<TrainingCenterDatabase" in head:
        return read_tcx(data, name)
    if b"HealthData" in head:
        return read_apple_health(io.BytesIO(data), name)
    if head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
        return _by_parsing(data, name)
    raise ActivityError(
        name, "it is neither FIT, TCX, GPX nor an Apple Health export", "Export it from the watch or app again."
    )


def _head(data: bytes) -> bytes:
    """The first bytes; those of a text in UTF-16 without their zeros."""
    return data[:8192].replace(b"\0", b"") if data[:2] in (b"\xff\xfe", b"\xfe\xff") else data[:4096]


def _by_parsing(data: bytes, name: str) -> ActivityFile:
    """XML whose root stands further down, such as behind a long declaration."""
    for reader in (read_tcx, read_gpx):
        try:
            return reader(data, name)
        except ActivityError as error:
            problem = error
    raise problem
