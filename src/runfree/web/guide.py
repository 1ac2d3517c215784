"""The guide to a complaint, and the poses."""

from __future__ import annotations

from fastapi import Request, Response

from runfree.app import guide as use_case
from runfree.app.complaint import parse_place
from runfree.app.self_checks import feet_allowed
from runfree.report.guide import guide_values
from runfree.web.access import may, new_router
from runfree.web.kept import Hurts, Kept
from runfree.web.pages import drawing, page

router = new_router()


@router.get("/guide")
@may("person")
def overview(request: Request) -> Response:
    """List the complaints and the alignments."""
    return page(request, "guide_list.html.j2", told=use_case.overview())


@router.get("/guide/{complaint}")
@may("person")
def guide(request: Request, journal: Kept, hurting: Hurts, complaint: str) -> Response:
    """Say what the method and the research say to a complaint."""
    place = parse_place(complaint)
    asked = hurting.triage if hurting and hurting.place == place else None
    fits = [flag.id for flag in asked.fits] if asked and asked.answered else None
    told = use_case.guide(place, fits, feet=feet_allowed(journal.folder))
    return page(request, "guide_page.html.j2", told=told, **guide_values(drawing))


@router.get("/poses")
@may("person")
def poses(request: Request) -> Response:
    """List the poses, drills and breath exercises."""
    return page(request, "poses_list.html.j2", found=use_case.poses())


@router.get("/poses/{name}")
@may("person")
def pose(request: Request, name: str) -> Response:
    """Explain one."""
    return page(request, "pose.html.j2", found=use_case.poses(name), **guide_values(drawing))
