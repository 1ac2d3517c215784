"""Where runners usually lie: the table as published, between its rows, and nowhere else."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runfree.core.metrics import METRICS
from runfree.knowledge import usual_range

# km/h: cadence, bounce, bounce per step length, contact, flight (reference table of the evidence review)
TABLE = {
    8: (167, 6.3, 7.8, 300, 60),
    10: (164, 7.6, 7.5, 270, 95),
    12: (169, 7.7, 6.5, 245, 110),
    15: (175, 7.8, 5.5, 216, 127),
}
COLUMNS = (
    ("cadence", 10),
    ("vertical_oscillation", 1.2),
    ("vertical_ratio", 1.2),
    ("contact_time", 25),
    ("flight_time", 22),
)


@pytest.mark.parametrize("kmh", TABLE)
def test_the_rows_of_the_table(kmh: int) -> None:
    for (metric, sd), mean in zip(COLUMNS, TABLE[kmh], strict=True):
        usual = usual_range(metric, speed_mps=kmh / 3.6)
        assert usual is not None
        assert (usual.low, usual.high) == pytest.approx((mean - sd, mean + sd))
        assert usual.basis == "runners at this speed"


def test_between_rows_the_mean_is_interpolated() -> None:
    usual = usual_range("vertical_oscillation", speed_mps=8.5 / 3.6)
    assert usual is not None
    assert usual.high == pytest.approx((6.3 + 7.1) / 2 + 1.2)


def test_without_speed_the_envelope() -> None:
    usual = usual_range("vertical_oscillation")
    assert usual is not None
    assert (usual.low, usual.high) == pytest.approx((6.3 - 1.2, 7.8 + 1.2))
    assert usual.basis == "runners from 8 to 15 km/h"


@pytest.mark.parametrize("kmh", [7.9, 15.1, 2.0])
def test_outside_the_table_there_is_no_value(kmh: float) -> None:
    assert usual_range("vertical_oscillation", speed_mps=kmh / 3.6) is None


def test_limits_set_by_judgement_say_so() -> None:
    usual = usual_range("foot_progression", speed_mps=3)
    assert usual is not None
    assert (usual.low, usual.high) == (-5, 10)
    assert "judgement" in usual.basis


def test_walkers_turn_out_more_and_have_no_running_values() -> None:
    walking = usual_range("foot_progression", gait="walking")
    assert walking is not None
    assert walking.high == 13
    assert usual_range("cadence", gait="walking") is None
    assert usual_range("pelvic_drop", gait="walking") is None


def test_nobody_has_no_usual() -> None:
    assert usual_range("foot_progression", gait="nobody") is None


@given(st.sampled_from(sorted(METRICS)), st.floats(8 / 3.6, 15 / 3.6))
def test_a_known_speed_narrows_the_envelope(metric: str, speed_mps: float) -> None:
    at_speed, envelope = usual_range(metric, speed_mps=speed_mps), usual_range(metric)
    if envelope is None:
        assert at_speed is None
        return
    assert at_speed is not None
    assert envelope.low - 1e-9 <= at_speed.low < at_speed.high <= envelope.high + 1e-9
