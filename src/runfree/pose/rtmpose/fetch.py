"""Fetch released weights: resumable, checked, and there only when whole."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from http.client import HTTPException, HTTPResponse
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import Request, build_opener

from runfree import __version__
from runfree.core.errors import InputError, MissingPartError
from runfree.pose.rtmpose.weights import MAX_BYTES, Weights, read_onnx, sha256_of

SOURCE = "https://download.openmmlab.com/mmpose/v1/projects/rtmposev1/onnx_sdk"
_SILENCE_S = 30
_BLOCK = 1 << 16

Progress = Callable[[int, int], None]
"""Called as ``progress(bytes done, bytes in all)``."""


def fetch(weights: Weights, folder: Path, progress: Progress, *, source: str = SOURCE) -> Path:
    """Fetch one file unless it is there; what was fetched before the line was cut is kept and gone on with.

    Proxies are those of the environment (``https_proxy``, ``no_proxy``, …) or of the system, as :mod:`urllib.request` finds
    them.

    Parameters
    ----------
    weights : Weights
    folder : Path
        Made if it is not there. A part of a file is named ``….part``.
    progress : callable
    source : str
        Address of the place where the released files are; another place is as good, since the checksum decides.

    Raises
    ------
    MissingPartError
        If the place cannot be reached, the line is cut, or the checksum is another.
    InputError
        If the address is no web address.
    """
    target = folder / weights.file
    if target.exists() and _is_released(target, weights):
        return target
    if not re.match(r"https?://", source):
        raise InputError(f"The address {source}", "it is no web address", "Give one that starts with https://.")
    folder.mkdir(parents=True, exist_ok=True)
    part = target.with_name(target.name + ".part")
    if not _is_released(part, weights):
        _download(f"{source.rstrip('/')}/{weights.file}", part, progress)
    if not _is_released(part, weights):
        part.unlink()
        raise _failed(
            weights.file,
            f"what {source} gave does not have the checksum of the released file; it was thrown away",
            "Run the same again; if it stays so, fetch it from another place (--mirror).",
        )
    part.replace(target)
    return target


def _is_released(path: Path, weights: Weights) -> bool:
    try:
        return sha256_of(read_onnx(path)) == weights.sha256
    except InputError:
        return False


def _download(url: str, part: Path, progress: Progress) -> None:
    have = part.stat().st_size if part.exists() else 0
    with _answer(url, have) as answer:
        start, total = _range_of(answer, have)
        if total > MAX_BYTES:
            raise _failed(part.stem, "the file there is far larger than the released one", "Try another place.")
        done = start
        with part.open("r+b" if start else "wb") as file:
            file.seek(start)
            file.truncate()
            progress(done, total)
            for block in _blocks(answer, part.stem):
                done += len(block)
                if done > total:
                    break
                file.write(block)
                progress(done, total)
    if done != total:
        raise _cut(part.stem, f"the line was cut after {done / 1e6:.1f} of {total / 1e6:.1f} MB")


def _answer(url: str, have: int) -> HTTPResponse:
    """Ask for the file from byte ``have`` on; from the beginning where that cannot be had."""
    headers = {"User-Agent": f"runfree/{__version__}", "Accept-Encoding": "identity"}
    resume = {"Range": f"bytes={have}-"} if have else {}
    name = url.rpartition("/")[2]
    try:
        return build_opener().open(Request(url, headers=headers | resume), timeout=_SILENCE_S)
    except HTTPError as error:
        error.close()
        if have and error.code == 416:
            return _answer(url, 0)
        raise _failed(name, f"{url} answered {error.code} {error.reason}", _BY_HAND) from error
    except (OSError, HTTPException, ValueError) as error:
        raise _failed(name, f"{url} cannot be reached ({_reason(error)})", _BY_HAND) from error


def _range_of(answer: HTTPResponse, have: int) -> tuple[int, int]:
    """Byte at which the answer starts, and bytes of the whole file; a file of unstated length is not taken."""
    match = re.fullmatch(r"bytes (\d+)-\d+/(\d+)", answer.headers.get("Content-Range", ""))
    if answer.status == 206 and match and int(match[1]) == have:
        return have, int(match[2])
    length = answer.headers.get("Content-Length", "")
    if answer.status != 200 or not length.isdecimal():
        raise _failed(answer.url.rpartition("/")[2], "the answer is no whole file of known length", _BY_HAND)
    return 0, int(length)


def _blocks(answer: HTTPResponse, name: str) -> Iterator[bytes]:
    while True:
        try:
            block = answer.read(_BLOCK)
        except (OSError, HTTPException) as error:
            raise _cut(name, f"the line was cut ({_reason(error)})") from error
        if not block:
            return
        yield block


def _reason(error: Exception) -> str:
    reason = getattr(error, "reason", error)
    return str(getattr(reason, "strerror", None) or reason or type(error).__name__)


_BY_HAND = "Check the network and the proxy (https_proxy); or bring the file from another computer and give it with --weights."


def _cut(name: str, why: str) -> MissingPartError:
    return _failed(name, why, "Run the same again: it goes on where it stopped.")


def _failed(name: str, why: str, remedy: str) -> MissingPartError:
    return MissingPartError(f"The weights {name}", why, remedy)
