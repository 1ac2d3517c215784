"""Statistics that a few bad frames cannot move."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

_MAD_TO_SD = 1.4826


class TooFewSamplesError(ValueError):
    """Too few finite samples to fit what was asked for."""


def spread(x: Array) -> float:
    """Standard deviation estimated from the median absolute deviation; NaN for an empty array."""
    good = x[np.isfinite(x)]
    if good.size == 0:
        return float("nan")
    return float(_MAD_TO_SD * np.median(np.abs(good - np.median(good))))


def trimmed_mean(x: Array, sds: float = 2.5) -> tuple[float, NDArray[np.bool_]]:
    """Mean without values further than ``sds`` robust standard deviations from the median.

    Returns
    -------
    mean : float
    kept : bool array
        Which finite values were used.
    """
    finite = np.isfinite(x)
    centre = float(np.median(x[finite]))
    reach = max(sds * spread(x), 1e-9)
    kept = finite & (np.abs(x - centre) <= reach)
    return float(x[kept].mean()), kept


def least_squares(design: Array, y: Array, weight: Array, ridge: Array, passes: int = 8) -> Array:
    """Weighted ridge regression with Huber-type reweighting.

    Parameters
    ----------
    design : array (N, P)
    y : array (N, M)
        Columns are fitted independently but share the reweighting.
    weight : array (N,)
        Prior belief in each row, 0 to 1; rows with NaN in ``y`` must have weight 0.
    ridge : array (P,)
        Penalty per coefficient.
    passes : int
        Rounds of reweighting by ``1 / max(1, r / 2s)``, with ``s`` the robust spread of the residual lengths ``r``.

    Returns
    -------
    array (P, M)
    """
    rows = weight > 0
    a, b, prior = design[rows], y[rows], weight[rows]
    w = prior.copy()
    solution = np.zeros((design.shape[1], y.shape[1]))
    for _ in range(passes):
        gram = a.T @ (w[:, None] * a) + np.diag(ridge * w.sum())
        solution = np.asarray(np.linalg.solve(gram, a.T @ (w[:, None] * b)), dtype=np.float64)
        residual = np.linalg.norm(b - a @ solution, axis=1)
        scale = max(_MAD_TO_SD * float(np.median(residual)), 1e-12)
        w = prior / np.maximum(1.0, residual / (2 * scale))
    return solution
