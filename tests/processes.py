"""Looking at the processes of a test that starts some of its own."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from threading import Event

CAN_LOOK = Path("/proc/self/stat").exists()


def in_group(leader: int) -> list[int]:
    """The living processes of the group, its leader included."""
    found: list[int] = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except (FileNotFoundError, ProcessLookupError):
            continue
        if int(fields[2]) == leader and fields[0] != "Z":
            found.append(int(stat.parent.name))
    return found


def until(holds: Callable[[], bool], seconds: float = 60) -> None:
    """Look again and again until it holds; fail if it does not in time."""
    never, end = Event(), time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end
        never.wait(0.05)
