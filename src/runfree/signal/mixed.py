"""Differences between groups where runners have several films each: a linear mixed model with runner as random effect.

Laird & Ware 1982 (Biometrics 38:963), fitted by restricted maximum likelihood (statsmodels). Where no runner has a second film it is
ordinary regression. In place of statsmodels' normal approximation, which claims too much for few runners, intervals and p use
Student's t with the between-within degrees of freedom (Schluchter & Elashoff 1990, J Stat Comput Simul 37:69): exact where the design
is balanced, and equal to the t-tests there.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from importlib import import_module
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import stats

LEAST_RUNNERS = 3
Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Model:
    """What the model says: for each level after the first its difference from it, with standard error; spreads in ``value``'s unit.

    ``within`` tells that the levels differ within runners; ``between_sd`` is None where no runner has two films.
    """

    difference: Array
    low: Array
    high: Array
    p: Array
    within: bool
    between_sd: float | None
    film_sd: float


class NoModelError(ValueError):
    """Nothing can be said, and why."""


def compare(
    value: Array, level: NDArray[np.int64], runner: NDArray[np.int64], speed: Array | None = None
) -> Model:
    """Compare the levels of a factor, the first (0) as reference.

    Parameters
    ----------
    value : array (n,)
        One a film.
    level : array (n,) of int
        0 to L - 1. Levels may differ within a runner (before and after) or between runners (groups).
    runner : array (n,) of int
    speed : array (n,), optional
        Taken into account as a straight line.

    Raises
    ------
    NoModelError
        With fewer than three runners at a level, levels mixed within and between runners so that neither holds for most, or
        a model that does not settle.
    """
    levels = int(level.max()) + 1
    _check_counts(level, runner, levels)
    if np.ptp(value) == 0:
        raise NoModelError("all values are equal")
    within = _is_within(level, runner)
    columns = [np.ones_like(value), *((level == i).astype(float) for i in range(1, levels))]
    if speed is not None:
        columns.append(speed - speed.mean())
    design = np.column_stack(columns)
    if np.linalg.matrix_rank(design) < design.shape[1]:
        raise NoModelError("speed and group cannot be told apart")
    runners = len(np.unique(runner))
    repeated = runners < len(value)
    fitted = _mixed(value, design, runner) if repeated else _ordinary(value, design)
    mean, error, between_sd, film_sd = fitted
    others = int(speed is not None)
    free = len(value) - runners - (levels - 1) - others if within else runners - levels - others
    if free < 1:
        raise NoModelError("there are too few films for it")
    part = slice(1, levels)
    reach = stats.t.ppf(0.975, free) * error[part]
    p = 2 * stats.t.sf(np.abs(mean[part] / error[part]), free)
    return Model(mean[part], mean[part] - reach, mean[part] + reach, p, within, between_sd, film_sd)


def _check_counts(level: NDArray[np.int64], runner: NDArray[np.int64], levels: int) -> None:
    if levels < 2:
        raise NoModelError("there is one group only")
    counts = [len(np.unique(runner[level == i])) for i in range(levels)]
    if min(counts) < LEAST_RUNNERS:
        raise NoModelError(f"a group has {min(counts)} runners, and {LEAST_RUNNERS} are the least")


def _is_within(level: NDArray[np.int64], runner: NDArray[np.int64]) -> bool:
    """Whether most runners are seen at several levels."""
    several = [len(np.unique(level[runner == one])) > 1 for one in np.unique(runner)]
    return float(np.mean(several)) > 0.5


def _ordinary(value: Array, design: Array) -> tuple[Array, Array, None, float]:
    mean: Array = np.asarray(np.linalg.lstsq(design, value, rcond=None)[0], dtype=np.float64)
    free = len(value) - design.shape[1]
    if free < 1:
        raise NoModelError("there are too few films for it")
    variance = float(np.sum((value - design @ mean) ** 2)) / free
    error: Array = np.sqrt(variance * np.diag(np.linalg.inv(design.T @ design)))
    return mean, error, None, variance**0.5


def _mixed(value: Array, design: Array, runner: NDArray[np.int64]) -> tuple[Array, Array, float, float]:
    mixed: Any = import_module("statsmodels.regression.mixed_linear_model")
    scale = float(np.std(value))
    with (
        warnings.catch_warnings()
    ):  # Powell, as it needs no gradient: where runners hardly differ that is singular
        warnings.simplefilter("ignore")
        try:
            fit: Any = mixed.MixedLM(value / scale, design, groups=runner).fit(reml=True, method=["powell"])
        except np.linalg.LinAlgError as error:
            raise NoModelError("the model does not settle on these data") from error
    mean, error = np.asarray(fit.fe_params) * scale, np.asarray(fit.bse_fe) * scale
    if not fit.converged or not np.isfinite([*mean, *error]).all() or not (error > 0).all():
        raise NoModelError("the model does not settle on these data")
    between = max(0.0, float(np.asarray(fit.cov_re)[0, 0])) ** 0.5
    return mean, error, between * scale, float(fit.scale) ** 0.5 * scale
