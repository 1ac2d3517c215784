"""A new trial: what may be tried, by what it is judged, and whether the plan would see anything."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from difflib import get_close_matches
from typing import TYPE_CHECKING, Final, cast

import numpy as np
from numpy.typing import NDArray

from runfree.app.complaint import parse_complaint
from runfree.app.trial_results import RECORDED, activities, daily, minutes
from runfree.coach.self_check import FeetCue
from runfree.coach.triage import ELSEWHERE, triage
from runfree.core.errors import InputError
from runfree.core.finding import Alignment
from runfree.core.trial import Better, Plan, Trial
from runfree.knowledge.loader import load
from runfree.knowledge.trial import Outcome, TrialChange
from runfree.recovery.light import light
from runfree.trials.planning import DRAWS, USUAL_MISSING, WORTH_IT, Option, chances, check_pairs, draw_order
from runfree.trials.randomisation import MOST_PAIRS

if TYPE_CHECKING:
    from runfree.journal import Journal

BASELINE_DAYS: Final = 14
LOOK_BACK_DAYS: Final = 60
PAIRS: Final = 8
COUNTING_DAYS: Final = 3
FAST_BLOCK_S, FAST_SKIP_S, WARM_UP_S = 60, 15, 600
PAIRS_PER_RUN: Final = 6
MEASURE_OF: dict[Alignment, str] = {
    "glide": "vertical_oscillation",
    "parallel": "foot_progression",
    "tracking": "knee_projection",
}


@dataclass(frozen=True, slots=True)
class Proposal:
    """A plan that is not locked yet.

    Attributes
    ----------
    plan : Plan
        As asked for, with the order drawn.
    change : TrialChange
        What is tried.
    options : tuple of Option
        This plan (its number of pairs) and shorter and longer ones beside it, by length.
    baseline_values : int
        Days (or blocks) of the runner's own that the chances rest on.
    advice : tuple of str
        What to know before starting.
    """

    plan: Plan
    change: TrialChange
    options: tuple[Option, ...]
    baseline_values: int
    advice: tuple[str, ...]


def changes() -> list[TrialChange]:
    """Return everything that may be tried."""
    return list(load().trial_changes.values())


def find_change(text: str) -> TrialChange:
    """Return the change of an id, a title or another name.

    Raises
    ------
    InputError
        If it is none that can be tried in turns.
    """
    clean = " ".join(text.lower().replace("_", " ").replace("-", " ").split())
    names = {
        " ".join(name.lower().replace("-", " ").split()): change
        for change in changes()
        for name in (change.id, change.title, *change.also)
    }
    if clean in names:
        return names[clean]
    if clean in {e.name.lower() for e in load().exercises.values()} | {
        e.replace("-", " ") for e in load().exercises
    }:
        raise InputError(
            f"A trial of {text!r}",
            "what an exercise builds stays for months, so days with and without it cannot tell",
            "Practise it for six weeks and look at the journal then: runfree practice",
        )
    near = get_close_matches(clean, names, n=1, cutoff=0.5)
    hint = f"Did you mean {names[near[0]].id}? " if near else ""
    raise InputError(
        f"A trial of {text!r}", "it is not among what can be tried", f"{hint}See: runfree trial changes"
    )


def new_plan(
    journal: Journal,
    change: str,
    for_: str,
    *,
    today: date,
    fits: Sequence[str] | None,
    feet: FeetCue,
    site: str | None = None,
    complaint: str | None = None,
    important: float | None = None,
    pairs: int | None = None,
    block: int | None = None,
    start: date | None = None,
    seed: int | None = None,
) -> Proposal:
    """Propose a trial of one change; nothing is kept before :func:`start_trial`.

    Parameters
    ----------
    change : str
        Id or name of a change of the knowledge files.
    for_ : str
        ``pain``, an alignment, a measure, or a form.
    today : date
        On the runner's own clock.
    fits : sequence of str or None
        Red-flag questions that fit; None if nobody has answered, then there is no trial.
    feet : {"parallel", "own", "ask"}
        What the kneecaps-forward check allows.
    site, complaint : str, optional
        Where the pain is; for what complaint it is tried. One says the other.
    important : float, optional
        The smallest change that matters to the runner, by default that of the knowledge files.
    pairs, block : int, optional
        Pairs of blocks, and days (slow) or seconds (fast) of each.
    start : date, optional
        First day; tomorrow unless given.
    seed : int, optional
        Of the draw; a secret one unless given.

    Raises
    ------
    InputError
        If the change is not one that may be tried now, or the plan could never tell.
    """
    what = find_change(change)
    outcome, better = _outcome(what, for_)
    slow = outcome.kind != "measure"
    place = _complaint(what, complaint or (site if slow else None), slow=slow)
    _check_allowed(what, place, fits, feet)
    first = start or today + timedelta(days=1)
    if first < today:
        raise InputError(f"The start {first}", "it lies in the past", "A plan is locked before its first day.")
    others = [t for t in journal.trials() if not t.ending and t.plan.complaint != place]
    number = PAIRS if pairs is None and slow else pairs or PAIRS_PER_RUN
    check_pairs(number)
    secret = secrets.randbelow(2**31) if seed is None else seed
    plan = Plan(
        what.id, what.title, place, "slow" if slow else "fast", outcome.id, place if outcome.kind == "pain" else "",
        outcome.unit, better, outcome.important, first, 0, draw_order(number, secret), 0, 0, seed=secret,
    )  # fmt: skip
    made = (_slow if slow else _fast)(journal, plan, what, outcome, important, block)
    also = [
        f"Trial {t.number} ({t.plan.title}) is running too: keep the two apart, or finish it first."
        for t in others
    ]
    return replace(made, advice=(*made.advice, *also))


def start_trial(journal: Journal, proposal: Proposal, now: datetime) -> Trial:
    """Lock the plan: from here on nothing of it changes.

    Raises
    ------
    InputError
        If a trial for the same complaint is running, or its first day is over.
    """
    if proposal.plan.start < now.date():
        raise InputError("The plan", "its first day is over", "Make a new one.")
    return journal.lock_trial(proposal.plan, now)


def outcome_of(plan: Plan) -> Outcome:
    """Return what a plan is judged by."""
    return load().outcomes[plan.outcome]


def named(plan: Plan) -> str:
    """Say what a plan is judged by: ``knee pain``, ``bounce``."""
    if plan.outcome == "pain":
        return f"{plan.site} pain"
    title = outcome_of(plan).title
    return title.partition(" (")[0] if outcome_of(plan).kind == "form" else title.lower()


def _outcome(what: TrialChange, text: str) -> tuple[Outcome, Better]:
    clean = text.lower().strip().replace(" ", "_")
    moved: dict[str, Better] = {m.metric: m.better for m in what.moves}
    name = MEASURE_OF.get(cast(Alignment, clean), clean)
    if name in load().outcomes or (name := name.replace("_", "-")) in load().outcomes:
        outcome = load().outcomes[name]
        if outcome.better is not None and what.complaints:
            return outcome, outcome.better
        if name in moved:
            return outcome, moved[name]
    possible = [m for m in moved if m in load().outcomes] + (["pain"] if what.complaints else [])
    raise InputError(
        f"{what.title} for {text!r}", "this change is not tried for that", f"Choose of: {', '.join(possible)}."
    )


def _complaint(what: TrialChange, text: str | None, *, slow: bool) -> str:
    if text is None:
        if slow:
            raise InputError("The trial", "it does not say where it hurts", "Add --site, such as --site knee.")
        return ELSEWHERE
    place = parse_complaint(text)
    if slow and place not in what.complaints:
        known = ", ".join(what.complaints) or "no complaint"
        raise InputError(f"{what.title} for {place}", f"it is tried for {known}", "See: runfree trial changes")
    return place


def _check_allowed(what: TrialChange, place: str, fits: Sequence[str] | None, feet: FeetCue) -> None:
    asked = triage(place, fits)
    if not asked.answered:
        raise InputError(
            "The trial",
            "the red-flag questions are not answered",
            "Answer them on a terminal, or add --triage clear.",
        )
    if not (asked.running if what.running else asked.practice):
        raise InputError(
            "The trial", "an answer to the red-flag questions comes first", f"{asked.fits[0].what_to_do}"
        )
    if what.feet and feet != "parallel":
        why = (
            "the kneecaps-forward check says that your feet keep their own angle"
            if feet == "own"
            else "the kneecaps-forward check is not done yet"
        )
        raise InputError(
            what.title,
            why,
            "The knee is in charge: try another change."
            if feet == "own"
            else "Do it first: runfree check kneecaps-forward",
        )


def _slow(
    journal: Journal, plan: Plan, what: TrialChange, outcome: Outcome, important: float | None, block: int | None
) -> Proposal:
    values = daily(journal, plan)
    before = series(values, plan.start - timedelta(days=LOOK_BACK_DAYS), plan.start)
    if (
        outcome.kind == "pain"
        and light(journal.entries("pain", what=plan.site), plan.site, plan.start - timedelta(days=1)).advice
        == "rest"
    ):
        raise InputError(
            "The trial",
            f"the pain light for the {plan.site} is red",
            "Rest first; begin when it has settled: runfree journal",
        )
    logged = int(np.isfinite(before[-BASELINE_DAYS:]).sum())
    least = what.onset_days + COUNTING_DAYS
    days = (7 if outcome.kind == "form" else least) if block is None else block
    if not least <= days <= 28:
        raise InputError(
            f"Blocks of {days} days",
            f"{what.title} needs {least} to 28: {what.onset_days} to set in, and {COUNTING_DAYS} that count",
            "Choose longer blocks." if days < least else "Choose shorter blocks.",
        )
    matters = _important(outcome, important, before)
    plan = replace(
        plan, block=days, skip=what.onset_days, important=matters,
        baseline_days=0 if outcome.kind == "form" else max(0, BASELINE_DAYS - logged),
    )  # fmt: skip
    form = outcome.kind == "form"
    found = _options(
        plan,
        outcome,
        before if not form else np.empty(0),
        block=1 if form else days,
        skip=0 if form else plan.skip,
    )
    found = [replace(o, block=days, length=2 * o.pairs * days) for o in found]
    return _proposal(plan, what, found, int(np.isfinite(before).sum()), _pain_advice(plan, before))


def _fast(
    journal: Journal, plan: Plan, what: TrialChange, outcome: Outcome, important: float | None, block: int | None
) -> Proposal:
    seconds = FAST_BLOCK_S if block is None else block
    if not 30 <= seconds <= 600:
        raise InputError(f"Blocks of {seconds} s", "they last 30 to 600 seconds", "One or two minutes are usual.")
    each = next(n for n in (6, 5, 4, 7, 3, 2, 1) if plan.pairs % n == 0 and (n <= 6 or plan.pairs == 7))
    plan = replace(
        plan, block=seconds, skip=FAST_SKIP_S, pairs_per_run=each, warm_up_s=WARM_UP_S,
        important=outcome.important if important is None else _positive(important),
    )  # fmt: skip
    own = _own_minutes(journal, plan)
    found = _options(plan, outcome, own, block=1, skip=0)
    found = [replace(o, block=seconds, length=2 * o.pairs * seconds) for o in found]
    by_film = (
        ()
        if plan.outcome in RECORDED
        else ("This measure needs films: one short film for each block, in their order.",)
    )
    return _proposal(plan, what, found, int(np.isfinite(own).sum()), by_film)


def _own_minutes(journal: Journal, plan: Plan) -> NDArray[np.float64]:
    """Blocks of the last run whose watch recorded the outcome; empty if there is none."""
    if plan.outcome in RECORDED:
        for run in reversed(journal.runs(plan.start - timedelta(days=LOOK_BACK_DAYS))):
            for activity in activities(journal, run):
                if plan.outcome in activity and len(found := minutes(activity, plan)) >= 8:
                    return found
    return np.empty(0)


def _options(plan: Plan, outcome: Outcome, before: NDArray[np.float64], *, block: int, skip: int) -> list[Option]:
    """Return this plan, those of up to four pairs less or more, and the longest if none of them is worth it."""

    def seen(pairs: tuple[int, ...]) -> list[Option]:
        return chances(
            pairs, block=block, skip=skip, important=plan.important, baseline=before, usual_sd=outcome.usual_sd,
            rounded=outcome.kind == "pain", missing=0.0 if block == 1 else USUAL_MISSING, seed=plan.seed,
            draws=DRAWS if max(pairs) <= 12 else DRAWS // 4,
        )  # fmt: skip

    found = seen(tuple(sorted({plan.pairs, *(n for n in (6, 8, 10, 12) if abs(n - plan.pairs) <= 4)})))
    longest = max(o.pairs for o in found) == MOST_PAIRS
    return found if longest or found[-1].chance >= WORTH_IT else [*found, *seen((MOST_PAIRS,))]


def _proposal(
    plan: Plan, what: TrialChange, options: list[Option], values: int, advice: tuple[str, ...]
) -> Proposal:
    mine = next(o for o in options if o.pairs == plan.pairs)
    if mine.chance < WORTH_IT:
        better = next((o for o in options if o.chance >= WORTH_IT), None)
        do = (
            f"{better.pairs} pairs would see it in {better.chance:.0%}"
            if better
            else "No sensible length would; a larger change or another measure may"
        )
        advice = (
            f"This plan would see a change that matters in only {mine.chance:.0%} of such trials. {do}.",
            *advice,
        )
    return Proposal(replace(plan, promised=round(mine.chance, 3)), what, tuple(options), values, advice)


def _important(outcome: Outcome, given: float | None, before: NDArray[np.float64]) -> float:
    if given is not None:
        return _positive(given)
    if outcome.share is None or outcome.least is None or np.isfinite(before).sum() < 4:
        return outcome.important
    return round(min(outcome.important, max(outcome.least, outcome.share * float(np.nanmean(before)))), 1)


def _positive(important: float) -> float:
    if not 0 < important < 1000:
        raise InputError(
            f"The change that matters, {important:g}", "it is not above zero", "Say how much you would notice."
        )
    return important


def _pain_advice(plan: Plan, before: NDArray[np.float64]) -> tuple[str, ...]:
    if np.isfinite(before).sum() < 4:
        return ("Your own days are not known yet, so the chance rests on what is usual. Log the pain each day.",)
    mean = float(np.nanmean(before))
    if plan.outcome == "pain" and mean < plan.important:
        return (f"Your pain is {mean:.1f} on average: there is hardly room for {plan.important:g} points less.",)
    return ()


def series(values: dict[date, float], first: date, end: date) -> NDArray[np.float64]:
    """Return daily values from the first day that has one, at ``first`` or later, to the day before ``end``; NaN between."""
    known = [day for day in values if first <= day < end]
    if not known:
        return np.empty(0)
    begin = min(known)
    return np.array([values.get(begin + timedelta(days=i), np.nan) for i in range((end - begin).days)])
