"""Periodic motion: its frequency, its phase, and the mean cycle with every sample at its own phase."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from runfree.signal.robust import TooFewSamplesError, least_squares

Array = NDArray[np.float64]


def harmonics(phase: Array, count: int) -> Array:
    """Design matrix ``[1, cos 2πφ, sin 2πφ, …, cos 2πKφ, sin 2πKφ]``, shape (N, 2K + 1); phase in cycles."""
    angle = 2 * np.pi * np.outer(phase, np.arange(1, count + 1))
    out = np.empty((len(phase), 2 * count + 1))
    out[:, 0] = 1.0
    out[:, 1::2], out[:, 2::2] = np.cos(angle), np.sin(angle)
    return out


def explained(time_s: Array, x: Array, frequencies_hz: Array) -> Array:
    """Share of the variance of ``x`` (a line in time removed) that one sinusoid explains, per frequency.

    Parameters
    ----------
    time_s, x : array (T,)
        ``x`` may hold NaN.
    frequencies_hz : array (F,)

    Returns
    -------
    array (F,)
        0 to 1; zeros where fewer than eight samples are finite or ``x`` does not move.
    """
    good = np.isfinite(x)
    t, y = time_s[good], x[good]
    if t.size < 8:
        return np.zeros(len(frequencies_hz))
    line = np.stack([np.ones_like(t), t - t.mean()], axis=1)
    y = y - line @ np.linalg.lstsq(line, y, rcond=None)[0]
    total = float(y @ y)
    if total <= 1e-12:
        return np.zeros(len(frequencies_hz))
    out = np.empty(len(frequencies_hz))
    for i, f in enumerate(frequencies_hz):
        angle = 2 * np.pi * f * t
        a = np.column_stack([line, np.cos(angle), np.sin(angle)])
        rest = y - a @ np.linalg.lstsq(a, y, rcond=None)[0]
        out[i] = 1.0 - float(rest @ rest) / total
    return np.clip(out, 0.0, 1.0)


def local_phase(time_s: Array, x: Array, frequency_hz: float) -> Array:
    """Phase of the fundamental of ``x`` in cycles, following slow drift of the frequency.

    At every sample a constant and two harmonics are fitted with Gaussian weights of SD 0.45 cycle; the phase is
    ``f t`` plus the unwrapped angle of the first.

    Parameters
    ----------
    time_s, x : array (T,)
        ``x`` may hold NaN; the phase is given at every time all the same.
    frequency_hz : float
        Of the fundamental, over the whole signal.

    Returns
    -------
    array (T,)
        Increasing by about ``frequency_hz`` a second; integer where the fundamental peaks.

    Raises
    ------
    TooFewSamplesError
        If no instant has eight samples around it.
    """
    good = np.isfinite(x)
    t, y = time_s[good], x[good]
    design = harmonics(frequency_hz * t, 2)
    sd = 0.45 / frequency_hz
    turn = np.full(len(time_s), np.nan)
    for i in range(len(time_s)):
        away: Array = (t - time_s[i]) / sd
        near = np.abs(away) < 3
        if near.sum() < 8:
            continue
        weight = np.exp(-0.5 * away[near] ** 2)
        c = least_squares(design[near], y[near, None], weight, np.full(5, 1e-9), passes=1)[:, 0]
        turn[i] = np.arctan2(-c[2], c[1])
    seen = np.isfinite(turn)
    if not seen.any():
        raise TooFewSamplesError("a phase needs eight samples within a stride and a half")
    turn[seen] = np.unwrap(turn[seen])
    turn = np.interp(time_s, time_s[seen], turn[seen])
    return frequency_hz * time_s + turn / (2 * np.pi)


@dataclass(frozen=True, slots=True)
class Cycle:
    """The mean cycle of M signals as a Fourier series.

    Attributes
    ----------
    coefficients : array (2K + 1, M)
        For the columns of :func:`harmonics`.
    """

    coefficients: Array

    @property
    def order(self) -> int:
        """Number of harmonics K."""
        return (len(self.coefficients) - 1) // 2

    def at(self, phase: Array) -> Array:
        """Values at phases (cycles), shape (N, M)."""
        return harmonics(np.asarray(phase, dtype=np.float64), self.order) @ self.coefficients

    def slope_at(self, phase: Array) -> Array:
        """Derivatives by phase (per cycle), shape (N, M)."""
        k = 2 * np.pi * np.arange(1, self.order + 1)
        derivative = np.zeros_like(self.coefficients)
        derivative[1::2] = k[:, None] * self.coefficients[2::2]
        derivative[2::2] = -k[:, None] * self.coefficients[1::2]
        return harmonics(np.asarray(phase, dtype=np.float64), self.order) @ derivative


def fold(phase: Array, x: Array, weight: Array, order: int) -> Cycle:
    """Fit the mean cycle by robust least squares (harmonics up to ``order``).

    Parameters
    ----------
    phase : array (T,)
        In cycles.
    x : array (T, M)
        May hold NaN: such rows do not count.
    weight : array (T,)
        Belief in each row, 0 to 1.
    order : int
        Number of harmonics; lowered when there are too few rows to carry them.

    Raises
    ------
    TooFewSamplesError
        If fewer than eight rows remain.
    """
    rows = np.isfinite(x).all(axis=1) & (weight > 0)
    count = int(rows.sum())
    if count < 8:
        raise TooFewSamplesError("a mean cycle needs at least eight samples")
    order = max(1, min(order, (count - 2) // 4))
    k = np.repeat(np.arange(1, order + 1), 2)
    ridge = np.concatenate([[0.0], 1e-3 * (k / 8.0) ** 4])
    clean = np.where(rows[:, None], x, 0.0)
    return Cycle(least_squares(harmonics(phase, order), clean, np.where(rows, weight, 0.0), ridge))


def refined_phase(time_s: Array, phase: Array, x: Array, order: int = 4, passes: int = 2) -> tuple[Array, float]:
    """Improve a phase by laying every stretch of the signals on their common mean cycle.

    Parameters
    ----------
    time_s, phase : array (T,)
        Phase in cycles, rising.
    x : array (T, M)
        Signals of comparable noise; NaN rows do not count.
    order, passes : int
        Harmonics of the mean cycle, and rounds.

    Returns
    -------
    phase : array (T,)
        With the local correction (Gaussian weights, SD a third of a cycle) added.
    sd : float
        Noise of the corrected phase at one instant, in cycles.
    """
    sd_s = float((time_s[-1] - time_s[0]) / (phase[-1] - phase[0])) / 3
    noise = 0.0
    for _ in range(passes):
        cycle = fold(phase, x, np.ones(len(phase)), order)
        good: NDArray[np.bool_] = np.isfinite(x).min(axis=1)
        steep = cycle.slope_at(phase)
        rest = np.where(good[:, None], x - cycle.at(phase), 0.0)
        limit = 3 * np.median(np.abs(rest[good]), axis=0) * 1.4826 + 1e-12
        rest = np.clip(rest, -limit, limit)
        up, down = (rest * steep).sum(axis=1) * good, (steep**2).sum(axis=1) * good
        variance = ((rest**2).mean(axis=0) * steep**2).sum(axis=1) * good
        sums = _gaussian_sums(time_s, sd_s, np.column_stack([up, down]))
        power = sums[:, 1] + 1e-12
        phase = phase + sums[:, 0] / power
        squared = _gaussian_sums(time_s, sd_s / np.sqrt(2), variance[:, None])[:, 0]
        noise = float(np.median(np.sqrt(squared) / power))
    return np.maximum.accumulate(phase), noise


def _gaussian_sums(time_s: Array, sd_s: float, x: Array, block: int = 512) -> Array:
    """Sums of the columns of ``x`` around every sample, with Gaussian weights cut off at 5 SD, (T, M)."""
    out = np.empty_like(x)
    for i in range(0, len(time_s), block):
        here = time_s[i : i + block]
        first, last = np.searchsorted(time_s, (here[0] - 5 * sd_s, here[-1] + 5 * sd_s))
        out[i : i + block] = np.exp(-0.5 * ((here[:, None] - time_s[first:last]) / sd_s) ** 2) @ x[first:last]
    return out
