"""Open a local film file with suspicion: bounds and names first, the decoder last."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
from av.error import FFmpegError

from runfree.core.errors import FilmError

MAX_SIDE_PX = 8192
EXPORT_AGAIN = "Export it again as MP4 (H.264) from the phone's gallery or a video editor."

_CONTAINERS = "mov,mp4,matroska,webm,avi,mpegts"
_OPEN_OPTIONS = {"format_whitelist": _CONTAINERS, "protocol_whitelist": "file", "max_pixels": str(MAX_SIDE_PX**2)}
_PICTURES = (b"\xff\xd8\xff", b"\x89PNG", b"GIF8", b"BM", b"II*\x00", b"MM\x00*")


def film_name(path: Path) -> str:
    """What errors call a film."""
    return f"The film {path.name}"


def _head(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(512)


def check_file(path: Path) -> None:
    """Refuse what cannot be a film before any decoder sees it.

    Raises
    ------
    FilmError
        If it is missing, a folder, empty, unreadable, a picture or a text.
    """
    choose = "Choose a film from your phone (MP4, MOV or WebM)."
    try:
        if not path.exists():
            raise FilmError(film_name(path), "there is no such file", "Check the name and the folder.")
        if path.is_dir():
            raise FilmError(film_name(path), "it is a folder", "Name one film in it.")
        if not path.is_file():
            raise FilmError(film_name(path), "it is not an ordinary file", choose)
        if path.stat().st_size == 0:
            raise FilmError(film_name(path), "the file is empty", "Copy it from the phone again.")
        head = _head(path)
    except PermissionError:
        raise FilmError(
            film_name(path), "you may not read this file", "Change its permissions or copy it."
        ) from None
    except (OSError, ValueError) as error:
        raise FilmError(
            film_name(path), f"it cannot be read ({error})", "Copy it to this computer again."
        ) from error
    if head.startswith(_PICTURES):
        raise FilmError(film_name(path), "it is a picture, not a film", choose)
    if all(32 <= byte < 127 or byte in b"\t\r\n" for byte in head):
        raise FilmError(film_name(path), "it is a text file, not a film", choose)


@contextmanager
def decoding(path: Path) -> Iterator[None]:
    """Turn a decoder's errors into one about the film."""
    try:
        yield
    except FFmpegError as error:
        raise FilmError(
            film_name(path),
            f"its picture data is damaged or breaks off ({error.strerror})",
            "Copy the whole file from the phone again, or export it again as MP4 (H.264).",
        ) from error


@contextmanager
def open_film(path: Path, threads: int, *, by_capture: bool = False) -> Iterator[tuple[Any, Any]]:
    """Open the picture track of a local file: no other protocol, no playlist, no picture format.

    ``by_capture`` leaves edit lists aside: frames keep the times at which they were taken.
    """
    options = _OPEN_OPTIONS | ({"ignore_editlist": "1"} if by_capture else {})
    try:
        container: Any = av.open(f"file:{path}", options=options)
    except FFmpegError as error:
        head = _head(path)
        cut = b"ftyp" in head[:64] or b"mdat" in head[:64]
        why = (
            "its end is missing: the copy or download was cut off" if cut else "it is not a film Runfree can read"
        )
        remedy = "Copy the whole file from the phone again." if cut else EXPORT_AGAIN
        raise FilmError(film_name(path), why, remedy) from error
    with container:
        if not container.streams.video:
            sound = "it holds sound only" if container.streams.audio else "it holds no pictures"
            raise FilmError(film_name(path), sound, "Choose a film with a picture track.")
        stream = container.streams.best("video") or container.streams.video[0]
        stream.thread_type = "SLICE" if threads == 1 else "AUTO"
        stream.codec_context.thread_count = threads
        yield container, stream


def check_stream(path: Path, stream: Any) -> tuple[tuple[int, int], str, Fraction]:
    """Return stored size, codec and time base, if within bounds."""
    context = stream.codec_context
    if not 0 < max(context.width, context.height) <= MAX_SIDE_PX or min(context.width, context.height) <= 0:
        raise FilmError(
            film_name(path),
            f"its picture size is {context.width} × {context.height} (at most {MAX_SIDE_PX} a side)",
            "Export it in a smaller size, such as 1080p.",
        )
    if not stream.time_base:
        raise FilmError(film_name(path), "its frames carry no times", EXPORT_AGAIN)
    return (context.width, context.height), context.name, Fraction(stream.time_base)


def filmed_at(path: Path) -> datetime | None:
    """When a film was made, aware, as its metadata tell; None where they do not. Phones write it to the second or so.

    Raises
    ------
    FilmError
        If it is no film.
    """
    with open_film(path, 1) as (container, stream):
        tags = {**stream.metadata, **container.metadata}
    for key in ("com.apple.quicktime.creationdate", "creation_time"):
        try:
            moment = datetime.fromisoformat(tags[key])
        except (KeyError, ValueError):
            continue
        moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        # Phones without a clock write the epoch of QuickTime or Unix.
        if moment.year >= 2000:
            return moment
    return None
