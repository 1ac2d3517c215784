"""A slice of ``validation/trials.py``: simulated runners, fixed seeds, the bars of ``docs/trials.md``."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from validation.trials import (
    IMPORTANT,
    NO_EFFECT,
    Scenario,
    coverage,
    diaries,
    fast,
    kept,
    lower_bound,
    others,
    promised,
    run,
)

from runfree.trials.bayes import believe
from runfree.trials.diary import noise_of

N = 250
SLICE = [s for s in NO_EFFECT if s.pairs <= 8][1::2]
RESTLESS = Scenario("0.7", rho=0.7)


@pytest.mark.parametrize("scenario", SLICE, ids=lambda s: s.name)
def test_false_verdicts_stay_within_the_error(scenario: Scenario):
    days, order = diaries(scenario, N, 11)
    found = run(days, order, scenario.skip)
    false = sum(one.verdict in ("helped", "worse") for one in found)
    assert lower_bound(false, N) <= 0.05
    if scenario.lost != "sore without":
        assert lower_bound(sum(one.look_decides for one in found), N) <= 0.05


def test_the_usual_ways_err_more_often_where_days_hang_together():
    days, order = diaries(RESTLESS, 400, 12)
    welch, regression, ols = others(days, order)
    assert min(welch, regression, ols) > 0.12


@pytest.mark.parametrize("scenario", [replace(s, effect=-IMPORTANT) for s in NO_EFFECT[:7]], ids=lambda s: s.name)
def test_the_interval_holds_the_truth(scenario: Scenario):
    assert 0.92 <= coverage(scenario, 800, 13) <= 0.98


def test_what_is_promised_is_kept():
    s = Scenario("", rho=0.3)
    assert float(promised(s, 8, 14, 365).mean()) == pytest.approx(kept(s, N, 14), abs=0.1)


def test_a_fast_trial_at_equal_speed():
    false, _, held = fast(300, 8, 0.0, 15)
    sees, without_speed, _ = fast(300, 8, -0.7, 15)
    assert lower_bound(round(false * 300), 300) <= 0.05
    assert held >= 0.93
    assert sees > without_speed


def test_a_long_baseline_is_believed():
    days = diaries(Scenario("", rho=0.6, sd=1.5, pairs=6, block=20), 1, 16)[0].ravel()
    noise = noise_of(days, 1.2, 2000, 1)
    assert np.median(noise.rho) == pytest.approx(0.6, abs=0.12)
    assert np.median(noise.sd) == pytest.approx(1.5, abs=0.25)


def test_no_baseline_falls_back_on_what_is_usual():
    noise = noise_of(np.empty(0), 1.2, 4000, 1)
    assert np.median(noise.sd) == pytest.approx(1.3, abs=0.2)
    assert np.mean(noise.rho) == pytest.approx(0.33, abs=0.06)


def test_the_model_beside_it_is_calibrated():
    """Effects drawn from the model's own prior: of what it gives 80 % or more, about so many are so."""
    rng = np.random.default_rng(17)
    given, so = [], []
    on = np.repeat(np.tile([True, False], 8), 5)
    for _ in range(60):
        effect = 2.0 * rng.standard_normal()
        noise = np.empty(80)
        noise[0] = rng.standard_normal()
        for i in range(1, 80):
            noise[i] = 0.4 * noise[i - 1] + np.sqrt(1 - 0.16) * rng.standard_normal()
        belief = believe(4 + 1.2 * noise + effect * on, on, important=1.0, lower_is_better=True)
        assert belief is not None
        assert belief.helped + belief.same + belief.worse == pytest.approx(1.0)
        given += [belief.helped, belief.worse]
        so += [effect <= -1, effect >= 1]
    given, so = np.array(given), np.array(so)
    assert so[given >= 0.8].mean() > 0.85
    assert so[given <= 0.2].mean() < 0.12


def test_the_model_with_hardly_any_days_says_nothing():
    assert (
        believe(
            np.array([1.0, 2.0, np.nan, 3.0]),
            np.array([True, False, True, False]),
            important=1,
            lower_is_better=True,
        )
        is None
    )
