"""A run as the journal keeps it: what one recording said, and how it glided at each speed."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

DATE_UNKNOWN = "clock_not_set"


@dataclass(frozen=True, slots=True)
class Stretch:
    """Steady running of one recording at one speed: means of the middle half of its seconds, None where nothing was measured.

    ``sensor`` and ``position`` are those of bounce and contact time.
    """

    speed_mps: float
    seconds: float
    sensor: str
    position: str
    cadence_spm: float | None = None
    vertical_oscillation_cm: float | None = None
    contact_time_ms: float | None = None
    vertical_ratio_pct: float | None = None
    step_length_cm: float | None = None
    balance_left_pct: float | None = None


@dataclass(frozen=True, slots=True)
class Recording:
    """What one file says about one run.

    Attributes
    ----------
    start, end : datetime
        Aware, UTC.
    utc_offset_s : int or None
        Of the local clock; None where the file does not know it.
    timer_s, distance_m, cadence_spm
        Time without pauses, distance, all steps over that time; None where not recorded.
    records : int
        Records read.
    flags : tuple of str
        Codes of :data:`runfree.core.flags.FLAGS`.
    left_out : dict
        Reason → seconds that do not count towards the stretches.
    stretches : tuple of Stretch
        Steady running by speed.
    """

    start: datetime
    end: datetime
    utc_offset_s: int | None
    device: str
    timer_s: float
    distance_m: float | None
    cadence_spm: float | None
    records: int
    flags: tuple[str, ...] = ()
    left_out: dict[str, float] = field(default_factory=dict[str, float])
    stretches: tuple[Stretch, ...] = ()


@dataclass(frozen=True, slots=True)
class Run:
    """One run of the journal; its numbers are those of its longest recording.

    ``local_date`` is None where no watch knew the date. ``sources`` names the files, ``devices`` what recorded them.
    """

    id: int
    start: datetime
    utc_offset_s: int
    local_date: date | None
    timer_s: float
    distance_m: float | None
    cadence_spm: float | None
    devices: tuple[str, ...]
    sources: tuple[str, ...]
    flags: tuple[str, ...]

    @property
    def local_start(self) -> datetime:
        """The start on the runner's own clock, without a zone."""
        return (self.start + timedelta(seconds=self.utc_offset_s)).replace(tzinfo=None)
