"""Trials: plans that are locked, and what happened in them, with every correction."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta, timezone

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from runfree.core.errors import InputError
from runfree.core.trial import Ending, Plan, Trial, TrialEntry, plan_data, plan_hash, plan_of
from runfree.journal.tables import TrialEntryRow, TrialRow


def add(session: Session, person: int, plan: Plan, locked_at: datetime) -> Trial:
    """Lock a plan under a new number.

    Raises
    ------
    InputError
        If a trial for the same complaint is running.
    """
    mine = TrialRow.person_id == person
    running = session.scalar(
        select(TrialRow.number).where(mine, TrialRow.complaint == plan.complaint, TrialRow.ending == "")
    )
    if running is not None:
        raise InputError(
            f"A trial for {plan.complaint}",
            f"trial {running} is still running, and two at once could not be told apart",
            "Finish it or end it first: runfree trial stop",
        )
    last = session.scalar(select(func.max(TrialRow.number)).where(mine)) or 0
    kept = Trial(last + 1, plan, locked_at, plan_hash(plan))
    session.add(
        TrialRow(
            person_id=person,
            number=kept.number,
            complaint=plan.complaint,
            locked_at=locked_at,
            utc_offset_s=_offset_s(locked_at),
            plan=plan_data(plan),
            sha256=kept.sha256,
            ended_at=None,
            ending="",
            why="",
        )
    )
    return kept


def trials(session: Session, person: int) -> list[Trial]:
    """Every trial of a person, oldest first."""
    rows = session.scalars(select(TrialRow).where(TrialRow.person_id == person).order_by(TrialRow.number))
    return [_trial(row) for row in rows]


def end(session: Session, person: int, number: int, ending: Ending, why: str, now: datetime) -> Trial:
    """End a running trial; one that has ended stays as it is.

    Raises
    ------
    InputError
        If there is none of this number.
    """
    row = _row(session, person, number)
    if not row.ending:
        row.ending, row.why, row.ended_at = ending, why, now
    return _trial(row)


def remove(session: Session, person: int, number: int) -> None:
    """Delete a trial with everything that happened in it.

    Raises
    ------
    InputError
        If there is none of this number.
    """
    session.delete(_row(session, person, number))


def add_entry(session: Session, person: int, trial: int, entry: TrialEntry, now: datetime) -> TrialEntry:
    """Write down what happened; with the number of an earlier entry it is a correction of that one.

    Raises
    ------
    InputError
        If there is no trial or no entry of this number.
    """
    row = _row(session, person, trial)
    mine = TrialEntryRow.trial_id == row.id
    if entry.number:
        revision = session.scalar(
            select(func.max(TrialEntryRow.revision)).where(mine, TrialEntryRow.number == entry.number)
        )
        if revision is None:
            raise InputError(
                f"Entry {entry.number}", "this trial has none of that number", "See: runfree trial verdict"
            )
        kept = replace(entry, revision=revision + 1, recorded_at=now)
    else:
        last = session.scalar(select(func.max(TrialEntryRow.number)).where(mine)) or 0
        kept = replace(entry, number=last + 1, revision=1, recorded_at=now)
    session.add(
        TrialEntryRow(
            trial_id=row.id,
            number=kept.number,
            revision=kept.revision,
            kind=kept.kind,
            at=kept.at,
            utc_offset_s=_offset_s(kept.at),
            local_date=kept.local_date,
            recorded_at=now,
            block=kept.block,
            value=kept.value,
            speed_mps=kept.speed_mps,
            data=kept.data,
            note=kept.note,
        )
    )
    return kept


def entries(session: Session, person: int, trial: int, *, history: bool = False) -> list[TrialEntry]:
    """What happened in a trial by its time; with ``history`` every revision, else only what holds.

    Raises
    ------
    InputError
        If there is no trial of this number.
    """
    row = _row(session, person, trial)
    query = select(TrialEntryRow).where(TrialEntryRow.trial_id == row.id)
    found = [
        _entry(one)
        for one in session.scalars(query.order_by(TrialEntryRow.at, TrialEntryRow.number, TrialEntryRow.revision))
    ]
    if history:
        return found
    last: dict[int, int] = {}
    for one in found:
        last[one.number] = max(one.revision, last.get(one.number, 0))
    return [one for one in found if one.revision == last[one.number]]


def _row(session: Session, person: int, number: int) -> TrialRow:
    row = session.scalar(select(TrialRow).where(TrialRow.person_id == person, TrialRow.number == number))
    if row is None:
        raise InputError(f"Trial {number}", "there is none of this number", "See: runfree trial list")
    return row


def _trial(row: TrialRow) -> Trial:
    return Trial(
        row.number,
        plan_of(row.plan),
        row.locked_at.astimezone(_zone(row.utc_offset_s)),
        row.sha256,
        row.ended_at,
        row.ending,  # pyright: ignore[reportArgumentType]
        row.why,
    )


def _entry(row: TrialEntryRow) -> TrialEntry:
    return TrialEntry(
        row.kind,  # pyright: ignore[reportArgumentType]
        row.at.astimezone(_zone(row.utc_offset_s)),
        row.block,
        row.value,
        row.speed_mps,
        row.data,
        row.note,
        row.recorded_at,
        row.number,
        row.revision,
    )


def _zone(offset_s: int) -> timezone:
    return timezone(timedelta(seconds=offset_s))


def _offset_s(at: datetime) -> int:
    return int((at.utcoffset() or timedelta()).total_seconds())
