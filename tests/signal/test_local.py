"""Local lines and smoothing against numpy's weighted polynomials, and what they must never do."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from runfree.signal.local import local_line, smoothed

SEEDS = st.integers(0, 2**32 - 1)


def uneven_times(rng: np.random.Generator, n: int = 90) -> np.ndarray:
    """A phone's variable rate, with a hole of a quarter second."""
    time = np.cumsum(rng.uniform(0.005, 0.03, n))
    return time + 0.25 * (np.arange(n) > n // 2)


def with_gaps(rng: np.random.Generator, x: np.ndarray, share: float) -> np.ndarray:
    return np.where(rng.random(x.shape) < share, np.nan, x)


@settings(max_examples=40, deadline=None)
@given(SEEDS, st.floats(-1e3, 1e3), st.floats(-1e3, 1e3), st.floats(0.02, 0.5), st.floats(0, 0.6))
def test_a_line_comes_out_exactly(seed: int, level: float, slope: float, sd_s: float, share: float) -> None:
    rng = np.random.default_rng(seed)
    time = uneven_times(rng)
    at = rng.uniform(time[0], time[-1], 25)
    value, gradient = local_line(time, with_gaps(rng, level + slope * time, share), at, sd_s)
    given_ = np.isfinite(value)
    scale = 1 + abs(level) + abs(slope)
    np.testing.assert_array_equal(given_, np.isfinite(gradient))
    np.testing.assert_allclose(value[given_], (level + slope * at)[given_], atol=1e-7 * scale)
    np.testing.assert_allclose(gradient[given_], slope, atol=1e-4 * scale)
    assert given_.any()


@settings(max_examples=30, deadline=None)
@given(SEEDS, st.floats(0.03, 0.3))
def test_it_is_the_weighted_line_of_numpy(seed: int, sd_s: float) -> None:
    rng = np.random.default_rng(seed)
    time = uneven_times(rng)
    x = with_gaps(rng, rng.standard_normal(len(time)), 0.2)
    at = rng.uniform(time[0], time[-1], 10)
    value, slope = local_line(time, x, at, sd_s)
    for t0, v, s in zip(at, value, slope, strict=True):
        near = np.isfinite(x) & (np.abs(time - t0) <= 3 * sd_s)
        if near.sum() < 3:
            assert np.isnan(v)
            continue
        u = time[near] - t0
        # numpy weighs the residual, not its square.
        expected = np.polyfit(u, x[near], 1, w=np.exp(-0.25 * (u / sd_s) ** 2))
        assert (s, v) == (pytest.approx(expected[0], abs=1e-6), pytest.approx(expected[1], abs=1e-6))


@settings(max_examples=20, deadline=None)
@given(SEEDS)
def test_a_missing_sample_counts_like_one_that_was_never_there(seed: int) -> None:
    rng = np.random.default_rng(seed)
    time = uneven_times(rng)
    x = with_gaps(rng, rng.standard_normal(len(time)), 0.4)
    there = np.isfinite(x)
    np.testing.assert_array_equal(local_line(time, x, time, 0.05), local_line(time[there], x[there], time, 0.05))


def test_fewer_than_three_samples_within_reach_give_nothing() -> None:
    time, x = np.array([0.0, 0.1, 0.2, 5.0, 5.1]), np.arange(5.0)
    value, slope = local_line(time, x, np.array([0.1, 5.05, 2.5]), 0.1)
    assert value[0] == pytest.approx(1.0)
    assert slope[0] == pytest.approx(10.0)
    assert np.isnan(value[1:]).all()
    assert np.isnan(slope[1:]).all()


def test_smoothing_has_no_lag() -> None:
    time = np.arange(-60, 61) / 60
    out = smoothed(time, np.exp(-((time / 0.1) ** 2)), 0.04)
    assert time[np.argmax(out)] == 0
    np.testing.assert_allclose(out, out[::-1], atol=1e-12)


def test_smoothing_weakens_noise_as_a_gaussian_does() -> None:
    """White noise through a Gaussian of width s frames keeps ``1 / (2 s sqrt(pi))`` of its variance."""
    time, sd_frames = np.arange(6000) / 60, 4.0
    out = smoothed(time, np.random.default_rng(0).standard_normal(6000), sd_frames / 60)
    assert out.var() == pytest.approx(1 / (2 * sd_frames * np.sqrt(np.pi)), rel=0.1)


@settings(max_examples=20, deadline=None)
@given(SEEDS, st.floats(0, 0.9))
def test_smoothing_never_invents_a_sample_and_keeps_columns_apart(seed: int, share: float) -> None:
    rng = np.random.default_rng(seed)
    time = uneven_times(rng, 50)
    x = with_gaps(rng, rng.standard_normal((50, 3, 2)), share)
    out = smoothed(time, x, 0.05)
    assert out.shape == x.shape
    assert np.isnan(out[np.isnan(x)]).all()
    np.testing.assert_array_equal(out[:, 2, 1], smoothed(time, x[:, 2, 1], 0.05))
