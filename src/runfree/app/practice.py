"""Red flags, then the pain in the journal, then a practice for what hurts, from what is typed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, cast

from runfree.app.complaint import parse_complaint
from runfree.coach.self_check import FeetCue
from runfree.coach.triage import Triage, triage
from runfree.core.analysis import Analysis
from runfree.core.finding import Alignment
from runfree.io.results import read_earlier
from runfree.knowledge.exercise import EFFORTS, Effort
from runfree.knowledge.loader import load
from runfree.practice import Practice, When, compose
from runfree.recovery.light import Advice, Light, lights

if TYPE_CHECKING:
    from runfree.journal import Journal

SITES = {"foot": ("foot",), "knee": ("knee",), "hamstrings": ("hamstrings", "thigh"), "back": ("back",)}
"""Complaint → places in the journal."""
_SO: dict[Advice, str] = {
    "go": "",
    "ease": "So the dose is a step smaller today. ",
    "rest": "So the dose is the smallest, and nothing jumps. ",
}


@dataclass(frozen=True, slots=True)
class Prescription:
    """What triage said, and the practice; None where triage or pain asks for somebody with training first.

    ``pain`` says what the pain in the journal changed, None if nothing.
    """

    triage: Triage
    practice: Practice | None
    feet: FeetCue
    start: date
    pain: str | None = None


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
    light: Light | None = None,
) -> Prescription:
    """Return what triage says and, where it and the pain of the last days allow one, a practice.

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
    light : Light, optional
        Of the pain in the journal (:func:`pain_light`): amber takes the dose a step down, red to the smallest, and two red days in
        a week ask for a consult in place of a practice (evidence: the traffic light).

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
        level=_eased(level, light),
        when=cast(When, when),
        work_on=work_on,
        parallel=feet == "parallel",
        running=(asked.running or not asked.answered) and not (light and light.advice == "rest"),
        seed=seed,
    )
    allowed = (asked.practice or not asked.answered) and not (light and light.consult)
    return Prescription(asked, made if allowed else None, feet, start or date.today(), _told(light))


def pain_light(complaint: str, today: date) -> Light | None:
    """What the pain logged for this complaint allows; None without a journal or without pain in the last seven days."""
    from runfree.journal.database import exists

    if not exists():
        return None
    from runfree.journal import open_journal

    with open_journal() as journal:
        return light_in(journal, complaint, today)


def light_in(journal: Journal, complaint: str, today: date) -> Light | None:
    """The same, of a journal that is open."""
    pains = [e for e in journal.entries("pain") if e.what in SITES.get(complaint, ())]
    return next((one for one in lights(pains, today) if one.advice is not None), None)


def _eased(level: str, light: Light | None) -> Effort:
    step = {"ease": 1, "rest": len(EFFORTS)}.get((light and light.advice) or "", 0)
    return EFFORTS[max(0, EFFORTS.index(level) - step)] if level in EFFORTS else cast(Effort, level)


def _told(light: Light | None) -> str | None:
    if light is None or light.advice in (None, "go"):
        return None
    rule = load().pain_rule
    colour = {"ease": rule.lights[1], "rest": rule.lights[2]}[light.advice]
    so = (
        f"So there is no practice for now. {rule.consult}"
        if light.consult
        else _SO[light.advice] + colour.practice
    )
    return f"Your journal, {light.site}: {'; '.join(light.reasons)}. {so}"


def practice_beside(analysis: Analysis, light: Light | None) -> dict[str, bytes] | None:
    """Return the files of a practice for the complaint of an analysis and what was found; None without a complaint.

    ``light`` is that of the pain in the journal, as in :func:`prescribe`.
    """
    if analysis.complaint is None:
        return None
    from runfree.app.self_checks import feet_allowed
    from runfree.report.practice import practice_files

    work_on: list[Alignment] = [f.alignment for f in analysis.findings if f.work_on]
    made = prescribe(analysis.complaint, work_on=work_on, fits=analysis.triage, feet=feet_allowed(), light=light)
    return practice_files(
        made.practice,
        made.triage,
        complaint=analysis.complaint,
        feet=made.feet,
        start=made.start,
        pain=made.pain,
    )


def names(text: str | None) -> tuple[str, ...]:
    """Return the names of a list such as ``wall, Toe spacers``."""
    parts = (part.strip().lower().replace(" ", "-").replace("_", "-") for part in (text or "").split(","))
    return tuple(part for part in parts if part)
