"""Contacts from force plates."""

from __future__ import annotations

from dataclasses import dataclass
from math import isfinite

import numpy as np
from numpy.typing import NDArray
from scipy.signal import butter, sosfiltfilt

from runfree.core.metrics import Side
from runfree.core.recording import Recording
from runfree.gait.markers import Points

Array = NDArray[np.float64]

THRESHOLD_N = 50.0
LOW_PASS_HZ = 50.0
_FILTERED_FROM_HZ = 250.0
PEAK_N = (250.0, 6000.0)
"""A walking child and a heavy sprinter."""
CONTACT_S = (0.06, 1.5)


@dataclass(frozen=True, slots=True)
class Stance:
    """One foot on the ground, in seconds; touch-down and toe-off are NaN where they could not be timed."""

    side: Side
    mid_s: float
    touch_down_s: float = float("nan")
    toe_off_s: float = float("nan")

    @property
    def begin_s(self) -> float:
        """Touch-down; mid-stance where that could not be timed."""
        return self.touch_down_s if isfinite(self.touch_down_s) else self.mid_s

    @property
    def contact_s(self) -> float:
        """Contact time."""
        return self.toe_off_s - self.touch_down_s


def upward_forces(recording: Recording, up: Array) -> Array:
    """Force of each plate on the runner along ``up`` (3,), (F, P) in newtons; the ground can only push, so its sign is known."""
    vertical = recording["force"].to_numpy() @ up
    return vertical * (1.0 if np.nansum(vertical) >= 0 else -1.0)


def force_problem(vertical_n: Array) -> str | None:
    """Say why forces (F, P) cannot be those of a runner, if so."""
    peak = float(np.nanmax(vertical_n.sum(axis=1), initial=0.0))
    if PEAK_N[0] <= peak <= PEAK_N[1]:
        return None
    return f"the forces in the file peak at {peak:.2g} N, which is no body's weight: their units are wrong"


def plate_stances(time_s: Array, vertical_n: Array, points: Points) -> tuple[Stance, ...]:
    """Every whole contact on a plate, with the foot that made it.

    Parameters
    ----------
    time_s : array (F,)
    vertical_n : array (F, P)
        Upward force of each plate.
    points : Points
        Turned (y up); the foot whose ankle is lower during the contact made it.

    Notes
    -----
    The force is low-passed (50 Hz, fourth order, zero phase) where it was sampled at 250 Hz or more, and a contact lasts while it
    exceeds 50 N. Contacts that begin or end outside the recording are left out.
    """
    rate = (len(time_s) - 1) / float(time_s[-1] - time_s[0])
    out: list[Stance] = []
    for force in np.nan_to_num(vertical_n).T:
        for down, off in _intervals(time_s, _smooth(force, rate)):
            side = _lower_foot(points, down, off)
            if side is not None and CONTACT_S[0] <= off - down <= CONTACT_S[1]:
                out.append(Stance(side, (down + off) / 2, down, off))
    return tuple(sorted(out, key=lambda s: s.mid_s))


def _smooth(force: Array, rate_hz: float) -> Array:
    if rate_hz < _FILTERED_FROM_HZ:
        return force
    sections = butter(2, LOW_PASS_HZ, fs=rate_hz, output="sos")
    return np.asarray(sosfiltfilt(sections, force), dtype=np.float64)


def _intervals(time: Array, force: Array) -> list[tuple[float, float]]:
    on = force > THRESHOLD_N
    downs, offs = np.flatnonzero(~on[:-1] & on[1:]), np.flatnonzero(on[:-1] & ~on[1:])

    def crossing(i: np.intp) -> float:
        share = (THRESHOLD_N - force[i]) / (force[i + 1] - force[i])
        return float(time[i] + share * (time[i + 1] - time[i]))

    offs = offs[offs > downs[0]] if downs.size else offs[:0]
    return [(crossing(a), crossing(b)) for a, b in zip(downs, offs, strict=False)]


def _lower_foot(points: Points, start_s: float, end_s: float) -> Side | None:
    during = (points.time_s >= start_s) & (points.time_s <= end_s)
    left, right = (points.at[f"{s}_ankle"][during, 1] for s in ("left", "right"))
    if not (np.isfinite(left).any() and np.isfinite(right).any()):
        return None
    return "left" if np.nanmean(left) < np.nanmean(right) else "right"
