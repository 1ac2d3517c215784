"""The application: its routers from one list, its guard, its errors."""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager
from pathlib import Path

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException

import runfree
from runfree.app.worker import working
from runfree.core.errors import InputError, NotHereError, OffsetError, RunfreeError
from runfree.journal.journal import ME, open_journals
from runfree.knowledge import load
from runfree.web import (
    checks,
    consult,
    entrance,
    films,
    guide,
    log,
    practise,
    run,
    settings,
    start,
    trial,
    uploads,
)
from runfree.web.access import Sessions
from runfree.web.guard import Guard, harden
from runfree.web.pages import problem

ROUTERS = tuple(
    module.router
    for module in (entrance, start, films, uploads, practise, run, log, trial, consult, checks, guide, settings)
)
"""Every page. A new one is a module with a ``router`` made by :func:`runfree.web.access.new_router`, named here."""


def create_app(
    *, hosts: Collection[str], sessions: Sessions, url: str | None = None, folder: Path | None = None
) -> FastAPI:
    """Make the application.

    Parameters
    ----------
    hosts : collection of str
        What may stand in ``Host``, such as ``127.0.0.1:8000``; anything else is refused.
    sessions : Sessions
        Who may enter.
    url, folder
        Of the journal, as in :func:`runfree.journal.open_journal`.

    Raises
    ------
    InputError
        If the journal is of another version.
    """
    journals = open_journals(url, folder)

    @asynccontextmanager
    async def running(_: FastAPI) -> AsyncIterator[None]:
        load()
        with working(lambda: journals.of(ME)):
            yield
        journals.close()

    app = FastAPI(
        title="Runfree",
        version=runfree.__version__,
        lifespan=running,
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        redirect_slashes=False,
    )
    app.state.sessions, app.state.journals = sessions, journals
    app.add_middleware(Guard, hosts=hosts)
    for router in ROUTERS:
        app.include_router(router)
    app.add_exception_handler(HTTPException, _refused)
    app.add_exception_handler(RequestValidationError, _unreadable)
    app.add_exception_handler(RunfreeError, _stopped)
    app.add_exception_handler(Exception, _failed)
    return app


async def _refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    return problem(request, error.status_code)


async def _unreadable(request: Request, error: Exception) -> Response:
    return problem(request, 422)


async def _stopped(request: Request, error: Exception) -> Response:
    assert isinstance(error, RunfreeError)
    kinds = ((NotHereError, 404), (OffsetError, 409), (InputError, 400), (RunfreeError, 503))
    return problem(request, next(status for kind, status in kinds if isinstance(error, kind)), error)


async def _failed(request: Request, error: Exception) -> Response:
    # This answer is made outside of the guard.
    answer = problem(request, 500)
    harden(answer.headers)
    return answer
