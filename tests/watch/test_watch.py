"""Steady stretches, derived glide, and when a change is called one."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest

from runfree.core.run import Stretch
from runfree.io.watch_file import read_watch_file
from runfree.testing import watch
from runfree.watch.baseline import changes
from runfree.watch.glide import glide_of, means
from runfree.watch.steady import recording_of

START = datetime(2026, 5, 3, 7, 30, tzinfo=UTC)
TODAY = date(2026, 6, 1)


def recorded(**columns):
    seconds = len(next(v for v in columns.values() if np.ndim(v)))
    run = watch.Run(START, seconds, **columns)
    return recording_of(read_watch_file(watch.fit_file(run), "run").activities[0])


def test_each_second_is_kept_or_left_out_with_its_reason():
    speed = np.concatenate(
        [np.full(600, 3.0), np.full(120, 0.0), np.full(300, 1.2), np.full(600, 3.0), np.full(600, 3.0)]
    )
    height = np.concatenate([np.full(1620, 100.0), 100 + 0.08 * 3.0 * np.arange(600)])
    cadence = np.where(speed > 2, 170.0, 110.0)
    said = recorded(speed_mps=speed, cadence_spm=cadence, altitude_m=height, oscillation_cm=8.0, contact_ms=250)
    kept = sum(s.seconds for s in said.stretches)
    assert set(said.left_out) == {"warm-up", "stopped", "walking", "hill"}
    assert said.left_out["warm-up"] == pytest.approx(360)
    assert said.left_out["stopped"] == pytest.approx(120, abs=10)
    assert said.left_out["walking"] == pytest.approx(300, abs=15)
    assert said.left_out["hill"] == pytest.approx(600, abs=30)
    assert kept == pytest.approx(240 + 600, abs=40)
    assert max(said.stretches, key=lambda s: s.seconds).vertical_oscillation_cm == pytest.approx(8.0)


def test_two_speeds_are_two_stretches():
    said = recorded(
        speed_mps=np.repeat([2.5, 2.5, 4.0], 400),
        cadence_spm=172.0,
        oscillation_cm=np.repeat([9.0, 9.0, 7.0], 400),
    )
    slow, fast = said.stretches[0], said.stretches[-1]
    assert (slow.speed_mps, slow.vertical_oscillation_cm) == pytest.approx((2.5, 9.0), rel=0.02)
    assert (fast.speed_mps, fast.vertical_oscillation_cm) == pytest.approx((4.0, 7.0), rel=0.02)


def test_glide_by_the_published_equations():
    # Morin 2005: 240 ms on the ground and 120 ms in the air give π/2 · 1.5 body weights.
    glide = glide_of(Stretch(3.0, 600, "strap", "chest", 60_000 / 360, 8.0, 240.0))
    assert glide.flight_ms == pytest.approx(120)
    assert glide.peak_force_bw == pytest.approx(2.356, abs=0.001)
    assert glide.duty_factor_pct == pytest.approx(100 / 3)
    assert glide.vertical_ratio_pct == pytest.approx(100 * 8 / 108)
    assert glide_of(Stretch(2.0, 600, "strap", "chest", 160.0, None, 350.0)).peak_force_bw is None


def test_means_are_weighted_by_time_and_only_of_what_was_measured():
    fast = Stretch(4.0, 300, "strap", "chest", 180.0, 8.0, 200.0)
    slow = Stretch(3.0, 900, "strap", "chest", 160.0, None, 260.0)
    found = means([fast, slow])
    assert found["cadence"].value == pytest.approx(165)
    assert found["cadence"].speed_mps == pytest.approx(3.25)
    assert (found["vertical_oscillation"].value, found["vertical_oscillation"].speed_mps) == (8.0, 4.0)
    # Flight is the rest of each step: 333.3 - 200 and 375 - 260 ms.
    assert found["flight_time"].value == pytest.approx((133.333 + 3 * 115) / 4, abs=0.01)
    # Morin 2005: pi / 2 * (flight / contact + 1).
    assert found["peak_force"].value == pytest.approx((2.618 + 3 * 2.2656) / 4, abs=0.001)
    assert means([Stretch(3.0, 60, "phone", "unknown")]) == {}


def history(rng, *, runs, change=0.0, likeness=0.0, spread=0.25, sensor="strap"):
    """Bounce of one runner: a slope on speed, runs that resemble their neighbours, a change in the last 28 days."""
    out, wave = [], 0.0
    for i in range(runs):
        day = TODAY - timedelta(days=round((runs - 1 - i) * 393 / runs))
        wave = likeness * wave + rng.normal(0, spread) * np.sqrt(1 - likeness**2)
        speed = rng.uniform(2.4, 3.6)
        recent = day > TODAY - timedelta(days=28)
        out.append(
            (day, i, Stretch(speed, 600, sensor, "chest", None, 9 - 0.8 * (speed - 3) + wave + change * recent))
        )
    return out


@pytest.mark.parametrize("likeness", [0.0, 0.5])
def test_a_change_is_rarely_called_where_there_is_none(likeness):
    rng = np.random.default_rng(7)
    called = [changes(history(rng, runs=120, likeness=likeness), TODAY)[0].verdict for _ in range(400)]
    assert sum(c in ("higher", "lower") for c in called) <= 0.09 * len(called)


def test_a_real_change_is_found_and_its_size_lies_in_the_interval():
    rng = np.random.default_rng(8)
    found = [changes(history(rng, runs=120, change=-0.6), TODAY)[0] for _ in range(100)]
    assert sum(c.verdict == "lower" for c in found) >= 95
    assert sum(c.low <= -0.6 <= c.high for c in found) >= 88


def test_speed_alone_is_no_change():
    rng = np.random.default_rng(9)
    runs = [(d, i, s) for d, i, s in history(rng, runs=100, spread=0.1)]
    faster = [
        (d, i, s)
        if d <= TODAY - timedelta(days=28)
        else (d, i, Stretch(s.speed_mps + 0.5, 600, "strap", "chest", None, s.vertical_oscillation_cm - 0.4))
        for d, i, s in runs
    ]
    assert changes(faster, TODAY)[0].verdict == "no change beyond noise"


def test_sensors_are_never_mixed():
    rng = np.random.default_rng(10)
    old = [h for h in history(rng, runs=100) if h[0] <= TODAY - timedelta(days=28)]
    new = [
        (d, i, Stretch(s.speed_mps, 600, "watch", "wrist", None, s.vertical_oscillation_cm + 2))
        for d, i, s in history(rng, runs=100)
        if d > TODAY - timedelta(days=28)
    ]
    found = changes([*old, *new], TODAY)
    assert [(c.sensor, c.verdict) for c in found] == [("strap", "too few runs"), ("watch", "too few runs")]


def test_a_distance_that_nobody_runs_does_not_count():
    said = recorded(speed_mps=np.full(600, 30.0), cadence_spm=170.0)
    assert said.distance_m is None
    assert "distance_unlikely" in said.flags
    assert recorded(speed_mps=np.full(600, 5.0), cadence_spm=170.0).distance_m == pytest.approx(3000, rel=0.01)
