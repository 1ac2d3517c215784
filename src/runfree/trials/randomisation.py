"""The randomisation test for pairs of blocks, its interval, and the rule that lets everybody look early.

The order within each pair was drawn by lot, so under "no effect" each pair's difference (with minus without) had an even
chance of either sign, whatever the autocorrelation, the trend or the days that are missing [1]_. The test counts all
2^K orders that could have been drawn. Its inversion needs no search: an effect ``t`` is refused at one side exactly if
few of the means over non-empty subsets of the pairs lie beyond it [2]_.

.. [1] Edgington & Onghena, Randomization Tests, 4th ed. 2007, chapters 1 and 11.
.. [2] Hartigan 1969, J Am Stat Assoc 64:1303, 10.1080/01621459.1969.10501057 (typical values).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri

LEAST_PAIRS: Final = 6
"""Five pairs have 32 orders: the smallest p there is 2/32, above 0.05."""
MOST_PAIRS: Final = 16
EVEN_MPS: Final = 0.2
"""Blocks of a pair that differ by less than this (root mean square) are at one speed: taking it out would cost more than it gives."""
LEAST_SHARE: Final = 0.1
"""Of the effect, what must be left when speed is taken out; else speed follows the order itself."""
AT_ONCE: Final = 2_000_000
"""Typical values held in memory at once where many trials are judged."""

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class LotTest:
    """What the randomisation test says about differences with minus without.

    Attributes
    ----------
    pairs : int
        How many could be used.
    estimate : float
        Mean difference.
    low, high : float
        Interval of ``level``.
    p : float
        Two-sided: the share of orders with a mean difference at least as far from zero.
    limit : float
        At this look, p at most this counts; 0 where this look cannot decide.
    level : float
        Of the interval, 0.95 at the planned end; more at an earlier look.
    """

    pairs: int
    estimate: float
    low: float
    high: float
    p: float
    limit: float
    level: float

    @property
    def decides(self) -> bool:
        """Whether the difference is more than the lot alone would give."""
        return self.p <= self.limit


def smallest_p(pairs: int) -> float:
    """Return the smallest two-sided p that a number of pairs can reach: 2 of all 2^K orders."""
    return min(1.0, 2.0 ** (1 - pairs))


@lru_cache(maxsize=16)
def _subsets(pairs: int) -> Array:
    """Every non-empty subset of the pairs (2^K - 1, K), as zeros and ones."""
    numbers = np.arange(1, 1 << pairs).reshape(-1, 1)
    return (np.right_shift(numbers, np.arange(pairs)) % 2).astype(np.float64)


def typical_values(differences: Array) -> Array:
    """Return the sorted means over every non-empty subset: (..., K) to (..., 2^K - 1).

    Raises
    ------
    ValueError
        If there are more than 16 pairs.
    """
    pairs = differences.shape[-1]
    if pairs > MOST_PAIRS:
        raise ValueError(f"{pairs} pairs are more than {MOST_PAIRS}")
    return np.sort(_subset_means(differences), axis=-1)


def _subset_means(differences: Array) -> Array:
    subsets = _subsets(differences.shape[-1])
    return differences @ (subsets / subsets.sum(axis=1, keepdims=True)).T


def judge_many(differences: Array, level: float = 0.95) -> tuple[Array, Array, Array]:
    """Return p, low and high of many trials (N, K) at once, a part of them at a time so that memory stays small."""
    orders = 2 ** differences.shape[1]
    step = _step(orders, level)
    ends = [int(step) - 1, int(step), orders - 1 - int(step), orders - 2 - int(step)]
    parts: list[tuple[Array, Array, Array]] = []
    for rows in np.array_split(differences, max(1, math.ceil(len(differences) * orders / AT_ONCE))):
        means = _subset_means(rows)
        p = p_value(means)
        means.partition([e for e in ends if 0 <= e < orders - 1], axis=-1)
        parts.append((p, *interval(means, level)))
    p, low, high = zip(*parts, strict=True)
    return np.concatenate(p), np.concatenate(low), np.concatenate(high)


def _step(orders: int, level: float) -> float:
    return max(1.0, orders * (1 - level) / 2)


def interval(typical: Array, level: float = 0.95) -> tuple[Array, Array]:
    """Return the interval for a constant effect, from sorted typical values (..., 2^K - 1).

    Between the j-th typical value from below and from above lies the effect in 1 - 2j/2^K of all trials. Few pairs do
    not offer 95 % exactly, so the ends are interpolated between the neighbouring steps, as Hettmansperger and Sheather
    do for the sign test (1986, Stat Probab Lett 4:75).
    """
    step = _step(typical.shape[-1] + 1, level)
    below, part = int(step) - 1, step - int(step)
    low = typical[..., below] + part * (typical[..., below + 1] - typical[..., below])
    high = typical[..., -1 - below] - part * (typical[..., -1 - below] - typical[..., -2 - below])
    return low, high


def p_value(typical: Array, effect: float = 0.0) -> Array:
    """Return the two-sided p of an effect from typical values (..., 2^K - 1): twice the smaller share of orders as far."""
    near = 1e-9 * (1 + np.abs(typical).max(axis=-1, keepdims=True))
    above = 1 + (typical <= effect + near).sum(axis=-1)
    below = 1 + (typical >= effect - near).sum(axis=-1)
    return np.minimum(1.0, 2 * np.minimum(above, below) / (typical.shape[-1] + 1))


def at_equal_speed(left: Array, differences: Array, speed: Array, level: float) -> tuple[float, float, float]:
    """Return the estimate, low and high at equal speed, from what is ``left`` of differences (K,) when speed is taken out.

    The slope on speed goes through the origin, so what is left has the same size for every order that could have been
    drawn, and the test on it stays exact. The estimate is that of least squares with an effect and a slope. An effect
    enters a subset with a share that speed lowers; where a share is not above zero the subset says nothing about an end of
    the interval, and if an end cannot be found for that, it is the one without speed. The ends are not interpolated.
    """
    share, subsets = 1 - speed * speed.sum() / float(speed @ speed), _subsets(len(speed))
    sums, shares = subsets @ left, subsets @ share
    offered = 1 - 2 * int(_step(len(sums) + 1, level)) / (len(sums) + 1)
    low, high = interval(typical_values(differences), offered)
    if shares[-1] <= LEAST_SHARE * len(speed):
        return float(differences.mean()), float(low), float(high)
    known = shares > 1e-9
    at = sums / np.where(known, shares, 1.0)
    with np.errstate(invalid="ignore"):
        lower = interval(np.sort(np.where(known, at, -np.inf)), offered)[0]
        upper = interval(np.sort(np.where(known, at, np.inf)), offered)[1]
    estimate = float(at[-1])
    low = lower if np.isfinite(lower) else min(low, estimate)
    high = upper if np.isfinite(upper) else max(high, estimate)
    return estimate, float(low), float(high)


@lru_cache(maxsize=1024)
def spent(share: float, alpha: float) -> float:
    """Return how much of the error may be used up when a share of the pairs is done.

    The O'Brien-Fleming shape of Lan and DeMets (1983, Biometrika 70:659): next to nothing early, all of it at the end.
    """
    if share >= 1:
        return alpha
    return 0.0 if share <= 0 else float(2 * ndtr(ndtri(alpha / 2) / math.sqrt(share)))


def limits_of(differences: Array, planned: int, alpha: float = 0.05, *, final: bool) -> list[float]:
    """Return the p that counts at the look after each pair, so that all looks together keep the error ``alpha``.

    Every order is equally likely if there is no effect. Look by look, the orders farthest from zero are refused for as long
    as those refused at this or an earlier look are at most the share that :func:`spent` allows. This is exact for
    the pairs at hand, whatever their differences; looking more often than after each pair changes nothing.

    Parameters
    ----------
    differences : array (K,)
        Of the pairs done so far, in their order.
    planned : int
        Pairs of the plan.
    final : bool
        Whether the plan is over; then the last look may use all of ``alpha``, also where pairs are missing.
    """
    refused, sums, out = np.zeros(1, dtype=bool), np.zeros(1), list[float]()
    for done, one in enumerate(np.abs(differences), 1):
        refused, sums = np.tile(refused, 2), np.concatenate([sums - one, sums + one])
        share = 1.0 if final and done == len(differences) else done / planned
        allowed = math.floor(spent(share, alpha) * len(sums) + 1e-9)
        counted = 0
        if allowed >= 2:
            order = np.argsort(-np.abs(sums), kind="stable")
            far = np.abs(sums)[order]
            # Orders that are equally far stand or fall together.
            ends = np.append(far[:-1] > far[1:] + 1e-9, True)
            fits = np.flatnonzero(ends & (refused.sum() + np.cumsum(~refused[order]) <= allowed))
            counted = int(fits[-1]) + 1 if fits.size else 0
            refused[order[:counted]] = True
        out.append(counted / len(sums))
    return out


def judge(
    differences: Array, *, planned: int, alpha: float = 0.05, final: bool, speed: Array | None = None
) -> LotTest | None:
    """Test the differences of the pairs done so far; None before there are two.

    Parameters
    ----------
    differences : array (K,)
        With minus without, of the pairs that can be used, in their order.
    planned : int
        Pairs of the plan.
    final : bool
        Whether the plan is over.
    speed : array (K,), optional
        The same differences in speed (m/s), to compare at equal speed.
    """
    pairs = len(differences)
    if pairs < 2:
        return None
    if speed is not None and float(speed @ speed) <= EVEN_MPS**2 * pairs:
        speed = None
    left = differences if speed is None else differences - speed * (speed @ differences) / (speed @ speed)
    limit = limits_of(left, planned, alpha, final=final)[-1]
    level = min(1 - alpha if final else 1 - limit, 1 - smallest_p(pairs))
    if speed is None:
        estimate = float(differences.mean())
        low, high = interval(typical_values(differences), level)
    else:
        estimate, low, high = at_equal_speed(left, differences, speed, level)
    p = float(p_value(typical_values(left)))
    return LotTest(pairs, round(estimate, 12) + 0.0, float(low), float(high), p, limit, level)
