"""The replay backend: a saved motion in place of a film, with no network."""

from __future__ import annotations

from pathlib import Path

from runfree import __version__
from runfree.core.motion import Motion
from runfree.io.motion_file import read_motion


class Replay:
    """Reads motion files."""

    name = "replay"
    version = __version__

    def motion(self, path: Path) -> Motion:
        """Return the motion stored in a file; see :func:`runfree.io.motion_file.read_motion`."""
        return read_motion(path)


def backend() -> Replay:
    """Return the backend (entry point ``replay``)."""
    return Replay()
