"""Worker processes: deaf to Ctrl-C, which is their parent's to answer, and never left behind by it."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Generator
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing.connection import Connection
from typing import Any

Submit = Callable[..., Future[Any]]


@contextmanager
def worker_pool(
    count: int, initializer: Callable[..., None] | None = None, initargs: tuple[Any, ...] = ()
) -> Generator[Submit]:
    """Give the ``submit`` of a pool of processes. However the block ends, kill -9 of this process included, so do they.

    Parameters
    ----------
    count : int
        How many processes there may be; they start as work comes.
    initializer, initargs
        Called in each process when it starts.

    Yields
    ------
    callable
        ``submit(function, *arguments)``, which returns a `concurrent.futures.Future`.
    """
    context = multiprocessing.get_context("spawn")
    held, lifeline = context.Pipe(duplex=False)
    pool = ProcessPoolExecutor(count, context, _start, (held, initializer, initargs))

    def submit(work: Callable[..., Any], *arguments: Any) -> Future[Any]:
        with _interrupts_held_back():
            return pool.submit(work, *arguments)

    try:
        yield submit
    finally:
        lifeline.close()
        pool.shutdown(cancel_futures=True)
        held.close()


def _start(held: Connection, initializer: Callable[..., None] | None, initargs: tuple[Any, ...]) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, args=(held,), daemon=True).start()
    if initializer is not None:
        initializer(*initargs)


def _end_with_parent(held: Connection) -> None:
    held.poll(None)
    os._exit(1)


@contextmanager
def _interrupts_held_back() -> Generator[None]:
    """Let a worker start whole; a Ctrl-C pressed now is answered afterwards.

    The mask is what the worker inherits. It does not protect this process: the signal may reach another of its threads
    (numpy has some), and Python answers in the main thread all the same, so the answer is put off as well.
    """
    if threading.current_thread() is not threading.main_thread() or not hasattr(signal, "pthread_sigmask"):
        yield
        return
    pressed: list[int] = []
    answer = signal.signal(signal.SIGINT, lambda number, _: pressed.append(number))
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
        signal.signal(signal.SIGINT, answer)
        if pressed:
            signal.raise_signal(signal.SIGINT)
