"""What a worker does with one piece of work, wherever it runs; and the workers of this machine."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

from runfree.jobs.guarded import Guard, Limits, Outcome

TRIES = 2
_here = threading.local()


def guarded(limits: Limits, work: Callable[..., Any], *arguments: Any) -> tuple[Outcome, int]:
    """Do work in this thread's own child process, on one core; once more if it crashes, fails or breaks a limit.

    Returns
    -------
    Outcome
        The last.
    int
        How many tries it took.
    """
    if not hasattr(_here, "guard"):
        _here.guard, _here.stop = Guard(threads=1), None
    guard: Guard = _here.guard
    guard.limits = limits
    outcome = Outcome("cancelled")
    for tried in range(1, TRIES + 1):
        outcome = guard.run(work, *arguments, cancel=_here.stop)
        if outcome.end in ("done", "refused", "cancelled"):
            return outcome, tried
    return outcome, TRIES


@contextmanager
def local_workers(count: int) -> Iterator[Executor]:
    """Give an executor of ``count`` threads of this process, each with a child process of its own for :func:`guarded`.

    When the block ends, however it ends, so do the children, and with them what they were at.
    """
    stop = threading.Event()
    guards: list[Guard] = []

    def start() -> None:
        _here.guard, _here.stop = Guard(threads=1), stop
        guards.append(_here.guard)

    pool = ThreadPoolExecutor(count, "runfree", start)
    try:
        yield pool
    finally:
        stop.set()
        pool.shutdown(cancel_futures=True)
        for guard in guards:
            guard.close()


def usable_cores() -> int:
    """How many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
