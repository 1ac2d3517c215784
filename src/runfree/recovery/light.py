"""The traffic light of pain: what yesterday's pain says about running today.

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

GREEN_UP_TO: Final = 2
AMBER_UP_TO: Final = 5
RISE: Final = 2.0
"""The smallest important change of a 0 to 10 pain score."""
LOOK_BACK_DAYS: Final = 7
CAREFUL_SITES: Final = frozenset({"hip", "groin"})
Advice = Literal["go", "ease", "rest"]
_RANK: dict[Advice, int] = {"go": 0, "ease": 1, "rest": 2}
WHAT_TO_DO: dict[Advice, str] = {
    "go": "Run as usual; one step more at most.",
    "ease": "Run easy: flat, slower, 20 to 30 % less, and see how the next morning feels.",
    "rest": "Leave running for 48 hours, walk instead, and go one step back when you return. Twice in a week: ask someone with training.",
}


@dataclass(frozen=True, slots=True)
class Light:
    """Advice for one place, why, and from which day the last pain is.

    ``advice`` is None where nothing was logged in the last seven days.
    """

    site: str
    advice: Advice | None
    reasons: tuple[str, ...]
    last: date | None


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
        Hip and groin allow no pain at all: there a bone may be the reason.
    today : date
        Days after it are not looked at.
    """
    week = [
        p for p in pains if p.score is not None and today - timedelta(days=LOOK_BACK_DAYS) < p.local_date <= today
    ]
    if not week:
        return Light(site, None, ("no pain logged in the last seven days",), None)
    last = max(p.local_date for p in week)
    reasons: list[tuple[Advice, str]] = []
    worst = max(p.score or 0 for p in week if p.local_date == last)
    if site in CAREFUL_SITES and worst > 0:
        reasons.append(("rest", "pain at the hip or groin belongs to a clinician before you run on"))
    elif worst > AMBER_UP_TO:
        reasons.append(("rest", f"{worst:g} of 10 is more than the 5 that were found safe"))
    elif worst > GREEN_UP_TO:
        reasons.append(("ease", f"{worst:g} of 10 is tolerable if it settles by the next morning"))
    if (why := _not_settled(week, last)) is not None:
        reasons.append(("rest", why))
    if (why := _rising(pains, today)) is not None:
        reasons.append(("rest", why))
    advice: Advice = "go"
    for one, _ in reasons:
        advice = one if _RANK[one] > _RANK[advice] else advice
    told = tuple(why for _, why in reasons) or (f"{worst:g} of 10, and settled",)
    return Light(site, advice, told, last)


def _not_settled(week: Sequence[Entry], last: date) -> str | None:
    """Whether the last morning was worse than the morning or the moment before the run of the day before."""
    mornings = {p.local_date: p.score or 0.0 for p in week if p.moment == "morning"}
    if last not in mornings:
        return None
    day_before = last - timedelta(days=1)
    ran = any(p.local_date == day_before and p.moment in ("during", "after") for p in week)
    before = [p.score or 0.0 for p in week if p.local_date == day_before and p.moment in ("before", "morning")]
    if ran and before and mornings[last] > min(before):
        return "the morning after the run was worse than the one before it"
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
