"""Diaries that might be: what a runner's own baseline says about the days to come, drawn many times."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from runfree.trials.bayes import RHO, RHO_PRIOR

Array = NDArray[np.float64]
USUAL_DAYS: Final = 4.0
"""How many days of a runner's own the usual spread counts for."""


@dataclass(frozen=True, slots=True)
class Noise:
    """How the days differ by themselves: draws (N,) of the standard deviation and the lag-1 autocorrelation."""

    sd: Array
    rho: Array


def noise_of(baseline: Array, usual_sd: float, n: int, seed: int) -> Noise:
    """Return draws of what a baseline says, so that few days say little.

    The spread has a scaled inverse chi-squared prior around ``usual_sd`` (worth four days), the autocorrelation the prior of
    the model of the analysis; level and slope are flat. Exact on a grid of rho.

    Parameters
    ----------
    baseline : array (T,)
        Daily values before the start, NaN where missing; may be empty.
    usual_sd : float
        What is usual for this outcome, above zero.
    n : int
        How many draws.
    seed : int
        Of the draws.
    """
    rng = np.random.default_rng(seed)
    known = np.flatnonzero(np.isfinite(baseline))
    if len(known) < 4:
        degrees, squares = np.full(len(RHO), USUAL_DAYS), np.full(len(RHO), USUAL_DAYS * usual_sd**2)
        log_weight = np.log(RHO_PRIOR)
    else:
        fits = [_fit(baseline[known], known, float(rho)) for rho in RHO]
        degrees = np.full(len(RHO), USUAL_DAYS + len(known) - 2)
        squares = USUAL_DAYS * usual_sd**2 + np.array([rest for rest, _ in fits])
        log_weight = np.log(RHO_PRIOR) + np.array([det for _, det in fits]) - degrees / 2 * np.log(squares)
    weight = np.exp(log_weight - log_weight.max())
    chosen = rng.choice(len(RHO), size=n, p=weight / weight.sum())
    sd = np.sqrt(squares[chosen] / rng.chisquare(degrees[chosen]))
    step = RHO[1] - RHO[0]
    return Noise(sd, np.clip(RHO[chosen] + rng.uniform(-step / 2, step / 2, n), -0.25, 0.97))


def _fit(y: Array, known: NDArray[np.intp], rho: float) -> tuple[float, float]:
    """Whitened residual squares around level and slope, and the log of the determinants that belong to the evidence."""
    design = np.column_stack([np.ones(len(y)), known - known.mean(), y]).astype(np.float64)
    gap = np.diff(known)
    link = np.sign(rho) ** gap * np.abs(rho) ** gap
    scale = np.sqrt(1 - link**2)
    white = design.copy()
    white[1:] = (design[1:] - link[:, None] * design[:-1]) / scale[:, None]
    gram = white.T @ white
    rest = gram[2, 2] - gram[:2, 2] @ np.linalg.solve(gram[:2, :2], gram[:2, 2])
    return float(max(rest, 0.0)), float(-np.log(scale).sum() - 0.5 * np.linalg.slogdet(gram[:2, :2])[1])


def draw(noise: Noise, days: int, rng: np.random.Generator) -> Array:
    """Draw one stretch of noise (N, days) for each of the draws of a :class:`Noise`."""
    shocks = rng.standard_normal((len(noise.sd), days))
    out = np.empty_like(shocks)
    out[:, 0] = shocks[:, 0]
    fresh = np.sqrt(1 - noise.rho**2)
    for day in range(1, days):
        out[:, day] = noise.rho * out[:, day - 1] + fresh * shocks[:, day]
    return out * noise.sd[:, None]
