"""Work that ends badly, for guarded processes."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from runfree.core.errors import FilmError


def crash() -> None:
    ctypes.string_at(0)


def leave() -> None:
    os._exit(7)


def hang() -> None:
    while True:
        time.sleep(60)


def hang_in_native_code() -> None:
    """Sleep in C with the interpreter locked: no Python thread runs."""
    ctypes.PyDLL(None).sleep(600)


def eat(gigabytes: float) -> int:
    held = []
    for _ in range(int(gigabytes * 16)):
        held.append(bytearray(os.urandom(1)) * (1 << 26))
    return len(held)


def claim(gigabytes: float) -> int:
    return len(bytearray(int(gigabytes * 1e9)))


def eat_in_a_child(gigabytes: float) -> None:
    script = f"import time; held = bytearray(b'x') * int({gigabytes} * 1e9); time.sleep(600)"
    subprocess.run([sys.executable, "-c", script], check=True)


def refuse() -> None:
    raise FilmError("The film x", "it is no film", "Give a film.")


def fail() -> None:
    raise ZeroDivisionError("a bug")


def count(n: int, progress=None) -> int:
    for i in range(n):
        if progress is not None:
            progress("counting", i, n)
    return n


def pid() -> int:
    return os.getpid()


def say_pid_then_hang(progress) -> None:
    progress(os.getpid())
    hang()


def noise() -> str:
    print("printed by a library")
    os.write(1, b"written past Python")
    return "quiet"


def interrupted() -> str:
    os.kill(os.getpid(), signal.SIGINT)
    time.sleep(0.01)
    return "went on"


def say_then_hang(place: str) -> None:
    Path(place).write_text(str(os.getpid()))
    hang_in_native_code()


def threads() -> str | None:
    return os.environ.get("OMP_NUM_THREADS")
