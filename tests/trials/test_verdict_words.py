"""The sentence of a verdict: every branch, at most 25 words, no jargon."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from itertools import product

import numpy as np
import pytest

from runfree.core.trial import Plan
from runfree.knowledge.loader import load
from runfree.trials import words
from runfree.trials.blocks import days_of
from runfree.trials.randomisation import LotTest
from runfree.trials.verdict import conclude, decide, pairs_needed, seen_blocks, seen_days

JARGON = re.compile(
    r"\b(p|p-value|signific\w*|interval|confiden\w*|random\w*|posterior|prior|bayes\w*|statistic\w*|correlat\w*|null|hypothes\w*|"
    r"median|variance|deviation|effect|baseline|outcome|covariate|metric|spm|deg|estimate|sample|"
    r"wrong|damage|causes?|prevents?|injur\w*|diagnos\w*)\b",
    re.IGNORECASE,
)
CHANGES = load().trial_changes
PLAN = Plan(
    "less-bounce", "Less bounce", "knee", "slow", "pain", "knee", "points", "lower", 1.0, date(2026, 6, 1), 0,
    (True, False, True, True, False, False, True, False), 4, 1,
)  # fmt: skip


def verdict(effect: float, noise: float = 0.4, *, passed: int | None = None, lost: float = 0.0, plan: Plan = PLAN):
    rng = np.random.default_rng(2)
    length = 2 * plan.pairs * plan.block
    days = {}
    for i in range(length if passed is None else passed):
        if rng.random() >= lost:
            days[date.fromordinal(plan.start.toordinal() + i)] = (
                4 + noise * rng.standard_normal() + effect * plan.is_on(i // plan.block)
            )
    seen = seen_days(plan, days_of(plan, days), np.empty(0), length if passed is None else passed)
    return conclude(plan, seen, named="knee pain", digits=1, longer="35 days")


def judged_by() -> list[tuple[str, str]]:
    """What a trial can be judged by, as the sentence names it, with its unit."""
    forms = {"form": lambda o: o.title.partition(" (")[0], "measure": lambda o: o.title.lower()}
    known = [(forms[o.kind](o), o.unit) for o in load().outcomes.values() if o.kind != "pain"]
    return [*known, ("hamstrings pain", "points"), ("achilles pain", "points")]


def everything() -> list[str]:
    out = []
    for change, (named, unit) in product(CHANGES.values(), judged_by()):
        size, between = words.amount(12.34, unit, 1), words.span(-12.3, -16.4, 1)
        for better, sure in product((True, False), repeat=2):
            direction = "lower" if better else "higher"
            out.append(
                words.changed(change.title, named, size, between, better=better, direction=direction, sure=sure)
            )
        out.append(words.same(change.title, named, words.mattering(16.4, unit)))
        sites = change.watch.sites if change.watch else ()
        out += [words.stopped(f"new pain at the {site}, 10 of 10") for site in sites]
    out += [words.not_begun("30 September"), words.under_way(11, 16, "128 days"), words.too_few(5, 16, 6)]
    out += [
        words.not_clear(16),
        words.not_clear(None),
        words.left(),
        words.uneven("with"),
        words.uneven("without"),
    ]
    out += [
        words.stopped("hamstrings pain was 10 of 10, more than the 5 that a trial allows"),
        words.stopped("the pain light for the hamstrings was red on 7 days of a week"),
        words.stopped("an answer to the red-flag questions comes first"),
    ]
    return out


def test_every_sentence_is_short_and_plain():
    for sentence in everything():
        assert len(sentence.split()) <= 25, sentence
        assert not JARGON.search(sentence), sentence
        assert sentence.endswith(".")


def test_too_long_would_be_seen():
    assert JARGON.search("The effect is significant (p 0.03).")


@pytest.mark.parametrize(
    ("effect", "noise", "code", "word"),
    [
        (-1.6, 0.4, "helped", "enough to notice"),
        (-0.9, 0.5, "helped", "Less bounce helped"),
        (1.6, 0.4, "worse", "made it worse"),
        (0.0, 0.4, "same", "no difference you would notice"),
        (-0.3, 0.2, "same", "less than 1 point"),
        (-0.8, 3.0, "unknown", "Cannot tell"),
    ],
)
def test_a_verdict_for_each_kind_of_end(effect: float, noise: float, code: str, word: str):
    found = verdict(effect, noise)
    assert found.code == code
    assert word in found.sentence


def test_half_way_it_cannot_tell_yet():
    found = verdict(-1.6, passed=20)
    assert (found.code, found.done, found.final) == ("unknown", 2, False)
    assert found.sentence == "Cannot tell yet: 2 of 8 pairs are done, and 35 days more are planned."


def test_no_difference_is_only_said_at_the_end():
    assert verdict(0.0, 0.2, passed=63).code == "unknown"
    assert verdict(0.0, 0.2).code == "same"


def test_a_clear_change_may_be_told_a_little_early():
    found = verdict(-2.0, 0.2, passed=63)
    assert (found.code, found.final, found.done) == ("helped", False, 7)


def test_days_that_are_gone_are_said():
    assert verdict(-2.0, lost=0.93).sentence.startswith("Cannot tell: only")


def test_the_future_does_not_count():
    early = verdict(-2.0, passed=30)
    assert np.isfinite(early.means).sum() == 8


def test_for_a_form_higher_may_be_better():
    better = replace(PLAN, better="higher")
    assert verdict(1.6, plan=better).code == "helped"
    assert verdict(-1.6, plan=better).code == "worse"


def one_sided(seed: int):
    """A diary where nothing helps, but sore days are only left out without the change."""
    rng = np.random.default_rng(seed)
    days = {}
    for i in range(64):
        value = 4 + rng.standard_normal()
        if PLAN.is_on(i // 4) or value < 4.5 or i % 4 == 3:
            days[date.fromordinal(PLAN.start.toordinal() + i)] = value
    seen = seen_days(PLAN, days_of(PLAN, days), np.empty(0), 64)
    return conclude(PLAN, seen, named="knee pain", digits=1, longer="")


def test_missing_days_on_one_side_hold_a_verdict_back():
    found = [one for one in map(one_sided, range(100)) if one.uneven < -0.15]
    misled = [one for one in found if one.test is not None and one.test.decides]
    assert len(misled) >= 5
    assert sum(one.code == "worse" for one in misled) <= 0.2 * len(misled)
    assert any("without the change" in one.sentence for one in misled)


def test_six_pairs_decide_only_if_all_agree():
    clear = LotTest(6, -1.0, -1.6, -0.5, 0.031, 0.031, 0.95)
    assert decide(clear, 1.0, lower_is_better=True, final=True) == "helped"
    assert decide(replace(clear, p=0.0625), 1.0, lower_is_better=True, final=True) == "unknown"


def test_how_much_longer_grows_with_the_noise():
    narrow, wide = LotTest(8, 0.2, -0.7, 1.1, 0.5, 0.04, 0.95), LotTest(8, 0.2, -4.0, 4.4, 0.8, 0.04, 0.95)
    assert pairs_needed(narrow, 1.0) in range(10, 17)
    assert pairs_needed(wide, 1.0) is None


def test_a_fast_trial_is_over_when_every_block_is_known_or_missed():
    values = np.where([PLAN.is_on(i) for i in range(16)], 7.0, 8.0) + 0.05 * np.random.default_rng(
        1
    ).standard_normal(16)
    fast = replace(
        PLAN, pace="fast", unit="cm", outcome="vertical_oscillation", site="", important=0.7, pairs_per_run=4
    )
    seen = seen_blocks(fast, values, np.full(16, np.nan), final=True)
    assert conclude(fast, seen, named="bounce", digits=1, longer="").code == "helped"
    values[5] = np.nan
    half = seen_blocks(fast, values, np.full(16, np.nan), final=False)
    assert half.done == 2
