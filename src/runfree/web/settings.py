"""Settings: what is kept, taken along or erased."""

from __future__ import annotations

import shutil
from pathlib import Path
from tempfile import mkdtemp
from typing import Annotated

from fastapi import Form, Query, Request, Response
from fastapi.responses import FileResponse, RedirectResponse
from starlette.background import BackgroundTask

from runfree.app.keeping import erase_all, erase_one, export_all
from runfree.web.access import may, new_router
from runfree.web.kept import Kept, now
from runfree.web.pages import back_to, page

router = new_router()
What = Annotated[str, Form(max_length=40)]
SHOWN = 200


@router.get("/settings")
@may("person")
def settings(request: Request, journal: Kept) -> Response:
    """Show what is kept."""
    return page(
        request,
        "settings.html.j2",
        films=list(reversed(journal.films())),
        runs=list(reversed(journal.runs()))[:SHOWN],
        entries=list(reversed(journal.entries()))[:SHOWN],
        folder=journal.folder,
    )


@router.post("/settings/export")
@may("person")
def export(journal: Kept) -> Response:
    """Hand out everything in one zip."""
    folder = Path(mkdtemp(prefix="runfree-"))
    name = f"runfree-{now():%Y-%m-%d}.zip"
    try:
        export_all(journal, folder / name)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    gone = BackgroundTask(shutil.rmtree, folder, ignore_errors=True)
    return FileResponse(folder / name, filename=name, media_type="application/zip", background=gone)


@router.get("/settings/erase")
@may("person")
def ask(request: Request, what: Annotated[str, Query(max_length=40)]) -> Response:
    """Ask once more before something is erased."""
    return page(request, "erase.html.j2", what=what)


@router.post("/settings/erase")
@may("person")
def erase(journal: Kept, what: What, sure: Annotated[str, Form(max_length=10)] = "") -> Response:
    """Erase one thing, or everything, for good."""
    if sure != "yes":
        return RedirectResponse("/settings", 303)
    if what == "everything":
        erase_all(journal)
        return back_to("/settings", "erased_all")
    erase_one(journal, what)
    return back_to("/settings", "erased")
