"""The way in, and the files that every page needs."""

from __future__ import annotations

from pathlib import PurePath
from typing import Annotated

from fastapi import HTTPException, Query, Request, Response
from fastapi.responses import RedirectResponse

from runfree.web.access import COOKIE, may, new_router
from runfree.web.pages import TYPES, static_files

router = new_router()


@router.get("/launch", include_in_schema=False)
@may("anybody")
def launch(request: Request, token: Annotated[str, Query(max_length=200)]) -> Response:
    """Trade the one-time token of ``runfree serve`` for a cookie."""
    cookie = request.app.state.sessions.enter(token)
    if cookie is None:
        raise HTTPException(401)
    answer = RedirectResponse("/", 303)
    answer.set_cookie(COOKIE, cookie, httponly=True, samesite="strict", path="/")
    return answer


@router.get("/static/{name}")
@may("anybody")
def static(name: str) -> Response:
    """Return a style sheet or a script."""
    content = static_files().get(name)
    if content is None:
        raise HTTPException(404)
    kept = {"Cache-Control": "public, max-age=31536000, immutable"}
    return Response(content, media_type=TYPES[PurePath(name).suffix], headers=kept)
