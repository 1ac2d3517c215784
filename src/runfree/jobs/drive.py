"""The driver: hands work to an executor, a bounded number at a time, and keeps how each piece ended."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import Executor, Future
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, field, replace
from queue import Empty, SimpleQueue
from typing import Any

from runfree.core.errors import OutputError, RunfreeError
from runfree.jobs.state import Item, Result, State

WINDOW = 256
LOSSES = 3
"""So often work is handed out again that its worker, not itself, was lost with."""
LOOK_AGAIN_S = 0.5
ASK_S = 2.0


@dataclass(frozen=True)
class Work:
    """What is to be done with an item, as functions that know nothing of executors.

    Attributes
    ----------
    stamp : callable
        ``stamp(source)``: a cheap mark of the input's state. Called here.
    digest : callable
        ``digest(source)``: its SHA-256, or why it cannot be read. Called in a worker, as is ``do``.
    provenance : callable
        ``provenance(item, digest)``: all that the result is a function of.
    key : callable
        ``key(provenance)``: one word for it.
    do : callable
        ``do(source, name, provenance)``: a :class:`Result`, and files to keep by name.
    keep : callable
        ``keep(key, files)``: keep them. Called here.
    publish : callable
        ``publish()``: called now and then, and at the end, however that comes.
    release : str
        Where the results of this version belong.
    """

    stamp: Callable[[str], str]
    digest: Callable[[str], str | RunfreeError]
    provenance: Callable[[Item, str], dict[str, Any]]
    key: Callable[[dict[str, Any]], str]
    do: Callable[[str, str, dict[str, Any]], tuple[Result, dict[str, bytes]]]
    keep: Callable[[str, dict[str, bytes]], None]
    publish: Callable[[], None]
    release: str
    publish_every_s: float = 60.0


@dataclass
class Tally:
    """How far it is: items in all, done now, done before, and failed."""

    total: int
    done: int = 0
    known: int = 0
    failed: int = 0
    begun: float = field(default_factory=time.monotonic)

    @property
    def left_s(self) -> float | None:
        """Seconds left, judged by the new items so far; None before there are any."""
        new = self.done + self.failed
        left = self.total - new - self.known
        return (time.monotonic() - self.begun) / new * left if new else None


Report = Callable[[Item, str, str, Tally], None]
"""Called as ``report(item, how it ended, why, tally)`` for each item that is new or failed."""


@dataclass
class _Task:
    """Something handed to the executor: what, and what to do with its answer."""

    item: Item
    work: Callable[..., Any]
    arguments: tuple[Any, ...]
    then: Callable[[Any], _Task | None]
    lost: Callable[[str], None]
    losses: int = 0


def drive(
    state: State,
    work: Work,
    executor: Executor,
    total: int,
    report: Report,
    *,
    window: int = WINDOW,
    lost: Callable[[], bool] = lambda: False,
) -> Tally:
    """Do all that is enrolled in ``state`` and not yet done.

    Parameters
    ----------
    state : State
    work : Work
    executor : Executor
        Any of `concurrent.futures`. How many workers it has does not change the results.
    total : int
        How many items are enrolled.
    report : callable
    window : int
        So many pieces of work are handed out at a time, at most.
    lost : callable
        Whether the executor is gone for good; asked where nothing ends, as some leave their futures open then.

    Returns
    -------
    Tally

    Raises
    ------
    OutputError
        If the executor is lost. What is done is kept.
    """
    run = _Run(state, work, executor, Tally(total), report, lost)
    try:
        for item in state.enrolled():
            run.begin(item)
            run.settle(window)
        run.settle(1)
        while run.postponed:
            run.look_again(window)
    finally:
        run.stop()
        work.publish()
    return run.tally


class _Run:
    def __init__(
        self,
        state: State,
        work: Work,
        executor: Executor,
        tally: Tally,
        report: Report,
        lost: Callable[[], bool],
    ) -> None:
        self.state, self.work, self.executor, self.tally = state, work, executor, tally
        self.report, self._lost = report, lost
        self.postponed: list[Item] = []
        self._running: dict[Future[Any], _Task] = {}
        self._ended: SimpleQueue[Future[Any]] = SimpleQueue()
        self._published = time.monotonic()

    def begin(self, item: Item) -> None:
        """Start what an item needs: nothing, reading it, or the work itself."""
        try:
            stamp = self.work.stamp(item.source)
        except RunfreeError as problem:
            self._unreadable(item, str(problem))
            return
        if item.digest is not None and stamp == item.stamp:
            self._start(self._work_on(item, stamp, item.digest))
            return

        def read(answer: str | RunfreeError) -> _Task | None:
            if isinstance(answer, RunfreeError):
                self._unreadable(item, str(answer))
                return None
            return self._work_on(item, stamp, answer)

        self._start(_Task(item, self.work.digest, (item.source,), read, lambda why: self._unreadable(item, why)))

    def _work_on(self, item: Item, stamp: str, digest: str) -> _Task | None:
        provenance = self.work.provenance(item, digest)
        key = self.work.key(provenance)
        known = key == item.done and stamp == item.stamp
        end = "done" if known else self.state.take(item.source, stamp, digest, key)
        if end == "another's":
            self.postponed.append(replace(item, stamp=stamp, digest=digest))
            return None
        if end != "ours":
            self._count(item, "known" if end == "done" else end, "")
            return None

        def ended(answer: tuple[Result, dict[str, bytes]]) -> None:
            result, files = answer
            if files:
                self.work.keep(key, files)
            self.state.record(key, result, provenance, self.work.release)
            self._count(item, result.end, result.why)

        def lost(why: str) -> None:
            ended((Result("crashed", why, tries=LOSSES), {}))

        return _Task(item, self.work.do, (item.source, item.name, provenance), ended, lost)

    def _unreadable(self, item: Item, why: str) -> None:
        self.state.cannot_read(item.source, why)
        self._count(item, "refused", why)

    def _count(self, item: Item, end: str, why: str) -> None:
        if end in ("done", "known"):
            setattr(self.tally, end, getattr(self.tally, end) + 1)
        else:
            self.tally.failed += 1
        if end != "known":
            self.report(item, end, why, self.tally)

    def _start(self, task: _Task | None) -> None:
        if task is None:
            return
        self._check_executor()
        try:
            future = self.executor.submit(task.work, *task.arguments)
        except RuntimeError as error:
            raise _lost(str(error)) from error
        self._running[future] = task
        future.add_done_callback(self._ended.put)

    def settle(self, fewer_than: int) -> None:
        """Take in what has ended, and wait until fewer than so many pieces are out."""
        while self._running and (len(self._running) >= fewer_than or not self._ended.empty()):
            try:
                future = self._ended.get(timeout=ASK_S)
            except Empty:
                self._check_executor()
                continue
            self._take_in(future, self._running.pop(future))
            if time.monotonic() - self._published > self.work.publish_every_s:
                self.work.publish()
                self._published = time.monotonic()

    def _check_executor(self) -> None:
        if self._lost():
            raise _lost("their scheduler is gone")

    def _take_in(self, future: Future[Any], task: _Task) -> None:
        error = None if future.cancelled() else future.exception()
        if isinstance(error, BrokenProcessPool):
            raise _lost(str(error))
        if error is None and not future.cancelled():
            self._start(task.then(future.result()))
            return
        task.losses += 1
        if task.losses < LOSSES:
            self._start(task)
        elif error is None:
            raise _lost("it took the work back")
        else:
            task.lost(f"its worker was lost {LOSSES} times ({error or type(error).__name__})")

    def look_again(self, window: int) -> None:
        """Take up what another driver had claimed: it is done by now, or that driver is gone, or we wait for it."""
        again, self.postponed = self.postponed, []
        for item in again:
            self.begin(item)
            self.settle(window)
        self.settle(1)
        if len(self.postponed) == len(again):
            time.sleep(LOOK_AGAIN_S)

    def stop(self) -> None:
        for future in self._running:
            future.cancel()


def _lost(why: str) -> OutputError:
    return OutputError(
        "The batch",
        f"its workers were lost ({why})",
        "What is done is kept: run the same command again, and it goes on.",
    )
