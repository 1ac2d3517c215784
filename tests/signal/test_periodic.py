"""Frequency, phase and mean cycle against closed forms."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.linalg import lstsq

from runfree.signal.periodic import Cycle, explained, fold, harmonics, local_phase, refined_phase

SEEDS = st.integers(0, 2**32 - 1)


def phone_times(rng: np.random.Generator, seconds: float = 6.0, fps: float = 60.0) -> np.ndarray:
    time = np.cumsum(rng.uniform(0.6, 1.4, int(seconds * fps)) / fps)
    return time - time[0]


def drifting(time: np.ndarray, hz: float, drift: float) -> np.ndarray:
    """Phase of a rhythm that slows down and speeds up again by a share ``drift``, once in the film."""
    span = time[-1]
    return hz * (time + drift * span / (2 * np.pi) * np.sin(2 * np.pi * time / span))


def test_the_design_matrix_is_cosines_and_sines_in_turn() -> None:
    phase = np.array([0.0, 0.25, 1 / 3])
    expected = [[1, 1, 0, 1, 0], [1, 0, 1, -1, 0], [1, -0.5, np.sqrt(0.75), -0.5, -np.sqrt(0.75)]]
    np.testing.assert_allclose(harmonics(phase, 2), expected, atol=1e-12)


@settings(max_examples=25, deadline=None)
@given(SEEDS, st.floats(0.5, 3), st.floats(0, 5))
def test_the_share_explained_is_one_less_the_ratio_of_residuals(seed: int, hz: float, slope: float) -> None:
    rng = np.random.default_rng(seed)
    time = phone_times(rng, 4)
    x = np.sin(2 * np.pi * hz * time) + slope * time + rng.standard_normal(len(time))
    x[rng.random(len(time)) < 0.1] = np.nan
    good = np.isfinite(x)
    line = np.column_stack([np.ones(good.sum()), time[good]])
    wave = 2 * np.pi * hz * time[good]
    whole = np.column_stack([line, np.cos(wave), np.sin(wave)])
    before, after = (lstsq(a, x[good])[1] for a in (line, whole))
    assert explained(time, x, np.array([hz]))[0] == pytest.approx(1 - after / before, abs=1e-6)


@settings(max_examples=25, deadline=None)
@given(st.integers(2, 12), st.integers(1, 6), st.floats(0.2, 5), st.floats(-3, 3), st.floats(-3, 3))
def test_two_waves_share_the_variance_by_their_squares(
    k: int, more: int, a: float, level: float, slope: float
) -> None:
    """Whole cycles in a whole film: no wave leaks into the other; the line takes a little, the more the slower."""
    time = np.arange(2000) / 400
    f = np.array([k, k + more]) / 5
    x = level + slope * time + np.cos(2 * np.pi * f[0] * time) + a * np.cos(2 * np.pi * f[1] * time)
    np.testing.assert_allclose(explained(time, x, f), np.array([1, a * a]) / (1 + a * a), atol=0.01)


def test_what_does_not_move_or_hardly_exists_explains_nothing() -> None:
    time, f = np.arange(100) / 50, np.array([1.0, 2.0])
    few = np.where(np.arange(100) < 7, np.sin(time), np.nan)
    for x in (np.full(100, 3.0), 2 - 0.5 * time, few, np.full(100, np.nan)):
        np.testing.assert_array_equal(explained(time, x, f), 0)


@settings(max_examples=15, deadline=None)
@given(SEEDS, st.floats(0.7, 1.6), st.floats(-0.03, 0.03), st.floats(0.97, 1.03))
def test_the_local_phase_follows_a_drifting_rhythm_from_a_rough_frequency(
    seed: int, hz: float, drift: float, rough: float
) -> None:
    rng = np.random.default_rng(seed)
    time = phone_times(rng)
    truth = drifting(time, hz, drift)
    x = np.cos(2 * np.pi * truth) + 0.3 * np.cos(4 * np.pi * truth + 1) + 0.05 * rng.standard_normal(len(time))
    off = local_phase(time, x, rough * hz) - truth
    off -= round(float(np.median(off)))
    assert np.sqrt(np.mean(off**2)) < 0.02
    assert np.abs(off).max() < 0.06


def test_the_local_phase_is_whole_at_the_peaks_and_given_in_gaps_too() -> None:
    time = np.arange(300) / 50
    x = np.cos(2 * np.pi * 1.3 * (time - 0.4))
    x[100:130] = np.nan
    phase = local_phase(time, x, 1.3)
    np.testing.assert_allclose(phase - np.round(phase[20] - 1.3 * (time[20] - 0.4)), 1.3 * (time - 0.4), atol=0.01)


@settings(max_examples=30, deadline=None)
@given(SEEDS, st.floats(0, 0.08), st.floats(0.2, 2))
def test_the_mean_cycle_is_found_under_outliers(seed: int, share: float, size: float) -> None:
    rng = np.random.default_rng(seed)
    truth = np.zeros((7, 2))
    truth[:5] = rng.standard_normal((5, 2))
    phase = rng.uniform(0, 8, 400)
    x = harmonics(phase, 3) @ truth + 0.02 * rng.standard_normal((400, 2))
    x[rng.random(400) < share] += size
    x[rng.random((400, 2)) < 0.05] = np.nan
    cycle = fold(phase, x, np.ones(400), 3)
    np.testing.assert_allclose(cycle.coefficients, truth, atol=0.05)
    np.testing.assert_allclose(cycle.at(phase[:20]), harmonics(phase[:20], 3) @ truth, atol=0.1)


@settings(max_examples=20, deadline=None)
@given(SEEDS)
def test_frames_without_belief_have_no_say(seed: int) -> None:
    rng = np.random.default_rng(seed)
    phase, x, weight = rng.uniform(0, 5, 200), rng.standard_normal((200, 1)), np.ones(200)
    weight[:100] = 0
    np.testing.assert_array_equal(
        fold(phase, x, weight, 3).coefficients, fold(phase[100:], x[100:], np.ones(100), 3).coefficients
    )


@pytest.mark.parametrize(("rows", "order"), [(8, 1), (14, 3), (30, 7), (200, 12)])
def test_few_samples_carry_few_harmonics(rows: int, order: int) -> None:
    rng = np.random.default_rng(rows)
    cycle = fold(rng.uniform(0, 3, rows), rng.standard_normal((rows, 1)), np.ones(rows), 12)
    assert cycle.order == order
    assert np.isfinite(cycle.coefficients).all()


def test_seven_samples_are_no_cycle() -> None:
    x = np.where(np.arange(20) < 7, 1.0, np.nan)[:, None]
    with pytest.raises(ValueError, match="eight samples"):
        fold(np.linspace(0, 3, 20), x, np.ones(20), 2)


@settings(max_examples=20)
@given(SEEDS)
def test_the_slope_is_the_derivative(seed: int) -> None:
    rng = np.random.default_rng(seed)
    cycle = Cycle(rng.standard_normal((9, 3)))
    phase, h = rng.uniform(-2, 2, 20), 1e-5
    np.testing.assert_allclose(
        cycle.slope_at(phase), (cycle.at(phase + h) - cycle.at(phase - h)) / (2 * h), atol=1e-5
    )
    np.testing.assert_allclose(cycle.at(phase + 1), cycle.at(phase), atol=1e-9)


def test_two_signals_are_recovered_from_their_fourier_integrals() -> None:
    """A square wave's harmonics are ``4 / (pi k)`` for odd k: the fold is a Fourier series, not a spline."""
    phase = np.linspace(0, 10, 4001)[:-1]
    square = np.sign(np.sin(2 * np.pi * phase))[:, None]
    from_integrals = [2 * np.mean(square[:, 0] * np.sin(2 * np.pi * k * phase)) for k in (1, 2, 3)]
    got = fold(phase, square, np.ones(4000), 3).coefficients[2::2, 0]
    np.testing.assert_allclose(from_integrals, [4 / np.pi, 0, 4 / (3 * np.pi)], atol=0.01)
    np.testing.assert_allclose(got, from_integrals, atol=0.05)


@settings(max_examples=12, deadline=None)
@given(SEEDS, st.floats(0.8, 1.6), st.floats(-0.03, 0.03))
def test_refining_finds_the_drift_and_owns_up_to_its_noise(seed: int, hz: float, drift: float) -> None:
    rng = np.random.default_rng(seed)
    time = phone_times(rng)
    truth = drifting(time, hz, drift)
    curves = rng.standard_normal((9, 4)) / np.array([1, 1, 1, 2, 2, 4, 4, 8, 8])[:, None]
    x = harmonics(truth, 4) @ curves + 0.1 * rng.standard_normal((len(time), 4))
    x[rng.random(len(time)) < 0.05] = np.nan
    rough = truth + 0.04 * np.sin(2 * np.pi * time / 2.3)
    phase, sd = refined_phase(time, rough, x)
    off = phase - truth
    off -= off.mean()
    assert (np.diff(phase) >= 0).all()
    assert off.std() < 0.6 * (rough - truth).std()
    assert 0 < sd < 0.05
