"""Write into the journal: pain, shoes, a note."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import Form, Response

from runfree.app.log_entries import moment_of, note_entry, pain_entry, shoes_entry
from runfree.web.access import may, new_router
from runfree.web.kept import Kept
from runfree.web.pages import back_to

router = new_router()
Back = Annotated[Literal["/practise", "/run", "/"], Form()]
When = Annotated[str | None, Form(max_length=40)]
Text = Annotated[str, Form(max_length=20_000)]


@router.post("/log/pain")
@may("person")
def pain(
    journal: Kept,
    score: Annotated[float, Form(allow_inf_nan=False)],
    site: Text,
    moment: Text = "now",
    at: When = None,
    note: Text = "",
    back: Back = "/run",
) -> Response:
    """Log pain."""
    journal.log(pain_entry(score, site, moment, moment_of(at or None), note))
    return back_to(back, "pain")


@router.post("/log/shoes")
@may("person")
def shoes(journal: Kept, name: Text, since: When = None, back: Back = "/run") -> Response:
    """Log a pair of shoes."""
    journal.log(shoes_entry(name, moment_of(since or None).date(), ""))
    return back_to(back, "shoes")


@router.post("/log/note")
@may("person")
def note(journal: Kept, text: Text, at: When = None, back: Back = "/run") -> Response:
    """Log a note."""
    journal.log(note_entry(text, moment_of(at or None)))
    return back_to(back, "note")
