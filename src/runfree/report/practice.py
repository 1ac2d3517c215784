"""The page of a practice: the questions first, the sequence with pictures, a player, the weeks; and its files."""

from __future__ import annotations

import base64
import hashlib
import secrets
import shutil
from collections.abc import Callable
from datetime import date
from importlib.resources import files
from pathlib import Path
from typing import Any

from markupsafe import Markup

import runfree
from runfree.coach.self_check import FeetCue
from runfree.coach.triage import URGENCY_WORDS, Triage
from runfree.core.errors import OutputError
from runfree.knowledge.exercise import Dose
from runfree.knowledge.loader import figure, load
from runfree.practice import WEEKS, Item, Practice
from runfree.report.page import GENERATOR, environment
from runfree.report.practice_calendar import calendar
from runfree.report.practice_json import practice_json

PAGE = "practice.html"
CALENDAR = "practice.ics"
DATA = "practice.json"
PHASE_WORDS = {"warm_up": "Warm-up", "main": "Main part", "cool_down": "Cool-down"}
LEVEL_WORDS = {"easy": "easy", "medium": "medium level", "strong": "strong level"}
WHEN_WORDS = {"before": "before a run", "after": "after a run", "apart": "apart from runs"}
SIDE_WORDS = {"both": "", "left": "Left side", "right": "Right side"}
PARALLEL = "Nearly parallel, only as far as the kneecaps look ahead."
OWN_ANGLE = "At their own angle; each kneecap looks over the second toe."


def write_practice(
    practice: Practice | None,
    triage: Triage,
    folder: Path | str,
    *,
    complaint: str,
    feet: FeetCue,
    start: date,
    pain: str | None = None,
) -> Path:
    """Write practice.html, practice.ics and practice.json; earlier ones are replaced when all are whole.

    Parameters
    ----------
    practice : Practice or None
        None where triage or pain asks for somebody with training first: the page says what to do, and there is no calendar.
    triage : Triage
        If nobody has answered, the page starts with the questions and the practice waits behind them.
    folder : path
        Made if it is not there; other files in it stay.
    complaint : str
        Id of the complaint.
    feet : {"ask", "own", "parallel"}
        What the kneecaps-forward self-check allows.
    start : date
        First day of the plan.
    pain : str, optional
        What the pain in the journal changed.

    Returns
    -------
    Path
        Of the page.

    Raises
    ------
    OutputError
        If it cannot be written; nothing new is left then.
    """
    folder = Path(folder)
    texts = practice_files(practice, triage, complaint=complaint, feet=feet, start=start, pain=pain)
    try:
        _write(folder, texts)
    except OSError as error:
        raise OutputError(
            f"The practice {folder.name!r}",
            f"it cannot be written ({error.strerror or error})",
            "Check that the folder may be written to and has free space, or choose another one with --out.",
        ) from error
    return folder / PAGE


def practice_files(
    practice: Practice | None,
    triage: Triage,
    *,
    complaint: str,
    feet: FeetCue,
    start: date,
    pain: str | None = None,
) -> dict[str, bytes]:
    """Return what :func:`write_practice` writes, by file name."""
    texts = {
        DATA: practice_json(practice, triage, complaint, pain).encode(),
        PAGE: render_practice(practice, triage, complaint=complaint, feet=feet, pain=pain).encode(),
    }
    if practice is not None and practice.items:
        plan = next(p for p in load().plans.values() if p.complaint == complaint)
        texts[CALENDAR] = calendar(practice, start=start, per_week=plan.per_week, answered=triage.answered)
    return texts


