"""Who may: every route says it, and one that does not is denied to everybody."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Literal, TypeVar

from fastapi import APIRouter, HTTPException, Request, Response
from fastapi.routing import APIRoute
from starlette.types import Message, Receive

COOKIE = "runfree"
FORM_BYTES = 100_000
Who = Literal["anybody", "person"]
_Endpoint = TypeVar("_Endpoint", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True)
class Access:
    """Who may use a route, and how large a body it takes."""

    who: Who
    body_bytes: int


def may(who: Who, *, body_bytes: int = FORM_BYTES) -> Callable[[_Endpoint], _Endpoint]:
    """Declare who may use an endpoint: ``person`` (signed in, sees only their own) or ``anybody``.

    Stands below the route's decorator. ``body_bytes`` is the largest body; a larger one is refused while it arrives.
    """

    def declare(endpoint: _Endpoint) -> _Endpoint:
        endpoint.__dict__["access"] = Access(who, body_bytes)
        return endpoint

    return declare


def access_of(route: APIRoute) -> Access | None:
    """What a route declared, or None."""
    return getattr(route.endpoint, "access", None)


class GuardedRoute(APIRoute):
    """A route that asks who may before it reads a byte of the body."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Return the handler behind the check."""
        handle, access = super().get_route_handler(), access_of(self)

        async def guarded(request: Request) -> Response:
            if access is None:
                raise HTTPException(403, "This page has not said who may see it.")
            request.state.person = request.app.state.sessions.person(request.cookies.get(COOKIE))
            if access.who == "person" and request.state.person is None:
                raise HTTPException(401)
            return await handle(Request(request.scope, _capped(request, access.body_bytes)))

        return guarded


def new_router() -> APIRouter:
    """Return a router whose routes are denied until they declare who may."""
    return APIRouter(route_class=GuardedRoute)


def _capped(request: Request, most: int) -> Receive:
    """Return the request's ``receive``, which refuses a body once it is longer than ``most`` bytes."""
    told = request.headers.get("content-length", "0")
    if not told.isdecimal() or len(told) > 18 or int(told) > most:
        raise HTTPException(413)
    seen = 0

    async def receive() -> Message:
        nonlocal seen
        message = await request.receive()
        seen += len(message.get("body", b""))
        if seen > most:
            raise HTTPException(413)
        return message

    return receive


class Sessions:
    """Who is signed in. A launch token opens one browser, once; its cookie lives as long as this object."""

    def __init__(self) -> None:
        self._invited: dict[bytes, str] = {}
        self._signed_in: dict[bytes, str] = {}

    def invite(self, person: str) -> str:
        """Return a launch token for a person."""
        token = secrets.token_urlsafe(32)
        self._invited[_digest(token)] = person
        return token

    def enter(self, token: str) -> str | None:
        """Trade a launch token for the value of a cookie; None if it is unknown or was used."""
        person = self._invited.pop(_digest(token), None)
        if person is None:
            return None
        cookie = secrets.token_urlsafe(32)
        self._signed_in[_digest(cookie)] = person
        return cookie

    def person(self, cookie: str | None) -> str | None:
        """Whose cookie it is, or None."""
        return None if cookie is None else self._signed_in.get(_digest(cookie))


def _digest(secret: str) -> bytes:
    return sha256(secret.encode("utf-8", "surrogatepass")).digest()
