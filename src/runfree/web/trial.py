"""Try: one change in turns drawn by lot: the plan, today, the verdict."""

from __future__ import annotations

from typing import Annotated

from fastapi import Form, Path, Query, Request, Response
from pydantic import BaseModel, Field

from runfree.app.self_checks import feet_allowed
from runfree.app.trial_plan import Proposal, named, new_plan, start_trial
from runfree.app.trial_safety import possible_changes
from runfree.app.trials import record, stop, today, verdict
from runfree.app.what_hurts import Hurting
from runfree.journal import Journal
from runfree.knowledge import load
from runfree.report.trial_page import figures, heading, when
from runfree.web.access import may, new_router
from runfree.web.kept import Hurts, Kept, now
from runfree.web.pages import back_to, page

router = new_router()


class Wish(BaseModel):
    """What is tried, for what, and for how long."""

    change: str = Field(max_length=60)
    for_: str = Field("pain", alias="for", max_length=60)
    pairs: int | None = Field(None, ge=1, le=100)
    block: int | None = Field(None, ge=1, le=1000)


@router.get("/try")
@may("person")
def overview(request: Request, journal: Kept, hurting: Hurts) -> Response:
    """Say what to do today for the trial that runs; else what may be tried."""
    if hurting is None or not hurting.triage.answered:
        return page(request, "first_questions.html.j2", hurting=hurting)
    trials = journal.trials()
    running = [trial for trial in trials if not trial.ending]
    feet = feet_allowed(journal.folder)
    told = [today(journal, now().date(), number=trial.number) for trial in running]
    return page(
        request,
        "try.html.j2",
        hurting=hurting,
        told=told,
        over=[trial for trial in reversed(trials) if trial.ending],
        changes=possible_changes(hurting.place, hurting.triage, feet),
        feet=feet,
        outcomes=load().outcomes,
        named=named,
    )


@router.get("/try/plan")
@may("person")
def plan(request: Request, journal: Kept, hurting: Hurts, wish: Annotated[Wish, Query()]) -> Response:
    """Show a plan with its chance to see anything, before it is locked."""
    if hurting is None or not hurting.triage.answered:
        return page(request, "first_questions.html.j2", hurting=hurting)
    made = _proposed(journal, hurting, wish)
    return page(request, "try_plan.html.j2", made=made, plan=made.plan, wish=wish, named=named(made.plan))


@router.post("/try/start")
@may("person")
def start(request: Request, journal: Kept, hurting: Hurts, wish: Annotated[Wish, Form()]) -> Response:
    """Draw the order and lock the plan."""
    if hurting is None or not hurting.triage.answered:
        return page(request, "first_questions.html.j2", hurting=hurting)
    start_trial(journal, _proposed(journal, hurting, wish), now())
    return back_to("/try", "trial")


def _proposed(journal: Journal, hurting: Hurting, wish: Wish) -> Proposal:
    return new_plan(
        journal,
        wish.change,
        wish.for_,
        today=now().date(),
        fits=[flag.id for flag in hurting.triage.fits],
        feet=feet_allowed(journal.folder),
        complaint=hurting.place,
        pairs=wish.pairs,
        block=wish.block,
    )


@router.post("/try/{number}/log")
@may("person")
def log(
    journal: Kept,
    number: Annotated[int, Path(ge=1, le=1_000_000)],
    missed: Annotated[bool, Form()] = False,
    changed: Annotated[str, Form(max_length=2000)] = "",
    block: Annotated[int | None, Form()] = None,
    value: Annotated[float | None, Form(allow_inf_nan=False)] = None,
) -> Response:
    """Write down a day that went differently, or the value of a block."""
    record(journal, now(), number=number, missed=missed, changed=changed, block=block, value=value)
    return back_to("/try", "note")


@router.post("/try/{number}/stop")
@may("person")
def end(
    journal: Kept,
    number: Annotated[int, Path(ge=1, le=1_000_000)],
    why: Annotated[str, Form(max_length=2000)] = "",
) -> Response:
    """End a trial because the runner wants to."""
    stop(journal, number=number, why=why)
    return back_to("/try", "stopped")


@router.get("/try/{number}")
@may("person")
def judge(request: Request, journal: Kept, number: Annotated[int, Path(ge=1, le=1_000_000)]) -> Response:
    """Say what a trial shows so far."""
    judged = verdict(journal, now().date(), number=number, now=now())
    plan = judged.trial.plan
    return page(
        request,
        "try_verdict.html.j2",
        **figures(judged),
        judged=judged,
        heading=heading(judged),
        when=when(plan),
        change=load().trial_changes[plan.change],
    )
