"""Who does the work on films: one job of each kind at a time, each in a process of its own, until asked to stop."""

from __future__ import annotations

import logging
import secrets
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args

from runfree.app.film_work import analyse, clear, look
from runfree.app.practice import light_in
from runfree.app.uploads import tidy
from runfree.core.errors import RunfreeError
from runfree.core.job import Job, JobKind
from runfree.jobs.guarded import Guard, Limits, Outcome

if TYPE_CHECKING:
    from runfree.journal import Journal

BEAT_S = 1.0
"""How often a worker says that it lives."""
STALE_S = 15.0
"""After so long without a word a job is taken from its worker: its computer or server has died."""
LOOK_S = 0.5
"""How often the list of jobs is looked at."""
LIMITS: dict[JobKind, Limits] = {
    "check": Limits(seconds=300),
    "analysis": Limits(seconds=3 * 3600, memory_bytes=6 << 30),
}
_WORK: dict[JobKind, Callable[..., Any]] = {"check": look, "analysis": analyse}
_LOG = logging.getLogger(__name__)


@contextmanager
def working(journal: Callable[[], Journal], *, stale_s: float = STALE_S) -> Iterator[None]:
    """Do a person's jobs while the block lasts; a film that is analysed never keeps another from being looked at.

    On leaving, what is being done is stopped and put back; it costs no try. ``journal`` opens the journal anew for each look
    at it: whoever erased it begins another.
    """
    stop = threading.Event()
    lanes = [
        threading.Thread(target=_lane, args=(journal, kind, stop, stale_s), name=f"runfree-{kind}")
        for kind in get_args(JobKind)
    ]
    tidy(journal())
    for lane in lanes:
        lane.start()
    try:
        yield
    finally:
        stop.set()
        for lane in lanes:
            lane.join()


def _lane(journal: Callable[[], Journal], kind: JobKind, stop: threading.Event, stale_s: float) -> None:
    while not stop.is_set():
        try:
            worked = do_next(journal(), kind, stop, stale_s)
        except RunfreeError as error:
            # The disk may be full for now: the job is taken up again once it is stale.
            _LOG.warning("%s", error)
            worked = False
        if not worked:
            stop.wait(LOOK_S)


def do_next(journal: Journal, kind: JobKind, stop: threading.Event, stale_s: float = STALE_S) -> bool:
    """Do the next job of a kind to its end; return whether there was one.

    Parameters
    ----------
    journal : Journal
        Whose.
    kind : {"check", "analysis"}
    stop : threading.Event
        Set it to stop in the midst of it; the job then waits again.
    stale_s : float
        After how many silent seconds the job of another worker is taken up.
    """
    worker = secrets.token_hex(16)
    job = journal.jobs.claim(kind, worker, stale_s)
    if job is None:
        return False
    scratch = journal.jobs.scratch(job.id)
    clear(scratch)
    scratch.mkdir(parents=True, mode=0o700)
    try:
        with _heard(journal, job, worker, stop) as (say, cancel), Guard(LIMITS[kind]) as guard:
            films = _films(journal, job)
            light = light_in(journal, job.asked.get("complaint") or "", date.today())
            asked = {**job.asked, "light": light}
            outcome = guard.run(_WORK[kind], films, asked, str(scratch), progress=say, cancel=cancel)
        _end(journal, job, worker, scratch, outcome, stopped=stop.is_set())
    except RunfreeError as error:
        journal.jobs.fail(job, worker, error)
    finally:
        clear(scratch)
    return True


def _films(journal: Journal, job: Job) -> dict[str, str]:
    """Names, no two equal, and where the films lie."""
    named: dict[str, str] = {}
    for clip in (journal.clips.clip(i) for i in job.clips):
        name = clip.name if clip.name not in named else f"{clip.name} ({clip.id[:4]})"
        named[name] = str(journal.clips.path(clip))
    return named


@contextmanager
def _heard(
    journal: Journal, job: Job, worker: str, stop: threading.Event
) -> Iterator[tuple[Callable[[str, float], None], threading.Event]]:
    """Tell the journal again and again how far the work is; cancel it where it is no longer wanted."""
    said: tuple[str, float] = ("", 0.0)
    cancel, over = threading.Event(), threading.Event()

    def say(doing: str, progress: float) -> None:
        nonlocal said
        said = doing, progress

    def beat() -> None:
        while not over.wait(BEAT_S):
            try:
                if stop.is_set() or not journal.jobs.beat(job, worker, *said):
                    cancel.set()
            except RunfreeError as error:
                _LOG.warning("%s", error)

    heart = threading.Thread(target=beat, name="runfree-heart")
    heart.start()
    try:
        yield say, cancel
    finally:
        over.set()
        heart.join()


def _end(journal: Journal, job: Job, worker: str, scratch: Path, outcome: Outcome, *, stopped: bool) -> None:
    if outcome.end == "done":
        result, kept = outcome.value if job.kind == "analysis" else (outcome.value, ())
        place = journal.jobs.report(job.id)
        if (scratch / "report").exists():
            clear(place)
            (scratch / "report").rename(place)
        if not journal.jobs.finish(job, worker, result, kept):
            _forget_report(journal, job, place)
    elif outcome.end == "refused" and outcome.error is not None:
        journal.jobs.fail(job, worker, outcome.error)
    elif outcome.end in ("crashed", "cancelled"):
        _LOG.info("job %s: %s", job.id, outcome.why)
        journal.jobs.give_back(job, worker, counts=outcome.end == "crashed")
    else:
        _LOG.warning("job %s: %s", job.id, outcome.why)
        journal.jobs.fail(job, worker, _gave_up(outcome))


def _forget_report(journal: Journal, job: Job, place: Path) -> None:
    """Take a report away that came too late: its job was cancelled or deleted meanwhile."""
    if not any(other.id == job.id and other.state != "cancelled" for other in journal.jobs.jobs()):
        clear(place)


def _gave_up(outcome: Outcome) -> RunfreeError:
    if outcome.end == "failed":
        return RunfreeError(
            "The analysis",
            f"something went wrong inside Runfree ({outcome.why})",
            "Try again; if it happens again, please report it with these words.",
        )
    return RunfreeError("The analysis", outcome.why, "Cut out half a minute of steady running, or film in 1080p.")
