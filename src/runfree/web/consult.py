"""Consult: choose what goes in, and take one file along."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from fastapi import Form, Request, Response
from pydantic import BaseModel, Field

from runfree.app.analyses import newest_report
from runfree.app.consult import gather
from runfree.app.what_hurts import Hurting
from runfree.journal import Journal
from runfree.report.consult_page import pdf, render_pack
from runfree.report.pack import PARTS, Pack
from runfree.web.access import may, new_router
from runfree.web.kept import Hurts, Kept, now
from runfree.web.pages import page

router = new_router()
OWN_STYLE = "default-src 'none'; img-src data:; style-src 'unsafe-inline'; frame-ancestors 'none'"
"""Of the pack: a page that carries its style and pictures inside and has no script."""


class Choice(BaseModel):
    """What goes in, in which form."""

    parts: list[str] = Field([], max_length=20)
    story: str = Field("", max_length=20_000)
    questions: str = Field("", max_length=20_000)
    weeks: int = Field(12, ge=1, le=520)
    form: Literal["look", "page", "pdf"] = "page"


@router.get("/consult")
@may("person")
def choose(request: Request, hurting: Hurts) -> Response:
    """Ask what goes in."""
    if hurting is None:
        return page(request, "first_questions.html.j2", hurting=hurting)
    return page(request, "consult.html.j2", hurting=hurting, parts=PARTS)


@router.post("/consult")
@may("person")
def write(request: Request, journal: Kept, hurting: Hurts, choice: Annotated[Choice, Form()]) -> Response:
    """Return the pack: to look at, or as a file."""
    if hurting is None:
        return page(request, "first_questions.html.j2", hurting=hurting)
    today = now().date()
    made = render_pack(_gathered(journal, hurting, choice, today))
    if choice.form == "look":
        return Response(made, media_type="text/html", headers={"Content-Security-Policy": OWN_STYLE})
    content, kind, ending = (
        (pdf(made), "application/pdf", "pdf") if choice.form == "pdf" else (made.encode(), "text/html", "html")
    )
    named = {"Content-Disposition": f'attachment; filename="runfree-{today}.{ending}"'}
    return Response(content, media_type=kind, headers=named)


def _gathered(journal: Journal, hurting: Hurting, choice: Choice, today: date) -> Pack:
    asked = hurting.triage
    return gather(
        journal,
        hurting.place,
        today=today,
        fits=[flag.id for flag in asked.fits] if asked.answered else None,
        story=choice.story,
        questions=[line for line in choice.questions.splitlines() if line.strip()],
        leave_out=[part for part in PARTS if part not in choice.parts],
        weeks=choice.weeks,
        report=newest_report(journal),
    )
