"""Self-checks: what the answers say, and when the feet keep their own angle."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runfree.coach.self_check import feet_cue, observe, questions_of
from runfree.core.errors import InputError
from runfree.knowledge import load

DAY = date(2026, 3, 1)
CLEAR = {"points-left": "near", "points-right": "near", "alike": "yes", "history": "no", "rolls": "yes"}


def test_clear_kneecaps_allow_the_cue() -> None:
    seen = observe("kneecaps-forward", CLEAR, DAY)
    assert seen.means == "clear"
    assert feet_cue(seen) == "parallel"
    assert (seen.due - DAY).days == 14


@pytest.mark.parametrize(
    "changed",
    [{"points-left": "out"}, {"points-right": "in"}, {"alike": "no"}, {"history": "yes"}, {"rolls": "no"}],
)
def test_one_sign_of_torsion_leaves_the_feet_alone(changed: dict[str, str]) -> None:
    assert feet_cue(observe("kneecaps-forward", CLEAR | changed, DAY)) == "own"


def test_without_a_check_it_is_asked_and_unsure_is_no_permission() -> None:
    assert feet_cue(None) == "ask"
    assert feet_cue(observe("kneecaps-forward", CLEAR | {"points-left": "unsure"}, DAY)) == "own"


@pytest.mark.parametrize(
    ("left", "right", "means"),
    [("11", "12", "clear"), ("9", "10", "work_on"), ("14", "11", "work_on"), ("10", "12", "clear")],
)
def test_knee_to_wall_asks_for_room_and_alikeness(left: str, right: str, means: str) -> None:
    assert observe("knee-to-wall", {"distance-left": left, "distance-right": right}, DAY).means == means


@pytest.mark.parametrize(
    ("left", "right", "means"), [("20", "24", "clear"), ("20", "30", "work_on"), ("19", "19", "work_on")]
)
def test_heel_raises_are_enough_and_alike(left: str, right: str, means: str) -> None:
    assert observe("heel-raise-count", {"count-left": left, "count-right": right}, DAY).means == means


def test_a_finding_is_marked_self_observed() -> None:
    answers = {"draws-in": "yes", "breath-free": "no", "curve-kept": "yes"}
    found = observe("belly-check", answers, DAY).finding()
    assert found is not None
    assert (found.alignment, found.verdict, found.basis) == ("belly", "absent", ("self-observed",))
    assert observe("heel-raise-count", {"count-left": "20", "count-right": "20"}, DAY).finding() is None


@pytest.mark.parametrize(
    ("answers", "word"),
    [
        ({}, "missing"),
        (CLEAR | {"colour": "red"}, "not asked"),
        (CLEAR | {"alike": "perhaps"}, "not possible"),
    ],
)
def test_answers_that_make_no_sense_are_refused(answers: dict[str, str], word: str) -> None:
    with pytest.raises(InputError, match=word):
        observe("kneecaps-forward", answers, DAY)


@pytest.mark.parametrize("number", ["-1", "31", "nan", "inf", "ten", ""])
def test_numbers_that_cannot_be_are_refused(number: str) -> None:
    with pytest.raises(InputError, match="not possible"):
        observe("knee-to-wall", {"distance-left": number, "distance-right": "10"}, DAY)


@given(st.data())
def test_any_possible_answers_have_an_outcome(data: st.DataObject) -> None:
    check = data.draw(st.sampled_from(list(load().self_checks.values())))
    answers = {}
    for key, ask, _ in questions_of(check):
        ids = [choice.id for choice in ask.choices]
        number = st.floats(ask.number.low, ask.number.high).map(str) if ask.number else st.sampled_from(ids)
        answers[key] = data.draw(number)
    seen = observe(check.id, answers, DAY)
    assert seen.outcome.text
