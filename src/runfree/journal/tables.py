"""The rows. Times are UTC; what a person remembers as a day has its local date beside it."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    DateTime,
    Dialect,
    ForeignKey,
    Index,
    MetaData,
    String,
    TypeDecorator,
    UniqueConstraint,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Utc(TypeDecorator[datetime]):
    """An aware instant, kept as UTC; SQLite keeps no zone."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """To UTC."""
        return None if value is None else value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Aware again."""
        return (
            None if value is None else value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)
        )


class Base(DeclarativeBase):
    """Every table's base; constraints have names so that a migration can find them."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {datetime: Utc, dict[str, Any]: JSON, list[str]: JSON}  # noqa: RUF012


def _owner() -> Mapped[int]:
    return mapped_column(ForeignKey("person.id", ondelete="CASCADE"))


class PersonRow(Base):
    """Whose journal it is."""

    __tablename__ = "person"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(200), unique=True)


class FileRow(Base):
    """A file that was imported once, by its content."""

    __tablename__ = "file"
    __table_args__ = (UniqueConstraint("person_id", "sha256"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = _owner()
    sha256: Mapped[str] = mapped_column(String(64))
    name: Mapped[str]
    kind: Mapped[str] = mapped_column(String(20))
    kept: Mapped[bool]
    damage: Mapped[str | None]
    recorded_at: Mapped[datetime]


class RunRow(Base):
    """A run, whatever number of watches recorded it."""

    __tablename__ = "run"
    __table_args__ = (Index(None, "person_id", "start"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = _owner()
    start: Mapped[datetime]
    utc_offset_s: Mapped[int]
    local_date: Mapped[date | None]
    timer_s: Mapped[float]
    distance_m: Mapped[float | None]
    cadence_spm: Mapped[float | None]


class SourceRow(Base):
    """What one file says about a run."""

    __tablename__ = "source"
    __table_args__ = (UniqueConstraint("file_id", "part"), Index(None, "person_id", "start"))
    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = _owner()
    run_id: Mapped[int] = mapped_column(ForeignKey("run.id", ondelete="CASCADE"), index=True)
    file_id: Mapped[int] = mapped_column(ForeignKey("file.id", ondelete="CASCADE"))
    part: Mapped[int]
    start: Mapped[datetime]
    end: Mapped[datetime]
    utc_offset_s: Mapped[int | None]
    device: Mapped[str]
    timer_s: Mapped[float]
    distance_m: Mapped[float | None]
    cadence_spm: Mapped[float | None]
    records: Mapped[int]
    flags: Mapped[list[str]]
    left_out: Mapped[dict[str, Any]]


class StretchRow(Base):
    """Steady running of a source at one speed."""

    __tablename__ = "stretch"
    id: Mapped[int] = mapped_column(primary_key=True)
    source_id: Mapped[int] = mapped_column(ForeignKey("source.id", ondelete="CASCADE"), index=True)
    speed_mps: Mapped[float]
    seconds: Mapped[float]
    sensor: Mapped[str]
    position: Mapped[str] = mapped_column(String(20))
    cadence_spm: Mapped[float | None]
    vertical_oscillation_cm: Mapped[float | None]
    contact_time_ms: Mapped[float | None]
    vertical_ratio_pct: Mapped[float | None]
    step_length_cm: Mapped[float | None]
    balance_left_pct: Mapped[float | None]


class EntryRow(Base):
    """What a person said: pain, practice, shoes, answers, a note. A correction is a new row; the old one stays."""

    __tablename__ = "entry"
    __table_args__ = (UniqueConstraint("person_id", "number", "revision"), Index(None, "person_id", "kind", "at"))
    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = _owner()
    number: Mapped[int]
    revision: Mapped[int]
    kind: Mapped[str] = mapped_column(String(20))
    at: Mapped[datetime]
    utc_offset_s: Mapped[int]
    local_date: Mapped[date]
    recorded_at: Mapped[datetime]
    what: Mapped[str] = mapped_column(String(200))
    moment: Mapped[str] = mapped_column(String(20))
    score: Mapped[float | None]
    answers: Mapped[dict[str, Any]]
    note: Mapped[str]


class FilmRow(Base):
    """A film that was analysed; the film itself stays where it is, its motion is a kept file."""

    __tablename__ = "film"
    __table_args__ = (Index(None, "person_id", "at"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = _owner()
    job_id: Mapped[str | None] = mapped_column(ForeignKey("job.id", ondelete="CASCADE"), index=True)
    name: Mapped[str]
    at: Mapped[datetime]
    utc_offset_s: Mapped[int]
    local_date: Mapped[date]
    recorded_at: Mapped[datetime]
    view: Mapped[str] = mapped_column(String(20))
    gait: Mapped[str] = mapped_column(String(20))
    speed_mps: Mapped[float | None]
    motion: Mapped[str] = mapped_column(String(64))


class EstimateRow(Base):
    """One measured number of a film."""

    __tablename__ = "estimate"
    id: Mapped[int] = mapped_column(primary_key=True)
    film_id: Mapped[int] = mapped_column(ForeignKey("film.id", ondelete="CASCADE"), index=True)
    metric: Mapped[str] = mapped_column(String(60))
    side: Mapped[str] = mapped_column(String(10))
    value: Mapped[float]
    unit: Mapped[str] = mapped_column(String(40))
    low: Mapped[float]
    high: Mapped[float]
    n: Mapped[int]
    quality: Mapped[str] = mapped_column(String(10))
    method: Mapped[str]
    flags: Mapped[list[str]]


class TrialRow(Base):
    """A trial: its plan as it was locked, with the hash of its text, and how it ended."""

    __tablename__ = "trial"
    __table_args__ = (UniqueConstraint("person_id", "number"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = _owner()
    number: Mapped[int]
    complaint: Mapped[str] = mapped_column(String(20))
    locked_at: Mapped[datetime]
    utc_offset_s: Mapped[int]
    plan: Mapped[dict[str, Any]]
    sha256: Mapped[str] = mapped_column(String(64))
    ended_at: Mapped[datetime | None]
    ending: Mapped[str] = mapped_column(String(20))
    why: Mapped[str]


class TrialEntryRow(Base):
    """Something that happened in a trial. A correction is a new row; the old one stays."""

    __tablename__ = "trial_entry"
    __table_args__ = (UniqueConstraint("trial_id", "number", "revision"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    trial_id: Mapped[int] = mapped_column(ForeignKey("trial.id", ondelete="CASCADE"))
    number: Mapped[int]
    revision: Mapped[int]
    kind: Mapped[str] = mapped_column(String(20))
    at: Mapped[datetime]
    utc_offset_s: Mapped[int]
    local_date: Mapped[date]
    recorded_at: Mapped[datetime]
    block: Mapped[int | None]
    value: Mapped[float | None]
    speed_mps: Mapped[float | None]
    data: Mapped[dict[str, Any]]
    note: Mapped[str]


class UploadRow(Base):
    """A film on its way; the bytes that arrived lie beside the journal, and how many there are is the file's size."""

    __tablename__ = "upload"
    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    person_id: Mapped[int] = _owner()
    name: Mapped[str] = mapped_column(String(200))
    size: Mapped[int] = mapped_column(BigInteger)
    begun_at: Mapped[datetime]
    sha256: Mapped[str] = mapped_column(String(64))


class ClipRow(Base):
    """A film that arrived whole."""

    __tablename__ = "clip"
    __table_args__ = (UniqueConstraint("person_id", "sha256"),)
    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    person_id: Mapped[int] = _owner()
    name: Mapped[str] = mapped_column(String(200))
    size: Mapped[int] = mapped_column(BigInteger)
    sha256: Mapped[str] = mapped_column(String(64), index=True)
    added_at: Mapped[datetime]


class JobRow(Base):
    """A piece of work on clips; ``worker`` is whoever does it now, and nobody else may write its end."""

    __tablename__ = "job"
    __table_args__ = (Index(None, "person_id", "state"),)
    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    person_id: Mapped[int] = _owner()
    kind: Mapped[str] = mapped_column(String(20))
    state: Mapped[str] = mapped_column(String(20))
    clips: Mapped[list[str]]
    asked: Mapped[dict[str, Any]]
    made_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    tries: Mapped[int]
    worker: Mapped[str] = mapped_column(String(32))
    beat_at: Mapped[datetime | None]
    doing: Mapped[str] = mapped_column(String(200))
    progress: Mapped[float]
    result: Mapped[dict[str, Any]]
    failure: Mapped[dict[str, Any]]
