"""The weeks as a calendar file (RFC 5545)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256

from icalendar import Calendar, Event
from icalendar.prop import vRecur

from runfree.practice.session import Item, Practice
from runfree.practice.weeks import DAYS, WEEKS

QUESTIONS = "First read the questions at the top of the page of this practice. If one fits, the practice waits."


def calendar(practice: Practice, *, start: date, per_week: int, answered: bool = True) -> bytes:
    """Return six weeks of practice, the daily few minutes and the days to look back, as iCalendar text.

    Parameters
    ----------
    practice : Practice
        What to do on each day of practice.
    start : date
        The first day.
    per_week : int
        Days of practice a week, 1 to 7.
    answered : bool
        Whether the red-flag questions are answered; if not, the days point to them and name no exercise.
    """
    out = Calendar()
    out.add("prodid", "-//Runfree//Practice//EN")
    out.add("version", "2.0")
    last = start + timedelta(weeks=WEEKS)
    minutes = round(practice.seconds / 60)
    names, daily = (_names(items) if answered else QUESTIONS for items in (practice.items, practice.daily))
    light = (
        "Pain at most 2 of 10 and settled by the morning: go on. Up to 5: stay. More, or rising: one level down."
    )
    days = DAYS[per_week].split(",")
    first = next(d for d in _week(start) if _name(d) in days)
    rule = {"freq": "weekly", "byday": days, "until": last - timedelta(days=1)}
    out.add_component(_event(f"Practice: {practice.title} ({minutes} min)", f"{names}\n\n{light}", first, rule))
    if practice.daily:
        rule = {"freq": "daily", "until": last - timedelta(days=1)}
        out.add_component(_event("The daily few minutes", daily, start, rule))
    check = "Repeat the self-checks. Two green weeks: one level more. No change or worse: change one thing."
    rule = {"freq": "weekly", "interval": 2, "until": last - timedelta(days=1)}
    out.add_component(_event("Look back on two weeks", check, start + timedelta(weeks=2), rule))
    end = "Did it help this body? Keep it, change one thing, or talk to a teacher or clinician."
    out.add_component(_event("Six weeks: keep, change or consult", end, last, None))
    return out.to_ical()


def _names(items: Sequence[Item]) -> str:
    return "\n".join(f"- {item.exercise.name}" for item in items)


def _event(title: str, text: str, day: date, rule: Mapping[str, object] | None) -> Event:
    event = Event()
    event.add("uid", f"{sha256(f'{title}{day}'.encode()).hexdigest()[:24]}@runfree")
    event.add("dtstamp", datetime(day.year, day.month, day.day, tzinfo=UTC))
    event.add("dtstart", day)
    event.add("summary", title)
    event.add("description", text)
    if rule is not None:
        event.add("rrule", vRecur(dict(rule)))
    return event


def _week(start: date) -> list[date]:
    return [start + timedelta(days=i) for i in range(7)]


def _name(day: date) -> str:
    return ("MO", "TU", "WE", "TH", "FR", "SA", "SU")[day.weekday()]
