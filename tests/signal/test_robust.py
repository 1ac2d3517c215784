"""Robust statistics against scipy and numpy, and against the outliers they are for."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.stats import median_abs_deviation

from runfree.signal.robust import least_squares, spread, trimmed_mean

SEEDS = st.integers(0, 2**32 - 1)
VALUES = arrays(np.float64, st.integers(1, 40), elements=st.floats(-1e6, 1e6))


@settings(max_examples=60)
@given(VALUES)
def test_spread_is_that_of_scipy_and_blind_to_gaps(x: np.ndarray) -> None:
    expected = float(median_abs_deviation(x, scale="normal"))
    assert spread(x) == pytest.approx(expected, rel=1e-4, abs=1e-9)
    assert spread(np.concatenate([[np.nan], x, [np.nan]])) == spread(x)


def test_spread_of_nothing_is_nothing() -> None:
    assert np.isnan(spread(np.array([])))
    assert np.isnan(spread(np.array([np.nan, np.nan])))


def test_spread_of_normal_numbers_is_their_standard_deviation() -> None:
    x = np.random.default_rng(0).normal(3.0, 2.0, 20_000)
    assert spread(x) == pytest.approx(2.0, rel=0.03)


@settings(max_examples=60)
@given(VALUES, st.floats(1, 5))
def test_the_trimmed_mean_is_the_mean_of_what_it_kept(x: np.ndarray, sds: float) -> None:
    mean, kept = trimmed_mean(x, sds)
    assert kept.shape == x.shape
    assert mean == pytest.approx(x[kept].mean())
    reach = sds * median_abs_deviation(x, scale="normal") + 1e-9
    assert (np.abs(x[kept] - np.median(x)) <= reach * 1.001).all()
    assert (np.abs(x[~kept] - np.median(x)) >= reach * 0.999).all()


@settings(max_examples=30)
@given(SEEDS, st.floats(20, 1e6))
def test_far_off_values_do_not_move_the_trimmed_mean(seed: int, away: float) -> None:
    x = np.random.default_rng(seed).normal(10.0, 1.0, 30)
    mean, kept = trimmed_mean(np.concatenate([x, [10 + away, np.nan, 10 - 2 * away]]))
    assert mean == pytest.approx(10, abs=1.0)
    assert not kept[30:].any()


def test_equal_values_are_all_kept_beside_an_outlier() -> None:
    mean, kept = trimmed_mean(np.array([2.0, 2.0, 2.0, 9.0]))
    assert mean == 2.0
    assert kept.tolist() == [True, True, True, False]


@settings(max_examples=40, deadline=None)
@given(SEEDS, st.integers(1, 3), st.integers(1, 4))
def test_one_pass_without_ridge_is_weighted_least_squares(seed: int, columns: int, terms: int) -> None:
    rng = np.random.default_rng(seed)
    design, y = rng.standard_normal((30, terms)), rng.standard_normal((30, columns))
    weight = rng.uniform(0.1, 1, 30)
    root = np.sqrt(weight)[:, None]
    expected = np.linalg.lstsq(root * design, root * y, rcond=None)[0]
    got = least_squares(design, y, weight, np.zeros(terms), passes=1)
    np.testing.assert_allclose(got, expected, atol=1e-9)


def one_in_twelve_far_off(seed: int, size: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    design = np.column_stack([np.ones(240), rng.standard_normal((240, 2))])
    truth = rng.standard_normal((3, 2))
    y = design @ truth + 0.05 * rng.standard_normal((240, 2))
    y[rng.choice(240, 20, replace=False)] += size
    return design, truth, y


@settings(max_examples=30, deadline=None)
@given(SEEDS, st.floats(5, 1e4))
def test_outliers_on_one_side_are_overruled_in_the_end(seed: int, size: float) -> None:
    design, truth, y = one_in_twelve_far_off(seed, size)
    got = least_squares(design, y, np.ones(240), np.zeros(3), passes=30)
    np.testing.assert_allclose(got, truth, atol=0.04)


@settings(max_examples=30, deadline=None)
@given(SEEDS, st.floats(5, 1e4))
def test_the_usual_passes_leave_little_of_what_outliers_do_to_a_plain_fit(seed: int, size: float) -> None:
    design, truth, y = one_in_twelve_far_off(seed, size)
    plain = least_squares(design, y, np.ones(240), np.zeros(3), passes=1)
    got = least_squares(design, y, np.ones(240), np.zeros(3))
    assert np.abs(got - truth).max() < 0.04 + 0.3 * np.abs(plain - truth).max()


@settings(max_examples=20, deadline=None)
@given(SEEDS)
def test_a_row_without_weight_does_not_count_even_if_it_is_missing(seed: int) -> None:
    rng = np.random.default_rng(seed)
    design, y, weight = rng.standard_normal((30, 3)), rng.standard_normal((30, 2)), np.ones(30)
    weight[:10], y[:10] = 0, np.nan
    got = least_squares(design, y, weight, np.zeros(3))
    np.testing.assert_array_equal(got, least_squares(design[10:], y[10:], weight[10:], np.zeros(3)))
    assert np.isfinite(got).all()


def test_the_ridge_shrinks_only_what_it_is_given_for() -> None:
    rng = np.random.default_rng(0)
    design = np.linalg.qr(rng.standard_normal((40, 2)))[0]
    y = design @ np.array([[3.0], [4.0]])
    # With orthonormal columns and N rows of weight 1 a ridge r divides a coefficient by 1 + r N.
    got = least_squares(design, y, np.ones(40), np.array([0.0, 0.025]), passes=1)
    np.testing.assert_allclose(got[:, 0], [3.0, 2.0], atol=1e-9)


def test_a_system_without_a_solution_is_refused() -> None:
    with pytest.raises(np.linalg.LinAlgError):
        least_squares(np.ones((10, 2)), np.ones((10, 1)), np.ones(10), np.zeros(2))
