"""Runs: kept once, whatever number of files and watches recorded them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from datetime import UTC, date, datetime, timedelta
from typing import cast

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from runfree.core.run import DATE_UNKNOWN, Recording, Run, Stretch
from runfree.journal.tables import FileRow, RunRow, SourceRow, StretchRow

OVERLAP = 0.5
"""Nobody runs twice at once: recordings that share half of the shorter one are of the same run."""
_STRETCH = [f.name for f in fields(Stretch)]


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file as it is kept."""

    sha256: str
    name: str
    kind: str
    kept: bool
    damage: str | None = None


def known_files(session: Session, person: int) -> set[str]:
    """Digests of every file imported before."""
    return set(session.scalars(select(FileRow.sha256).where(FileRow.person_id == person)))


def add_file(
    session: Session, person: int, file: SourceFile, recordings: Sequence[tuple[int, Recording]], now: datetime
) -> tuple[int, int]:
    """Keep a file with its runs (part of the file, recording); return how many were new and how many known already.

    A file of the same content is kept once.
    """
    if session.scalar(select(FileRow.id).where(FileRow.person_id == person, FileRow.sha256 == file.sha256)):
        return 0, len(recordings)
    row = FileRow(person_id=person, recorded_at=now, **asdict(file))
    session.add(row)
    session.flush()
    new = sum(_add(session, person, row.id, part, recording) for part, recording in recordings)
    return new, len(recordings) - new


def _add(session: Session, person: int, file_id: int, part: int, recording: Recording) -> bool:
    """Add a recording to its run, or to a new one; whether it was new."""
    same = _same_runs(session, person, recording)
    run = RunRow(person_id=person, start=recording.start, utc_offset_s=0, timer_s=0.0) if not same else None
    if run is not None:
        session.add(run)
        session.flush()
    run_id = run.id if run is not None else same[0]
    source = SourceRow(
        person_id=person,
        run_id=run_id,
        file_id=file_id,
        part=part,
        **{
            name: getattr(recording, name)
            for name in (
                "start",
                "end",
                "utc_offset_s",
                "device",
                "timer_s",
                "distance_m",
                "cadence_spm",
                "records",
            )
        },
        flags=list(recording.flags),
        left_out=recording.left_out,
    )
    session.add(source)
    session.flush()
    session.add_all(StretchRow(source_id=source.id, **asdict(s)) for s in recording.stretches)
    if same[1:]:
        session.execute(update(SourceRow).where(SourceRow.run_id.in_(same[1:])).values(run_id=run_id))
        session.execute(delete(RunRow).where(RunRow.id.in_(same[1:])))
    settle(session, run_id)
    return not same


def _same_runs(session: Session, person: int, recording: Recording) -> list[int]:
    near = session.execute(
        select(SourceRow.run_id, SourceRow.start, SourceRow.end, SourceRow.flags)
        .where(SourceRow.person_id == person)
        .where(SourceRow.start <= recording.end, SourceRow.start >= recording.start - timedelta(days=2))
        .where(SourceRow.end >= recording.start)
    )
    return sorted(
        {run_id for run_id, start, end, _ in near if overlap(recording.start, recording.end, start, end)}
    )


def overlap(a_start: datetime, a_end: datetime, b_start: datetime, b_end: datetime) -> bool:
    """Tell whether two recordings share at least half of the shorter one."""
    shared = (min(a_end, b_end) - max(a_start, b_start)).total_seconds()
    shorter = min((a_end - a_start).total_seconds(), (b_end - b_start).total_seconds())
    return shared >= 0 and shared >= OVERLAP * shorter


def settle(session: Session, run_id: int) -> None:
    """Give a run the numbers of its longest recording, whatever order its files came in."""
    sources = session.execute(
        select(SourceRow, FileRow.sha256)
        .join(FileRow, FileRow.id == SourceRow.file_id)
        .where(SourceRow.run_id == run_id)
    ).all()
    rows = [source for source, _ in sorted(sources, key=lambda s: (-s[0].timer_s, s[1], s[0].part))]
    first = rows[0]
    offset = next((row.utc_offset_s for row in rows if row.utc_offset_s is not None), None)
    if offset is None:
        offset = local_offset_s(first.start)
    unknown = DATE_UNKNOWN in first.flags
    session.execute(
        update(RunRow)
        .where(RunRow.id == run_id)
        .values(
            start=first.start,
            utc_offset_s=offset,
            local_date=None if unknown else (first.start + timedelta(seconds=offset)).date(),
            timer_s=first.timer_s,
            distance_m=next((r.distance_m for r in rows if r.distance_m is not None), None),
            cadence_spm=next((r.cadence_spm for r in rows if r.cadence_spm is not None), None),
        )
    )


def local_offset_s(moment: datetime) -> int:
    """The computer's offset from UTC at an instant, for files that do not know their zone."""
    offset = moment.astimezone().utcoffset()
    return 0 if offset is None else int(offset.total_seconds())


def runs(session: Session, person: int, since: date | None = None) -> list[Run]:
    """Runs from a local date on, oldest first; those without a date only where no date is asked for."""
    wanted = [RunRow.person_id == person, *([RunRow.local_date >= since] if since else [])]
    sources: dict[int, list[tuple[str, str, list[str]]]] = defaultdict(list)
    for run_id, device, name, flags in session.execute(
        select(SourceRow.run_id, SourceRow.device, FileRow.name, SourceRow.flags)
        .join(FileRow, FileRow.id == SourceRow.file_id)
        .join(RunRow, RunRow.id == SourceRow.run_id)
        .where(*wanted)
        .order_by(SourceRow.start, FileRow.sha256, SourceRow.part)
    ):
        sources[run_id].append((device, name, flags))
    columns = (RunRow.id, RunRow.start, RunRow.utc_offset_s, RunRow.local_date, RunRow.timer_s, RunRow.distance_m, RunRow.cadence_spm)  # fmt: skip
    return [
        Run(
            *row,
            devices=tuple(device for device, _, _ in sources[row.id]),
            sources=tuple(name for _, name, _ in sources[row.id]),
            flags=tuple(dict.fromkeys(flag for _, _, flags in sources[row.id] for flag in flags)),
        )
        for row in session.execute(select(*columns).where(*wanted).order_by(RunRow.start, RunRow.id))
    ]


def stretches(session: Session, person: int, since: date | None = None) -> list[tuple[date, int, Stretch]]:
    """Steady stretches with the local date and the run they belong to, oldest first; runs without a date are left out."""
    query = (
        select(RunRow.local_date, RunRow.id, *(getattr(StretchRow, name) for name in _STRETCH))
        .join(SourceRow, SourceRow.id == StretchRow.source_id)
        .join(RunRow, RunRow.id == SourceRow.run_id)
        .where(RunRow.person_id == person, RunRow.local_date.is_not(None))
        .order_by(RunRow.start, StretchRow.id)
    )
    if since is not None:
        query = query.where(RunRow.local_date >= since)
    found = session.execute(query)
    return [(cast(date, day), run, Stretch(*values)) for day, run, *values in found]


def now_utc() -> datetime:
    """The present instant, to the second."""
    return datetime.now(UTC).replace(microsecond=0)
