"""Pages: templates, their texts, their files, and how anything that stops one is said."""

from __future__ import annotations

from functools import lru_cache
from hashlib import sha256
from importlib.resources import files
from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined

import runfree
from runfree.core.errors import RunfreeError
from runfree.knowledge import figure
from runfree.web.texts import SAID, _, translations

TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
_OF_REPORT = ("style.css", "practice.css", "practice.js", "journal.css", "guide.css")


@lru_cache(maxsize=1)
def environment() -> Environment:
    """Return where the pages come from: everything is escaped, nothing may be missing, every text has a catalogue."""
    found = Environment(
        loader=ChoiceLoader([PackageLoader("runfree.web"), PackageLoader("runfree.report")]),
        extensions=["jinja2.ext.i18n"],
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    found.install_gettext_translations(translations, newstyle=True)  # pyright: ignore[reportAttributeAccessIssue]
    found.globals |= {"asset": asset, "version": runfree.__version__}
    return found


def page(request: Request, template: str, status: int = 200, **values: Any) -> HTMLResponse:
    """Return a page.

    Parameters
    ----------
    request : Request
        Tells which part of the site it belongs to, and who is signed in.
    template : str
        Its file in ``templates``.
    status : int
        HTTP status.
    **values
        What the template shows.
    """
    known = {
        "path": request.url.path,
        "person": getattr(request.state, "person", None),
        "said": SAID.get(request.query_params.get("said", "")),
    }
    return HTMLResponse(environment().get_template(template).render(known | values), status)


def back_to(path: str, said: str) -> Response:
    """Go on to a page after a form was sent; it says one of :data:`runfree.web.texts.SAID`."""
    return RedirectResponse(f"{path}?said={said}", 303)


@lru_cache(maxsize=1)
def static_files() -> dict[str, bytes]:
    """Every style sheet and script, by its name; nothing else can be asked for."""
    own = {f.name: f.read_bytes() for f in (files("runfree.web") / "static").iterdir() if f.is_file()}
    shared = files("runfree.report") / "templates"
    return own | {name: (shared / name).read_bytes() for name in _OF_REPORT}


@lru_cache
def asset(name: str) -> str:
    """Return the address of a style sheet or script; it changes with the content, so that browsers may keep it."""
    return f"/static/{name}?v={sha256(static_files()[name]).hexdigest()[:12]}"


def drawing(name: str) -> str | None:
    """Return the address of the picture of a pose, drill, self-check or alignment, or None where there is none."""
    return None if figure(name) is None else f"/figures/{name}.svg?v={runfree.__version__}"


def problem(request: Request, status: int, error: RunfreeError | None = None) -> Response:
    """Return what stopped a request as a page, or as JSON where JSON is asked for: what, why, and what to do."""
    what, why, remedy = (error.what, error.why, error.remedy) if error else _said(status)
    if wants_json(request):
        return JSONResponse({"what": what, "why": why, "remedy": remedy}, status)
    return page(request, "problem.html.j2", status, what=what, why=why, remedy=remedy)


def wants_json(request: Request) -> bool:
    """Whether a script asks, not a person."""
    return request.url.path.startswith("/api/") or "text/html" not in request.headers.get("accept", "text/html")


def _said(status: int) -> tuple[str, str, str]:
    said = {
        400: (
            _("This request"),
            _("it cannot be understood"),
            _("Go back and try again, from the page that Runfree opened."),
        ),
        401: (
            _("This page is yours alone"),
            _("this browser was not opened by Runfree, or Runfree was started again since"),
            _("Run `runfree serve` again and use the browser window that it opens."),
        ),
        403: (
            _("Not from here"),
            _("the request came from another site, or the page has not said who may see it"),
            _("Open the page in Runfree itself and send it from there."),
        ),
        404: (
            _("There is nothing here"),
            _("the address leads to no page"),
            _("Begin at the start page."),
        ),
        405: (_("This request"), _("the page does not take it in this way"), _("Begin at the start page.")),
        413: (_("Too large"), _("more was sent than this page takes"), _("Send less at once.")),
        422: (
            _("The form"),
            _("something in it is missing or cannot be read"),
            _("Go back, look at each field, and send it again."),
        ),
    }
    internal = (
        _("Something went wrong inside Runfree"),
        _("this is a fault of ours, not of yours; what you kept is safe"),
        _("Try again. The terminal in which Runfree runs shows the details."),
    )
    return said.get(status, said[400] if status < 500 else internal)
