"""The single-run rule, the traffic light and the forms, against what was published."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runfree.core.entry import Entry
from runfree.core.errors import InputError
from runfree.knowledge import load
from runfree.recovery.forms import FORMS, pain_improved, substantial
from runfree.recovery.light import light, lights, what_to_do
from runfree.recovery.load import limit, spikes

TODAY = date(2026, 6, 1)


def ago(days: int) -> date:
    return TODAY - timedelta(days=days)


def test_the_next_run_may_be_a_tenth_longer_than_the_longest():
    found = limit([(ago(31), 30_000), (ago(30), 10_000), (ago(2), 8_000)], TODAY)
    assert found.longest_on == ago(30)
    assert found.up_to_m == pytest.approx(11_000)
    assert limit([(ago(31), 30_000)], TODAY).up_to_m is None


@pytest.mark.parametrize(
    ("ratio", "hazard"), [(1.10, None), (1.11, 1.64), (1.30, 1.64), (1.31, 1.52), (2.0, 1.52), (2.01, 2.28)]
)
def test_hazards_are_those_of_the_study(ratio, hazard):
    found = spikes([(ago(10), 10_000.0), (ago(1), 10_000.0 * ratio)])
    assert [s.hazard for s in found] == ([] if hazard is None else [hazard])


RUNS = st.lists(st.tuples(st.integers(0, 90).map(ago), st.floats(500, 40_000)), max_size=25)


@given(RUNS)
def test_spikes_agree_with_the_rule_read_word_by_word(runs):
    ordered = sorted(runs)
    expected = []
    for i, (day, metres) in enumerate(ordered):
        before = [m for d, m in ordered[:i] if 0 <= (day - d).days <= 30]
        if before and metres > 1.1 * max(before):
            expected.append((day, metres))
    assert [(s.day, s.distance_m) for s in spikes(runs)] == expected


def pain(days_ago: int, score: float, moment: str = "during", site: str = "knee") -> Entry:
    day = ago(days_ago)
    return Entry("pain", site, datetime(day.year, day.month, day.day, 8, tzinfo=UTC), moment, score)


@pytest.mark.parametrize(
    ("pains", "advice"),
    [
        ([], None),
        ([pain(9, 8)], None),
        ([pain(1, 2)], "go"),
        ([pain(1, 3)], "ease"),
        ([pain(1, 5)], "ease"),
        ([pain(1, 6)], "rest"),
        # Amber by the rule: tolerated and settled, so hold and soften; climbing is for green.
        ([pain(1, 1, "before"), pain(1, 4), pain(0, 1, "morning")], "ease"),
        ([pain(1, 1, "before"), pain(1, 2), pain(0, 1, "morning")], "go"),
        # Red holds for 48 hours, whatever the next morning says.
        ([pain(1, 7), pain(0, 1, "morning")], "rest"),
        ([pain(2, 7), pain(0, 1, "morning")], "go"),
        # Nothing logged before the run: a morning as bad as the run has not settled.
        ([pain(1, 4), pain(0, 4, "morning")], "rest"),
        ([pain(1, 4), pain(0, 1, "morning")], "ease"),
        ([pain(1, 1, "before"), pain(1, 2), pain(0, 2, "morning")], "rest"),
        ([pain(1, 2), pain(0, 2, "morning")], "go"),
        ([pain(9, 0), pain(8, 1), pain(2, 2), pain(1, 3)], "rest"),
    ],
)
def test_the_traffic_light(pains, advice):
    assert light(pains, "knee", TODAY).advice == advice


def test_hip_and_groin_allow_no_pain():
    assert light([pain(1, 1, site="hip")], "hip", TODAY).advice == "rest"
    assert light([pain(1, 0, site="groin")], "groin", TODAY).advice == "go"


def test_the_most_careful_light_comes_first():
    found = lights([pain(1, 1), pain(1, 7, site="foot")], TODAY)
    assert [(one.site, one.advice) for one in found] == [("foot", "rest"), ("knee", "go")]


@pytest.mark.parametrize(
    ("form", "answers", "score"),
    [
        # Clarsen 2020: 0-8-17-25; "full participation" ends with 0, "cannot participate" with 100.
        ("ostrc", [0, None, None, None], 0),
        ("ostrc", [3, None, None, None], 100),
        ("ostrc", [1, 1, 1, 1], 32),
        ("ostrc", [2, 2, 1, 2], 59),
        ("ostrc", [2, 3, 3, 3], 92),
        # Crossley 2018: no problems 100, extreme problems 0.
        ("koos-pf", [0] * 11, 100),
        ("koos-pf", [4] * 11, 0),
        ("koos-pf", [1] * 11, 75),
        ("koos-pf", [2, None, 2, None, 2, None, 2, None, 2, 2, None], 50),
        ("rmdq", [1] * 7 + [0] * 17, 7),
        ("ffi", [5] * 9 + [10] * 9 + [0] * 5, 50),
        ("ffi", [5, *[None] * 8, *[5] * 9, *[5] * 5], 50),
        ("uwri", [4] * 9, 36),
    ],
)
def test_forms_score_as_published(form, answers, score):
    assert FORMS[form].score(answers) == pytest.approx(score)


@pytest.mark.parametrize(
    ("form", "answers"),
    [("ostrc", [1, 1, 1]), ("ostrc", [1, 4, 0, 0]), ("ostrc", [1, None, 1, 1]), ("koos-pf", [1] * 5 + [None] * 6), ("rmdq", [2] + [0] * 23), ("ffi", [None] * 9 + [1] * 14), ("uwri", [None] + [1] * 8)],
)  # fmt: skip
def test_forms_refuse_what_cannot_be_scored(form, answers):
    with pytest.raises(InputError):
        FORMS[form].score(answers)


def test_substantial_and_important():
    assert substantial([2, 2, 1, 1])
    assert substantial([3, None, None, None])
    assert not substantial([1, 1, 1, 3])
    assert FORMS["koos-pf"].improved(50, 67)
    assert not FORMS["rmdq"].improved(10, 6)
    assert pain_improved(3, 2)
    assert not pain_improved(7, 6)


def test_two_red_days_in_a_week_ask_for_a_consult():
    twice = light([pain(6, 6), pain(1, 1)], "knee", TODAY)
    assert (twice.advice, twice.consult) == ("go", False)
    twice = light([pain(6, 6), pain(5, 9), pain(1, 1)], "knee", TODAY)
    assert (twice.advice, twice.consult) == ("rest", True)
    assert any("training" in why for why in twice.reasons)


@pytest.mark.parametrize("site", ["knee", "hip"])
def test_the_light_of_the_journal_is_that_of_the_guide(site):
    """One rule: its limits, its places and its words."""
    rule = load().pain_rule
    for tenths in range(101):
        said = light([pain(1, tenths / 10, site=site)], site, TODAY).advice
        colour = next(one for one in rule.lights if tenths / 10 <= one.pain_max)
        expected = {"green": "go", "amber": "ease", "red": "rest"}[colour.light]
        assert said == ("rest" if site in rule.no_pain_at and tenths else expected)
        assert what_to_do(expected) == colour.run
