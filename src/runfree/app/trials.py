"""A trial from its first day to its verdict; command line and web share it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Literal

import numpy as np

from runfree.app.trial_moves import looked_at, moved
from runfree.app.trial_plan import named, outcome_of, series
from runfree.app.trial_results import blocks_of, daily
from runfree.app.trial_safety import reason_to_stop
from runfree.coach.triage import triage
from runfree.core.errors import InputError
from runfree.core.trial import Plan, Trial, TrialEntry
from runfree.knowledge.loader import load
from runfree.recovery.light import light
from runfree.report.judged import Judged
from runfree.trials import words
from runfree.trials.blocks import LEAST_SHARE, BlockValue, days_of
from runfree.trials.verdict import UNEVEN, Verdict, conclude, seen_blocks, seen_days

if TYPE_CHECKING:
    from runfree.journal import Journal

Do = Literal["before", "baseline", "with", "without", "rest", "session", "free", "over", "stopped"]


@dataclass(frozen=True, slots=True)
class Today:
    """What to do today, and why.

    ``text`` says what to do, ``why`` the reason; ``blocks`` are those of a run of a fast trial, as (minute it starts, with).
    """

    trial: Trial
    do: Do
    text: str
    why: str
    block: int | None = None
    blocks: tuple[tuple[float, bool], ...] = ()


def find_trial(journal: Journal, number: int | None = None) -> Trial:
    """Return a trial by its number; without one, the one that runs, else the last.

    Raises
    ------
    InputError
        If there is none, or several run.
    """
    all_ = journal.trials()
    if number is not None:
        found = [t for t in all_ if t.number == number]
        if not found:
            raise InputError(f"Trial {number}", "there is none of this number", "See: runfree trial list")
        return found[0]
    running = [t for t in all_ if not t.ending]
    if len(running) > 1:
        numbers = ", ".join(str(t.number) for t in running)
        raise InputError("The trial", f"several are running ({numbers})", "Say which with --trial.")
    if not all_:
        raise InputError("The trial", "there is none yet", "Begin one: runfree trial new")
    return (running or all_)[-1]


def today(journal: Journal, day: date, *, number: int | None = None, fits: Sequence[str] | None = None) -> Today:
    """Return what to do on a day of the runner's own clock; a rule that says stop ends the trial.

    Parameters
    ----------
    fits : sequence of str, optional
        Red-flag questions that fit now.
    """
    trial = checked(journal, find_trial(journal, number), day, fits=fits)
    plan = trial.plan
    change = load().trial_changes[plan.change]
    if trial.ending:
        return Today(trial, "stopped" if trial.ending == "stopped" else "over", _ended(trial), "")
    if day < plan.start:
        return Today(
            trial, "before", f"It begins on {_day(plan.start)}.", "The plan is locked before its first day."
        )
    if plan.pace == "fast":
        return _session(journal, trial, day)
    if plan.outcome == "pain":
        seen = light(journal.entries("pain", what=plan.site), plan.site, day)
        if seen.advice == "rest":
            return Today(
                trial,
                "rest",
                "No running today; walk instead. Log the pain as always.",
                f"{'; '.join(seen.reasons)}.",
            )
    after = (day - plan.start).days - plan.baseline_days
    if after < 0:
        why = f"The first {plan.baseline_days} days show what is usual for you, without anything new."
        return Today(trial, "baseline", change.without_it, why)
    block = after // plan.block
    if block >= 2 * plan.pairs:
        return Today(trial, "over", "The last day is over: runfree trial verdict", "Every block is done.")
    on = plan.is_on(block)
    left = plan.block - after % plan.block
    why = f"Block {block + 1} of {2 * plan.pairs}, day {after % plan.block + 1} of {plan.block}, drawn by lot. {'Last day of it.' if left == 1 else ''}".strip()
    return Today(trial, "with" if on else "without", change.with_it if on else change.without_it, why, block)


def _session(journal: Journal, trial: Trial, day: date) -> Today:
    plan = trial.plan
    known = blocks_of(journal, plan, journal.trial_entries(trial.number))
    each = 2 * plan.pairs_per_run
    change = load().trial_changes[plan.change]
    for session in range(plan.sessions):
        numbers = range(session * each, (session + 1) * each)
        if plan.session_day(session) == day and not all(i in known for i in numbers):
            starts = tuple(((plan.warm_up_s + i * plan.block) / 60, plan.is_on(n)) for i, n in enumerate(numbers))
            text = f"Run {session + 1}: warm up for {plan.warm_up_s // 60} minutes, then {each} blocks of {plan.block:g} s at one even speed."
            return Today(
                trial, "session", text, f"With: {change.with_it} Without: {change.without_it}", numbers[0], starts
            )
    coming = [d for s in range(plan.sessions) if (d := plan.session_day(s)) > day]
    text = (
        f"Nothing to do for the trial; the next run for it is on {_day(coming[0])}."
        if coming
        else "Every run of the plan is over: runfree trial verdict"
    )
    return Today(trial, "free" if coming else "over", text, "")


def record(
    journal: Journal,
    day: datetime,
    *,
    number: int | None = None,
    block: int | None = None,
    value: float | None = None,
    speed_mps: float | None = None,
    missed: bool = False,
    changed: str = "",
    correct: int = 0,
    note: str = "",
) -> TrialEntry:
    """Write down what happened: the value of a block of a fast trial, a day that did not go as planned, or a change of plan.

    Pain, runs and films come from the journal by themselves.

    Parameters
    ----------
    day : datetime
        Aware, on the runner's own clock.
    block : int, optional
        Counted from 1.
    changed : str, optional
        What is done differently from the plan from now on; the verdict lists it.
    correct : int, optional
        The number of the entry that this corrects.

    Raises
    ------
    InputError
        If it says nothing, or names a block that the plan has not.
    """
    trial = find_trial(journal, number)
    if trial.ending:
        raise InputError(f"Trial {trial.number}", "it has ended", "Begin a new one: runfree trial new")
    plan = trial.plan
    if block is not None and not 1 <= block <= 2 * plan.pairs:
        raise InputError(f"Block {block}", f"the plan has 1 to {2 * plan.pairs}", "Count from 1.")
    at = None if block is None else block - 1
    if value is not None:
        if plan.pace == "slow" or at is None or not np.isfinite(value):
            how = (
                "runfree log pain or runfree log form"
                if plan.pace == "slow"
                else "runfree trial log --block 3 --value 7.9"
            )
            raise InputError("The value", "it cannot be filed under this trial", f"Write: {how}")
        entry = TrialEntry("result", day, at, value, speed_mps, note=note, number=correct)
    elif missed:
        entry = TrialEntry("missed", day, at, note=note, number=correct)
    elif changed.strip():
        entry = TrialEntry("change", day, note=changed.strip()[:400], number=correct)
    else:
        raise InputError("The log", "it says nothing", "Give --value, --missed or --changed.")
    kept = journal.log_trial(trial.number, entry)
    checked(journal, trial, day.date())
    return kept


def stop(journal: Journal, *, number: int | None = None, why: str = "") -> Trial:
    """End a running trial because the runner wants to."""
    trial = find_trial(journal, number)
    if trial.ending:
        raise InputError(f"Trial {trial.number}", "it has ended already", "See: runfree trial verdict")
    return journal.end_trial(trial.number, "left", why.strip()[:400])


def verdict(journal: Journal, day: date, *, number: int | None = None, now: datetime | None = None) -> Judged:
    """Judge a trial by what the journal holds, and keep that it was looked at.

    Parameters
    ----------
    day : date
        Today on the runner's own clock.
    now : datetime, optional
        Aware; the time of this look. Without it the look is not kept.
    """
    trial = checked(journal, find_trial(journal, number), day)
    judged = _judge(journal, trial, day)
    if now is not None:
        before = [e for e in journal.trial_entries(trial.number) if e.kind == "look"]
        data = looked_at(judged.days, judged.blocks, judged.verdict.code)
        if not before or before[-1].data != data:
            journal.log_trial(trial.number, TrialEntry("look", now, data=data))
        if judged.verdict.final and not trial.ending:
            journal.end_trial(trial.number, "done", judged.verdict.code)
    return judged


def checked(journal: Journal, trial: Trial, day: date, *, fits: Sequence[str] | None = None) -> Trial:
    """Return the trial, ended if a rule says stop."""
    if trial.ending:
        return trial
    if fits:
        asked = triage(trial.plan.complaint, fits)
        if not asked.running:
            return journal.end_trial(trial.number, "stopped", "an answer to the red-flag questions comes first")
    until = min(day, trial.plan.last) if trial.plan.pace == "slow" else day
    why = reason_to_stop(trial.plan, journal.entries("pain"), until)
    return trial if why is None else journal.end_trial(trial.number, "stopped", why)


def _judge(journal: Journal, trial: Trial, day: date) -> Judged:
    plan = trial.plan
    entries = journal.trial_entries(trial.number)
    digits = outcome_of(plan).digits
    days: dict[date, float] = {}
    blocks: dict[int, BlockValue] = {}
    if plan.pace == "slow":
        days = daily(journal, plan)
        first = plan.start + timedelta(days=plan.baseline_days)
        passed = max(0, (day - first).days)
        before = series(days, plan.start - timedelta(days=28), first)
        share = LEAST_SHARE if plan.outcome == "pain" else 0.0
        seen = seen_days(plan, days_of(plan, days), before, passed, share)
        longer = _counted(max(0, (plan.last - day).days + 1), "day")
    else:
        blocks = blocks_of(journal, plan, entries)
        values, speed = (
            np.array([getattr(blocks[i], name) if i in blocks else np.nan for i in range(2 * plan.pairs)])
            for name in ("value", "speed_mps")
        )
        missed = {e.block for e in entries if e.kind == "missed"}
        final = bool(trial.ending) or all(i in blocks or i in missed for i in range(2 * plan.pairs))
        seen = seen_blocks(plan, values, speed, final=final)
        longer = _counted(2 * plan.pairs - len(blocks), "block")
    found = conclude(plan, seen, named=named(plan), digits=digits, longer=longer)
    found = _as_ended(trial, found, plan, day)
    notes = _notes(journal, trial, found, entries, days, blocks)
    kept = (
        {d: v for d, v in days.items() if plan.start - timedelta(days=28) <= d <= min(day, plan.last)}
        if days
        else {}
    )
    return Judged(trial, found, named(plan), digits, notes, kept, blocks, day)


def _as_ended(trial: Trial, found: Verdict, plan: Plan, day: date) -> Verdict:
    """A trial that was stopped says so; one that was left, or has not begun, cannot tell."""
    if trial.ending == "stopped":
        return replace(found, code="stopped", sentence=words.stopped(trial.why))
    if trial.ending == "left":
        return replace(found, code="left", sentence=words.left())
    first = plan.start + timedelta(days=plan.baseline_days)
    if day < first and found.code == "unknown":
        return replace(found, sentence=words.not_begun(_day(first)))
    return found


def _notes(
    journal: Journal,
    trial: Trial,
    found: Verdict,
    entries: Sequence[TrialEntry],
    days: dict[date, float],
    blocks: dict[int, BlockValue],
) -> tuple[str, ...]:
    notes: list[str] = []
    if not trial.intact:
        notes.append("The plan is not the one that was locked: its hash does not fit any more.")
    notes += [f"Changed on {_day(e.local_date)}: {e.note}" for e in entries if e.kind == "change"]
    missed = sum(e.kind == "missed" for e in entries)
    if missed:
        notes.append(
            f"On {missed} days the plan was not followed; they count as drawn, so that neither side is favoured."
        )
    if abs(found.uneven) > UNEVEN:
        more = "with" if found.uneven > 0 else "without"
        notes.append(
            f"Many more days are missing {more} the change; if you left out certain days on purpose, be careful with this."
        )
    looks = [e for e in entries if e.kind == "look"]
    if looks:
        notes += moved(trial.plan, looks[-1], days, blocks)
    return tuple(notes)


def _ended(trial: Trial) -> str:
    if trial.ending == "stopped":
        return words.stopped(trial.why)
    return words.left() if trial.ending == "left" else "This trial is over: runfree trial verdict"


def _counted(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"


def _day(day: date) -> str:
    return f"{day.day} {day:%B}"
