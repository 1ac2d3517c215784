"""``runfree practice``."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from runfree.app.practice import Prescription

PARTLY = 1


def practice(
    *,
    complaint: str,
    minutes: float = 15,
    have: str | None = None,
    avoid: str | None = None,
    level: str = "medium",
    when: str = "apart",
    from_: Path | None = None,
    triage: str | None = None,
    seed: int = 0,
    out: Path = Path("practice"),
    json: bool = False,
) -> int:
    """Compose a practice for what hurts: a page with a player, a calendar, and JSON. Red flags are asked first.

    Pain in your journal makes the practice smaller, or asks for a consult in its place.

    Parameters
    ----------
    complaint
        What hurts: foot, knee, hamstrings or back.
    minutes
        How long it may take, 5 to 45 (15 unless given).
    have
        Props at hand, such as wall,strap,block.
    avoid
        What to leave out: kneeling, hands, twist, deep-knee and others; what is so of your body, such as neuroma; exercises.
    level
        easy, medium or strong.
    when
        before or after a run, or apart from runs.
    from_
        The measures.json of a report, to practise what it proposed.
    triage
        clear, or the red-flag questions that fit, with commas; asked on a terminal.
    seed
        Another number gives another practice that is as good.
    out
        Folder for practice.html, practice.ics and practice.json (practice/ unless given).
    json
        Print the practice as JSON, and nothing else, on stdout.
    """
    from datetime import date

    from runfree.app.complaint import parse_complaint
    from runfree.app.practice import names, pain_light, prescribe
    from runfree.app.self_checks import feet_allowed
    from runfree.cli.triage import answers
    from runfree.report.practice import write_practice
    from runfree.report.practice_json import practice_json

    place = parse_complaint(complaint)
    made = prescribe(
        place,
        minutes=minutes,
        have=names(have),
        avoid=names(avoid),
        level=level,
        when=when,
        measures=from_,
        fits=answers(place, triage),
        feet=feet_allowed(),
        seed=seed,
        light=pain_light(place, date.today()),
    )
    page = write_practice(
        made.practice, made.triage, out, complaint=place, feet=made.feet, start=made.start, pain=made.pain
    )
    if json:
        print(practice_json(made.practice, made.triage, place, made.pain), end="")
    else:
        _say(made, page)
    return 0 if made.practice is not None else PARTLY


def _say(made: Prescription, page: Path) -> None:
    for flag in made.triage.fits:
        print(f"{flag.what_to_do}", file=sys.stderr)
    if made.pain is not None:
        print(made.pain, file=sys.stderr)
    if made.practice is None:
        print(f"No practice for now; what to do first stands in {page}")
        return
    if not made.triage.answered:
        print(f"The red-flag questions are not answered yet. {page} starts with them; the practice waits behind.")
        return
    for item in made.practice.items:
        print(f"{item.seconds / 60:5.1f} min  {item.exercise.name}: {item.why}")
    for item in made.practice.left_out:
        print(f"Left out: {item.name} ({item.why}).")
    for note in made.practice.notes:
        print(note)
    print(f"{made.practice.seconds / 60:.0f} minutes: {page}")
