"""Practise: today's practice in the player, done with one tap, pain with one slider."""

from __future__ import annotations

from functools import lru_cache
from typing import Annotated
from urllib.parse import urlencode

from fastapi import Form, Query, Request, Response
from fastapi.responses import RedirectResponse
from markupsafe import Markup
from pydantic import BaseModel, ConfigDict, Field

from runfree.app.guide import NONE_OF_FOUR
from runfree.app.log_entries import practice_entry
from runfree.app.practice import Prescription, light_in, prescribe
from runfree.app.self_checks import feet_allowed
from runfree.app.what_hurts import Hurting
from runfree.coach.triage import ELSEWHERE
from runfree.journal import Journal
from runfree.knowledge import load
from runfree.practice.pool import LOAD_WORDS
from runfree.report.practice import CALENDAR as CALENDAR_FILE
from runfree.report.practice import LEVEL_WORDS, WHEN_WORDS, practice_files, practice_values
from runfree.web.access import may, new_router
from runfree.web.kept import Hurts, Kept, now
from runfree.web.pages import back_to, drawing, page
from runfree.web.texts import _

router = new_router()
MINUTES = (5, 10, 15, 20, 30, 45)


class Wishes(BaseModel):
    """What today's practice is made for, as it stands in the address."""

    model_config = ConfigDict(extra="ignore")
    minutes: float = 15
    level: str = Field("medium", max_length=20)
    when: str = Field("apart", max_length=20)
    have: list[str] = Field([], max_length=40)
    avoid: list[str] = Field([], max_length=60)
    seed: int = Field(0, ge=0, le=10_000)


def _made(hurting: Hurting, wishes: Wishes, journal: Journal) -> Prescription:
    lists = {"have": tuple(wishes.have), "avoid": tuple(wishes.avoid)}
    fits = tuple(flag.id for flag in hurting.triage.fits)
    return _prescribed(
        hurting.place,
        fits=fits,
        feet=feet_allowed(journal.folder),
        start=now().date(),
        light=light_in(journal, hurting.place, now().date()),
        **wishes.model_dump() | lists,
    )


_prescribed = lru_cache(64)(prescribe)
"""The same wishes give the same practice; composing one takes a while."""


@router.get("/practise")
@may("person")
def practise(request: Request, journal: Kept, hurting: Hurts, wishes: Annotated[Wishes, Query()]) -> Response:
    """Show today's practice."""
    if hurting is None or not hurting.triage.answered:
        return page(request, "first_questions.html.j2", hurting=hurting)
    if hurting.place == ELSEWHERE:
        return page(request, "elsewhere.html.j2", says=NONE_OF_FOUR)
    made = _made(hurting, wishes, journal)
    days = f"/practise/{CALENDAR_FILE}?{urlencode(wishes.model_dump(), doseq=True)}"
    today = now().date()
    return page(
        request,
        "practise.html.j2",
        **practice_values(
            made.practice,
            made.triage,
            complaint=hurting.place,
            feet=made.feet,
            pain=made.pain,
            address=drawing,
        ),
        start_above=True,
        calendar=Markup('<a href="{}">{}</a>').format(days, _("this calendar file")),
        self_check=Markup('<a href="/checks/kneecaps-forward">{}</a>').format(_("The self-check")),
        wishes=wishes,
        minutes=MINUTES,
        levels=LEVEL_WORDS,
        whens=WHEN_WORDS,
        all_props=load().props,
        loads=LOAD_WORDS,
        name=f"{hurting.place}-{wishes.minutes:g}min",
        done=[e for e in journal.entries("practice", moment="done", since=today) if e.local_date == today],
        place=hurting.place,
    )


@router.get(f"/practise/{CALENDAR_FILE}")
@may("person")
def calendar(journal: Kept, hurting: Hurts, wishes: Annotated[Wishes, Query()]) -> Response:
    """Return the days of the next weeks, for a calendar."""
    if hurting is None or hurting.place == ELSEWHERE:
        return RedirectResponse("/practise", 303)
    made = _made(hurting, wishes, journal)
    files = practice_files(
        made.practice, made.triage, complaint=hurting.place, feet=made.feet, start=made.start, pain=made.pain
    )
    if CALENDAR_FILE not in files:
        return RedirectResponse("/practise", 303)
    named = {"Content-Disposition": f'attachment; filename="{CALENDAR_FILE}"'}
    return Response(files[CALENDAR_FILE], media_type="text/calendar", headers=named)


@router.post("/practise/done")
@may("person")
def done(journal: Kept, name: Annotated[str, Form(max_length=200)]) -> Response:
    """Log that the practice was done."""
    journal.log(practice_entry(name, True, now(), ""))
    return back_to("/practise", "practice")
