"""What a person logs: pain, practice, shoes, answers to a form, a note, a complaint."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Literal

Kind = Literal["pain", "practice", "shoes", "form", "note", "complaint"]
MOMENTS = ("before", "during", "after", "morning", "worst", "now")
"""When a pain was felt: before, during or after a run, the next morning, the day's worst, at this moment."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing said, in one of its revisions.

    Attributes
    ----------
    kind : Kind
        What it is about.
    what : str
        Pain: the body site. Practice: its id. Shoes: their name. Form: its id. Note: "". Complaint: its id, or ``elsewhere``.
    at : datetime
        Aware: when it was, on the clock of ``utc_offset_s``.
    moment : str
        Pain: one of :data:`MOMENTS`. Practice: ``done`` or ``skipped``. Else "".
    score : float or None
        Pain 0 to 10; a form's score.
    answers : dict
        A form's answers by item. Complaint: 1 for each red-flag question that fits.
    note : str
        Free text.
    recorded_at : datetime or None
        When it was written down; late entries show by it. Set by the journal.
    number, revision : int
        The same number through all corrections; the highest revision holds. Set by the journal.
    """

    kind: Kind
    what: str
    at: datetime
    moment: str = ""
    score: float | None = None
    answers: dict[str, int] = field(default_factory=dict[str, int])
    note: str = ""
    recorded_at: datetime | None = None
    number: int = 0
    revision: int = 0

    @property
    def local_date(self) -> date:
        """The day on the person's own clock."""
        return self.at.date()

    @property
    def local_time(self) -> datetime:
        """Day and time on the person's own clock, without a zone."""
        return self.at.replace(tzinfo=None)

    @property
    def utc_offset_s(self) -> int:
        """Offset of that clock from UTC."""
        return int((self.at.utcoffset() or timedelta()).total_seconds())
