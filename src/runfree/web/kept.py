"""What a route is handed: the journal of whoever is signed in, and of nobody else; and the time."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from fastapi import Depends, Request

from runfree.app.what_hurts import Hurting, what_hurts
from runfree.journal import Journal


def _journal(request: Request) -> Journal:
    return request.app.state.journals.of(request.state.person)


def now() -> datetime:
    """The time on the clock of this computer."""
    return datetime.now().astimezone().replace(microsecond=0)


Kept = Annotated[Journal, Depends(_journal)]
"""Annotate a parameter with it, in a route that only a person may use."""


def _hurting(journal: Kept) -> Hurting | None:
    return what_hurts(journal, now())


Hurts = Annotated[Hurting | None, Depends(_hurting)]
"""What hurts that person now."""
