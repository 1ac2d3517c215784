"""``runfree trial``: plan, today, log, verdict."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import App, Parameter

if TYPE_CHECKING:
    from runfree.app.trial_plan import Proposal

trial = App(name="trial", help="Try one change on your own body, in turns drawn by lot, and see whether it helps.")


@trial.command
def changes() -> int:
    """List what can be tried, and for what."""
    from runfree.app.trial_plan import changes as all_changes

    for one in all_changes():
        moved = [m.metric.replace("_", " ") for m in one.moves]
        print(
            f"{one.id:15} {one.title}: pain of {', '.join(one.complaints) or 'nowhere'}"
            + (f"; {', '.join(moved)}" if moved else "")
        )
    return 0


@trial.command
def new(
    *,
    change: str,
    for_: Annotated[str, Parameter(name="--for")],
    site: str | None = None,
    complaint: str | None = None,
    important: float | None = None,
    pairs: int | None = None,
    block: int | None = None,
    start: str | None = None,
    triage: str | None = None,
    seed: int | None = None,
    dry_run: bool = False,
    out: Path | None = None,
) -> int:
    """Plan a trial, say its chance to see anything, and lock it.

    Parameters
    ----------
    change
        What to try, such as less-bounce, feet-parallel or "low-ceiling cue"; see runfree trial changes.
    for_
        pain, glide, parallel, tracking, a measure such as contact_time, or a form such as koos-pf.
    site
        Where the pain is, such as knee.
    complaint
        For which complaint a fast trial is: foot, knee, hamstrings or back.
    important
        The smallest change that matters to you (that of the research unless given).
    pairs
        Pairs of blocks, 6 to 16.
    block
        Length of a block: days for pain and forms, seconds for a measure.
    start
        First day, such as 2026-05-04 (tomorrow unless given).
    triage
        clear, or the red-flag questions that fit, with commas; asked on a terminal.
    seed
        Of the draw (a secret one unless given).
    dry_run
        Show the plan and its chances, and lock nothing.
    out
        Folder for a calendar (trial.ics) and the plan of laps (laps.txt).
    """
    from datetime import date, datetime

    from runfree.app.complaint import parse_complaint
    from runfree.app.self_checks import feet_allowed
    from runfree.app.trial_plan import new_plan, start_trial
    from runfree.cli.triage import answers
    from runfree.coach.triage import ELSEWHERE
    from runfree.core.errors import InputError
    from runfree.journal import open_journal

    try:
        first = None if start is None else date.fromisoformat(start)
    except ValueError:
        raise InputError(f"The start {start!r}", "it is no day", "Write it as 2026-05-04.") from None
    named = complaint or site
    fits = answers(ELSEWHERE if named is None else parse_complaint(named), triage)
    with open_journal() as journal:
        proposal = new_plan(
            journal, change, for_, today=date.today(), fits=fits, feet=feet_allowed(), site=site, complaint=complaint,
            important=important, pairs=pairs, block=block, start=first, seed=seed,
        )  # fmt: skip
        _say(proposal)
        if dry_run:
            print("Nothing was locked.")
            return 0
        kept = start_trial(journal, proposal, datetime.now().astimezone())
    print(
        f"Trial {kept.number} is locked since {kept.locked_at:%Y-%m-%d %H:%M} ({kept.sha256[:12]}). Each day: runfree trial today"
    )
    if out is not None:
        from runfree.report.trial_calendar import write_trial_files

        print("\n".join(f"Written: {path}" for path in write_trial_files(kept, out)))
    return 0


def _say(proposal: Proposal) -> None:
    from runfree.app.trial_plan import named
    from runfree.trials.words import mattering

    plan = proposal.plan
    print(f"{plan.title}, judged by {named(plan)}; a change of {mattering(plan.important, plan.unit)} matters.")
    if plan.pace == "slow":
        days = f"{plan.baseline_days} days as usual, then " if plan.baseline_days else ""
        print(
            f"{days}{plan.pairs} pairs of blocks of {plan.block} days, the first {plan.skip} of each not counted: {plan.start} to {plan.last}."
        )
    else:
        print(
            f"{plan.pairs} pairs of blocks of {plan.block} s, {plan.pairs_per_run} pairs a run, the first {plan.skip} s of each not counted."
        )
    print(f"Chance to see a change that matters, by {proposal.baseline_values} values of your own:")
    for one in proposal.options:
        mark = "*" if one.pairs == plan.pairs else " "
        length = f"{one.length} days" if plan.pace == "slow" else f"{one.length / 60:.0f} min"
        print(
            f" {mark} {one.pairs:>2} pairs, {length:>8}: {one.chance:4.0%} (restless days {one.low:.0%}, calm days {one.high:.0%})"
        )
    for advice in proposal.advice:
        print(advice)


@trial.command
def today(*, trial: int | None = None, triage: str | None = None) -> int:
    """Say what to do today: with the change, without it, or rest; and why.

    Parameters
    ----------
    trial
        Its number, where several are running.
    triage
        Red-flag questions that fit now, with commas; then the trial stops.
    """
    from datetime import date

    from runfree.app.triage import parse_triage
    from runfree.app.trials import today as ask
    from runfree.journal import open_journal

    with open_journal() as journal:
        told = ask(journal, date.today(), number=trial, fits=None if triage is None else parse_triage(triage))
    words = {"with": "With the change today. ", "without": "Without the change today. "}
    print(f"{words.get(told.do, '')}{told.text}")
    for minute, on in told.blocks:
        print(f"  from minute {minute:5.1f}: {'WITH' if on else 'without'}")
    if told.why:
        print(told.why)
    return 1 if told.do == "stopped" else 0


@trial.command
def log(
    *,
    block: int | None = None,
    value: float | None = None,
    speed: float | None = None,
    missed: bool = False,
    changed: str = "",
    correct: int = 0,
    at: str | None = None,
    note: str = "",
    trial: int | None = None,
) -> int:
    """Log what did not come by itself: a block's value, a day that went differently, a change of plan. Pain: runfree log pain.

    Parameters
    ----------
    block
        Which block, counted from 1.
    value
        Its value, for a fast trial.
    speed
        Its speed in km/h.
    missed
        The plan was not followed that day, or this block was not run.
    changed
        What is done differently from the plan from now on.
    correct
        The number of the entry that this corrects.
    at
        The time it was (now unless given).
    note
        A few words.
    trial
        Its number, where several are running.
    """
    from runfree.app.log_entries import moment_of
    from runfree.app.trials import record
    from runfree.journal import open_journal

    with open_journal() as journal:
        kept = record(
            journal, moment_of(at), number=trial, block=block, value=value, missed=missed, changed=changed,
            speed_mps=None if speed is None else speed / 3.6, correct=correct, note=note,
        )  # fmt: skip
    print(f"Logged as entry {kept.number} of the trial.")
    return 0


@trial.command
def verdict(*, trial: int | None = None, html: Path | None = None) -> int:
    """Say what the trial shows: helped, no difference you would notice, worse, or cannot tell yet.

    Parameters
    ----------
    trial
        Its number (the one that runs, else the last, unless given).
    html
        Write it as a page with pictures.
    """
    from datetime import date, datetime

    from runfree.app.trials import verdict as judge
    from runfree.journal import open_journal

    with open_journal() as journal:
        judged = judge(journal, date.today(), number=trial, now=datetime.now().astimezone())
    print(judged.verdict.sentence)
    for note in judged.notes:
        print(note)
    if judged.verdict.code in ("stopped", "unknown") and judged.trial.ending:
        print("A pack for someone with training: runfree consult")
    if html is not None:
        from runfree.report.trial_page import write_trial_page

        write_trial_page(judged, html)
        print(f"Page: {html}")
    return 1 if judged.verdict.code == "stopped" else 0


@trial.command
def stop(*, trial: int | None = None, why: str = "") -> int:
    """End a running trial; what was logged is kept.

    Parameters
    ----------
    trial
        Its number, where several are running.
    why
        A few words.
    """
    from runfree.app.trials import stop as end
    from runfree.journal import open_journal

    with open_journal() as journal:
        ended = end(journal, number=trial, why=why)
    print(f"Trial {ended.number} is over; what was logged is kept.")
    return 0


@trial.command(name="list")
def list_() -> int:
    """List your trials."""
    from runfree.journal import open_journal

    with open_journal() as journal:
        for one in journal.trials():
            state = {"": "running", "done": "done", "stopped": f"stopped: {one.why}", "left": "ended early"}[
                one.ending
            ]
            print(
                f"trial {one.number}: {one.plan.title} for {one.plan.site or one.plan.outcome}, from {one.plan.start}: {state}"
            )
    return 0
