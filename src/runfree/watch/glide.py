"""What follows from bounce, cadence and contact time; formulas of Morin et al. 2005."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from runfree.core.run import Stretch

SHORTEST_FLIGHT_MS = 30.0
PEAK_FORCE_ERROR = 0.10


@dataclass(frozen=True, slots=True)
class Glide:
    """Glide of one steady stretch; None where the watch did not measure what it takes.

    Attributes
    ----------
    flight_ms : float or None
        From toe-off of one foot to touch-down of the other.
    duty_factor_pct : float or None
        Share of a stride that one foot spends on the ground.
    peak_force_bw, peak_force_low_bw, peak_force_high_bw : float or None
        Estimated peak force in body weights, ± 10 %.
    vertical_ratio_pct : float or None
        Bounce over step length, from the watch or from bounce, speed and cadence.
    """

    flight_ms: float | None
    duty_factor_pct: float | None
    peak_force_bw: float | None
    peak_force_low_bw: float | None
    peak_force_high_bw: float | None
    vertical_ratio_pct: float | None


def glide_of(stretch: Stretch) -> Glide:
    """Derive flight, duty factor and peak force from cadence and contact time.

    Morin 2005 (J Appl Biomech 21:167, 10.1123/jab.21.2.167): ``Fmax / mg = π/2 (tf/tc + 1)``, for a sine-shaped force. Not
    for flights under 30 ms; slopes and walking never come into a stretch.
    """
    flight = duty = force = None
    if stretch.cadence_spm and stretch.contact_time_ms:
        step_ms = 60_000 / stretch.cadence_spm
        flight = step_ms - stretch.contact_time_ms
        duty = 50 * stretch.contact_time_ms / step_ms
        if flight >= SHORTEST_FLIGHT_MS:
            force = math.pi / 2 * (flight / stretch.contact_time_ms + 1)
    low, high = (None, None) if force is None else (force * (1 - PEAK_FORCE_ERROR), force * (1 + PEAK_FORCE_ERROR))
    return Glide(flight, duty, force, low, high, _ratio(stretch))


@dataclass(frozen=True, slots=True)
class Mean:
    """Mean of a measure over steady stretches, weighted by their time, and of the speed in them."""

    value: float
    speed_mps: float


def means(stretches: Sequence[Stretch]) -> dict[str, Mean]:
    """Return the mean of each measure that the sensor gives or that follows from it, by its id in :data:`runfree.core.metrics.METRICS`.

    Parameters
    ----------
    stretches : sequence of Stretch
        Of one sensor.
    """
    derived = [(s, glide_of(s)) for s in stretches]
    values: dict[str, list[tuple[Stretch, float | None]]] = {
        "vertical_oscillation": [(s, s.vertical_oscillation_cm) for s in stretches],
        "vertical_ratio": [(s, g.vertical_ratio_pct) for s, g in derived],
        "cadence": [(s, s.cadence_spm) for s in stretches],
        "contact_time": [(s, s.contact_time_ms) for s in stretches],
        "flight_time": [(s, g.flight_ms) for s, g in derived],
        "peak_force": [(s, g.peak_force_bw) for s, g in derived],
    }
    return {name: found for name, said in values.items() if (found := _mean(said)) is not None}


def _mean(said: Sequence[tuple[Stretch, float | None]]) -> Mean | None:
    known = [(s, value) for s, value in said if value is not None]
    seconds = sum(s.seconds for s, _ in known)
    if not seconds:
        return None
    value = sum(s.seconds * v for s, v in known) / seconds
    return Mean(value, sum(s.seconds * s.speed_mps for s, _ in known) / seconds)


def _ratio(stretch: Stretch) -> float | None:
    if stretch.vertical_ratio_pct is not None:
        return stretch.vertical_ratio_pct
    if stretch.vertical_oscillation_cm is None or not stretch.cadence_spm:
        return None
    step_cm = 100 * 60 * stretch.speed_mps / stretch.cadence_spm
    return 100 * stretch.vertical_oscillation_cm / step_cm
