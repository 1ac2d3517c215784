"""A film as the journal keeps it: when, how seen, and what was measured."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from runfree.core.estimate import Estimate
from runfree.core.metrics import Gait, View


@dataclass(frozen=True, slots=True)
class KeptFilm:
    """One film's measurements.

    Attributes
    ----------
    name : str
        Of the file.
    at : datetime
        Aware, on the person's own clock: when it was filmed (or, if the film does not say, when it was analysed).
    recorded_at : datetime
        When it was kept.
    view, gait, speed_mps
        How it was seen, what it shows, and the speed if it was given.
    estimates : tuple of Estimate
        What was measured.
    motion : str
        SHA-256 of the kept motion file (netCDF), or of nothing ("").
    id : int
        Set by the journal.
    """

    name: str
    at: datetime
    recorded_at: datetime
    view: View
    gait: Gait
    speed_mps: float | None
    estimates: tuple[Estimate, ...]
    motion: str = ""
    id: int = 0

    @property
    def local_date(self) -> date:
        """The day on the person's own clock."""
        return self.at.date()
