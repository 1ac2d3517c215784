"""Film and watch: the offset is found where cadence tells it, and said to be unknown where it does not."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from runfree.core.analysis import Step
from runfree.core.estimate import Estimate
from runfree.io.watch_file import read_watch_file
from runfree.testing import watch
from runfree.watch.witness import compare

START = datetime(2026, 5, 3, 7, 30, tzinfo=UTC)


def filmed(cadence_spm: np.ndarray, begin_s: float, seconds: float) -> list[Step]:
    """Mid-stances that a film beginning at a second of the run would show."""
    phase = np.concatenate([[0.0], np.cumsum(cadence_spm / 60)])
    first, last = np.interp([begin_s, begin_s + seconds], np.arange(len(phase)), phase)
    times = np.interp(np.arange(np.ceil(first), last), phase, np.arange(len(phase))) - begin_s
    return [Step("left" if i % 2 else "right", float(t)) for i, t in enumerate(times)]


def estimate(value: float, metric: str = "cadence", unit: str = "spm", half: float = 0.5) -> Estimate:
    return Estimate(metric, "both", value, unit, value - half, value + half, 20, "good", "test")


def recorded(cadence: np.ndarray):
    run = watch.Run(START, len(cadence), 3.0, cadence, 8.0, 250)
    return read_watch_file(watch.fit_file(run), "run").activities[0]


def test_the_offset_is_found_where_cadence_changes():
    cadence = 168 + 12 * np.sin(np.arange(900) / 25) + 4 * np.sin(np.arange(900) / 7)
    steps = filmed(cadence, 400, 40)
    said = compare(
        steps, [estimate(float(cadence[400:440].mean()))], recorded(cadence), START + timedelta(seconds=400 - 37)
    )
    assert said is not None
    assert said.offset_s == pytest.approx(37, abs=2)
    assert said.offset_low_s <= 37 <= said.offset_high_s
    assert said.offset_high_s - said.offset_low_s < 15
    (one,) = said.measures
    assert one.agree
    assert one.watch == pytest.approx(cadence[400:440].mean(), abs=1.5)


def test_a_steady_run_tells_no_offset_and_says_so():
    cadence = np.full(900, 170.0)
    said = compare(filmed(cadence, 400, 12), [estimate(170)], recorded(cadence), START + timedelta(seconds=400))
    assert said is not None
    assert said.offset_high_s - said.offset_low_s > 200
    assert said.measures[0].agree


def test_disagreement_is_shown():
    cadence = np.full(600, 170.0)
    seen = [
        estimate(170),
        estimate(310, "contact_time", "ms", 15),
        estimate(8.2, "vertical_oscillation", "cm", 0.4),
    ]
    said = compare(filmed(cadence, 300, 12), seen, recorded(cadence), None)
    assert said is not None
    assert said.offset_s is None
    assert {m.metric: m.agree for m in said.measures} == {
        "cadence": True,
        "contact_time": False,
        "vertical_oscillation": True,
    }


def test_a_film_of_another_day_is_not_compared():
    cadence = np.full(600, 170.0)
    assert compare(filmed(cadence, 300, 12), [estimate(170)], recorded(cadence), START + timedelta(days=1)) is None
