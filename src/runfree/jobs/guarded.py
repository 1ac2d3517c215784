"""A child process for work that may crash, hang or eat memory: it costs that work only, never its caller."""

from __future__ import annotations

import os
import pickle
import queue
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import IO, Any, Literal, cast

import psutil

from runfree.core.errors import RunfreeError
from runfree.jobs.child import read_frame, write_frame

End = Literal["done", "refused", "failed", "crashed", "too slow", "too much memory", "cancelled"]
POLL_S = 0.05
FAMILY_S = 2.0
"""How often the child's own children are looked for: that reads the whole process table."""
_POOLS = ("OMP", "OPENBLAS", "MKL", "NUMEXPR", "BLIS")


@dataclass(frozen=True, slots=True)
class Limits:
    """What one piece of work may take.

    Attributes
    ----------
    seconds : float
        Wall time, the start of the process included.
    memory_bytes : int
        Resident memory of the child and its own children together, looked at twenty times a second. (A limit of addresses
        is of no use: a pose network maps 2.7 GB and touches 0.5.)
    """

    seconds: float = 900.0
    memory_bytes: int = 4_000_000_000


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a piece of work ended.

    Attributes
    ----------
    end : End
        ``done``; ``refused`` by a :class:`RunfreeError`; ``failed`` by another exception; ``crashed`` by a signal or an early exit;
        ``too slow``; ``too much memory``; ``cancelled``.
    value : object
        What the work returned, if it is done.
    why : str
        If it is not: the reason in words.
    error : RunfreeError or None
        The refusal itself.
    seconds : float
        How long it took.
    peak_bytes : int
        The most memory seen.
    """

    end: End
    value: Any = None
    why: str = ""
    error: RunfreeError | None = None
    seconds: float = 0.0
    peak_bytes: int = 0


class Guard:
    """One child process, started at need, that does one piece of work after the other.

    It never hears Ctrl-C and is ended with this process however that ends (kill -9 included). After a crash or a broken limit
    the next piece of work gets a new one. A second thread that calls :meth:`run` waits for the first.

    Parameters
    ----------
    limits : Limits, optional
        Of each piece of work.
    threads : int, optional
        How many threads BLAS and OpenMP may use in it; by default as they choose.

    Examples
    --------
    >>> with Guard(Limits(seconds=60)) as guard:
    ...     guard.run(pow, 2, 10).value
    1024
    """

    def __init__(self, limits: Limits | None = None, *, threads: int | None = None) -> None:
        self._child: _Child | None = None
        self.limits, self._threads = limits or Limits(), threads
        self._lock = threading.Lock()

    def __enter__(self) -> Guard:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def run(
        self,
        work: Callable[..., Any],
        /,
        *arguments: Any,
        progress: Callable[..., None] | None = None,
        cancel: threading.Event | None = None,
    ) -> Outcome:
        """Do one piece of work and wait for its end.

        Parameters
        ----------
        work : callable
            One that another process can import by name (or a `functools.partial` of it).
        *arguments
            Given to it. They, and what it returns, must be picklable.
        progress : callable, optional
            If given, ``work`` gets a keyword ``progress`` to call; this is then called here with the same arguments.
        cancel : threading.Event, optional
            Set it from another thread to end the work.

        Returns
        -------
        Outcome
            No exception of the work comes out of here.
        """
        with self._lock:
            if self._child is None or not self._child.alive:
                self._end()
                self._child = _Child(self._threads)
            outcome = None
            try:
                request = pickle.dumps((work, arguments, progress is not None))
                outcome = self._child.do(request, self.limits, progress, cancel)
                return outcome
            finally:
                if outcome is None or outcome.end not in ("done", "refused"):
                    self._end()

    def close(self) -> None:
        """End the child."""
        with self._lock:
            self._end()

    def __del__(self) -> None:
        """A thread of somebody's pool is gone, and this with it."""
        self._end()

    def _end(self) -> None:
        if self._child is not None:
            self._child.end()
            self._child = None


