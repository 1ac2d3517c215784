"""The other side of :mod:`runfree.jobs.guarded`: reads a piece of work, does it, says how it ended, and again."""

from __future__ import annotations

import os
import pickle
import select
import signal
import struct
import sys
import threading
import traceback
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import IO, Any

import psutil

from runfree.core.errors import RunfreeError

_LENGTH = struct.Struct("<Q")


def read_frame(pipe: IO[bytes]) -> bytes | None:
    """Read one message, or None where the other side has ended."""
    head = pipe.read(_LENGTH.size)
    if len(head) < _LENGTH.size:
        return None
    (length,) = _LENGTH.unpack(head)
    body = pipe.read(length)
    return body if len(body) == length else None


def write_frame(pipe: IO[bytes], body: bytes) -> None:
    """Write one message.

    Raises
    ------
    BrokenPipeError
        If the other side has ended.
    """
    pipe.write(_LENGTH.pack(len(body)))
    pipe.write(body)
    pipe.flush()


def main() -> None:
    """Work until the parent is gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if sys.platform == "win32":
        threading.Thread(target=_end_with_parent, daemon=True).start()
    _first_to_go()
    asked, answers = _own_pipes()
    while (request := read_frame(asked)) is not None:
        with _tied_to_parent(asked):
            answer = _answer(request, answers)
        write_frame(answers, answer)


def _answer(request: bytes, answers: IO[bytes]) -> bytes:
    def progress(*said: Any) -> None:
        write_frame(answers, pickle.dumps(("progress", said)))

    try:
        work, arguments, follow = pickle.loads(request)
        value = partial(work, progress=progress)(*arguments) if follow else work(*arguments)
        return pickle.dumps(("done", value))
    except RunfreeError as problem:
        return pickle.dumps(("refused", problem))
    except MemoryError:
        return pickle.dumps(("too much memory", "it asked for more memory than there is"))
    except BaseException:
        write_frame(answers, pickle.dumps(("failed", _what_failed())))
        raise


def _what_failed() -> str:
    _, error, trace = sys.exc_info()
    where = traceback.extract_tb(trace)[-1]
    said = "".join(traceback.format_exception_only(error)).strip()
    return f"{said} (in {Path(where.filename).name}, line {where.lineno})"


def _own_pipes() -> tuple[IO[bytes], IO[bytes]]:
    """Take stdin and stdout for ourselves: what libraries print goes nowhere."""
    asked, answers = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    nowhere = os.open(os.devnull, os.O_RDWR)
    os.dup2(nowhere, 0)
    os.dup2(nowhere, 1)
    return asked, answers


def _first_to_go() -> None:
    """Where the system runs out of memory it shall end this process, not the parent (Linux)."""
    with suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text("1000")


def _end_with_parent() -> None:
    psutil.Process(os.getppid()).wait()
    os._exit(1)


@contextmanager
def _tied_to_parent(asked: IO[bytes]) -> Iterator[None]:
    """End at once when the parent does, even in the midst of native code that lets no Python thread run.

    Nothing comes through the pipe while we work, except its end: the system then sends SIGIO, which ends this process.
    """
    if sys.platform == "win32":
        yield
        return
    import fcntl

    signal.signal(signal.SIGIO, signal.SIG_DFL)
    fcntl.fcntl(asked, fcntl.F_SETOWN, os.getpid())
    plain = fcntl.fcntl(asked, fcntl.F_GETFL)
    fcntl.fcntl(asked, fcntl.F_SETFL, plain | os.O_ASYNC)
    try:
        if select.select([asked], [], [], 0)[0]:
            os._exit(1)
        yield
    finally:
        fcntl.fcntl(asked, fcntl.F_SETFL, plain)


if __name__ == "__main__":
    main()
