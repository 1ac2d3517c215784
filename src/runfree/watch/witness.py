"""One run, two witnesses: what a film and a watch say of the same seconds, each with its interval."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from runfree.core.activity import Activity, channel, start_of
from runfree.core.analysis import Step
from runfree.core.estimate import Estimate

CLOCKS_S = 120
"""Phone and watch clocks are looked at so far apart."""
LONGEST_S = 2 * 86_400
NOISE_SPM = 2.5
MEMORY_S = 5.0
"""A watch averages cadence over about so long; closer seconds are no news."""
ERRORS: dict[str, tuple[str, float]] = {
    "cadence": ("spm", 2.0),
    "contact_time": ("ms", 12.0),
    "vertical_oscillation": ("cm", 0.7),
}
"""Measure → unit and half width of a watch's own 95 % error where its seconds are known: smallest detectable changes of the
evidence tables (sections 4.3 and 4.5), by judgement; sensors of other places differ by more."""


@dataclass(frozen=True, slots=True)
class Both:
    """One measure of both: the film's interval, the watch's, and whether they meet."""

    metric: str
    unit: str
    film: float
    film_low: float
    film_high: float
    watch: float
    watch_low: float
    watch_high: float
    sensor: str
    position: str

    @property
    def agree(self) -> bool:
        """Whether the two intervals meet."""
        return self.film_low <= self.watch_high and self.watch_low <= self.film_high


@dataclass(frozen=True, slots=True)
class Witnesses:
    """Film against watch.

    Attributes
    ----------
    offset_s, offset_low_s, offset_high_s : float or None
        The watch's clock minus the phone's: most likely, and the range that fits as well. None where the film does not say
        when it was made; then all of the run was searched.
    seconds : float
        How long the film is.
    fitting_s : int
        How many seconds of the run the film might begin at.
    measures : tuple of Both
        Side by side.
    """

    offset_s: float | None
    offset_low_s: float | None
    offset_high_s: float | None
    seconds: float
    fitting_s: int
    measures: tuple[Both, ...]


@dataclass(frozen=True, slots=True)
class Beside:
    """Films that were compared with a watch, by name, and why others could not be."""

    found: Mapping[str, Witnesses]
    why: Mapping[str, str]


def compare(
    steps: Sequence[Step], estimates: Sequence[Estimate], activity: Activity, filmed_at: datetime | None
) -> Witnesses | None:
    """Find the film's seconds in the run by the course of cadence, and put the measures side by side.

    Every second at which the film might begin is tried (two minutes around its own time, else the whole run). Those whose
    misfit is within 3.84 of the best (a 95 % likelihood range) fit equally well, and the watch's values are taken over all of
    them: a steady run tells no offset, and then the range is wide and says so.

    Returns
    -------
    Witnesses or None
        None where the film has fewer than six steps, its time lies outside the run, or the recording spans over two days.
    """
    film = _film_cadence(steps)
    time = activity["time"].to_numpy()
    if film is None or time[-1] > LONGEST_S:
        return None
    at_s, film_spm = film
    length = int(np.ceil(at_s[-1]))
    grid = np.arange(0, int(time[-1]) + 1)
    watch_spm = _each_second(time, channel(activity, "cadence"), grid)
    expected = None if filmed_at is None else (filmed_at - start_of(activity)).total_seconds()
    begins = np.arange(0, max(0, len(grid) - length) + 1)
    if expected is not None:
        begins = begins[np.abs(begins - expected) <= CLOCKS_S]
    misfits = np.array([_misfit(watch_spm, int(b), at_s, film_spm) for b in begins])
    if not begins.size or not np.isfinite(misfits).any():
        return None
    best = float(begins[np.nanargmin(misfits)])
    fitting = begins[misfits <= np.nanmin(misfits) + 3.84]
    fits = (best, float(fitting[0]), float(fitting[-1]))
    offset, earliest, latest = (None, None, None) if expected is None else (b - expected for b in fits)
    measures = [b for name in ERRORS if (b := _both(name, estimates, activity, fitting, length)) is not None]
    return Witnesses(offset, earliest, latest, float(at_s[-1]), len(fitting), tuple(measures))


def _film_cadence(steps: Sequence[Step]) -> tuple[NDArray[np.float64], NDArray[np.float64]] | None:
    """Time since the film's begin and cadence of each step, a running median of five."""
    time = np.array(sorted(s.mid_stance_s for s in steps))
    if len(time) < 6:
        return None
    spm = 60 / np.diff(time)
    padded = np.pad(spm, 2, mode="edge")
    smooth = np.median(np.lib.stride_tricks.sliding_window_view(padded, 5), axis=1)
    return (time[1:] + time[:-1]) / 2, smooth


def _each_second(
    time: NDArray[np.float64], values: NDArray[np.float64], grid: NDArray[np.int64]
) -> NDArray[np.float64]:
    """The record that holds at each second; NaN where the last one is over three seconds old or was not running."""
    last = np.searchsorted(time, grid, side="right") - 1
    held = np.where((last >= 0) & (grid - time[last] <= 3), values[last], np.nan)
    return np.where(held > 0, held, np.nan)


def _misfit(
    watch_spm: NDArray[np.float64], begin: int, at_s: NDArray[np.float64], film_spm: NDArray[np.float64]
) -> float:
    seconds = np.minimum(begin + at_s.astype(int), len(watch_spm) - 1)
    apart = (watch_spm[seconds] - film_spm) / NOISE_SPM
    if np.isfinite(apart).mean() < 0.8:
        return float("nan")
    independent = max(1.0, (at_s[-1] - at_s[0]) / MEMORY_S)
    return float(np.nanmean(apart**2) * independent)


def _both(
    metric: str, estimates: Sequence[Estimate], activity: Activity, fitting: NDArray[np.int64], length: int
) -> Both | None:
    unit, error = ERRORS[metric]
    seen = [e for e in estimates if e.metric == metric and e.unit == unit]
    if not seen or metric not in activity:
        return None
    grid = np.arange(0, int(activity["time"].to_numpy()[-1]) + 1)
    values = _each_second(activity["time"].to_numpy(), channel(activity, metric), grid)
    windows = [values[b : b + length] for b in fitting]
    middles = np.array([np.nanmean(w) for w in windows if np.isfinite(w).any()])
    if not middles.size:
        return None
    # A watch that writes whole strides rounds down, by up to two steps.
    down = 2.0 if metric == "cadence" and "cadence_resolution" in activity.attrs["flags"] else 0.0
    low, middle, high = np.quantile(middles, [0.025, 0.5, 0.975])
    attrs = activity[metric].attrs
    return Both(
        metric,
        unit,
        float(np.mean([e.value for e in seen])),
        min(e.low for e in seen),
        max(e.high for e in seen),
        float(middle),
        float(low - error),
        float(high + error + down),
        attrs["sensor"],
        attrs["position"],
    )
