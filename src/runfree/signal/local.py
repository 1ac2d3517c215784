"""Zero-lag smoothing and slopes of unevenly sampled signals with gaps; no sample is ever invented."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


def local_line(time_s: Array, x: Array, at_s: Array, sd_s: float) -> tuple[Array, Array]:
    """Value and slope of a straight line fitted around each instant, with Gaussian weights.

    Parameters
    ----------
    time_s : array (T,)
    x : array (T,)
        May hold NaN: those samples do not count.
    at_s : array (N,)
        Where to evaluate.
    sd_s : float
        Standard deviation of the weights, in seconds.

    Returns
    -------
    value, slope : array (N,)
        NaN where fewer than three samples lie within three standard deviations.
    """
    good = np.isfinite(x)
    t, y = time_s[good], x[good]
    value, slope = np.full(len(at_s), np.nan), np.full(len(at_s), np.nan)
    lo, hi = np.searchsorted(t, at_s - 3 * sd_s), np.searchsorted(t, at_s + 3 * sd_s, side="right")
    for i, (a, b) in enumerate(zip(lo, hi, strict=True)):
        if b - a < 3:
            continue
        u, z = t[a:b] - at_s[i], y[a:b]
        w = np.exp(-0.5 * (u / sd_s) ** 2)
        sw, su, suu = w.sum(), (w * u).sum(), (w * u * u).sum()
        sz, suz = (w * z).sum(), (w * u * z).sum()
        det = sw * suu - su * su
        if det > 1e-12 * sw * suu:
            value[i] = (suu * sz - su * suz) / det
            slope[i] = (sw * suz - su * sz) / det
    return value, slope


def smoothed(time_s: Array, x: Array, sd_s: float) -> Array:
    """Zero-lag smoothing at the sample times; NaN stays NaN.

    Parameters
    ----------
    time_s : array (T,)
    x : array (T, ...)
    sd_s : float
        Standard deviation of the Gaussian weights, in seconds.
    """
    flat = x.reshape(len(x), -1)
    out = np.full_like(flat, np.nan, dtype=np.float64)
    for j in range(flat.shape[1]):
        value, _ = local_line(time_s, flat[:, j], time_s, sd_s)
        out[:, j] = np.where(np.isfinite(flat[:, j]), value, np.nan)
    return out.reshape(x.shape)
