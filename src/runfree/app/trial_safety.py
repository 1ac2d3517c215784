"""What may be tried, and when a trial stops and goes to the consult: the pain light, new pain elsewhere, a red flag."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Final

from runfree.app.trial_results import day_of
from runfree.coach.self_check import FeetCue
from runfree.coach.triage import Triage
from runfree.core.entry import Entry
from runfree.core.trial import Plan
from runfree.knowledge.loader import load, pain_rule
from runfree.knowledge.trial import TrialChange
from runfree.recovery.light import RISE, light

BEFORE_DAYS: Final = 28
REDS: Final = 2
WEEK: Final = timedelta(days=7)


def reason_to_stop(plan: Plan, pains: Sequence[Entry], today: date) -> str | None:
    """Return why a trial must stop by what was logged up to today, in a few words; None while it may go on.

    A pain above 5 of 10 stops it at once, and so do two red days of the pain light within a week (Silbernagel 2007, with
    the rule of two reds). New pain counts at places that the change may load more: above 2 of 10 and 2 points above the worst
    of the four weeks before; at hip and groin any new pain.
    """
    for day in sorted({p.local_date for p in pains if plan.start <= p.local_date <= today}):
        found = _elsewhere(plan, pains, day) or (_own(plan, pains, day) if plan.site else None)
        if found is not None:
            return found
    return None


def _own(plan: Plan, pains: Sequence[Entry], day: date) -> str | None:
    mine = [p for p in pains if p.what == plan.site and p.score is not None and p.local_date <= day]
    now = [p.score or 0.0 for p in mine if p.local_date == day]
    if not now:
        return None
    limit = 0 if plan.site in pain_rule().no_pain_at else pain_rule().lights[1].pain_max
    if max(now) > limit:
        return f"{plan.site} pain was {max(now):g} of 10, more than the {limit} that a trial allows"
    reds = sum(_red(mine, plan.site, day - timedelta(days=i)) for i in range(WEEK.days))
    return f"the pain light for the {plan.site} was red on {reds} days of a week" if reds >= REDS else None


def _red(pains: Sequence[Entry], site: str, day: date) -> bool:
    return any(p.local_date == day for p in pains) and light(pains, site, day).advice == "rest"


def _elsewhere(plan: Plan, pains: Sequence[Entry], day: date) -> str | None:
    watch = load().trial_changes[plan.change].watch
    for site in watch.sites if watch else ():
        now = [p.score or 0.0 for p in pains if p.what == site and p.local_date == day]
        first = plan.start - timedelta(days=BEFORE_DAYS)
        before = max(
            (p.score or 0.0 for p in pains if p.what == site and first <= day_of(p) < plan.start), default=0.0
        )
        least = (
            0.0 if site in pain_rule().no_pain_at else max(pain_rule().lights[0].pain_max, before + RISE - 0.01)
        )
        if now and max(now) > max(least, before):
            return f"new pain at the {site}, {max(now):g} of 10"
    return None


def possible_changes(place: str, asked: Triage, feet: FeetCue) -> list[TrialChange]:
    """Return what may be tried for a place, by what the red-flag questions and the kneecaps-forward check allow."""
    return [
        change
        for change in load().trial_changes.values()
        if (place in change.complaints or change.moves)
        and (asked.running if change.running else asked.practice)
        and (feet == "parallel" or not change.feet)
    ]
