"""Films: what was measured in them, by the day they were filmed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import asdict, fields, replace
from datetime import date, timedelta, timezone
from typing import Any, cast

from sqlalchemy import ColumnElement, delete, select
from sqlalchemy.orm import Session

from runfree.core.errors import InputError
from runfree.core.estimate import Estimate
from runfree.core.kept_film import KeptFilm
from runfree.journal.tables import EstimateRow, FilmRow

_ESTIMATE = [f.name for f in fields(Estimate)]


def add(session: Session, person: int, film: KeptFilm, job: str | None = None) -> KeptFilm:
    """Keep a film's measurements; the same motion on the same day takes the place of the earlier ones.

    ``job`` is the job that measured them, if one did: they are deleted with it.
    """
    if film.motion:
        session.execute(
            delete(FilmRow).where(
                FilmRow.person_id == person, FilmRow.motion == film.motion, FilmRow.local_date == film.local_date
            )
        )
    row = FilmRow(
        person_id=person,
        job_id=job,
        name=film.name,
        at=film.at,
        utc_offset_s=int((film.at.utcoffset() or timedelta()).total_seconds()),
        local_date=film.local_date,
        recorded_at=film.recorded_at,
        view=film.view,
        gait=film.gait,
        speed_mps=film.speed_mps,
        motion=film.motion,
    )
    session.add(row)
    session.flush()
    session.add_all(EstimateRow(film_id=row.id, **_row(e)) for e in film.estimates)
    return replace(film, id=row.id)


def _row(estimate: Estimate) -> dict[str, Any]:
    numbers = {k: float(getattr(estimate, k)) for k in ("value", "low", "high")}
    return asdict(estimate) | numbers | {"n": int(estimate.n), "flags": list(estimate.flags)}


def films(session: Session, person: int, since: date | None = None) -> list[KeptFilm]:
    """Films from a local day on, oldest first."""
    wanted = [FilmRow.person_id == person, *([FilmRow.local_date >= since] if since else [])]
    measured: dict[int, list[Estimate]] = defaultdict(list)
    columns = [getattr(EstimateRow, name) for name in _ESTIMATE]
    query = select(EstimateRow.film_id, *columns).join(FilmRow, FilmRow.id == EstimateRow.film_id)
    for film_id, *values in session.execute(query.where(*wanted).order_by(EstimateRow.id)):
        measured[film_id].append(
            Estimate(
                **cast(dict[str, Any], dict(zip(_ESTIMATE, values, strict=True)) | {"flags": tuple(values[-1])})
            )
        )
    return [
        KeptFilm(
            row.name,
            row.at.astimezone(timezone(timedelta(seconds=row.utc_offset_s))),
            row.recorded_at,
            row.view,  # pyright: ignore[reportArgumentType]
            row.gait,  # pyright: ignore[reportArgumentType]
            row.speed_mps,
            tuple(measured[row.id]),
            row.motion,
            row.id,
        )
        for row in session.scalars(select(FilmRow).where(*wanted).order_by(FilmRow.at, FilmRow.id))
    ]


def remove(session: Session, person: int, film_id: int | None = None) -> list[str]:
    """Delete one film, or all; return the digests of motions that nobody keeps any more.

    Raises
    ------
    InputError
        If there is no film of this number.
    """
    mine = [FilmRow.person_id == person, *([FilmRow.id == film_id] if film_id is not None else [])]
    if film_id is not None and session.scalar(select(FilmRow.id).where(*mine)) is None:
        raise InputError(f"Film {film_id}", "there is none of this number", "See: runfree journal")
    return _remove(session, *mine)


def remove_of_jobs(session: Session, jobs: Sequence[str]) -> list[str]:
    """Delete the films that these jobs measured; return the digests of motions that nobody keeps any more."""
    return _remove(session, FilmRow.job_id.in_(jobs))


def _remove(session: Session, *which: ColumnElement[bool]) -> list[str]:
    motions = set(session.scalars(select(FilmRow.motion).where(*which)))
    session.execute(delete(FilmRow).where(*which))
    still = set(session.scalars(select(FilmRow.motion).where(FilmRow.motion.in_(motions))))
    return sorted(motions - still - {""})
