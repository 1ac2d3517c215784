"""What a reader is, and how the one for a file is found."""

from __future__ import annotations

from functools import cache
from importlib.metadata import entry_points
from pathlib import Path
from typing import Protocol, TypeAlias, TypeGuard

from runfree.core.errors import InputError
from runfree.core.motion import Motion
from runfree.core.recording import Recording
from runfree.core.table import Table

GROUP = "runfree.readers"
HEAD_BYTES = 4096

Held: TypeAlias = Motion | Recording | Table
"""What a file can hold: keypoints in a picture, markers and forces in space, or a table over time."""


class Reader(Protocol):
    """Reads one kind of file, and writes it."""

    name: str
    suffixes: tuple[str, ...]

    def claims(self, path: Path, head: bytes) -> bool:
        """Tell from its name and first bytes (none for a folder) whether this reader knows a file."""
        ...

    def read(self, path: Path, rate_hz: float | None = None) -> Held:
        """Read and check a file.

        Parameters
        ----------
        path : Path
        rate_hz : float, optional
            Frames a second, for files that hold no times; others do not need it.

        Raises
        ------
        MotionError
        """
        ...

    def write(self, path: Path, held: Held) -> None:
        """Write a file whole or not at all.

        Raises
        ------
        InputError
            If this kind of file cannot hold what is given.
        OutputError
        """
        ...


@cache
def readers() -> tuple[Reader, ...]:
    """Every reader installed (entry points in the group ``runfree.readers``), by name."""
    return tuple(point.load()() for point in sorted(entry_points(group=GROUP), key=lambda p: p.name))


def reader_of(path: Path) -> Reader | None:
    """The reader that knows an existing file, or None (a film, or nothing known)."""
    head = b""
    if path.is_file():
        with path.open("rb") as file:
            head = file.read(HEAD_BYTES)
    elif not path.is_dir():
        return None
    return next((reader for reader in readers() if reader.claims(path, head)), None)


def writer_of(path: Path) -> Reader | None:
    """The reader that writes files with this ending, or None."""
    endings = [(ending, reader) for reader in readers() for ending in reader.suffixes]
    fitting = [(len(ending), reader) for ending, reader in endings if path.name.lower().endswith(ending)]
    return max(fitting, key=lambda f: f[0])[1] if fitting else None


def endings() -> list[str]:
    """Every ending that can be written."""
    return sorted({ending for reader in readers() for ending in reader.suffixes})


def check_rate(rate_hz: float | None) -> None:
    """Refuse a rate that no film or laboratory has.

    Raises
    ------
    InputError
    """
    if rate_hz is not None and not 1 <= rate_hz <= 5000:
        raise InputError(
            f"A rate of {rate_hz:g}", "it lies outside 1 to 5000 frames a second", "Give frames a second."
        )


def is_recording(held: Held) -> TypeGuard[Recording]:
    """Whether this is a recording of markers."""
    import xarray as xr

    return isinstance(held, xr.Dataset) and "recording_schema" in held.attrs


def is_motion(held: Held) -> TypeGuard[Motion]:
    """Whether these are keypoints in a picture."""
    import xarray as xr

    return isinstance(held, xr.Dataset) and "recording_schema" not in held.attrs
