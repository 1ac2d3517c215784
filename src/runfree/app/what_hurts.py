"""What hurts a person now, with their answers to the red-flag questions, as kept in the journal."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from runfree.app.complaint import parse_place
from runfree.coach.triage import ELSEWHERE, Triage, triage
from runfree.core.entry import Entry
from runfree.knowledge.loader import load

if TYPE_CHECKING:
    from runfree.journal import Journal

ASK_AGAIN = timedelta(days=28)
"""After so long the red-flag questions are asked once more: bodies change."""


@dataclass(frozen=True, slots=True)
class Hurting:
    """The place, what triage says, and since which day.

    ``triage.answered`` is False where the answers are older than :data:`ASK_AGAIN` or the questions have changed since.
    """

    place: str
    triage: Triage
    on: date

    @property
    def title(self) -> str:
        """The place in words."""
        return "Another place" if self.place == ELSEWHERE else load().complaints[self.place].title


def keep_answers(journal: Journal, place: str, fits: Sequence[str], at: datetime) -> Triage:
    """Keep what hurts and which red-flag questions fit, and return what triage says to it.

    Raises
    ------
    InputError
        If the place or a question is not known.
    """
    known = parse_place(place)
    asked = triage(known, fits)
    journal.log(Entry("complaint", known, at, answers={flag.id: 1 for flag in asked.fits}))
    return asked


def what_hurts(journal: Journal, now: datetime) -> Hurting | None:
    """Return what hurts by the newest answers; None if nothing was ever answered."""
    kept = journal.entries("complaint")
    if not kept:
        return None
    last = kept[-1]
    known = {flag.id for flag in triage(last.what, None).asked}
    valid = now - last.at < ASK_AGAIN and set(last.answers) <= known
    return Hurting(last.what, triage(last.what, tuple(last.answers) if valid else None), last.local_date)
