"""Before the start: whether a plan would see the change that matters, and which plan would."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from runfree.core.errors import InputError
from runfree.trials.blocks import block_means, pair_differences
from runfree.trials.diary import draw, noise_of
from runfree.trials.randomisation import LEAST_PAIRS, MOST_PAIRS, judge_many, limits_of, smallest_p

Array = NDArray[np.float64]
DRAWS: Final = 1000
WORTH_IT: Final = 0.6
"""Below this chance of seeing the change that matters, a plan is called too small."""
USUAL_MISSING: Final = 0.15


@dataclass(frozen=True, slots=True)
class Option:
    """One plan: its pairs, the length of its blocks, how long it takes, and its chance to see the change that matters.

    A short baseline says little about how restless the days are: ``low`` and ``high`` are the chances in the more
    restless and in the calmer third of what it allows.
    """

    pairs: int
    block: int
    length: int
    chance: float
    low: float
    high: float


def draw_order(pairs: int, seed: int) -> tuple[bool, ...]:
    """Draw by lot which block of each pair comes first with the change; every order is equally likely.

    Raises
    ------
    InputError
        If that number of pairs could never decide, or is more than can be counted.
    """
    check_pairs(pairs)
    return tuple(bool(x) for x in np.random.default_rng(seed).integers(0, 2, pairs))


def check_pairs(pairs: int, alpha: float = 0.05) -> None:
    """Refuse a number of pairs whose smallest possible p is above the error that was agreed on, or that is too many.

    Raises
    ------
    InputError
        As said.
    """
    if smallest_p(pairs) > alpha:
        raise InputError(
            f"{pairs} pairs of blocks",
            f"even the clearest result would have p {smallest_p(pairs):.3f}, above {alpha:g}",
            f"Use at least {LEAST_PAIRS} pairs.",
        )
    if pairs > MOST_PAIRS:
        raise InputError(
            f"{pairs} pairs of blocks", f"more than {MOST_PAIRS} are not planned", "Use fewer, longer blocks."
        )


def chances(
    pairs: tuple[int, ...],
    *,
    block: int,
    skip: int,
    important: float,
    baseline: Array,
    usual_sd: float,
    rounded: bool,
    missing: float = USUAL_MISSING,
    draws: int = DRAWS,
    seed: int = 0,
) -> list[Option]:
    """Return, for each number of pairs, the chance that the verdict would find a change that matters, by simulation.

    Diaries are drawn from what the baseline says about the runner's own days (:func:`runfree.trials.diary.noise_of`), the
    change is added in full, days go missing, and the test of the analysis decides.

    Parameters
    ----------
    pairs : tuple of int
        Plans to compare.
    block, skip : int
        Length of a block and how much of its start does not count, in days (or in values of a fast trial).
    important : float
        The smallest change that matters, above zero.
    baseline : array (T,)
        Daily values before the start; may be empty.
    usual_sd : float
        What is usual for this outcome.
    rounded : bool
        Whether values are whole numbers, as those of a 0 to 10 scale.
    missing : float
        Share of days expected without a value.
    """
    for number in pairs:
        check_pairs(number)
    rng = np.random.default_rng(seed)
    noise = noise_of(baseline, usual_sd, draws, seed + 1)
    most = max(pairs)
    order = rng.integers(0, 2, (draws, most)).astype(bool)
    days = draw(noise, 2 * most * block, rng).reshape(draws, 2 * most, block)
    days += important * with_change(order)[:, :, None] + rng.uniform(-0.5, 0.5, (draws, 1, 1))
    days = np.round(days) if rounded else days
    days[rng.random(days.shape) < missing] = np.nan
    differences = pair_differences(block_means(days, skip), order)
    calm = np.argsort(noise.sd * _restless(noise.rho, block, skip), kind="stable")
    out: list[Option] = []
    for number in pairs:
        seen = found(differences[:, :number], important)[calm]
        third = draws // 3
        low, high = float(seen[-third:].mean()), float(seen[:third].mean())
        out.append(Option(number, block, 2 * number * block, float(seen.mean()), min(low, high), max(low, high)))
    return out


def _restless(rho: Array, block: int, skip: int) -> Array:
    """Standard deviation of the difference of two neighbouring block means, for noise of one, from its autocorrelation."""
    days = np.concatenate([np.arange(skip, block), np.arange(block + skip, 2 * block)])
    sign = np.where(days < block, 1.0, -1.0) / (block - skip)
    apart = np.abs(days[:, None] - days)
    correlation = np.sign(rho)[:, None, None] ** apart * np.abs(rho)[:, None, None] ** apart
    return np.sqrt(np.einsum("i,nij,j->n", sign, correlation, sign))


def with_change(order: NDArray[np.bool_]) -> Array:
    """Return for each block (..., 2 K) whether it is with the change, 1 or 0, from the order (..., K)."""
    return np.stack([order, ~order], axis=-1).reshape(*order.shape[:-1], -1).astype(np.float64)


def found(differences: Array, important: float) -> NDArray[np.bool_]:
    """Return for each trial (N, K), NaN where a pair is lost, whether its end would find a change towards plus."""
    out = np.zeros(len(differences), dtype=bool)
    known = np.isfinite(differences)
    for used in np.unique(known.sum(axis=1)):
        if used < LEAST_PAIRS:
            continue
        rows = known.sum(axis=1) == used
        kept = differences[rows][known[rows]].reshape(-1, used)
        p, low, high = judge_many(kept)
        clear = p <= _usual_limit(int(used), differences.shape[1])
        out[rows] = clear & (kept.mean(axis=1) > 0) & ~((low > -important) & (high < important))
    return out


@lru_cache(maxsize=64)
def _usual_limit(used: int, planned: int) -> float:
    """The p that counts at the end, for pair differences of a usual spread; it hardly depends on them."""
    return limits_of(np.random.default_rng(used).standard_normal(used), planned, final=True)[-1]
