"""The consult pack: what the runner chooses from the journal, in one file to take along. Nothing is sent anywhere."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Final

from runfree.app.complaint import parse_place
from runfree.app.overview import overview
from runfree.app.trials import verdict
from runfree.coach.triage import ELSEWHERE, triage
from runfree.core.errors import InputError
from runfree.core.kept_film import KeptFilm
from runfree.knowledge.loader import load
from runfree.report.pack import PARTS, Pack
from runfree.report.pack_pictures import pictures_of

if TYPE_CHECKING:
    from runfree.journal import Journal

STORY_LENGTH: Final = 4000
QUESTIONS: Final = 10
QUESTION_LENGTH: Final = 300


def gather(
    journal: Journal,
    complaint: str,
    *,
    today: date,
    fits: Sequence[str] | None,
    story: str = "",
    questions: Sequence[str] = (),
    leave_out: Sequence[str] = (),
    weeks: int = 12,
    report: Path | None = None,
) -> Pack:
    """Gather a pack.

    Parameters
    ----------
    complaint : str
        What hurts, or another place (``hip``).
    today : date
        On the runner's own clock.
    fits : sequence of str or None
        Red-flag questions that fit; None if nobody has answered, which the pack then says.
    story, questions
        In the runner's own words.
    leave_out : sequence of str
        Parts of :data:`runfree.report.pack.PARTS` that stay at home.
    weeks : int
        How far back.
    report : Path, optional
        Folder of a report of Runfree whose stills go in.

    Raises
    ------
    InputError
        If a part is unknown, a text far too long, or the report is none.
    """
    unknown = [part for part in leave_out if part not in PARTS]
    if unknown:
        raise InputError(
            f"The part {unknown[0]!r}", "a pack has none of that name", f"Choose of: {', '.join(PARTS)}."
        )
    if not 1 <= weeks <= 520:
        raise InputError(f"{weeks} weeks", "it lies outside 1 to 520", "Give the number of weeks to look back.")
    if len(story) > STORY_LENGTH or len(questions) > QUESTIONS or any(len(q) > QUESTION_LENGTH for q in questions):
        raise InputError(
            "The words for the pack", "they are very long, and five minutes are short", "Shorten them."
        )
    place = parse_place(complaint)
    asked = triage(place, fits)
    parts = tuple(part for part in PARTS if part not in leave_out)
    seen = overview(journal, weeks=weeks, today=today)
    lights = sorted(seen.lights, key=lambda one: one.site != place)
    return Pack(
        title=complaint.strip().capitalize() if place == ELSEWHERE else load().complaints[place].title,
        today=today,
        parts=parts,
        story=story.strip(),
        questions=tuple(q.strip() for q in questions if q.strip()),
        answered=asked.answered,
        asked=len(asked.asked),
        fits=asked.fits,
        seen=seen,
        lights=tuple(lights),
        tried=tuple(verdict(journal, today, number=t.number) for t in journal.trials())
        if "trials" in parts
        else (),
        films=_last_films(seen.films) if "films" in parts else (),
        pictures=pictures_of(report) if report is not None and "films" in parts else (),
    )


def write_consult(pack: Pack, path: Path) -> Path:
    """Write the pack as one page, or as PDF where the name ends in ``.pdf``.

    Raises
    ------
    MissingPartError
        If WeasyPrint is not installed and a PDF is asked for.
    OutputError
        If it cannot be written.
    """
    from runfree.report.consult_page import write_pack

    write_pack(pack, path)
    return path


def _last_films(films: Sequence[KeptFilm]) -> tuple[KeptFilm, ...]:
    last = {film.view: film for film in films}
    return tuple(sorted(last.values(), key=lambda film: film.at))
