"""Start: what hurts, the red-flag questions, and how to film."""

from __future__ import annotations

from typing import Annotated

from fastapi import Form, Query, Request, Response
from fastapi.responses import RedirectResponse

from runfree.app.complaint import parse_place
from runfree.app.what_hurts import keep_answers
from runfree.coach.triage import ELSEWHERE, URGENCY_WORDS, questions
from runfree.knowledge import load
from runfree.web.access import may, new_router
from runfree.web.kept import Hurts, Kept, now
from runfree.web.pages import page

router = new_router()
Place = Annotated[str, Query(max_length=40)]


@router.get("/")
@may("person")
def start(request: Request, hurting: Hurts) -> Response:
    """Say what hurts now and what comes next; ask where nothing is known."""
    if hurting is None:
        return what_hurts(request)
    return page(request, "start.html.j2", hurting=hurting, urgency=URGENCY_WORDS)


@router.get("/what-hurts")
@may("person")
def what_hurts(request: Request) -> Response:
    """Ask what hurts."""
    return page(request, "what_hurts.html.j2", complaints=load().complaints.values(), elsewhere=ELSEWHERE)


@router.get("/questions")
@may("person")
def ask(request: Request, place: Place) -> Response:
    """Ask the red-flag questions of a place, before anything else."""
    known = parse_place(place)
    return page(request, "questions.html.j2", place=known, asked=questions(known), urgency=URGENCY_WORDS)


@router.post("/questions")
@may("person")
def answer(
    journal: Kept,
    place: Annotated[str, Form(max_length=40)],
    fits: Annotated[list[str], Form(default_factory=list, max_length=60)],
) -> Response:
    """Keep the answers; where something fits, the start page says first what to do."""
    asked = keep_answers(journal, place, fits, now())
    return RedirectResponse("/" if asked.fits or parse_place(place) == ELSEWHERE else "/show", 303)


@router.get("/show")
@may("person")
def show(request: Request) -> Response:
    """Say how to film, in pictures."""
    return page(request, "show.html.j2")
