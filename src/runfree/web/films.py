"""Films: those at hand, the look at each, analyses with their progress, the film beside its plots, two side by side."""

from __future__ import annotations

import re
from typing import Annotated, Any

from fastapi import Form, Path, Query, Request, Response
from fastapi.responses import FileResponse, RedirectResponse
from markupsafe import Markup

from runfree.app import analyses
from runfree.app.analyses import SideBySide
from runfree.app.uploads import MAX_BYTES
from runfree.core.errors import InputError, NotHereError
from runfree.core.job import Job
from runfree.journal import Journal
from runfree.report.film_plots import plot_svg
from runfree.report.page import inside
from runfree.report.write import PAGE
from runfree.web.access import may, new_router
from runfree.web.kept import Kept, now
from runfree.web.pages import page
from runfree.web.uploads import REFUSED, Id

router = new_router()
Few = Annotated[str, Form(max_length=40)]
_GIVEN_OUT = re.compile(r"film-\d\.webm|measures\.(json|csv|parquet)|motion(-\d)?\.nc")


@router.get("/films")
@may("person")
def films(request: Request, journal: Kept) -> Response:
    """Show the films at hand, and take a new one."""
    return page(
        request,
        "films.html.j2",
        films=analyses.films_at_hand(journal),
        uploads=[(upload, journal.clips.received(upload)) for upload in journal.clips.uploads()],
        most_bytes=MAX_BYTES,
        shown=_finished(journal),
    )


@router.get("/films/{clip_id}", responses=REFUSED)
@may("person")
def film(request: Request, journal: Kept, clip_id: Id) -> Response:
    """Show what a quick look at a film says, and offer to analyse it."""
    seen = analyses.film_at_hand(journal, clip_id)
    others = [f.clip for f in analyses.films_at_hand(journal) if f.clip.id != clip_id]
    return page(
        request, "film.html.j2", film=seen, others=others[:5], height=analyses.last_height(journal), job=seen.check
    )


@router.post("/films/{clip_id}/check", responses=REFUSED)
@may("person")
def look_again(journal: Kept, clip_id: Id, slowmo: Few = "") -> Response:
    """Look at a film once more."""
    analyses.look_again(journal, clip_id, slowmo)
    return RedirectResponse(f"/films/{clip_id}", 303)


@router.get("/films/{clip_id}/delete", responses=REFUSED)
@may("person")
def ask_before_deleting(request: Request, journal: Kept, clip_id: Id) -> Response:
    """Say what would be gone."""
    return page(request, "film_delete.html.j2", film=analyses.film_at_hand(journal, clip_id))


@router.post("/films/{clip_id}/delete", responses=REFUSED)
@may("person")
def delete(journal: Kept, clip_id: Id) -> Response:
    """Delete a film and all that hangs on it."""
    journal.jobs.delete_clip(clip_id)
    return RedirectResponse("/films", 303)


@router.post("/analyses", responses=REFUSED)
@may("person")
def analyse(
    journal: Kept,
    film: Annotated[list[str], Form(default_factory=list, max_length=20)],
    height: Few = "",
    speed: Few = "",
    slowmo: Few = "",
    blur_face: Annotated[bool, Form()] = False,
) -> Response:
    """Have films analysed."""
    job = analyses.ask_for_analysis(
        journal, film, now(), height=height, speed=speed, slowmo=slowmo, blur_face=blur_face
    )
    return RedirectResponse(f"/analyses/{job.id}/", 303)


@router.get("/analyses/{job_id}/", responses=REFUSED)
@may("person")
def analysis(request: Request, journal: Kept, job_id: Id) -> Response:
    """Show how far an analysis is, why it failed, or its report with the film."""
    job = journal.jobs.job(job_id)
    if job.state != "done" or job.kind != "analysis":
        names = [clip.name for clip in journal.clips.clips() if clip.id in job.clips]
        return page(request, "work.html.j2", job=job, names=names)
    before, after = inside(analyses.report_file(journal, job_id, PAGE).read_text(encoding="utf-8"))
    others = [other for other in _finished(journal) if other["job"].id != job_id]
    return page(
        request,
        "analysis.html.j2",
        job=job,
        films=[_shown(data) for data in analyses.players(journal, job)],
        before=Markup(before),
        after=Markup(after),
        others=others,
    )


