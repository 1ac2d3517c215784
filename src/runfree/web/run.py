"""Run: watch files in; glide, load, shoes and pain on one page."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from fastapi import Request, Response, UploadFile

from runfree.app.importing import Imported, check_given, import_files, summary_of
from runfree.app.log_entries import SITES
from runfree.app.overview import overview
from runfree.app.uploads import clean_name
from runfree.core.entry import MOMENTS
from runfree.io.archives import KINDS
from runfree.journal import Journal
from runfree.report.journal_page import journal_values
from runfree.report.overview import Overview
from runfree.web.access import may, new_router
from runfree.web.kept import Hurts, Kept, now
from runfree.web.pages import page

router = new_router()
WEEKS = 52
IMPORT_BYTES = 2_000_000_000


@router.get("/run")
@may("person")
def run(request: Request, journal: Kept, hurting: Hurts) -> Response:
    """Show the last year."""
    return _page(request, journal, hurting)


@router.post("/run/import")
@may("person", body_bytes=IMPORT_BYTES)
def import_watch_files(request: Request, journal: Kept, hurting: Hurts, files: list[UploadFile]) -> Response:
    """Import watch files, and say what became of each."""
    given = [file for file in files if file.filename]
    check_given(Path(file.filename or "") for file in given)
    return _page(request, journal, hurting, _imported(given, journal))


def _imported(files: Sequence[UploadFile], journal: Journal) -> list[Imported]:
    """Import uploaded files under names of our own; only their last part is kept, to be shown."""
    with TemporaryDirectory(prefix="runfree-") as folder:
        paths = [
            Path(folder, str(i), clean_name(file.filename or "").strip(".") or "file")
            for i, file in enumerate(files)
        ]
        for path, file in zip(paths, files, strict=True):
            path.parent.mkdir()
            with path.open("wb") as target:
                shutil.copyfileobj(file.file, target)
        return list(import_files(paths, journal))


class _Seen:
    """What the page shows; the same if it says the same."""

    def __init__(self, seen: Overview) -> None:
        self.seen, self._said = seen, repr(seen)

    def __hash__(self) -> int:
        return hash(self._said)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Seen) and self._said == other._said


@lru_cache(maxsize=8)
def _drawn(told: _Seen) -> dict[str, Any]:
    """Plots take a second to draw, and stay the same until something new is logged."""
    return journal_values(told.seen)


def _page(request: Request, journal: Journal, hurting: Hurts, imported: list[Imported] | None = None) -> Response:
    return page(
        request,
        "run.html.j2",
        **_drawn(_Seen(overview(journal, weeks=WEEKS, today=now().date()))),
        imported=imported,
        summary=summary_of(imported) if imported is not None else None,
        sites=SITES,
        moments=MOMENTS,
        place=hurting.place if hurting and hurting.place in SITES else "knee",
        endings=",".join((*KINDS, ".gz")),
    )
