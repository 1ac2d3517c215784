"""Self-checks: what no film shows, seen or felt by oneself."""

from __future__ import annotations

from fastapi import Request, Response

from runfree.app.self_checks import keep_check, last_checks
from runfree.coach.self_check import find_check, questions_of
from runfree.core.errors import InputError
from runfree.knowledge import load
from runfree.web.access import may, new_router
from runfree.web.kept import Kept, now
from runfree.web.pages import drawing, page

router = new_router()


@router.get("/checks")
@may("person")
def checks(request: Request, journal: Kept) -> Response:
    """List the self-checks with the last answers."""
    last = last_checks(journal.folder)
    return page(request, "checks.html.j2", checks=load().self_checks.values(), last=last, today=now().date())


@router.get("/checks/{name}")
@may("person")
def check(request: Request, journal: Kept, name: str) -> Response:
    """Guide through one."""
    return _page(request, journal, name)


@router.post("/checks/{name}")
@may("person")
async def answer(request: Request, journal: Kept, name: str) -> Response:
    """Judge the answers and keep them."""
    given = {key: value for key, value in (await request.form()).items() if isinstance(value, str)}
    try:
        keep_check(name, given, now().date(), journal.folder)
    except InputError as problem:
        return _page(request, journal, name, problem, given)
    return _page(request, journal, name)


def _page(
    request: Request,
    journal: Kept,
    name: str,
    problem: InputError | None = None,
    given: dict[str, str] | None = None,
) -> Response:
    known = find_check(name)
    return page(
        request,
        "check.html.j2",
        400 if problem else 200,
        check=known,
        questions=list(questions_of(known)),
        seen=None if problem else last_checks(journal.folder).get(name),
        problem=problem,
        given=given or {},
        picture=drawing(name),
        conditions=load().conditions,
        exercises=load().exercises,
    )
