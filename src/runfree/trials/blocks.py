"""From single days or seconds to one number a block, and one difference a pair."""

from __future__ import annotations

import math
import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np
from numpy.typing import NDArray

from runfree.core.trial import Plan

Array = NDArray[np.float64]
LEAST_SHARE: Final = 1 / 3
"""A block with fewer of its counting days than this is not used, and with it its pair."""


@dataclass(frozen=True, slots=True)
class BlockValue:
    """One block of a fast trial: value, speed (NaN where not known), and where they come from."""

    value: float
    speed_mps: float
    source: str


def block_of(plan: Plan, day: date) -> tuple[int, bool] | None:
    """Return the block of a day in a slow trial, from 0, and whether the day counts; None outside of the blocks."""
    after = (day - plan.start).days - plan.baseline_days
    if not 0 <= after < 2 * plan.pairs * plan.block:
        return None
    return after // plan.block, after % plan.block >= plan.skip


def days_of(plan: Plan, values: Mapping[date, float]) -> Array:
    """Lay daily values out as (2 K, block) for each day of each block, NaN where there is none."""
    out = np.full((2 * plan.pairs, plan.block), np.nan)
    for day, value in values.items():
        after = (day - plan.start).days - plan.baseline_days
        if 0 <= after < out.size:
            out[after // plan.block, after % plan.block] = value
    return out


def block_means(days: Array, skip: int, share: float = LEAST_SHARE) -> Array:
    """Return the mean of each block (..., 2 K) over its counting days (..., 2 K, block); NaN where too few have a value."""
    counting = days[..., skip:]
    least = max(1, math.ceil(share * counting.shape[-1]))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        means = np.nanmean(counting, axis=-1)
    return np.where(np.isfinite(counting).sum(axis=-1) >= least, means, np.nan)


def pair_differences(means: Array, order: NDArray[np.bool_]) -> Array:
    """Return with minus without for each pair (..., K), from block means (..., 2 K) and the order that was drawn (..., K)."""
    first, second = means[..., 0::2], means[..., 1::2]
    return np.where(order, first - second, second - first)
