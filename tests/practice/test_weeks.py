"""The weeks: the level follows the pain, and the calendar holds what it says."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from itertools import pairwise

import icalendar
import pytest
from dateutil.rrule import rrulestr

from runfree.practice import WEEKS, compose, next_level
from runfree.report.practice_calendar import calendar

START = date(2026, 3, 4)


@pytest.mark.parametrize(
    ("level", "light", "greens", "then"),
    [
        ("easy", "green", 1, "easy"),
        ("easy", "green", 2, "medium"),
        ("strong", "green", 5, "strong"),
        ("medium", "amber", 0, "medium"),
        ("strong", "red", 0, "medium"),
        ("easy", "red", 0, "easy"),
    ],
)
def test_the_level_follows_the_pain(level, light, greens, then) -> None:
    assert next_level(level, light, greens=greens) == then


def days(event: icalendar.Event) -> list[date]:
    rule = event.get("rrule")
    start = event.decoded("dtstart")
    if rule is None:
        return [start]
    return [d.date() for d in rrulestr(rule.to_ical().decode(), dtstart=_midnight(start))]


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day)


def test_the_calendar_has_three_days_a_week_and_the_daily_minutes() -> None:
    practice = compose("knee", minutes=15)
    read = icalendar.Calendar.from_ical(calendar(practice, start=START, per_week=3))
    events = {str(e["summary"]).split(":")[0]: e for e in read.walk("VEVENT")}
    assert len(events) == 4
    sessions = days(events["Practice"])
    assert len(sessions) == 3 * WEEKS
    assert all(b - a >= timedelta(days=2) for a, b in pairwise(sessions))
    assert len(days(events["The daily few minutes"])) == 7 * WEEKS
    assert practice.items[0].exercise.name in str(events["Practice"]["description"])
    assert len({str(e["uid"]) for e in events.values()}) == 4


def test_the_days_name_no_exercise_before_the_questions_are_answered() -> None:
    practice = compose("knee", minutes=15)
    text = calendar(practice, start=START, per_week=3, answered=False).decode().replace("\r\n ", "")
    assert not any(item.exercise.name in text for item in practice.items)
    assert "questions" in text
