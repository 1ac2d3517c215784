"""What goes along to a teacher, physio or doctor, gathered for a page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

from runfree.core.entry import Entry
from runfree.core.kept_film import KeptFilm
from runfree.knowledge.schema import RedFlag
from runfree.recovery.light import Light
from runfree.report.judged import Judged
from runfree.report.overview import Overview

PARTS: Final[dict[str, str]] = {
    "story": "What happened",
    "triage": "Warning signs",
    "pain": "Pain",
    "trials": "What was tried, and what happened",
    "films": "How I run",
    "load": "Running load",
    "practice": "Practice and shoes",
    "forms": "Questionnaires",
    "notes": "Notes",
    "questions": "My questions",
}
"""The parts a runner chooses from, in their order on the page."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture as a data URI, with words for those who do not see it."""

    uri: str
    alt: str


@dataclass(frozen=True, slots=True)
class Pack:
    """The pack.

    Attributes
    ----------
    title : str
        What hurts.
    today : date
        The day of the pack.
    parts : tuple of str
        Of :data:`PARTS`: what the runner chose.
    story, questions
        In the runner's own words.
    answered : bool
        Whether the red-flag questions were answered.
    asked : int
        How many there are.
    fits : tuple of RedFlag
        Those that fit.
    seen : Overview
        Runs, load, pain, practice, shoes of the last weeks.
    lights : tuple of Light
        Of the pain, the place of the complaint first.
    tried : tuple of Judged
        Every trial.
    films : tuple of KeptFilm
        The last of each view.
    pictures : tuple of Picture
        Stills of a report.
    """

    title: str
    today: date
    parts: tuple[str, ...]
    story: str
    questions: tuple[str, ...]
    answered: bool
    asked: int
    fits: tuple[RedFlag, ...]
    seen: Overview
    lights: tuple[Light, ...]
    tried: tuple[Judged, ...]
    films: tuple[KeptFilm, ...]
    pictures: tuple[Picture, ...]

    @property
    def worst(self) -> Entry | None:
        """The worst pain of the last weeks."""
        return max((p for p in self.seen.pains if p.score is not None), key=lambda p: p.score or 0.0, default=None)