def _write(folder: Path, texts: dict[str, bytes]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    staging = folder / f".runfree-{secrets.token_hex(6)}"
    staging.mkdir()
    try:
        for name, text in texts.items():
            (staging / name).write_bytes(text)
        for name in texts:
            (staging / name).replace(folder / name)
        for name in {PAGE, CALENDAR, DATA} - set(texts):
            (folder / name).unlink(missing_ok=True)
    finally:
        shutil.rmtree(staging, ignore_errors=True)


def render_practice(
    practice: Practice | None, triage: Triage, *, complaint: str, feet: FeetCue, pain: str | None = None
) -> str:
    """Return the page as one self-contained HTML text that asks nothing of any network.

    Parameters
    ----------
    practice, triage, complaint, feet, pain
        As in :func:`write_practice`.
    """
    script = _part("practice.js")
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    return (
        environment()
        .get_template("practice.html.j2")
        .render(
            practice_values(practice, triage, complaint=complaint, feet=feet, pain=pain, address=picture),
            generator=Markup(GENERATOR),
            css=Markup(_part("style.css") + _part("practice.css")),
            script=Markup(script),
            digest=digest,
            version=runfree.__version__,
            calendar="the calendar file beside this page",
            self_check=Markup("<code>runfree check kneecaps-forward</code>"),
        )
    )


def practice_values(
    practice: Practice | None,
    triage: Triage,
    *,
    complaint: str,
    feet: FeetCue,
    pain: str | None,
    address: Callable[[str], str | None],
) -> dict[str, Any]:
    """Return what the templates ``practice_main`` and ``practice_player`` show.

    Whoever includes them adds ``calendar`` and ``self_check``: where the days stand, and where the check is answered.

    Parameters
    ----------
    practice, triage, complaint, feet, pain
        As in :func:`write_practice`.
    address : callable
        Gives the address of the picture of an exercise, or None where there is none.
    """
    knowledge = load()
    shown = {"practice": practice.items, "daily": practice.daily} if practice else {}
    return {
        "practice": practice,
        "plan": next(p for p in knowledge.plans.values() if p.complaint == complaint),
        "parts": _parts(practice, address),
        "daily": [_card(item, address) for item in practice.daily] if practice else [],
        "programmes": {name: _programme(items) for name, items in shown.items() if items},
        "triage": triage,
        "urgency": URGENCY_WORDS,
        "complaint": knowledge.complaints[complaint],
        "claims": knowledge.evidence,
        "props": knowledge.props,
        "check": knowledge.self_checks["kneecaps-forward"],
        "feet": feet,
        "eased": pain,
        "pain": knowledge.pain_rule,
        "weeks": WEEKS,
        "level_words": LEVEL_WORDS,
        "when_words": WHEN_WORDS,
    }


def _part(name: str) -> str:
    return (files("runfree.report") / "templates" / name).read_text(encoding="utf-8")


def _parts(
    practice: Practice | None, address: Callable[[str], str | None]
) -> list[tuple[str, list[dict[str, Any]]]]:
    items = practice.items if practice else ()
    cards = [(item.phase, _card(item, address, i)) for i, item in enumerate(items, start=1)]
    return [(word, group) for phase, word in PHASE_WORDS.items() if (group := [c for p, c in cards if p == phase])]


def _card(item: Item, address: Callable[[str], str | None], number: int | None = None) -> dict[str, Any]:
    exercise = item.exercise
    return {
        "number": number,
        "item": item,
        "exercise": exercise,
        "sanskrit": getattr(exercise, "sanskrit", None),
        "picture": address(exercise.id),
        "dose": dose_words(item.dose, each=exercise.sides == "each"),
        "feet": _feet(item),
        "minutes": f"{max(1, round(item.seconds / 30)) / 2:g} min",
    }


def _feet(item: Item) -> str | None:
    if not item.exercise.feet_parallel:
        return None
    return PARALLEL if item.feet_parallel else OWN_ANGLE


def picture(name: str) -> str | None:
    """Return the picture of an exercise as a data address, or None where there is none."""
    svg = figure(name)
    return None if svg is None else "data:image/svg+xml;base64," + base64.b64encode(svg.encode()).decode()


def dose_words(dose: Dose, *, each: bool) -> str:
    """Return a dose as people say it: ``2 × 8 times on each side``."""
    sets = f"{dose.sets} × " if dose.sets > 1 else ""
    if dose.reps is not None:
        what = f"{dose.reps} times"
    elif dose.breaths is not None:
        what = f"{dose.breaths} breath{'s' if dose.breaths > 1 else ''}"
    else:
        seconds = dose.hold_s or 0.0
        what = f"{seconds:g} seconds" if seconds < 90 else f"{seconds / 60:g} minutes"
    side = " on each side" if each else ""
    pause = f", {dose.rest_s:g} seconds of rest between" if dose.sets > 1 and dose.rest_s else ""
    return f"{sets}{what}{side}{pause}"


def _programme(items: tuple[Item, ...]) -> dict[str, Any]:
    """What the player needs: the exercises, and every stretch of time in order."""
    return {
        "items": [
            {
                "id": item.exercise.id,
                "name": item.exercise.name,
                "how": item.how,
                "dose": dose_words(item.dose, each=item.exercise.sides == "each"),
                "cues": [
                    item.exercise.cues[0],
                    item.exercise.toes,
                    *(f"Feet: {feet}" for feet in [_feet(item)] if feet),
                    *item.changes,
                ],
            }
            for item in items
        ],
        "segments": [
            {
                "item": i,
                "kind": s.kind,
                "seconds": s.seconds,
                "side": SIDE_WORDS[s.side],
                "set": s.set_nr,
                "sets": item.dose.sets,
            }
            for i, item in enumerate(items)
            for s in item.segments()
        ],
    }
