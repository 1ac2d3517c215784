"""Where a film lies: a path, or a URL that fsspec knows. A mark of its state, its bytes' hash, and a local copy."""

from __future__ import annotations

import os
import stat
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import file_digest
from pathlib import Path, PurePosixPath
from typing import IO, Any
from urllib.parse import urlsplit
from urllib.request import url2pathname

from runfree.core.errors import FilmError, MissingPartError

MAX_BYTES = 20_000_000_000
"""Of a film that has to be copied here first."""
_PIECE = 1 << 22


def is_url(place: str) -> bool:
    """Whether a place is a URL, not a path (``file://`` is a path in other words, see :func:`as_source`)."""
    return "://" in place


def as_source(place: str, folder: Path | str) -> str:
    """A film's place in full: a URL, or an absolute path; a relative one starts at ``folder`` (a path or a URL)."""
    if place.startswith("file://"):
        place = url2pathname(urlsplit(place).path)
    if is_url(place):
        return place
    if isinstance(folder, str):
        return place if Path(place).is_absolute() else f"{folder.rstrip('/')}/{place}"
    return os.path.abspath(os.path.join(folder, place))  # noqa: PTH100, PTH118, a link keeps its name; thousands


def name_of(source: str) -> str:
    """A film's own name, without its folders."""
    return PurePosixPath(urlsplit(source).path).name if is_url(source) else Path(source).name


def stamp(source: str) -> str:
    """A cheap mark of a film's state: size and time of change of a file, or what a URL's store keeps for this.

    Raises
    ------
    FilmError
        If it is not there, may not be read, or is no ordinary file.
    """
    if is_url(source):
        with _reading(source):
            files, path = filesystem(source)
            return str(files.ukey(path))
    try:
        seen = os.stat(source)  # noqa: PTH116, ten thousand of them at a time
    except (OSError, ValueError) as error:
        raise _cannot(source, error) from error
    if not stat.S_ISREG(seen.st_mode):
        raise FilmError(_name(source), "it is not an ordinary file", "Name a film.")
    return f"{seen.st_size}:{seen.st_mtime_ns}"


def digest(source: str) -> str:
    """SHA-256 of a film's bytes, in hexadecimal.

    Raises
    ------
    FilmError
        If it cannot be read.
    """
    with _reading(source):
        if is_url(source):
            files, path = filesystem(source)
            with files.open(path, "rb") as film:
                return file_digest(film, "sha256").hexdigest()
        with Path(source).open("rb") as film:
            return file_digest(film, "sha256").hexdigest()


@contextmanager
def local_copy(source: str) -> Iterator[Path]:
    """Give a path under which a film can be read here: its own, or that of a copy that is taken away afterwards.

    Raises
    ------
    FilmError
        If it cannot be read, or is larger than a film can be.
    """
    if not is_url(source):
        yield Path(source)
        return
    with tempfile.TemporaryDirectory(prefix="runfree-") as folder:
        path = Path(folder) / (name_of(source) or "film")
        with _reading(source):
            files, remote = filesystem(source)
            with files.open(remote, "rb") as film, path.open("wb") as copy:
                _copy(source, film, copy)
        yield path


def _copy(source: str, film: IO[bytes], copy: IO[bytes]) -> None:
    left = MAX_BYTES
    while piece := film.read(_PIECE):
        left -= len(piece)
        if left < 0:
            raise FilmError(_name(source), "it is larger than any film", "Name a film.")
        copy.write(piece)


def filesystem(url: str) -> tuple[Any, str]:
    """The fsspec filesystem of a URL, and the path in it.

    Raises
    ------
    MissingPartError
        If fsspec, or what it needs for this kind of URL, is not installed.
    """
    kind = url.split("://", 1)[0]
    try:
        import fsspec

        return fsspec.core.url_to_fs(url)
    except ImportError as error:
        raise MissingPartError(
            f"Films at {kind}://",
            f"what reads them is not installed ({error})",
            f"Run: {sys.executable} -m pip install fsspec, and the package for this store (such as s3fs or gcsfs).",
        ) from error
    except ValueError as error:
        raise FilmError(
            f"{kind}://", "no such kind of store is known", "Use a path, or a URL of fsspec."
        ) from error


@contextmanager
def _reading(source: str) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise _cannot(source, error) from error


def _cannot(source: str, error: OSError | ValueError) -> FilmError:
    if isinstance(error, FileNotFoundError):
        return FilmError(_name(source), "there is no such file", "Check the name and the folder.")
    if isinstance(error, PermissionError):
        return FilmError(_name(source), "you may not read this file", "Change its permissions or copy it.")
    return FilmError(_name(source), f"it cannot be read ({error})", "Copy it here again.")


def _name(source: str) -> str:
    return f"The film {name_of(source)}"
