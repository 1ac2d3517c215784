"""Red flags, then a practice for what hurts, from what is typed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from os import PathLike
from pathlib import Path
from typing import cast

from runfree.app.complaint import parse_complaint
from runfree.coach.self_check import FeetCue
from runfree.coach.triage import Triage, triage
from runfree.core.analysis import Analysis
from runfree.core.finding import Alignment
from runfree.io.results import read_earlier
from runfree.knowledge.exercise import Effort
from runfree.practice import Practice, When, compose


@dataclass(frozen=True, slots=True)
class Prescription:
    """What triage said, and the practice; None where triage asks for somebody with training first."""

    triage: Triage
    practice: Practice | None
    feet: FeetCue
    start: date


def prescribe(
    complaint: str,
    *,
    minutes: float = 15.0,
    have: Sequence[str] = (),
    avoid: Sequence[str] = (),
    level: str = "medium",
    when: str = "apart",
    measures: str | PathLike[str] | None = None,
    work_on: Sequence[Alignment] = (),
    fits: Sequence[str] | None = None,
    feet: FeetCue = "ask",
    seed: int = 0,
    start: date | None = None,
) -> Prescription:
    """Return what triage says and, where it allows one, a practice.

    Parameters
    ----------
    complaint : str
        ``foot``, ``knee``, ``hamstrings`` or ``back`` (or an everyday word for one of them).
    minutes, have, avoid, level, when, seed
        As in :func:`runfree.practice.compose`.
    measures : path, optional
        ``measures.json`` of a report: what it proposed to work on is preferred.
    work_on : sequence of str
        The same, where the findings are at hand.
    fits : sequence of str or None
        Red-flag questions that fit; None if nobody has answered, then the practice must wait behind them.
    feet : {"ask", "own", "parallel"}
        What the kneecaps-forward self-check allows.
    start : date, optional
        First day of the plan, today unless given.

    Raises
    ------
    InputError
        If something cannot be understood.
    """
    place = parse_complaint(complaint)
    asked = triage(place, fits)
    if measures is not None:
        work_on = (*work_on, *read_earlier(Path(measures)).work_on)
    made = compose(
        place,
        minutes=minutes,
        have=have,
        avoid=avoid,
        conditions=asked.conditions,
        level=cast(Effort, level),
        when=cast(When, when),
        work_on=work_on,
        parallel=feet == "parallel",
        running=asked.running or not asked.answered,
        seed=seed,
    )
    allowed = asked.practice or not asked.answered
    return Prescription(asked, made if allowed else None, feet, start or date.today())


def practice_beside(analysis: Analysis) -> dict[str, bytes] | None:
    """Return the files of a practice for the complaint of an analysis and what was found; None without a complaint."""
    if analysis.complaint is None:
        return None
    from runfree.app.self_checks import feet_allowed
    from runfree.report.practice import practice_files

    work_on: list[Alignment] = [f.alignment for f in analysis.findings if f.work_on]
    made = prescribe(analysis.complaint, work_on=work_on, fits=analysis.triage, feet=feet_allowed())
    return practice_files(
        made.practice, made.triage, complaint=analysis.complaint, feet=made.feet, start=made.start
    )


def names(text: str | None) -> tuple[str, ...]:
    """Return the names of a list such as ``wall, Toe spacers``."""
    parts = (part.strip().lower().replace(" ", "-").replace("_", "-") for part in (text or "").split(","))
    return tuple(part for part in parts if part)
