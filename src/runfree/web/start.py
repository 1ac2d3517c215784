"""Start: what hurts."""

from __future__ import annotations

from fastapi import Request, Response

from runfree.knowledge import load
from runfree.web.access import may, new_router
from runfree.web.kept import Kept
from runfree.web.pages import page

router = new_router()


@router.get("/")
@may("person")
def what_hurts(request: Request, journal: Kept) -> Response:
    """Ask what hurts."""
    return page(request, "start.html.j2", complaints=load().complaints.values())