class _Child:
    """The process and what it says."""

    def __init__(self, threads: int | None) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-m", "runfree.jobs.child"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=_environment(threads),
            start_new_session=True,
            creationflags=getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0),
        )
        self._memory = _Memory(self._process.pid)
        self._said: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()
        self._ear = threading.Thread(target=_listen, args=(self._process.stdout, self._said), daemon=True)
        self._ear.start()

    @property
    def alive(self) -> bool:
        return self._process.poll() is None

    def do(
        self,
        request: bytes,
        limits: Limits,
        progress: Callable[..., None] | None,
        cancel: threading.Event | None,
    ) -> Outcome:
        begun = time.monotonic()
        self._memory.peak_bytes = 0
        ended: Outcome | None = None
        for said in self._answers(request):
            if said is not None and said[0] == "progress" and progress is not None:
                progress(*said[1])
            elif said is not None:
                ended = _ended(*said)
            elif cancel is not None and cancel.is_set():
                ended = Outcome("cancelled", why="it was cancelled")
            elif time.monotonic() - begun > limits.seconds:
                ended = Outcome("too slow", why=f"it took longer than {limits.seconds:g} s")
            elif self._memory.now_bytes() > limits.memory_bytes:
                why = f"it took more than {limits.memory_bytes / 1e9:.3g} GB of memory"
                ended = Outcome("too much memory", why=why)
            if ended is not None:
                break
        if ended is None:
            ended = Outcome("crashed", why=self._how_it_ended())
        return replace(ended, seconds=time.monotonic() - begun, peak_bytes=self._memory.peak_bytes)

    def _answers(self, request: bytes) -> Iterator[tuple[Any, Any] | None]:
        """Yield what the child says, and None whenever it is time to look at the limits, until it has ended."""
        try:
            write_frame(cast("IO[bytes]", self._process.stdin), request)
        except BrokenPipeError:
            return
        look_at = 0.0
        while True:
            if (now := time.monotonic()) >= look_at:
                look_at = now + POLL_S
                yield None
            try:
                said = self._said.get(timeout=max(0.0, look_at - now))
            except queue.Empty:
                continue
            if said is None:
                return
            yield pickle.loads(said)

    def _how_it_ended(self) -> str:
        code = self._process.wait()
        if code >= 0:
            return f"its process ended early with code {code}"
        name = next((s.name for s in signal.Signals if s == -code), "unknown")
        also = ": perhaps the system ended it for lack of memory" if name == "SIGKILL" else ""
        return f"its process crashed with signal {-code} ({name}){also}"

    def end(self) -> None:
        """Kill the process and its own children, and wait until it is gone."""
        for process in self._memory.family(anew=True):
            try:
                process.kill()
            except psutil.NoSuchProcess:
                continue
        self._process.wait()
        self._ear.join()
        cast("IO[bytes]", self._process.stdout).close()
        try:
            cast("IO[bytes]", self._process.stdin).close()
        except BrokenPipeError:
            return


class _Memory:
    """Resident memory of a process and its own children."""

    def __init__(self, pid: int) -> None:
        self._process = psutil.Process(pid)
        self._children: list[psutil.Process] = []
        self._look_at = time.monotonic() + FAMILY_S
        self.peak_bytes = 0

    def family(self, *, anew: bool = False) -> list[psutil.Process]:
        if anew or time.monotonic() >= self._look_at:
            try:
                self._children = self._process.children(recursive=True)
            except psutil.NoSuchProcess:
                self._children = []
            self._look_at = time.monotonic() + FAMILY_S
        return [self._process, *self._children]

    def now_bytes(self) -> int:
        total = 0
        for process in self.family():
            try:
                total += process.memory_info().rss
            except psutil.NoSuchProcess:
                continue
        self.peak_bytes = max(self.peak_bytes, total)
        return total


def _listen(out: IO[bytes], said: queue.SimpleQueue[bytes | None]) -> None:
    while (frame := read_frame(out)) is not None:
        said.put(frame)
    said.put(None)


def _ended(end: End, said: Any) -> Outcome:
    if end == "done":
        return Outcome(end, said)
    if end == "refused":
        return Outcome(end, why=str(said), error=said)
    return Outcome(end, why=said)


def _environment(threads: int | None) -> dict[str, str]:
    """Ours, the places to import from included; ``-P`` keeps the folder that we stand in out of them."""
    ours = os.environ | {"PYTHONPATH": os.pathsep.join(place or str(os.curdir) for place in sys.path)}
    if threads is not None:
        ours |= {f"{name}_NUM_THREADS": str(threads) for name in _POOLS}
        ours |= {"VECLIB_MAXIMUM_THREADS": str(threads)}
    return ours