@router.post("/analyses/{job_id}/cancel", responses=REFUSED)
@may("person")
def cancel(journal: Kept, job_id: Id) -> Response:
    """Stop an analysis."""
    job = journal.jobs.cancel(job_id)
    return RedirectResponse(f"/films/{job.clips[0]}", 303)


@router.post("/analyses/{job_id}/again", responses=REFUSED)
@may("person")
def again(journal: Kept, job_id: Id) -> Response:
    """Do it once more."""
    job = analyses.again(journal, job_id)
    return RedirectResponse(f"/analyses/{job.id}/" if job.kind == "analysis" else f"/films/{job.clips[0]}", 303)


@router.get("/api/jobs/{job_id}", responses=REFUSED)
@may("person")
def progress(journal: Kept, job_id: Id) -> dict[str, Any]:
    """Say how far a job is."""
    job = journal.jobs.job(job_id)
    return {"state": job.state, "doing": job.doing, "progress": round(job.progress, 3)}


@router.get("/analyses/{job_id}/practice.html", responses=REFUSED)
@may("person")
def practice(job_id: Id) -> Response:
    """Go where practices are: the report links to one beside it."""
    return RedirectResponse("/practise", 303)


@router.get("/analyses/{job_id}/{name}", responses=REFUSED)
@may("person")
def file(journal: Kept, job_id: Id, name: Annotated[str, Path(max_length=40)]) -> Response:
    """Return a film (any part of it) or a file of numbers."""
    if not _GIVEN_OUT.fullmatch(name):
        raise NotHereError("The file", "it is not part of this analysis", "Go back to your films.")
    path = analyses.report_file(journal, job_id, name)
    shown = name.endswith(".webm")
    return FileResponse(
        path,
        media_type="video/webm" if shown else None,
        filename=name,
        content_disposition_type="inline" if shown else "attachment",
        # A report never changes under its address.
        headers={"Cache-Control": "private, max-age=86400, immutable"},
    )


@router.get("/compare", responses=REFUSED)
@may("person")
def compare(
    request: Request,
    journal: Kept,
    before: Annotated[str, Query(max_length=40)],
    after: Annotated[str, Query(max_length=40)],
) -> Response:
    """Show two films side by side, aligned by stride."""
    shown = _aligned(journal, before, after)
    return page(request, "compare.html.j2", shown=shown, films=[_shown(data) for data in shown.films])


def _aligned(journal: Journal, before: str, after: str) -> SideBySide:
    """The best pair of films of two analyses: seen from the same side where there is one."""
    one, other = (analyses.players(journal, journal.jobs.job(i)) for i in (before, after))
    for data, job_id in ((one, before), (other, after)):
        for film in data:
            film["src"] = f"/analyses/{job_id}/{film['src']}"
    pairs = [(a, b) for a in one for b in other]
    pairs.sort(key=lambda pair: pair[0]["view"] != pair[1]["view"])
    found = next((s for pair in pairs if (s := analyses.side_by_side(*pair)) is not None), None)
    if found is None:
        raise InputError(
            "These two films",
            "one of them shows no two steps of a foot in a row",
            "Choose films of steady running.",
        )
    return found


def _finished(journal: Journal) -> list[dict[str, Any]]:
    """Analyses with a report, the newest first, with what their films are called."""
    names = {clip.id: clip.name for clip in journal.clips.clips()}
    done: list[Job] = [job for job in journal.jobs.jobs("analysis") if job.state == "done"]
    return [{"job": job, "names": ", ".join(names[i] for i in job.clips if i in names)} for job in done]


def _shown(data: dict[str, Any]) -> dict[str, Any]:
    """A film's data with its plots drawn."""
    seconds = max(data["frames"][-1], 0.1)
    plots = [plot | {"svg": plot_svg(plot, data["steps"], seconds)} for plot in data["plots"]]
    script = {key: data[key] for key in ("frames", "steps", "slowmo")}
    return data | {"plots": plots, "script": script}
