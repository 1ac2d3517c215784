"""Files, folders and archives as a flat list of what may hold runs; nothing is ever unpacked to a name of its own choosing."""

from __future__ import annotations

import gzip
import io
import lzma
import os
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import IO

from runfree.core.errors import ActivityError

KINDS = {".fit": "fit", ".tcx": "tcx", ".gpx": "gpx", ".xml": "apple_health", ".zip": "zip"}
MAX_FILE_BYTES = 100_000_000
"""Of one watch file; a day's run at ten records a second stays below it."""
MAX_HEALTH_BYTES = 64_000_000_000
MAX_ARCHIVE_BYTES = 16_000_000_000
MAX_MEMBERS = 200_000
MAX_NESTING = 2
PACKED_AT_MOST = 200
LARGE_BYTES = 10_000_000
"""A large watch file packs to a twentieth at best; what packs far smaller is made to fill the memory."""
_PIECE = 1 << 20
_BROKEN = (zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, gzip.BadGzipFile)
"""What a damaged archive raises while it is unpacked."""


@dataclass(frozen=True, slots=True)
class Item:
    """One file that may hold runs.

    Attributes
    ----------
    name : str
        For people: its own name, after that of the archive it lies in.
    kind : str
        A value of :data:`KINDS`.
    opener : callable
        Opens it as a binary file; close it after use.
    problem : ActivityError or None
        Why it cannot be used; then it must not be opened.
    """

    name: str
    kind: str
    opener: Callable[[], IO[bytes]]
    problem: ActivityError | None = None


def items(paths: Iterable[Path]) -> Iterator[Item]:
    """Go through files, folders (with all below them) and archives, in a fixed order.

    Within folders and archives only names ending like a watch file (also ``.gz``) are taken; a file that is named must be
    one. Archives within archives are opened two deep, as Garmin's export needs.
    """
    for path in paths:
        if path.is_dir():
            for file in sorted(_below(path)):
                yield from _file(file, _shown(file.name), named=False)
        else:
            yield from _file(path, _shown(path.name), named=True)


def read_whole(item: Item) -> tuple[bytes, str | None]:
    """Read a watch file; at most 100 MB of it come into memory.

    Returns
    -------
    bytes
        All of it, or what comes before the damage of its archive.
    str or None
        What is damaged.

    Raises
    ------
    ActivityError
        If it is larger, or nothing can be unpacked.
    """
    data = bytearray()
    with opened(item) as file:
        try:
            while piece := file.read1(_PIECE):  # pyright: ignore[reportAttributeAccessIssue]
                data += piece
                if len(data) > MAX_FILE_BYTES:
                    why = f"it is larger than {MAX_FILE_BYTES // 10**6} MB, far more than a run"
                    raise ActivityError(item.name, why, "Leave it out.")
        except _BROKEN:
            if not data:
                raise
            return bytes(data), "its archive is damaged"
    return bytes(data), None


@contextmanager
def opened(item: Item) -> Iterator[IO[bytes]]:
    """Open an item, and turn what a damaged archive raises into one sentence.

    Raises
    ------
    ActivityError
        If the file or its archive cannot be read.
    """
    try:
        with item.opener() as file:
            yield file
    except UnicodeDecodeError as error:
        raise ActivityError(item.name, "it holds a file whose name cannot be read", "Unpack it first.") from error
    except (*_BROKEN, NotImplementedError, RuntimeError) as error:
        raise ActivityError(
            item.name, f"its archive is damaged or locked ({error})", "Download the archive again."
        ) from error
    except OSError as error:
        raise ActivityError(
            item.name, f"it cannot be read ({error.strerror or error})", "Check the name and its permissions."
        ) from error


def _below(folder: Path) -> Iterator[Path]:
    """Regular files below a folder; links are not followed."""
    for root, folders, names in os.walk(folder):
        folders[:] = sorted(f for f in folders if not f.startswith("."))
        files = (Path(root, name) for name in names if not name.startswith("."))
        yield from (file for file in files if file.is_file() and not file.is_symlink())


def _shown(name: str) -> str:
    """A name that can be printed and kept: bytes that are no text and signs that steer a terminal become a replacement."""
    text = name.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    return "".join(c if c.isprintable() else "\ufffd" for c in text)


def _kind(name: str) -> str | None:
    return KINDS.get(Path(name.lower().removesuffix(".gz")).suffix)


def _wanted(name: str) -> bool:
    """Whether a file that nobody named is worth opening: of XML only Apple's export itself."""
    kind = _kind(name)
    return kind is not None and (kind != "apple_health" or Path(name).name.lower() == "export.xml")


