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
    agreement_s: float

    @property
    def mid_stance(self) -> float:
        """Half-way between the two."""
        return (self.touch_down + self.toe_off) / 2


@dataclass(frozen=True, slots=True)
class KneeAndToe:
    """Touch-down from knee extension and pelvis speed, toe-off from the rise of the toe.

    On the mean stride: touch-down is the mean of the instant of largest hip–knee–ankle angle and that of the fastest fall
    of mid-hip, each less a constant; toe-off the mean of the instants at which the toe's upward speed last rises through a
    tenth and a fifth of the belt speed, searched backwards from its maximum, each less a constant. The constants were
    fitted on force plates (50 N) at 120 frames a second and 12 harmonics; they belong to those.

    Attributes
    ----------
    order : int
        Harmonics of the mean stride (about 17 Hz).
    knee_s, hip_s, tenth_s, fifth_s : float
        The four constants.
    """

    order: int = 12
    knee_s: float = -0.022
    hip_s: float = 0.042
    tenth_s: float = -0.024
    fifth_s: float = 0.011
    disagreement_s: float = 0.040
    contact_range_s: tuple[float, float] = (0.12, 0.45)

    def find(self, body: Body, stride: Stride, side: Side) -> Contact | None:
        """Return the contact of one leg, or None where the stride does not show one (no flight, no crossing)."""
        cycle, period = self._fold(body, stride, side), 1 / stride.hz
        u = np.arange(-0.5, 0.75, 0.001 / period)
        phase = stride.mid_stance[side] + u
        hip, knee, ankle, toe, _pelvis = np.split(cycle.at(phase), 5, axis=1)
        speed = -cycle.slope_at(phase)[:, [7, 9]] * stride.hz
        before = (u >= -0.28) & (u <= 0.0)
        extension = _angle(hip - knee, ankle - knee)
        t_knee = u[before][np.argmax(extension[before])] * period - self.knee_s
        t_hip = u[before][np.argmin(speed[before, 1])] * period - self.hip_s
        apart = abs(t_knee - t_hip)
        down = (t_knee + t_hip) / 2 if apart <= self.disagreement_s else t_knee
        off = self._toe_off(u, period, toe[:, 0], speed[:, 0])
        if off is None or not self.contact_range_s[0] <= off - down <= min(self.contact_range_s[1], period / 2):
            return None
        centre = stride.mid_stance[side]
        return Contact(centre + down / period, centre + off / period, float(apart))

    def _fold(self, body: Body, stride: Stride, side: Side) -> Cycle:
        slow = np.column_stack(
            [local_line(body.time_s, body.hips[:, i], body.time_s, 0.4 / stride.hz)[0] for i in (0, 1)]
        )
        joints = [body.at[f"{side}_{part}"] for part in ("hip", "knee", "ankle", "toe")]
        x = np.column_stack([(j - slow) / body.trunk_px[:, None] for j in (*joints, body.hips)])
        return fold(stride.phase, x, np.ones(len(x)), self.order)

    def _toe_off(self, u: Array, period: float, toe_x: Array, toe_up: Array) -> float | None:
        flat = (u >= -0.02) & (u <= 0.09)
        belt = abs(np.polyfit(u[flat] * period, toe_x[flat], 1)[0])
        after = np.flatnonzero((u >= 0.06) & (u <= 0.42))
        peak = after[np.argmax(toe_up[after])]
        found = [_last_rise(u, toe_up, peak, share * belt) for share in (0.1, 0.2)]
        if None in found:
            return None
        tenth, fifth = (float(f) * period for f in found if f is not None)
        return (tenth - self.tenth_s + fifth - self.fifth_s) / 2


def _last_rise(u: Array, x: Array, peak: int, level: float) -> float | None:
    below = np.flatnonzero(x[:peak] < level)
    if below.size == 0 or x[peak] <= level:
        return None
    i = int(below[-1])
    return float(u[i] + (level - x[i]) / (x[i + 1] - x[i]) * (u[i + 1] - u[i]))


def _angle(a: Array, b: Array) -> Array:
    cosine = (a * b).sum(axis=1) / (np.linalg.norm(a, axis=1) * np.linalg.norm(b, axis=1) + 1e-12)
    return np.arccos(np.clip(cosine, -1, 1))
