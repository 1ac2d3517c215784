"""The mixed model against the t-tests it must equal in balanced designs, and its honesty in small and empty ones."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from runfree.signal.mixed import NoModelError, compare


def test_before_and_after_equals_the_paired_t_test() -> None:
    rng = np.random.default_rng(1)
    before = rng.normal(160, 8, 12) + rng.normal(0, 2, 12)
    after = before + 3 + rng.normal(0, 2, 12)
    model = compare(np.r_[before, after], np.repeat([0, 1], 12), np.tile(np.arange(12), 2))
    truth = stats.ttest_rel(after, before)
    low, high = truth.confidence_interval()
    assert model.within
    np.testing.assert_allclose(
        [model.difference[0], model.low[0], model.high[0], model.p[0]],
        [np.mean(after - before), low, high, truth.pvalue],
        rtol=1e-3,
    )


@pytest.mark.parametrize("films", [1, 3])
def test_groups_equal_the_t_test_of_the_runners_means(films: int) -> None:
    rng = np.random.default_rng(2)
    runner = np.repeat(np.arange(20), films)
    value = np.repeat(rng.normal(0, 3, 20), films) + rng.normal(0, 1, 20 * films)
    model = compare(value, (runner >= 10).astype(int), runner)
    means = value.reshape(20, films).mean(axis=1)
    truth = stats.ttest_ind(means[10:], means[:10])
    assert not model.within
    assert model.difference[0] == pytest.approx(means[10:].mean() - means[:10].mean())
    assert model.p[0] == pytest.approx(truth.pvalue, rel=1e-3)
    assert (model.between_sd is None) == (films == 1)


def test_films_of_few_runners_are_not_taken_for_many_runners() -> None:
    """Twenty films of each of three runners a group: the runners count."""
    rng = np.random.default_rng(3)
    false = 0
    for _ in range(40):
        runner = np.repeat(np.arange(6), 20)
        value = np.repeat(rng.normal(0, 3, 6), 20) + rng.normal(0, 0.5, 120)
        false += compare(value, (runner >= 3).astype(int), runner).p[0] < 0.05
    assert false <= 7


def test_where_runners_do_not_differ_the_model_still_settles() -> None:
    rng = np.random.default_rng(4)
    runner = np.repeat(np.arange(24), 3)
    for _ in range(10):
        model = compare(rng.normal(0, 1, 72), (runner >= 12).astype(int), runner)
        assert model.between_sd is not None
        assert 0 <= model.between_sd < 1
        assert 0.6 < model.film_sd < 1.4


def test_speed_is_taken_into_account() -> None:
    rng = np.random.default_rng(5)
    runner, speed = np.arange(40), rng.normal(3, 0.3, 40)
    level = (speed > 3).astype(int)
    value = 160 + 10 * speed + rng.normal(0, 0.5, 40)
    assert compare(value, level, runner).low[0] > 2
    at_equal_speed = compare(value, level, runner, speed)
    assert at_equal_speed.low[0] < 0 < at_equal_speed.high[0]


@pytest.mark.parametrize(
    ("value", "level", "runner", "why"),
    [
        (np.arange(6.0), [0] * 6, range(6), "one group"),
        (np.arange(6.0), [0, 0, 0, 0, 1, 1], range(6), "2 runners"),
        (np.arange(8.0), [0, 0, 0, 0, 1, 1, 1, 1], [0, 0, 0, 0, 1, 2, 3, 4], "1 runners"),
        (np.ones(8), [0, 0, 0, 0, 1, 1, 1, 1], range(8), "equal"),
        (np.ones(12), [0, 1] * 6, np.repeat(range(6), 2), "equal"),
    ],
)
def test_what_cannot_be_said_is_not_said(value, level, runner, why: str) -> None:
    with pytest.raises(NoModelError, match=why):
        compare(np.asarray(value), np.array(level), np.array(list(runner)))


def test_speed_that_is_the_group_is_refused() -> None:
    level = np.array([0, 0, 0, 1, 1, 1])
    with pytest.raises(NoModelError, match="told apart"):
        compare(np.random.default_rng(0).normal(size=6), level, np.arange(6), level.astype(float))
