"""Import watch files into the journal: on all cores, each file in one transaction, what is known already only once."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future
from concurrent.futures.process import BrokenProcessPool
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass, replace
from hashlib import sha256
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Literal

from runfree.core.errors import ActivityError, InputError, OutputError
from runfree.core.workers import Submit, worker_pool
from runfree.io.archives import MAX_HEALTH_BYTES, Item, items, opened, read_whole
from runfree.journal.runs import SourceFile

if TYPE_CHECKING:
    from runfree.app.read_runs import FileRuns
    from runfree.journal import Journal

Status = Literal["new", "known", "no run", "refused"]
FEW = 3
"""So many new files are read here; starting other processes would take longer."""
_AHEAD = 4
_PIECE = 1 << 20


@dataclass(frozen=True, slots=True)
class Imported:
    """What became of one file.

    Attributes
    ----------
    name : str
        Its name, after that of its archive.
    status : Status
        ``new`` holds at least one run; ``known`` was imported before, or by another name; ``no run`` is a ride, settings,
        or the like; ``refused`` cannot be used at all.
    runs, joined : int
        New runs, and runs known already from another recording.
    records : int
        Records read.
    damage : str or None
        What is damaged; everything before it was kept.
    why : str or None
        Why there is no run, or why it was refused.
    """

    name: str
    status: Status
    runs: int = 0
    joined: int = 0
    records: int = 0
    damage: str | None = None
    why: str | None = None

    @property
    def partly(self) -> bool:
        """Whether something of it did not come in."""
        return self.status == "refused" or self.damage is not None


def import_files(
    paths: Iterable[Path],
    journal: Journal,
    *,
    workers: int | None = None,
    progress: Callable[[int], None] | None = None,
) -> Iterator[Imported]:
    """Import files, folders and archives one after the other; what one file has wrong does not stop the others.

    Parameters
    ----------
    paths : iterable of Path
        FIT, TCX, GPX, Apple Health, zip, or folders.
    journal : Journal
        Where runs go.
    workers : int, optional
        Processes; by default one a core. The journal is the same for any number.
    progress : callable, optional
        Told how many files are done.

    Yields
    ------
    Imported
        In the order of the files.
    """
    known = journal.known_files()
    count = workers or os.cpu_count() or 1
    waiting: deque[Imported | _Pending] = deque()
    done = 0
    with _readers(count) as read:
        for item in items(paths):
            waiting.extend(_begin(item, known, read, journal))
            while len(waiting) > count * _AHEAD:
                done += 1
                yield _end(waiting.popleft(), journal)
                if progress:
                    progress(done)
        while waiting:
            yield _end(waiting.popleft(), journal)


@dataclass(slots=True)
class _Pending:
    name: str
    kind: str
    data: bytes
    digest: str
    damage: str | None
    reading: Future[FileRuns]


def _begin(
    item: Item, known: set[str], read: Callable[[bytes, str], Future[FileRuns]], journal: Journal
) -> Iterator[Imported | _Pending]:
    if item.problem is not None:
        yield Imported(item.name, "refused", why=_sentence(item.problem))
        return
    try:
        if item.kind == "apple_health":
            yield from _health(item, known, journal)
            return
        data, damage = read_whole(item)
    except ActivityError as problem:
        yield Imported(item.name, "refused", why=_sentence(problem))
        return
    digest = sha256(data).hexdigest()
    if digest in known:
        yield Imported(item.name, "known")
        return
    known.add(digest)
    yield _Pending(item.name, item.kind, data, digest, damage, read(data, item.name))


def _end(item: Imported | _Pending, journal: Journal) -> Imported:
    if isinstance(item, Imported):
        return item
    try:
        found = item.reading.result()
    except ActivityError as problem:
        return Imported(item.name, "refused", why=_sentence(problem))
    except BrokenProcessPool as error:
        raise OutputError(
            "The import",
            f"the system stopped a process that read {item.name}, probably for lack of memory",
            "What came in so far is kept: run the same command again, with --workers 1.",
        ) from error
    if item.damage is not None:
        found = replace(found, damage=item.damage)
    return _keep(journal, item.name, item.kind, item.digest, item.data, found)


def _keep(journal: Journal, name: str, kind: str, digest: str, data: bytes, found: FileRuns) -> Imported:
    file = SourceFile(digest, name, kind, kept=bool(found.runs), damage=found.damage)
    new, joined = journal.add_file(file, found.runs, data if found.runs else None)
    if found.runs:
        return Imported(name, "new", new, joined, found.records, found.damage)
    sports = ", ".join(dict.fromkeys(found.other_sports))
    nothing = "none of its records has a time" if found.records else "it holds no activity"
    why = f"it holds no run ({sports})" if sports else nothing
    return Imported(name, "no run", records=found.records, damage=found.damage, why=why)


def _health(item: Item, known: set[str], journal: Journal) -> Iterator[Imported]:
    """An Apple Health export is read as a stream; each of its runs is kept as a file of its own."""
    from runfree.app.read_runs import sum_up
    from runfree.io.activity_json import activity_json
    from runfree.io.apple_health import read_apple_health

    with opened(item) as stream:
        digest = _digest(item, stream)
    if digest in known:
        yield Imported(item.name, "known")
        return
    with opened(item) as stream:
        whole = read_apple_health(stream, item.name)
    new = joined = 0
    for activity in whole.activities:
        found = sum_up((activity,), activity.attrs["records"], None)
        data = activity_json(activity)
        own = sha256(data).hexdigest()
        if found.runs and own not in known:
            known.add(own)
            name = f"{item.name}: {activity.attrs['start']}"
            kept = _keep(journal, name, "activity", own, data, found)
            new, joined = new + kept.runs, joined + kept.joined
    if whole.damage is None:
        journal.add_file(SourceFile(digest, item.name, item.kind, kept=False), (), None)
        known.add(digest)
    status: Status = "new" if new or joined else "known" if whole.activities else "no run"
    why = "it holds no run" if not whole.activities else None
    yield Imported(item.name, status, new, joined, whole.records, whole.damage, why)


def _digest(item: Item, stream: IO[bytes]) -> str:
    whole, size = sha256(), 0
    while piece := stream.read(_PIECE):
        size += len(piece)
        if size > MAX_HEALTH_BYTES:
            raise ActivityError(item.name, "it is far larger than any export", "Leave it out.")
        whole.update(piece)
    return whole.hexdigest()


@contextmanager
def _readers(count: int) -> Iterator[Callable[[bytes, str], Future[FileRuns]]]:
    """Give a function that reads a file: the first few here, then in other processes where there are cores for them."""
    with ExitStack() as processes:
        submit: Submit | None = None
        seen = 0

        def read(data: bytes, name: str) -> Future[FileRuns]:
            nonlocal submit, seen
            from runfree.app.read_runs import read_runs

            seen += 1
            if count > 1 and seen > FEW:
                submit = submit or processes.enter_context(worker_pool(count))
                return submit(read_runs, data, name)
            here: Future[FileRuns] = Future()
            try:
                here.set_result(read_runs(data, name))
            except ActivityError as problem:
                here.set_exception(problem)
            return here

        yield read


def _sentence(problem: ActivityError) -> str:
    return f"{problem.why}. {problem.remedy}"


def summary_of(files: Iterable[Imported]) -> dict[str, Any]:
    """What ``runfree import --json`` prints."""
    listed = list(files)
    return {
        "runs": sum(f.runs for f in listed),
        "joined": sum(f.joined for f in listed),
        "known": sum(f.status == "known" for f in listed),
        "partly": any(f.partly for f in listed),
        "files": [asdict(f) for f in listed],
    }


def check_given(paths: Iterable[Path]) -> None:
    """Refuse an import of nothing.

    Raises
    ------
    InputError
        If no file was named.
    """
    if not list(paths):
        raise InputError("No file", "nothing to import was given", "Give files of your watch, folders or a zip.")
