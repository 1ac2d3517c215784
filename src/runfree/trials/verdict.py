"""The verdict: helped, no difference you would notice, worse, or cannot tell yet."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from runfree.core.trial import Plan
from runfree.trials import words
from runfree.trials.bayes import Belief, believe
from runfree.trials.blocks import LEAST_SHARE, block_means, pair_differences
from runfree.trials.planning import with_change
from runfree.trials.randomisation import LEAST_PAIRS, MOST_PAIRS, LotTest, judge
from runfree.trials.words import Code

Array = NDArray[np.float64]
SURE: Final = 0.8
"""From this probability of at least the smallest change that matters on, the verdict says "enough to notice"."""
UNEVEN: Final = 0.15
"""A difference in the share of missing days between with and without that asks what those days could have been."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a trial says so far.

    Attributes
    ----------
    code : Code
        The verdict.
    sentence : str
        The same in at most 25 words.
    test : LotTest or None
        The randomisation test; None before two pairs are done.
    belief : Belief or None
        What the model beside it believes.
    means, differences : tuple of float
        Of each block, and with minus without of each pair; NaN where there is none.
    done : int
        Pairs that are over.
    final : bool
        Whether the plan is over.
    uneven : float
        Share of counting days missing with the change minus without, of the pairs that are over.
    """

    code: Code
    sentence: str
    test: LotTest | None
    belief: Belief | None
    means: tuple[float, ...]
    differences: tuple[float, ...]
    done: int
    final: bool
    uneven: float = 0.0


@dataclass(frozen=True, slots=True)
class Seen:
    """What was recorded of a trial up to now.

    Attributes
    ----------
    means : array (2 K,)
        Of each block, NaN where it cannot be used.
    speed_mps : array (2 K,) or None
        Mean speed of each block of a fast trial.
    series : array (T,)
        Everything in order for the model, NaN where missing: days (slow) or blocks (fast).
    on : array (T,) of bool
        Whether the change was on.
    done : int
        Pairs that are over.
    final : bool
        Whether the plan is over.
    days : array (2 K, block - skip) or None
        The counting days of a diary, NaN where missing; None where one value a block is all there is.
    """

    means: Array
    speed_mps: Array | None
    series: Array
    on: NDArray[np.bool_]
    done: int
    final: bool
    days: Array | None = None


def conclude(plan: Plan, seen: Seen, *, named: str, digits: int, longer: str) -> Verdict:
    """Judge a trial.

    "Helped" and "worse" need the randomisation test within its limit at this look; "no difference you would notice"
    needs the plan to be over and the interval to lie inside the smallest change that matters; else it cannot tell.

    Parameters
    ----------
    plan : Plan
        As it was locked.
    seen : Seen
        What was recorded.
    named : str
        What it is judged by, for people (``knee pain``).
    digits : int
        Decimals to say sizes with.
    longer : str
        How much of the plan is left, for people (``35 days``).
    """
    order = np.array(plan.order)
    differences = pair_differences(seen.means, order)
    speed = None if seen.speed_mps is None else pair_differences(seen.speed_mps, order)
    over = np.arange(plan.pairs) < seen.done
    usable = over & np.isfinite(differences) & (np.isfinite(speed) if speed is not None else True)
    test = judge(
        differences[usable],
        planned=plan.pairs,
        alpha=plan.alpha,
        final=seen.final,
        speed=None if speed is None else speed[usable],
    )
    belief = believe(seen.series, seen.on, important=plan.important, lower_is_better=plan.better == "lower")
    gap, further = 0.0, ()
    if seen.days is not None:
        past = (seen.days[: 2 * seen.done], order[: seen.done])
        gap = missing_gap(*past)
        further = as_it_could_be(*past, planned=plan.pairs, final=seen.final, alpha=plan.alpha)
        test = None if test is None else widened(test, further)
    code, sentence = _said(plan, seen, test, belief, named=named, digits=digits, longer=longer)
    if code in ("helped", "worse") and test is not None and could_turn(test, further):
        code, sentence = "unknown", words.uneven("with" if gap > 0 else "without")
    return Verdict(
        code,
        sentence,
        test,
        belief,
        tuple(map(float, seen.means)),
        tuple(map(float, differences)),
        seen.done,
        seen.final,
        gap,
    )


def _said(
    plan: Plan, seen: Seen, test: LotTest | None, belief: Belief | None, *, named: str, digits: int, longer: str
) -> tuple[Code, str]:
    if test is not None:
        code = decide(test, plan.important, lower_is_better=plan.better == "lower", final=seen.final)
        if code == "same":
            return code, words.same(plan.title, named, words.mattering(plan.important, plan.unit))
        if code in ("helped", "worse"):
            return code, _changed(plan, test, belief, code, named, digits)
    if not seen.final:
        return "unknown", words.under_way(seen.done, plan.pairs, longer)
    usable = 0 if test is None else test.pairs
    if usable < LEAST_PAIRS:
        return "unknown", words.too_few(usable, plan.pairs, LEAST_PAIRS)
    assert test is not None
    return "unknown", words.not_clear(pairs_needed(test, plan.important))


def _changed(plan: Plan, test: LotTest, belief: Belief | None, code: Code, named: str, digits: int) -> str:
    likely = 0.0 if belief is None else belief.helped if code == "helped" else belief.worse
    return words.changed(
        plan.title,
        named,
        words.amount(test.estimate, plan.unit, digits),
        words.span(test.low, test.high, digits),
        better=code == "helped",
        direction="lower" if test.estimate < 0 else "higher",
        sure=likely >= SURE,
    )


def decide(test: LotTest, important: float, *, lower_is_better: bool, final: bool) -> Code:
    """Return the verdict that a test allows."""
    inside = -important < test.low and test.high < important
    if test.decides and not inside:
        return "helped" if (test.estimate < 0) == lower_is_better else "worse"
    return "same" if inside and final and test.pairs >= LEAST_PAIRS else "unknown"


def missing_gap(days: Array, order: NDArray[np.bool_]) -> float:
    """Return the share of counting days (2 K, D) missing with the change, minus that without."""
    if not days.size:
        return 0.0
    on = with_change(order).astype(bool)
    lost = np.isnan(days)
    return float(lost[on].mean() - lost[~on].mean())


def as_it_could_be(
    days: Array, order: NDArray[np.bool_], *, planned: int, final: bool, alpha: float = 0.05
) -> tuple[LotTest, ...]:
    """Return two further tests where days are missing more often in one state than in the other; none where they are not.

    Where the shares differ by more than :data:`UNEVEN`, the missing days are filled with one of the runner's sore days (the
    84th percentile) in one state and one of the good days (the 16th) in the other, and once the other way round.
    """
    if abs(missing_gap(days, order)) <= UNEVEN:
        return ()
    good, sore = float(np.nanpercentile(days, 16)), float(np.nanpercentile(days, 84))
    on = with_change(order).astype(bool)[:, None]
    out: list[LotTest] = []
    for with_it, without in ((sore, good), (good, sore)):
        means = np.where(np.isnan(days), np.where(on, with_it, without), days).mean(axis=1)
        again = judge(pair_differences(means, order), planned=planned, alpha=alpha, final=final)
        out += [] if again is None else [again]
    return tuple(out)


def could_turn(test: LotTest, further: tuple[LotTest, ...]) -> bool:
    """Return whether a result does not stand in each of the further tests."""
    return any(not one.decides or (one.estimate < 0) != (test.estimate < 0) for one in further)


def widened(test: LotTest, further: tuple[LotTest, ...]) -> LotTest:
    """Return a test with an interval that reaches over those of the further tests."""
    both = (test, *further)
    return replace(test, low=min(t.low for t in both), high=max(t.high for t in both))


def pairs_needed(test: LotTest, important: float) -> int | None:
    """Return how many pairs would likely show the smallest change that matters, judged by this trial; None if too many.

    The normal approximation for a chance of 80 % at an error of 5 %, and one pair for what the test gives away.
    """
    standard_error = (test.high - test.low) / (2 * 1.96)
    needed = test.pairs * (2.8 * standard_error / important) ** 2
    pairs = max(LEAST_PAIRS, math.ceil(needed) + 1, test.pairs + 2)
    return pairs if pairs <= MOST_PAIRS else None


def seen_days(plan: Plan, days: Array, baseline: Array, passed: int, share: float = LEAST_SHARE) -> Seen:
    """Return what was recorded of a slow trial.

    Parameters
    ----------
    days : array (2 K, block)
        Of :func:`runfree.trials.blocks.days_of`.
    baseline : array (T,)
        Daily values up to the first block, for the model.
    passed : int
        Days of the blocks that are over.
    share : float
        Of the counting days of a block, how many need a value; 0 for forms, where one is enough.
    """
    kept = np.where(np.arange(days.size).reshape(days.shape) < passed, days, np.nan)
    done = min(plan.pairs, passed // (2 * plan.block))
    on = with_change(np.array(plan.order)).astype(bool)
    return Seen(
        block_means(kept, plan.skip, share),
        None,
        np.concatenate([baseline, kept.ravel()]),
        np.concatenate([np.zeros(len(baseline), dtype=bool), np.repeat(on, plan.block)]),
        done,
        passed >= days.size,
        kept[:, plan.skip :] if share else None,
    )


def seen_blocks(plan: Plan, values: Array, speed_mps: Array, *, final: bool) -> Seen:
    """Return what was recorded of a fast trial, from the value and the speed of each block (2 K,)."""
    both = np.isfinite(values).reshape(-1, 2).all(axis=1)
    done = plan.pairs if final else int(np.argmin(both)) if not both.all() else plan.pairs
    on = with_change(np.array(plan.order)).astype(bool)
    speed = (
        speed_mps if np.isfinite(speed_mps[np.isfinite(values)]).all() and np.isfinite(speed_mps).any() else None
    )
    return Seen(values, speed, values, on, done, final)
