"""Numbers say what their interval supports, no more."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runfree.core.estimate import Estimate
from runfree.core.wording import decimals, number, places
from runfree.report.words import range_text, value_text


def estimate(value: float, low: float, high: float, unit: str = "cm") -> Estimate:
    return Estimate("vertical_oscillation", "both", value, unit, low, high, 20, "good", "m")


@pytest.mark.parametrize(
    ("value", "low", "high", "unit", "text", "interval"),
    [
        (7.84, 7.43, 8.21, "cm", "7.8 cm", "7.4–8.2"),
        (168.71, 168.12, 169.33, "spm", "168.7 steps/min", "168.1–169.3"),
        (-0.3, -3.4, 2.2, "deg", "0°", "−3 to 2"),
        (243.2, 221.0, 266.0, "ms", "243 ms", "221–266"),
        (0.0451, 0.0431, 0.0472, "body heights", "0.045 body heights", "0.043–0.047"),
        (5.0, 5.0, 5.0, "cm", "5.000 cm", "5.000–5.000"),
    ],
)
def test_texts(value: float, low: float, high: float, unit: str, text: str, interval: str) -> None:
    made = estimate(value, low, high, unit)
    assert (value_text(made), range_text(made.low, made.high, places(made))) == (text, interval)


@given(st.floats(1e-6, 1e4))
def test_the_rounding_error_is_at_most_half_the_interval(half: float) -> None:
    assert 0.5 * 10 ** -decimals(half) <= max(half, 0.5)
    assert 0 <= decimals(half) <= 3


@given(st.floats(-1e5, 1e5), st.integers(0, 3))
def test_no_minus_zero_and_a_true_minus(value: float, digits: int) -> None:
    text = number(value, digits)
    assert "-" not in text
    assert abs(float(text.replace("−", "-")) - value) <= 0.5 * 10**-digits + 1e-6
    assert not (text.startswith("−") and float(text[1:]) == 0)