def _file(path: Path, name: str, *, named: bool) -> Iterator[Item]:
    if not path.is_file():
        why = "there is no such file" if not path.exists() else "it is not an ordinary file"
        yield _refused(name, why, "Check the name and the folder.")
    elif _wanted(name) or (named and _kind(name)):
        yield from _opened_as(name, partial(path.open, "rb"), 0)
    elif named:
        yield _refused(
            name, "it is not a file of a watch or app", "Give FIT, TCX, GPX, Apple Health or zip files."
        )


@dataclass(slots=True)
class _Room:
    """How many bytes may still be unpacked from one archive and those inside it."""

    left: int


def _opened_as(
    name: str, opener: Callable[[], IO[bytes]], depth: int, room: _Room | None = None
) -> Iterator[Item]:
    kind = _kind(name)
    assert kind is not None
    if name.lower().endswith(".gz"):
        opener = partial(_unzipped, opener)
    if kind != "zip":
        yield Item(name, kind, opener)
    elif depth >= MAX_NESTING:
        yield _refused(name, "it is an archive in an archive in an archive", "Unpack it first.")
    else:
        yield from _archive(name, opener, depth, room or _Room(MAX_ARCHIVE_BYTES))


class _Unzipped(gzip.GzipFile):
    """Closes the file below it too."""

    def __init__(self, packed: IO[bytes]) -> None:
        super().__init__(fileobj=packed, mode="rb")
        self._packed = packed

    def close(self) -> None:
        """Close both."""
        super().close()
        self._packed.close()


def _unzipped(opener: Callable[[], IO[bytes]]) -> IO[bytes]:
    return _Unzipped(opener())  # pyright: ignore[reportReturnType]


def _archive(name: str, opener: Callable[[], IO[bytes]], depth: int, room: _Room) -> Iterator[Item]:
    whole = Item(name, "zip", opener)
    try:
        with opened(whole) as stream, _seekable(name, stream) as file, zipfile.ZipFile(file) as archive:
            members = sorted((m for m in archive.infolist() if _worth(m)), key=lambda m: m.filename)
            yield from _members(name, archive, members, depth, room)
    except ActivityError as problem:
        yield Item(name, "zip", opener, problem)


def _worth(member: zipfile.ZipInfo) -> bool:
    base = member.filename.replace("\\", "/").rpartition("/")[2]
    return not member.is_dir() and not base.startswith(".") and "__MACOSX" not in member.filename and _wanted(base)


def _members(
    name: str, archive: zipfile.ZipFile, members: list[zipfile.ZipInfo], depth: int, room: _Room
) -> Iterator[Item]:
    if len(members) > MAX_MEMBERS:
        yield _refused(name, f"it claims to hold {len(members)} files", "Unpack it and import a part at a time.")
        return
    for member in members:
        base = member.filename.replace("\\", "/").rpartition("/")[2]
        label = f"{name}: {_shown(base)}"
        health = _kind(base) == "apple_health"
        if (why := _too_large(member, _kind(base))) is not None:
            yield _refused(label, why, "Leave it out.")
            continue
        room.left -= 0 if health else member.file_size
        if room.left < 0:
            yield _refused(
                name, "unpacked it would be far larger than any export", "Import a part of it at a time."
            )
            return
        yield from _opened_as(label, partial(archive.open, member), depth + 1, room)


def _too_large(member: zipfile.ZipInfo, kind: str | None) -> str | None:
    """Why a member must not be unpacked, by its own word for its size, which the archive holds it to."""
    most = {"apple_health": MAX_HEALTH_BYTES, "zip": MAX_ARCHIVE_BYTES}.get(kind or "", MAX_FILE_BYTES)
    if member.file_size > most:
        return f"unpacked it would be {member.file_size / 1e9:.1f} GB"
    bomb = member.file_size > max(LARGE_BYTES, PACKED_AT_MOST * member.compress_size)
    return "it unpacks to far more than a run" if bomb and kind != "apple_health" else None


@contextmanager
def _seekable(name: str, stream: IO[bytes]) -> Iterator[IO[bytes]]:
    """The stream itself where it is a file, else a copy without a name that the system removes by itself."""
    if isinstance(stream, io.BufferedReader):
        yield stream
        return
    with tempfile.TemporaryFile() as copy:
        size = 0
        while piece := stream.read(_PIECE):
            size += len(piece)
            if size > MAX_ARCHIVE_BYTES:
                raise ActivityError(name, "unpacked it would be far larger than any export", "Unpack it first.")
            copy.write(piece)
        copy.seek(0)
        yield copy


def _refused(name: str, why: str, remedy: str) -> Item:
    return Item(name, "", io.BytesIO, ActivityError(name, why, remedy))
