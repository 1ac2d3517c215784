"""What holds for every request before any route: known host, own forms only; and the headers of every answer."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from runfree.web.pages import problem

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; media-src 'self' blob:; "
        "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    # no-referrer would make browsers hide the origin of our own forms.
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
    "Cache-Control": "no-store",
}
SAFE_METHODS = ("GET", "HEAD", "OPTIONS")


def harden(headers: MutableHeaders) -> None:
    """Add the headers that every answer has, where the answer has none of its own."""
    for name, value in HEADERS.items():
        headers.setdefault(name, value)


def from_elsewhere(method: str, headers: Mapping[str, str], hosts: Collection[str]) -> bool:
    """Whether a request that changes something comes from another site, or does not say where from.

    Browsers say it themselves, and no page can change that: Sec-Fetch-Site, and Origin in those without it.
    """
    if method in SAFE_METHODS:
        return False
    site, origin = headers.get("sec-fetch-site"), headers.get("origin")
    own = {f"http://{host}" for host in hosts}
    if origin is not None and origin not in own:
        return True
    return site != "same-origin" if site is not None else origin is None


class Guard:
    """Refuse foreign hosts (DNS rebinding) and foreign forms (CSRF), and harden every answer.

    Parameters
    ----------
    app : ASGIApp
        What lies behind.
    hosts : collection of str
        Values of ``Host`` that are answered.
    """

    def __init__(self, app: ASGIApp, hosts: Collection[str]) -> None:
        self._app, self._hosts = app, frozenset(hosts)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, or refuse."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        if scope["type"] != "http":
            return
        headers = Headers(scope=scope)
        refused = None
        if headers.getlist("host") not in [[host] for host in self._hosts]:
            refused = 400
        elif from_elsewhere(scope["method"], headers, self._hosts):
            refused = 403
        app = self._app if refused is None else problem(Request(scope), refused)

        async def hardened(message: Message) -> None:
            if message["type"] == "http.response.start":
                harden(MutableHeaders(scope=message))
            await send(message)

        await app(scope, receive, hardened)
