"""The test counts the orders that could have been drawn; its interval is its inversion; looking early costs nothing it may not."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import permutation_test, wilcoxon

from runfree.core.errors import InputError
from runfree.trials.planning import check_pairs, draw_order
from runfree.trials.randomisation import (
    interval,
    judge,
    limits_of,
    p_value,
    smallest_p,
    spent,
    typical_values,
)

differences = st.lists(st.floats(-5, 5).map(lambda x: round(x, 2)), min_size=6, max_size=9).map(np.array)


def by_hand(d: np.ndarray, effect: float) -> float:
    """Two-sided p: every order is drawn out one by one."""
    shifted = d - effect
    means = [np.mean(np.array(signs) * shifted) for signs in product((1, -1), repeat=len(d))]
    above = np.mean([m >= shifted.mean() - 1e-9 for m in means])
    below = np.mean([m <= shifted.mean() + 1e-9 for m in means])
    return min(1.0, 2 * min(above, below))


@given(differences, st.floats(-3, 3))
def test_p_counts_every_order(d: np.ndarray, effect: float):
    assert p_value(typical_values(d), effect) == pytest.approx(by_hand(d, effect))


def test_p_is_that_of_scipy():
    d = np.random.default_rng(1).standard_normal(9) + 0.7
    ours = p_value(typical_values(d))
    theirs = permutation_test((d, np.zeros(9)), lambda x, y, axis: np.mean(x - y, axis=axis), permutation_type="samples",
                              vectorized=True, n_resamples=np.inf)  # fmt: skip
    assert ours == pytest.approx(theirs.pvalue)


def test_on_ranks_it_is_the_signed_rank_test():
    d = np.array([3.0, -1.0, 2.0, 5.0, 4.0, 6.0, -7.0])
    assert p_value(typical_values(d)) == pytest.approx(wilcoxon(d, method="exact").pvalue)


@given(differences)
def test_the_interval_is_the_inversion_of_the_test(d: np.ndarray):
    typical = typical_values(d)
    step = max(1, int((len(typical) + 1) * 0.025))
    low, high = typical[step - 1], typical[-step]
    assert p_value(typical, low - 1e-3) <= 0.05 or step == 1
    assert p_value(typical, high + 1e-3) <= 0.05 or step == 1
    middle = (low + high) / 2
    assert by_hand(d, middle) > 0.05
    inner = interval(typical)
    assert low - 1e-9 <= inner[0] <= inner[1] <= high + 1e-9


@given(differences, st.floats(-4, 4), st.floats(0.2, 4))
def test_shift_and_scale_carry_over(d: np.ndarray, shift: float, scale: float):
    one, two = judge(d, planned=len(d), final=True), judge(scale * d + shift, planned=len(d), final=True)
    assert one is not None
    assert two is not None
    assert (two.low, two.high) == pytest.approx((scale * one.low + shift, scale * one.high + shift), abs=1e-6)
    mirrored = judge(-d, planned=len(d), final=True)
    assert mirrored is not None
    assert (mirrored.low, mirrored.high, mirrored.p) == pytest.approx((-one.high, -one.low, one.p), abs=1e-9)


@pytest.mark.parametrize("pairs", [1, 2, 3, 4, 5, 17, 40])
def test_a_plan_that_could_never_decide_is_refused(pairs: int):
    with pytest.raises(InputError):
        draw_order(pairs, 1)


def test_six_pairs_are_the_fewest():
    check_pairs(6)
    assert smallest_p(6) <= 0.05 < smallest_p(5)
    assert np.mean([draw_order(8, seed) for seed in range(400)]) == pytest.approx(0.5, abs=0.03)


@given(differences, st.integers(0, 4))
def test_all_looks_together_keep_the_error(d: np.ndarray, later: int):
    """Counted over every order that could have been drawn: the share that any look would call a finding is at most 5 %."""
    planned = len(d) + later
    limits = limits_of(d, planned, final=later == 0)
    found = 0
    for signs in product((1, -1), repeat=len(d)):
        mine = np.array(signs) * d
        looks = (
            limit > 0 and p_value(typical_values(mine[:k])) <= limit + 1e-12 for k, limit in enumerate(limits, 1)
        )
        found += any(looks)
    assert found / 2 ** len(d) <= spent(1.0 if later == 0 else len(d) / planned, 0.05) + 1e-12


def test_the_error_is_spent_late():
    shares = [spent(x, 0.05) for x in (0.0, 0.25, 0.5, 0.75, 1.0)]
    assert shares == sorted(shares)
    assert shares[0] == 0.0
    assert shares[-1] == 0.05
    assert shares[1] < 0.001


def test_what_speed_explains_is_taken_out():
    rng = np.random.default_rng(3)
    speed = 0.3 * rng.standard_normal(10)
    d = -0.8 + 2.5 * speed + 0.05 * rng.standard_normal(10)
    with_speed = judge(d, planned=10, final=True, speed=speed)
    plain = judge(d, planned=10, final=True)
    assert with_speed is not None
    assert plain is not None
    assert with_speed.estimate == pytest.approx(-0.8, abs=0.1)
    assert with_speed.high - with_speed.low < 0.3 * (plain.high - plain.low)
    # ordinary least squares with an effect and a slope, solved another way
    beta = np.linalg.lstsq(np.column_stack([np.ones(10), speed]), d, rcond=None)[0]
    assert with_speed.estimate == pytest.approx(beta[0])


def test_speed_that_follows_the_order_is_left_in_the_estimate():
    d = np.linspace(0.5, 1.5, 8)
    found = judge(d, planned=8, final=True, speed=np.full(8, 0.4))
    assert found is not None
    assert found.estimate == pytest.approx(1.0)


def test_at_equal_speed_the_order_still_decides_alone():
    """Over every order of the same run, the share of findings is at most the error."""
    rng = np.random.default_rng(5)
    for _ in range(6):
        outcome, speed = rng.standard_normal(6), 0.5 * rng.standard_normal(6)
        found = 0
        for signs in product((1, -1), repeat=6):
            one = judge(np.array(signs) * outcome, planned=6, final=True, speed=np.array(signs) * speed)
            assert one is not None
            found += one.decides
            assert one.low <= one.estimate <= one.high
        assert found / 64 <= 0.05
