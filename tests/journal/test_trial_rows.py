"""Plans are locked once, one at a time for a complaint; what happened is kept with every correction."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta, timezone

import pytest

from runfree.core.errors import InputError
from runfree.core.trial import Plan, Trial, TrialEntry, plan_data, plan_of
from runfree.journal import Journal

AT = datetime(2026, 5, 3, 23, 50, tzinfo=timezone(timedelta(hours=-7)))
PLAN = Plan(
    "more-steps", "A few more steps", "knee", "slow", "pain", "knee", "points", "lower", 1.2, date(2026, 5, 4), 14,
    (True, False, True, True, False, False), 7, 2,
)  # fmt: skip


def test_a_locked_plan_comes_back_as_it_was(journal: Journal):
    locked = journal.lock_trial(PLAN, AT)
    (kept,) = journal.trials()
    assert kept == locked
    assert kept.intact
    assert kept.locked_at.utcoffset() == timedelta(hours=-7)
    assert plan_of(plan_data(PLAN)) == PLAN


def test_a_plan_that_was_changed_after_the_lock_is_seen():
    assert not Trial(1, replace(PLAN, important=0.5), AT, "0" * 64).intact


def test_one_running_trial_for_a_complaint(journal: Journal):
    journal.lock_trial(PLAN, AT)
    with pytest.raises(InputError, match="still running"):
        journal.lock_trial(PLAN, AT)
    assert journal.lock_trial(replace(PLAN, complaint="foot"), AT).number == 2
    journal.end_trial(1, "stopped", "pain at the calf")
    assert journal.end_trial(1, "done", "again").ending == "stopped"
    assert journal.lock_trial(PLAN, AT).number == 3


def test_a_correction_keeps_what_was_said_before(journal: Journal):
    journal.lock_trial(PLAN, AT)
    first = journal.log_trial(1, TrialEntry("result", AT, 0, 8.2, 3.0, {"film": 3}))
    journal.log_trial(1, replace(first, value=7.9))
    (now,) = journal.trial_entries(1)
    assert (now.value, now.revision, now.local_date, now.data) == (7.9, 2, date(2026, 5, 3), {"film": 3})
    assert [e.value for e in journal.trial_entries(1, history=True)] == [8.2, 7.9]
    with pytest.raises(InputError, match="none of that number"):
        journal.log_trial(1, replace(first, number=9))


def test_nobody_sees_the_trials_of_another(journal_of: Callable[..., Journal]):
    journal_of("a").lock_trial(PLAN, AT)
    other = journal_of("b")
    assert other.trials() == []
    with pytest.raises(InputError):
        other.trial_entries(1)
    with pytest.raises(InputError):
        other.delete_trial(1)
    journal_of("a").delete_trial(1)
    assert journal_of("a").trials() == []


def test_erasing_takes_the_trials_too(journal_of: Callable[..., Journal]):
    journal_of().lock_trial(PLAN, AT)
    journal_of().log_trial(1, TrialEntry("missed", AT, 0))
    journal_of().erase()
    assert journal_of().trials() == []
