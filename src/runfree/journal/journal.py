"""The journal of one person: every read and write goes through here, each write in one transaction."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, delete, func, select
from sqlalchemy.orm import Session

from runfree.core.entry import Entry, Kind
from runfree.core.errors import InputError
from runfree.core.kept_film import KeptFilm
from runfree.core.run import Recording, Run, Stretch
from runfree.core.trial import Ending, Plan, Trial, TrialEntry
from runfree.journal import entries as entry_rows
from runfree.journal import films as film_rows
from runfree.journal import runs as run_rows
from runfree.journal import trials as trial_rows
from runfree.journal.clips import Clips
from runfree.journal.database import check_schema, connect, data_folder, told
from runfree.journal.jobs import Jobs
from runfree.journal.media import Media
from runfree.journal.runs import SourceFile, now_utc
from runfree.journal.tables import EntryRow, FileRow, PersonRow, RunRow, SourceRow

ME = "me"


class Journal:
    """One person's journal; nobody else's rows can be reached through it.

    Parameters
    ----------
    engine : Engine
        Of a database with the newest schema.
    folder : Path
        Where files are kept.
    person : str
        Whose.
    """

    def __init__(self, engine: Engine, folder: Path, person: str = ME) -> None:
        self._engine, self.folder = engine, folder
        self.media = Media(folder / "media")
        self.clips, self.jobs = Clips(self), Jobs(self)
        mine = select(PersonRow.id).where(PersonRow.name == person)
        with self._read() as session:
            known = session.scalar(mine)
        if known is None:
            with self._write("opening") as session:
                known = session.scalar(mine) or self._new(session, person)
        self._person = known

    @staticmethod
    def _new(session: Session, name: str) -> int:
        row = PersonRow(name=name)
        session.add(row)
        session.flush()
        return row.id

    @contextmanager
    def _write(self, doing: str) -> Iterator[Session]:
        with (
            told(doing),
            self._engine.connect().execution_options(write=True) as connection,
            Session(bind=connection) as session,
            session.begin(),
        ):
            if hasattr(self, "_person"):
                # Two imports at once take turns.
                session.execute(select(PersonRow.id).where(PersonRow.id == self._person).with_for_update())
            yield session

    @contextmanager
    def _read(self) -> Iterator[Session]:
        with told("reading"), Session(self._engine) as session:
            yield session

    def known_files(self) -> set[str]:
        """Digests (SHA-256) of every file imported before."""
        with self._read() as session:
            return run_rows.known_files(session, self._person)

    def add_file(
        self, file: SourceFile, recordings: Sequence[tuple[int, Recording]], data: bytes | None
    ) -> tuple[int, int]:
        """Keep a file, if ``data`` is given, and its runs; return how many runs are new and how many were known."""
        if data is not None:
            self.media.add(data)
        with self._write("writing a run") as session:
            return run_rows.add_file(session, self._person, file, recordings, now_utc())

    def runs(self, since: date | None = None) -> list[Run]:
        """Runs from a local day on, oldest first."""
        with self._read() as session:
            return run_rows.runs(session, self._person, since)

    def undated_runs(self) -> int:
        """How many runs have no date, because the watch did not know it."""
        with self._read() as session:
            mine = (RunRow.person_id == self._person, RunRow.local_date.is_(None))
            return session.scalar(select(func.count(RunRow.id)).where(*mine)) or 0

    def stretches(self, since: date | None = None) -> list[tuple[date, int, Stretch]]:
        """Steady stretches from a local day on: day, run, stretch."""
        with self._read() as session:
            return run_rows.stretches(session, self._person, since)

    def run_files(self, run_id: int) -> list[tuple[str, str, int]]:
        """Digest, name and part of the files that a run came from."""
        with self._read() as session:
            query = select(FileRow.sha256, FileRow.name, SourceRow.part).join(
                FileRow, FileRow.id == SourceRow.file_id
            )
            mine = (SourceRow.person_id == self._person, SourceRow.run_id == run_id)
            return [
                (sha, name, part) for sha, name, part in session.execute(query.where(*mine).order_by(SourceRow.id))
            ]

    def kept_files(self) -> list[tuple[str, str]]:
        """Digest and kind of every recording that is kept."""
        with self._read() as session:
            query = select(FileRow.sha256, FileRow.kind).where(FileRow.person_id == self._person, FileRow.kept)
            return [(sha, kind) for sha, kind in session.execute(query.order_by(FileRow.sha256))]

    def log(self, entry: Entry) -> Entry:
        """Write an entry down."""
        with self._write("writing an entry") as session:
            return entry_rows.add(session, self._person, entry, now_utc())

    def revise(self, number: int, entry: Entry) -> Entry:
        """Correct an entry; its earlier revisions stay."""
        with self._write("correcting an entry") as session:
            return entry_rows.revise(session, self._person, number, entry, now_utc())

    def entries(self, kind: Kind | None = None, **wanted: Any) -> list[Entry]:
        """Entries by their time; see :func:`runfree.journal.entries.entries`."""
        with self._read() as session:
            return entry_rows.entries(session, self._person, kind, **wanted)

    def add_film(self, film: KeptFilm, motion: bytes) -> KeptFilm:
        """Keep what was measured in a film, and its motion file."""
        kept = replace(film, motion=self.media.add(motion))
        with self._write("keeping a film") as session:
            return film_rows.add(session, self._person, kept)

    def films(self, since: date | None = None) -> list[KeptFilm]:
        """Films from a local day on, oldest first."""
        with self._read() as session:
            return film_rows.films(session, self._person, since)

    def delete_film(self, film_id: int) -> None:
        """Delete a film's measurements and its motion.

        Raises
        ------
        InputError
            If there is no such film.
        """
        with self._write("deleting a film") as session:
            gone = film_rows.remove(session, self._person, film_id)
        self.media.remove(gone)

    def delete_run(self, run_id: int) -> None:
        """Delete a run with its files, unless another run came from them too.

        Raises
        ------
        InputError
            If there is no such run.
        """
        with self._write("deleting a run") as session:
            mine = (RunRow.id == run_id, RunRow.person_id == self._person)
            if session.scalar(select(RunRow.id).where(*mine)) is None:
                raise InputError(f"Run {run_id}", "there is none of this number", "See: runfree journal")
            files = set(session.scalars(select(SourceRow.file_id).where(SourceRow.run_id == run_id)))
            session.execute(delete(RunRow).where(*mine))
            still = set(session.scalars(select(SourceRow.file_id).where(SourceRow.file_id.in_(files))))
            gone = self._forget_files(session, files - still)
        self.media.remove(gone)

    def _forget_files(self, session: Session, ids: set[int]) -> list[str]:
        """Delete file rows; return the digests that nobody keeps any more."""
        digests = list(session.scalars(select(FileRow.sha256).where(FileRow.id.in_(ids))))
        session.execute(delete(FileRow).where(FileRow.id.in_(ids)))
        kept = set(session.scalars(select(FileRow.sha256).where(FileRow.sha256.in_(digests))))
        return [digest for digest in digests if digest not in kept]

    def delete_entry(self, number: int) -> None:
        """Delete an entry with all its revisions.

        Raises
        ------
        InputError
            If there is none of this number.
        """
        with self._write("deleting an entry") as session:
            mine = (EntryRow.person_id == self._person, EntryRow.number == number)
            if not session.scalar(select(func.count()).where(*mine)):
                raise InputError(f"Entry {number}", "there is none of this number", "See: runfree journal")
            session.execute(delete(EntryRow).where(*mine))

    def lock_trial(self, plan: Plan, locked_at: datetime) -> Trial:
        """Lock a plan; see :func:`runfree.journal.trials.add`."""
        with self._write("locking a trial") as session:
            return trial_rows.add(session, self._person, plan, locked_at)

    def trials(self) -> list[Trial]:
        """Every trial, oldest first."""
        with self._read() as session:
            return trial_rows.trials(session, self._person)

    def end_trial(self, number: int, ending: Ending, why: str) -> Trial:
        """End a running trial; see :func:`runfree.journal.trials.end`."""
        with self._write("ending a trial") as session:
            return trial_rows.end(session, self._person, number, ending, why, now_utc())

    def delete_trial(self, number: int) -> None:
        """Delete a trial with everything that happened in it."""
        with self._write("deleting a trial") as session:
            trial_rows.remove(session, self._person, number)

    def log_trial(self, trial: int, entry: TrialEntry) -> TrialEntry:
        """Write down what happened in a trial; see :func:`runfree.journal.trials.add_entry`."""
        with self._write("writing into a trial") as session:
            return trial_rows.add_entry(session, self._person, trial, entry, now_utc())

    def trial_entries(self, trial: int, *, history: bool = False) -> list[TrialEntry]:
        """What happened in a trial; see :func:`runfree.journal.trials.entries`."""
        with self._read() as session:
            return trial_rows.entries(session, self._person, trial, history=history)

    def erase(self) -> None:
        """Erase everything of this person: rows, files, and the backups, which hold them too."""
        with self._write("erasing") as session:
            files = set(session.scalars(select(FileRow.id).where(FileRow.person_id == self._person)))
            gone = self._forget_files(session, files) + film_rows.remove(session, self._person)
            reports = self.jobs.forget_all(session)
            clips, parts = self.clips.forget_all(session)
            session.execute(delete(PersonRow).where(PersonRow.id == self._person))
        self.media.remove(gone)
        self.clips.remove(clips, parts)
        self.jobs.remove_reports(reports)
        shutil.rmtree(self.folder / "backups", ignore_errors=True)
        if self._engine.dialect.name == "sqlite":
            with told("erasing"), self._engine.connect() as connection:
                raw = connection.connection.driver_connection
                assert raw is not None
                connection.commit()
                for command in ("VACUUM", "PRAGMA wal_checkpoint(TRUNCATE)"):
                    raw.execute(command)

    def close(self) -> None:
        """Let go of the database."""
        self._engine.dispose()

    def __enter__(self) -> Journal:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class Journals:
    """Everybody's journals in one database; each is handed out for one person alone."""

    def __init__(self, engine: Engine, folder: Path) -> None:
        self._engine, self._folder = engine, folder

    def of(self, person: str) -> Journal:
        """Return a person's journal."""
        return Journal(self._engine, self._folder, person)

    def close(self) -> None:
        """Let go of the database."""
        self._engine.dispose()


def open_journals(url: str | None = None, folder: Path | None = None) -> Journals:
    """Open the database; as :func:`open_journal`, for a server."""
    place = folder or data_folder()
    engine = connect(url, place)
    check_schema(engine, place)
    return Journals(engine, place)


def open_journal(url: str | None = None, folder: Path | None = None, person: str = ME) -> Journal:
    """Open a person's journal, and make it where there is none.

    Parameters
    ----------
    url : str, optional
        Of the database; by default that of ``RUNFREE_DATABASE_URL``, else SQLite in ``folder``.
    folder : Path, optional
        For files and SQLite; by default that of ``RUNFREE_DATA``, else the user's data folder.

    Raises
    ------
    InputError
        If the journal is of another version, or the URL names no database.
    """
    return open_journals(url, folder).of(person)
