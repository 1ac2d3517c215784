"""Triage: what is asked, and what each answer holds back."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runfree.coach.triage import ELSEWHERE, HELD_BACK, hold_back, questions, triage
from runfree.core.errors import InputError
from runfree.core.finding import Finding
from runfree.knowledge import load

PLACES = ("foot", "knee", "hamstrings", "back", ELSEWHERE)


@pytest.mark.parametrize("place", PLACES)
def test_everybody_is_asked_about_themselves_and_no_question_twice(place: str) -> None:
    ids = [flag.id for flag in questions(place)]
    assert {"chest-pain", "under-18", "pregnant"} <= set(ids)
    assert len(ids) == len(set(ids))


def test_nothing_is_held_back_when_all_is_clear() -> None:
    clear = triage("knee", ())
    assert (clear.answered, clear.stop, clear.running, clear.practice, clear.level) == (
        True,
        False,
        True,
        True,
        None,
    )


@pytest.mark.parametrize("place", PLACES)
def test_unanswered_holds_practice_and_running_back(place: str) -> None:
    waiting = triage(place, None)
    assert not waiting.answered
    assert not waiting.practice
    assert not waiting.running
    assert waiting.asked


@pytest.mark.parametrize(
    ("place", "flag", "stop", "running", "practice"),
    [
        ("back", "bladder-saddle", True, False, False),
        ("knee", "knee-locked", True, False, False),
        ("foot", "heel-squeeze", False, False, True),
        ("foot", "between-toes", False, True, True),
        ("knee", "under-18", False, False, False),
        ("knee", "pregnant", False, False, True),
        (ELSEWHERE, "elsewhere-achilles-pop", True, False, False),
    ],
)
def test_what_a_flag_holds_back(place: str, flag: str, stop: bool, running: bool, practice: bool) -> None:
    found = triage(place, [flag])
    assert (found.stop, found.running, found.practice) == (stop, running, practice)


def test_answers_tell_the_practice_what_to_leave() -> None:
    assert triage("knee", ["pregnant"]).conditions == {"pregnancy"}
    assert "bone-stress" in triage("foot", ["heel-squeeze"]).conditions


def test_an_unknown_flag_is_refused_with_those_that_exist() -> None:
    with pytest.raises(InputError, match="chest-pain"):
        triage("knee", ["chest-pan"])


@given(st.data())
def test_one_more_yes_never_allows_more(data: st.DataObject) -> None:
    place = data.draw(st.sampled_from(PLACES))
    ids = [flag.id for flag in questions(place)]
    some = data.draw(st.lists(st.sampled_from(ids), unique=True))
    more = [*some, data.draw(st.sampled_from(ids))]
    before, after = triage(place, some), triage(place, more)
    assert after.stop >= before.stop
    assert after.running <= before.running
    assert after.practice <= before.practice
    assert after.conditions >= before.conditions
    levels = ["EUSM".index(flag.level) for flag in after.fits]
    assert levels == sorted(levels)


def test_every_emergency_says_where_to_go() -> None:
    for region in load().red_flags.values():
        for flag in region.flags:
            if flag.level == "E":
                assert "emergency" in flag.what_to_do.lower(), flag.id
            if flag.level == "U":
                assert any(word in flag.what_to_do.lower() for word in ("doctor", "examined")), flag.id


@pytest.mark.parametrize(
    ("fits", "held"), [(None, False), ((), False), (("low-energy",), True), (("knee-hot",), True)]
)
def test_advice_on_running_waits_where_a_flag_says_so(fits: tuple[str, ...] | None, held: bool) -> None:
    found = Finding("glide", "absent", "More bounce", "A trial of …", (), (), ("K4",), "low", work_on=True)
    (now,) = hold_back([found], triage("knee", fits))
    assert (now.text == HELD_BACK) == held
    assert now.work_on != held
    assert now.headline == found.headline
