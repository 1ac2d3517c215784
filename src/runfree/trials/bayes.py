"""A small exact Bayesian model of a diary: level, trend, effect with carry-over, and noise that remembers the day before.

    y_t = a + b t + effect · x_t + e_t,   e_t = rho e_(t-1) + white noise,   x_t = keep · x_(t-1) + (1 - keep) · with_t

``x`` follows the change slowly where something of it is kept from day to day (carry-over). On a grid of rho, keep and
sigma everything else is Gaussian and solved exactly; the grid is summed up by the weight of its evidence. No sampling,
no seed.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.special import logsumexp, ndtr

Array = NDArray[np.float64]

RHO: Final = np.linspace(-0.2, 0.95, 24)
RHO_PRIOR: Final = (1 + RHO) ** 5 * (1 - RHO) ** 2
"""Proportional to a beta density over -1 to 1 with mean 0.33 and most of its weight from -0.2 to 0.8."""
KEEP: Final = np.array([0.0, 0.3, 0.5, 0.7, 0.85])
SIGMA_STEPS: Final = 24
EFFECT_SD: Final = 2.0
"""Of the prior of the effect, in smallest changes that matter: most changes do little, few do a lot."""


@dataclass(frozen=True, slots=True)
class Belief:
    """What the model believes about the effect.

    Attributes
    ----------
    helped, same, worse : float
        Probability of better by at least the smallest change that matters, of less than it either way, of worse by at
        least it; they sum to one.
    better : float
        Probability of any change for the better.
    mean : float
        Expected effect, with minus without.
    """

    helped: float
    same: float
    worse: float
    better: float
    mean: float


def believe(values: Array, on: NDArray[np.bool_], *, important: float, lower_is_better: bool) -> Belief | None:
    """Return what a diary says about the effect; None with fewer than four values in either state.

    Parameters
    ----------
    values : array (T,)
        One for each day (or block) in order, NaN where it is missing.
    on : array (T,) of bool
        Whether the change was on.
    important : float
        The smallest change that matters, above zero.
    lower_is_better : bool
        Of the outcome.
    """
    known = np.flatnonzero(np.isfinite(values))
    if min(on[known].sum(), (~on[known]).sum()) < 4:
        return None
    weight, mean, sd = _posterior(values, on.astype(np.float64), known, EFFECT_SD * important)
    sign = -1.0 if lower_is_better else 1.0
    better = sign * mean

    def above(limit: float) -> float:
        return float(weight @ ndtr((better - limit) / sd))

    helped, worse = above(important), 1 - above(-important)
    return Belief(helped, 1 - helped - worse, worse, above(0.0), float(weight @ mean))


def _posterior(values: Array, on: Array, known: NDArray[np.intp], effect_sd: float) -> tuple[Array, Array, Array]:
    """Weights, means and deviations of the effect over the grid."""
    y = values[known]
    spread = max(float(y.std()), 1e-6 * (1 + abs(float(y.mean()))), 0.05 * effect_sd)
    sigmas = spread * np.geomspace(0.3, 3.0, SIGMA_STEPS)
    log_weight, means, deviations = list[Array](), list[Array](), list[Array]()
    time = (known - known.mean()) / max(1.0, float(len(values)))
    for keep in KEEP:
        x = _carried(on, float(keep))[known]
        design = np.column_stack([np.ones(len(y)), time, x, y])
        for rho, prior in zip(RHO, RHO_PRIOR, strict=True):
            evidence, mean, deviation = _given(design, known, float(rho), sigmas, effect_sd, spread)
            log_weight.append(evidence + math.log(prior))
            means.append(mean)
            deviations.append(deviation)
    together = np.concatenate(log_weight)
    return np.exp(together - logsumexp(together)), np.concatenate(means), np.concatenate(deviations)


def _carried(on: Array, keep: float) -> Array:
    out = np.empty_like(on)
    last = 0.0
    for i, now in enumerate(on):
        last = keep * last + (1 - keep) * now
        out[i] = last
    return out


def _given(
    design: Array, known: NDArray[np.intp], rho: float, sigmas: Array, effect_sd: float, spread: float
) -> tuple[Array, Array, Array]:
    """Evidence (log), mean and deviation of the effect for each sigma, given rho and what is carried over."""
    gap = np.diff(known)
    link = np.sign(rho) ** gap * np.abs(rho) ** gap
    white = design.copy()
    scale = np.sqrt(1 - link**2)
    white[1:] = (design[1:] - link[:, None] * design[:-1]) / scale[:, None]
    gram = white.T @ white
    half_log_det = float(np.log(scale).sum())
    prior = np.array([1 / (10 * spread) ** 2, 1 / (4 * spread) ** 2, 1 / effect_sd**2])
    n = len(design)
    precision = gram[:3, :3] / sigmas[:, None, None] ** 2 + np.diag(prior)
    covariance = np.linalg.inv(precision)
    pull = gram[:3, 3] / sigmas[:, None] ** 2
    # The level's prior sits around the mean of the values, so that it says nothing about where they lie.
    pull[:, 0] += prior[0] * float(design[:, 3].mean())
    centre = np.einsum("sij,sj->si", covariance, pull)
    quadratic = gram[3, 3] / sigmas**2 + prior[0] * float(design[:, 3].mean()) ** 2
    fit = np.einsum("si,si->s", pull, centre)
    log_det = np.linalg.slogdet(precision)[1]
    evidence = -n * np.log(sigmas) - half_log_det - 0.5 * log_det - 0.5 * (quadratic - fit)
    return evidence, centre[:, 2], np.sqrt(covariance[:, 2, 2])
