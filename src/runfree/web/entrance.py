"""The way in, and the files that every page needs."""

from __future__ import annotations

from pathlib import PurePath
from typing import Annotated

from fastapi import HTTPException, Path, Query, Request, Response
from fastapi.responses import RedirectResponse

from runfree.knowledge import figure
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
    return _kept(content, PurePath(name).suffix)


@router.get("/figures/{name}.svg")
@may("anybody")
def drawn(name: Annotated[str, Path(pattern="^[a-z0-9-]{1,60}$")]) -> Response:
    """Return the picture of a pose, drill, self-check or alignment."""
    found = figure(name)
    if found is None:
        raise HTTPException(404)
    return _kept(found.encode(), ".svg")


def _kept(content: bytes, ending: str) -> Response:
    headers = {"Cache-Control": "public, max-age=31536000, immutable"}
    if ending == ".svg":
        # A picture brings its own style for light and dark, and nothing else.
        headers["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'"
    return Response(content, media_type=TYPES[ending], headers=headers)
