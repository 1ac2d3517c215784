"""The traffic light of pain: what the pain of the last days says about running today, by the rule in ``knowledge/data/pain_rule.yaml``.

Silbernagel 2007 (AJSM 35:897, 10.1177/0363546506298279): pain up to 5 of 10 during activity was allowed if it had settled
by the next morning and did not rise from week to week; 38 people with Achilles pain, no harm seen. Its use for other places
is a judgement.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, Literal

from runfree.core.entry import Entry
from runfree.knowledge.loader import pain_rule

RISE: Final = 2.0
"""The smallest important change of a 0 to 10 pain score."""
LOOK_BACK_DAYS: Final = 7
LASTING_DAYS: Final = 2
"""A red light holds for 48 hours; an amber one is judged with the morning after it."""
REDS_TO_CONSULT: Final = 2
Advice = Literal["go", "ease", "rest"]
_ADVICE: dict[str, Advice] = {"green": "go", "amber": "ease", "red": "rest"}
_RANK: dict[Advice, int] = {"go": 0, "ease": 1, "rest": 2}


@dataclass(frozen=True, slots=True)
class Light:
    """Advice for one place, why, and from which day the last pain is.

    ``advice`` is None where nothing was logged in the last seven days; ``consult`` is set after two red days in them.
    """

    site: str
    advice: Advice | None
    reasons: tuple[str, ...]
    last: date | None
    consult: bool = False


def what_to_do(advice: Advice) -> str:
    """What the rule says about running under this advice."""
    return next(one.run for one in pain_rule().lights if _ADVICE[one.light] == advice)


def lights(pains: Sequence[Entry], today: date) -> list[Light]:
    """Return a light for each place with pain logged in the last four weeks, the most careful first."""
    sites = sorted({p.what for p in pains if today - timedelta(days=28) <= p.local_date <= today})
    found = [light([p for p in pains if p.what == site], site, today) for site in sites]
    return sorted(found, key=lambda one: -_RANK.get(one.advice or "go", 0))


def light(pains: Sequence[Entry], site: str, today: date) -> Light:
    """Say what the pain of one place allows today: go, ease or rest.

    Parameters
    ----------
    pains : sequence of Entry
        Of this place, any order; only their score, moment and day count.
    site : str
        Where the rule allows no pain (hip and groin), any is too much: there a bone may be the reason.
    today : date
        Days after it are not looked at.
    """
    week = [
        p for p in pains if p.score is not None and today - timedelta(days=LOOK_BACK_DAYS) < p.local_date <= today
    ]
    if not week:
        return Light(site, None, ("no pain logged in the last seven days",), None)
    last = max(p.local_date for p in week)
    worst = max(p.score or 0.0 for p in week if p.local_date > last - timedelta(days=LASTING_DAYS))
    consult = _reds(week) >= REDS_TO_CONSULT
    reasons: list[tuple[Advice, str]] = []
    if (by_strength := _strength(worst, site)) is not None:
        reasons.append(by_strength)
    if consult:
        reasons.append(("rest", "two red days in one week: ask someone with training before you go on"))
    for why in (_not_settled(week, last), _rising(pains, today)):
        if why is not None:
            reasons.append(("rest", why))
    advice: Advice = "go"
    for one, _ in reasons:
        advice = one if _RANK[one] > _RANK[advice] else advice
    told = tuple(why for _, why in reasons) or (f"{worst:g} of 10 at most in the last two days with an entry",)
    return Light(site, advice, told, last, consult)


def _strength(worst: float, site: str) -> tuple[Advice, str] | None:
    """What the worst of the last two days with an entry says by itself."""
    green, amber, _ = pain_rule().lights
    if site in pain_rule().no_pain_at and worst > 0:
        return "rest", "pain at the hip or groin belongs to a clinician before you run on"
    if worst > amber.pain_max:
        return (
            "rest",
            f"{worst:g} of 10 is more than the {amber.pain_max} that were found safe, and 48 hours count",
        )
    if worst > green.pain_max:
        return "ease", f"{worst:g} of 10 is tolerable if it settles by the next morning"
    return None


def _reds(week: Sequence[Entry]) -> int:
    return len({p.local_date for p in week if (p.score or 0.0) > pain_rule().lights[1].pain_max})


def _not_settled(week: Sequence[Entry], last: date) -> str | None:
    """Whether the last morning was worse than before the run of the day before, or, where that is not known, no better than in it."""
    morning = max((p.score or 0.0 for p in week if p.moment == "morning" and p.local_date == last), default=None)
    yesterday = [p for p in week if p.local_date == last - timedelta(days=1)]
    ran = [p.score or 0.0 for p in yesterday if p.moment in ("during", "after")]
    before = [p.score or 0.0 for p in yesterday if p.moment in ("before", "morning")]
    if morning is None or not ran:
        return None
    if before and morning > min(before):
        return "the morning after the run was worse than the one before it"
    if not before and morning > pain_rule().lights[0].pain_max and morning >= max(ran):
        return "by the next morning it was no better than in the run"
    return None


def _rising(pains: Sequence[Entry], today: date) -> str | None:
    """Whether this week's mean is above last week's by an important amount."""

    def mean(first: int, last: int) -> float | None:
        days = [p.score for p in pains if p.score is not None and first <= (today - p.local_date).days < last]
        return sum(days) / len(days) if len(days) >= 2 else None

    now, before = mean(0, 7), mean(7, 14)
    if now is not None and before is not None and now - before >= RISE:
        return "pain is rising from week to week"
    return None
