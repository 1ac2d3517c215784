"""A person's work on films: asked for, begun, ended; a worker that died never leaves a job hanging."""

from __future__ import annotations

import secrets
import shutil
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import CursorResult, delete, select, update
from sqlalchemy.orm import Session

from runfree.core.errors import NotHereError, RunfreeError
from runfree.core.job import ENDED, TRIES, Job, JobKind, JobState
from runfree.core.kept_film import KeptFilm
from runfree.journal import films as film_rows
from runfree.journal.tables import JobRow

if TYPE_CHECKING:
    from runfree.journal.journal import Journal

_SCRATCH = "work-"
_DIED = {
    "what": "The analysis",
    "why": f"it was interrupted {TRIES} times before it ended",
    "remedy": "Try again with nothing else running, or with a shorter film.",
}


class Jobs:
    """The jobs of one person; nobody else's can be reached through it.

    Parameters
    ----------
    journal : Journal
        Of that person.
    """

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        self.folder = journal.folder / "reports"

    def add(self, kind: JobKind, clips: Sequence[str], asked: dict[str, Any] | None = None) -> Job:
        """Ask for something."""
        job = Job(secrets.token_hex(16), kind, "waiting", tuple(clips), asked or {}, _now())
        with self._journal._write("asking for work") as session:
            session.add(
                JobRow(
                    id=job.id,
                    person_id=self._journal._person,
                    kind=kind,
                    state=job.state,
                    clips=list(clips),
                    asked=job.asked,
                    made_at=job.made_at,
                    tries=0,
                    worker="",
                    doing="",
                    progress=0.0,
                    result={},
                    failure={},
                )
            )
        return job

    def jobs(self, kind: JobKind | None = None, clip: str | None = None) -> list[Job]:
        """Jobs, the newest first; of one kind or about one clip if said."""
        with self._journal._read() as session:
            query = select(JobRow).where(JobRow.person_id == self._journal._person)
            rows = session.scalars(query.order_by(JobRow.made_at.desc(), JobRow.id))
            return [_job(r) for r in rows if kind in (None, r.kind) and (clip is None or clip in r.clips)]

    def job(self, job_id: str) -> Job:
        """One job.

        Raises
        ------
        NotHereError
            If there is none of this id.
        """
        with self._journal._read() as session:
            row = session.scalar(select(JobRow).where(*self._mine(job_id)))
            if row is None:
                raise NotHereError(
                    "The analysis", "it is not here, or was deleted", "See your films for those that are."
                )
            return _job(row)

    def claim(self, kind: JobKind, worker: str, stale_s: float) -> Job | None:
        """Take the job of this kind that waits longest; None if there is none.

        A job whose worker was not heard of for ``stale_s`` seconds waits again, or has failed if that was its last try.
        """
        mine = (JobRow.person_id == self._journal._person, JobRow.kind == kind)
        with self._journal._read() as session:
            if session.scalar(select(JobRow.id).where(*mine, JobRow.state.not_in(ENDED)).limit(1)) is None:
                return None
        with self._journal._write("beginning work") as session:
            lost = _now() - timedelta(seconds=stale_s)
            for row in session.scalars(
                select(JobRow).where(*mine, JobRow.state == "running", JobRow.beat_at < lost)
            ):
                _put_back(row)
            session.flush()
            waiting = select(JobRow).where(*mine, JobRow.state == "waiting")
            row = session.scalar(waiting.order_by(JobRow.made_at, JobRow.id).limit(1))
            if row is None:
                return None
            row.state, row.worker, row.beat_at, row.tries = "running", worker, _now(), row.tries + 1
            row.doing, row.progress = "", 0.0
            return _job(row)

    def beat(self, job: Job, worker: str, doing: str, progress: float) -> bool:
        """Say that the worker lives and how far it is; False if the job is no longer its own."""
        return self._set(job, worker, beat_at=_now(), doing=doing[:200], progress=progress)

    def fail(self, job: Job, worker: str, error: RunfreeError) -> bool:
        """End a job with an error; False if it was no longer the worker's own."""
        told = {"what": error.what, "why": error.why, "remedy": error.remedy}
        return self._set(job, worker, state="failed", failure=told, ended_at=_now())

    def give_back(self, job: Job, worker: str, *, counts: bool) -> None:
        """Let a job wait again; if it ``counts`` and was the last try, it has failed."""
        with self._journal._write("putting work back") as session:
            own = (*self._mine(job.id), JobRow.worker == worker, JobRow.state == "running")
            row = session.scalar(select(JobRow).where(*own))
            if row is not None:
                row.tries -= 0 if counts else 1
                _put_back(row)

    def finish(
        self, job: Job, worker: str, result: dict[str, Any], films: Sequence[tuple[KeptFilm, bytes]] = ()
    ) -> bool:
        """End a job with its result, and keep what was measured in its films, all at once.

        Returns False, and keeps nothing, if the job was no longer the worker's own.
        """
        with self._journal._write("ending work") as session:
            own = (*self._mine(job.id), JobRow.worker == worker, JobRow.state == "running")
            row = session.scalar(select(JobRow).where(*own))
            if row is None:
                return False
            for film, motion in films:
                kept = replace(film, motion=self._journal.media.add(motion))
                film_rows.add(session, self._journal._person, kept, job=job.id)
            row.state, row.result, row.ended_at, row.progress = "done", result, _now(), 1.0
        return True

    def cancel(self, job_id: str) -> Job:
        """End a job that has not ended; its worker notices at its next beat.

        Raises
        ------
        NotHereError
            If there is none of this id.
        """
        with self._journal._write("cancelling work") as session:
            going = (*self._mine(job_id), JobRow.state.not_in(ENDED))
            session.execute(update(JobRow).where(*going).values(state="cancelled", ended_at=_now(), worker=""))
        return self.job(job_id)

    def delete_clip(self, clip_id: str) -> None:
        """Delete a clip, every job about it, their reports, and what they measured.

        Raises
        ------
        NotHereError
            If there is no such clip.
        """
        clips = self._journal.clips
        clips.clip(clip_id)
        with self._journal._write("deleting a film") as session:
            about = [row.id for row in session.scalars(self._all()) if clip_id in row.clips]
            motions = self._forget(session, about)
            gone = clips.forget(session, clip_id)
        self._journal.media.remove(motions)
        clips.store.remove(gone)
        self.remove_reports(about)

    def forget_all(self, session: Session) -> list[str]:
        """Delete every row; return their ids."""
        ids = [row.id for row in session.scalars(self._all())]
        self._forget(session, ids)
        return ids

    def _forget(self, session: Session, ids: list[str]) -> list[str]:
        motions = film_rows.remove_of_jobs(session, ids)
        session.execute(delete(JobRow).where(JobRow.id.in_(ids)))
        return motions

    def report(self, job_id: str) -> Path:
        """The folder of a job's report, whether it is there or not."""
        return self.folder / job_id

    def remove_reports(self, ids: Iterable[str]) -> None:
        """Delete the reports of jobs."""
        for job_id in ids:
            shutil.rmtree(self.report(job_id), ignore_errors=True)

    def scratch(self, job_id: str) -> Path:
        """The folder in which a job's report is made, whether it is there or not."""
        return self.folder / f"{_SCRATCH}{job_id}"

    def sweep(self) -> None:
        """Delete reports that no job knows of, and half-made ones of jobs that have ended: what a kill left behind."""
        if not self.folder.is_dir():
            return
        found = {path.name for path in self.folder.iterdir()}
        with self._journal._read() as session:
            known = set(session.scalars(select(JobRow.id)))
            going = session.scalars(select(JobRow.id).where(JobRow.state.not_in(ENDED)))
            known |= {f"{_SCRATCH}{job_id}" for job_id in going}
        self.remove_reports(found - known)

    def _set(self, job: Job, worker: str, **values: Any) -> bool:
        own = (*self._mine(job.id), JobRow.worker == worker, JobRow.state == "running")
        with self._journal._write("writing down how work goes") as session:
            done = session.execute(update(JobRow).where(*own).values(**values))
            assert isinstance(done, CursorResult)
            return done.rowcount == 1

    def _all(self) -> Any:
        return select(JobRow).where(JobRow.person_id == self._journal._person)

    def _mine(self, job_id: str) -> tuple[Any, Any]:
        return JobRow.id == job_id, JobRow.person_id == self._journal._person


def _now() -> datetime:
    return datetime.now(UTC)


def _put_back(row: JobRow) -> None:
    row.worker, row.beat_at = "", None
    if row.tries < TRIES:
        row.state = "waiting"
    else:
        row.state, row.failure, row.ended_at = "failed", dict(_DIED), _now()


def _job(row: JobRow) -> Job:
    kind: JobKind = row.kind  # pyright: ignore[reportAssignmentType]
    state: JobState = row.state  # pyright: ignore[reportAssignmentType]
    return Job(
        row.id,
        kind,
        state,
        tuple(row.clips),
        row.asked,
        row.made_at,
        row.ended_at,
        row.tries,
        row.doing,
        row.progress,
        row.result,
        {k: str(v) for k, v in row.failure.items()},
    )
