"""Touch-down and toe-off of one leg in a film from the side, on the mean stride."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from runfree.core.metrics import Side
from runfree.gait.body import Body
from runfree.gait.cycle import Stride
from runfree.signal.local import local_line
from runfree.signal.periodic import Cycle, fold

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Contact:
    """Phases (in strides) of one leg's touch-down and toe-off; toe-off follows touch-down."""

    touch_down: float
    toe_off: float

    @property
    def mid_stance(self) -> float:
        """Half-way between the two."""
        return (self.touch_down + self.toe_off) / 2


@dataclass(frozen=True, slots=True)
class KneeAndToe:
    """Touch-down from the extension of the knee, toe-off from the rise of the toe, both on the mean stride.

    Touch-down is the instant of the largest hip–knee–ankle angle less a constant, averaged over a sharp and a smooth mean
    stride. Toe-off is the mean of the instants at which the toe's upward speed last rises through a tenth and a fifth of
    the belt speed, searched backwards from its maximum, each less a constant. The constants were fitted on force plates
    (50 N) at 12 harmonics. A second witness for touch-down, the fastest fall of mid-hip, helps with markers but not here: the
    network's hips swing with the legs (docs/decisions/0005-touch-down.md).

    Attributes
    ----------
    orders : tuple of int
        Harmonics of the sharp and the smooth mean stride.
    knee_s, tenth_s, fifth_s : float
        The constants, in seconds.
    contact_range_s : (float, float)
        Contacts outside it, or longer than half a stride, are not believed.
    """

    orders: tuple[int, int] = (12, 8)
    knee_s: float = -0.022
    tenth_s: float = -0.024
    fifth_s: float = 0.011
    contact_range_s: tuple[float, float] = (0.12, 0.45)

    def find(self, body: Body, stride: Stride, side: Side) -> Contact | None:
        """Return the contact of one leg, or None where the stride does not show one (no flight, no crossing)."""
        points, period = _against_hips(body, stride, side), 1 / stride.hz
        cycles = [fold(stride.phase, points, np.ones(len(points)), order) for order in self.orders]
        down = float(np.mean([self._touch_down(c, stride, side) for c in cycles]))
        off = self._toe_off(cycles[0], stride, side)
        if off is None or not self.contact_range_s[0] <= off - down <= min(self.contact_range_s[1], period / 2):
            return None
        centre = stride.mid_stance[side]
        return Contact(centre + down / period, centre + off / period)

    def _touch_down(self, cycle: Cycle, stride: Stride, side: Side) -> float:
        u = np.arange(-0.28, 0.0, 0.001 * stride.hz)
        hip, knee, ankle, _ = np.split(cycle.at(stride.mid_stance[side] + u), 4, axis=1)
        return float(u[np.argmax(_angle(hip - knee, ankle - knee))]) / stride.hz - self.knee_s

    def _toe_off(self, cycle: Cycle, stride: Stride, side: Side) -> float | None:
        u = np.arange(-0.05, 0.5, 0.001 * stride.hz)
        phase, period = stride.mid_stance[side] + u, 1 / stride.hz
        toe_x, toe_up = cycle.at(phase)[:, 6], -cycle.slope_at(phase)[:, 7] * stride.hz
        flat = (u >= -0.02) & (u <= 0.09)
        belt = abs(np.polyfit(u[flat] * period, toe_x[flat], 1)[0])
        after = np.flatnonzero((u >= 0.06) & (u <= 0.42))
        peak = int(after[np.argmax(toe_up[after])])
        tenth, fifth = (_last_rise(u, toe_up, peak, share * belt) for share in (0.1, 0.2))
        if tenth is None or fifth is None:
            return None
        return (tenth * period - self.tenth_s + fifth * period - self.fifth_s) / 2


def _against_hips(body: Body, stride: Stride, side: Side) -> Array:
    """Hip, knee, ankle and toe less the hips' slow drift, in trunk lengths, (T, 8)."""
    drift = [local_line(body.time_s, body.hips[:, i], body.time_s, 0.4 / stride.hz)[0] for i in (0, 1)]
    slow = np.column_stack(drift)
    joints = [body.at[f"{side}_{part}"] for part in ("hip", "knee", "ankle", "toe")]
    return np.column_stack([(j - slow) / body.trunk_px[:, None] for j in joints])


def _last_rise(u: Array, x: Array, peak: int, level: float) -> float | None:
    below = np.flatnonzero(x[:peak] < level)
    if below.size == 0 or x[peak] <= level:
        return None
    i = int(below[-1])
    return float(u[i] + (level - x[i]) / (x[i + 1] - x[i]) * (u[i + 1] - u[i]))


def _angle(a: Array, b: Array) -> Array:
    cosine = (a * b).sum(axis=1) / (np.linalg.norm(a, axis=1) * np.linalg.norm(b, axis=1) + 1e-12)
    return np.arccos(np.clip(cosine, -1, 1))
