"""Entries: what a person said, with every correction and the moment it was written down."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta, timezone

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from runfree.core.entry import Entry, Kind
from runfree.core.errors import InputError
from runfree.journal.tables import EntryRow


def add(session: Session, person: int, entry: Entry, now: datetime) -> Entry:
    """Write an entry down under a new number, and return it as it is kept."""
    last = session.scalar(select(func.max(EntryRow.number)).where(EntryRow.person_id == person))
    return _insert(session, person, replace(entry, number=(last or 0) + 1, revision=1, recorded_at=now))


def revise(session: Session, person: int, number: int, entry: Entry, now: datetime) -> Entry:
    """Correct an entry: the old revision stays beside the new one.

    Raises
    ------
    InputError
        If there is no entry of this number.
    """
    mine = (EntryRow.person_id == person, EntryRow.number == number)
    last = session.scalar(select(func.max(EntryRow.revision)).where(*mine))
    if last is None:
        raise InputError(f"Entry {number}", "there is none of this number", "See: runfree journal")
    return _insert(session, person, replace(entry, number=number, revision=last + 1, recorded_at=now))


def _insert(session: Session, person: int, entry: Entry) -> Entry:
    assert entry.recorded_at is not None
    session.add(
        EntryRow(
            person_id=person,
            number=entry.number,
            revision=entry.revision,
            kind=entry.kind,
            at=entry.at,
            utc_offset_s=entry.utc_offset_s,
            local_date=entry.local_date,
            recorded_at=entry.recorded_at,
            what=entry.what,
            moment=entry.moment,
            score=entry.score,
            answers=entry.answers,
            note=entry.note,
        )
    )
    return entry


def entries(
    session: Session,
    person: int,
    kind: Kind | None = None,
    *,
    what: str | None = None,
    moment: str | None = None,
    since: date | None = None,
    history: bool = False,
) -> list[Entry]:
    """Entries by their time, oldest first.

    Parameters
    ----------
    kind, what, moment
        Only such ones: ``("pain", what="knee", moment="during")`` is an outcome by local date and time.
    since : date, optional
        From this local day on.
    history : bool
        With every revision, each with its ``recorded_at``; else only what holds.
    """
    query = select(EntryRow).where(EntryRow.person_id == person)
    for column, value in ((EntryRow.kind, kind), (EntryRow.what, what), (EntryRow.moment, moment)):
        if value is not None:
            query = query.where(column == value)
    if since is not None:
        query = query.where(EntryRow.local_date >= since)
    found = [
        _entry(row) for row in session.scalars(query.order_by(EntryRow.at, EntryRow.number, EntryRow.revision))
    ]
    if history:
        return found
    # A correction may have moved an entry out of what was asked for.
    newest = select(EntryRow.number, func.max(EntryRow.revision)).where(EntryRow.person_id == person)
    last = dict(session.execute(newest.group_by(EntryRow.number)).all())
    return [entry for entry in found if entry.revision == last[entry.number]]


def _entry(row: EntryRow) -> Entry:
    zone = timezone(timedelta(seconds=row.utc_offset_s))
    return Entry(
        row.kind,  # pyright: ignore[reportArgumentType]
        row.what,
        row.at.astimezone(zone),
        row.moment,
        row.score,
        row.answers,
        row.note,
        row.recorded_at,
        row.number,
        row.revision,
    )
