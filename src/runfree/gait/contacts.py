"""Touch-down and toe-off of each leg in a film from the side, on the mean stride."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from runfree.core.metrics import Side
from runfree.gait.body import LEGS, Body
from runfree.gait.cycle import Stride
from runfree.signal.local import local_line
from runfree.signal.periodic import Cycle, fold
from runfree.signal.robust import TooFewSamplesError

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Contact:
    """Phases (in strides) of one leg's touch-down and toe-off; toe-off follows touch-down.

    Attributes
    ----------
    touch_down, toe_off : float
    se : float
        Standard error of the contact between parts of the film, in strides.
    """

    touch_down: float
    toe_off: float
    se: float = 0.0

    @property
    def length(self) -> float:
        """From touch-down to toe-off."""
        return self.toe_off - self.touch_down

    @property
    def mid_stance(self) -> float:
        """Half-way between the two."""
        return (self.touch_down + self.toe_off) / 2


@dataclass(frozen=True, slots=True)
class Running:
    """Several witnesses for each event of running on the mean stride; each less a constant, then averaged.

    Touch-down: the straightest knee (counted twice) and the longest line from shoulder to ankle before mid-stance. Toe-off: that
    line's longest after mid-stance, the fastest turn of the shank, and the toe's rise through 0.3 of its fastest upward speed
    and through 0.2 of the belt speed, both searched backwards from the fastest. The constants are set on force plates (50 N),
    four runners from 2 to 3 m/s; the witnesses were chosen for agreeing there and in rendered films
    (docs/decisions/0009-contacts.md).

    Attributes
    ----------
    orders : (int, int)
        Harmonics of the sharp mean stride (knee, belt speed) and of the smooth one (all others).
    knee_s, reach_s, leaving_s, shank_s, rise_s, belt_s : float
        When each witness speaks against the force plate.
    contact_range_s : (float, float)
        Contacts outside it, or longer than half a stride, are not believed.
    """

    orders: tuple[int, int] = (12, 8)
    knee_s: float = -0.018
    reach_s: float = -0.018
    leaving_s: float = -0.027
    shank_s: float = 0.066
    rise_s: float = -0.013
    belt_s: float = 0.012
    contact_range_s: tuple[float, float] = (0.12, 0.45)

    def find(self, sharp: Leg, smooth: Leg) -> tuple[float, float] | None:
        """Return touch-down and toe-off in seconds from mid-stance, or None where the stride does not show both."""
        knee = sharp.peak(sharp.knee_angle(), -0.28, 0.0) - self.knee_s
        reach = smooth.peak(smooth.reach(), -0.28, 0.0) - self.reach_s
        rise = smooth.last_rise(0.3 * smooth.fastest_rise())
        belt = sharp.last_rise(0.2 * sharp.belt_speed())
        if rise is None or belt is None:
            return None
        leaving = smooth.peak(smooth.reach(), 0.06, 0.4) - self.leaving_s
        shank = smooth.peak(np.abs(smooth.shank_turn()), 0.02, 0.4) - self.shank_s
        down = (2 * knee + reach) / 3
        off = (leaving + shank + rise - self.rise_s + belt - self.belt_s) / 4
        longest = min(self.contact_range_s[1], sharp.period_s / 2)
        return (down, off) if self.contact_range_s[0] <= off - down <= longest else None


@dataclass(frozen=True, slots=True)
class Walking:
    """The foot's extremes before and behind the hips (Zeni et al. 2008, Gait Posture 27:710).

    Touch-down is the heel's furthest point ahead of mid-hip, toe-off the toe's furthest behind. In walking the foot stops
    against the hips when it lands; in running it does not, which is why this rule is no use there.

    Attributes
    ----------
    orders : (int, int)
        As in :class:`Running`; the sharp mean stride is used.
    down_s, off_s : float
        How much later than the extreme a foot lands, and how much earlier it leaves: half of what three rendered walkers show (27
        and 57 ms), since their swing is invented and Zeni finds neither on a force plate.
    share : (float, float)
        Stances shorter or longer than these shares of the stride are not believed.
    """

    orders: tuple[int, int] = (12, 8)
    down_s: float = 0.013
    off_s: float = 0.028
    share: tuple[float, float] = (0.5, 0.8)

    def find(self, sharp: Leg, smooth: Leg) -> tuple[float, float] | None:
        """As :meth:`Running.find`."""
        del smooth
        ahead = sharp.ahead()
        down = sharp.peak(ahead * sharp.against_hips("heel"), -0.45, -0.15) + self.down_s
        off = sharp.peak(-ahead * sharp.against_hips("toe"), 0.15, 0.48) - self.off_s
        return (down, off) if self.share[0] <= (off - down) / sharp.period_s <= self.share[1] else None


_POINTS = ("hip", "knee", "ankle", "heel", "toe", "shoulders", "hips")


class Leg:
    """One leg's mean stride around its mid-stance: trunk lengths and seconds, y down."""

    def __init__(self, cycle: Cycle, stride: Stride, side: Side) -> None:
        self.period_s = 1 / stride.hz
        self._u = np.arange(-0.46, 0.5, 0.001 * stride.hz)
        phase = stride.mid_stance[side] + self._u
        at, speed = cycle.at(phase), cycle.slope_at(phase) * stride.hz
        self._at = {name: at[:, 2 * i : 2 * i + 2] for i, name in enumerate(_POINTS)}
        self._speed = {name: speed[:, 2 * i : 2 * i + 2] for i, name in enumerate(_POINTS)}
        self._toe_up = -self._speed["toe"][:, 1]
        self._after = np.flatnonzero((self._u >= 0.06) & (self._u <= 0.42))

    def peak(self, x: Array, first: float, last: float) -> float:
        """Time of the largest value between two phases from mid-stance."""
        inside = np.flatnonzero((self._u >= first) & (self._u <= last))
        return float(self._u[inside[np.argmax(x[inside])]]) * self.period_s

    def knee_angle(self) -> Array:
        """Angle hip–knee–ankle in radians, π when straight."""
        a, b = self._at["hip"] - self._at["knee"], self._at["ankle"] - self._at["knee"]
        return np.arctan2(np.abs(a[:, 0] * b[:, 1] - a[:, 1] * b[:, 0]), (a * b).sum(axis=1))

    def reach(self) -> Array:
        """Distance mid-shoulder to ankle."""
        return np.linalg.norm(self._at["shoulders"] - self._at["ankle"], axis=1)

    def shank_turn(self) -> Array:
        """Angular speed of the line knee–ankle in the picture."""
        shank, speed = self._at["ankle"] - self._at["knee"], self._speed["ankle"] - self._speed["knee"]
        return (shank[:, 0] * speed[:, 1] - shank[:, 1] * speed[:, 0]) / (shank**2).sum(axis=1)

    def belt_speed(self) -> float:
        """Speed of the toe while the foot is flat."""
        flat = (self._u >= -0.02) & (self._u <= 0.09)
        return abs(float(np.polyfit(self._u[flat] * self.period_s, self._at["toe"][flat, 0], 1)[0]))

    def fastest_rise(self) -> float:
        """Largest upward speed of the toe after mid-stance."""
        return float(self._toe_up[self._after].max())

    def last_rise(self, level: float) -> float | None:
        """Last time before its fastest rise that the toe's upward speed passes a level; None where it never does."""
        up = self._toe_up
        fastest = int(self._after[np.argmax(up[self._after])])
        below = np.flatnonzero(up[:fastest] < level)
        if below.size == 0 or up[fastest] <= level:
            return None
        i = int(below[-1])
        share = (level - up[i]) / (up[i + 1] - up[i])
        return float(self._u[i] + share * (self._u[i + 1] - self._u[i])) * self.period_s

    def against_hips(self, name: str) -> Array:
        """Sideways distance in the picture from mid-hip."""
        return self._at[name][:, 0] - self._at["hips"][:, 0]

    def ahead(self) -> float:
        """+1 if the foot, while it stands, moves towards the image's left against the hips (the runner faces right)."""
        near = np.abs(self._u) <= 0.1
        return -float(np.sign(np.polyfit(self._u[near], self.against_hips("ankle")[near], 1)[0]))


_FAR_SHARE = 0.3
_PARTS = 6


def contacts_of(body: Body, stride: Stride, near: Side | None) -> dict[Side, Contact]:
    """Time both legs.

    The contact of the far leg is drawn towards the near one's: legs differ by about 1 % (Mtibaa 2023: 0.8 ± 0.7 % of contact),
    the reading of a hidden leg is off by 16 ms or more. Three tenths of the difference read are kept, what is best for a true
    difference of 10 ms (1 SD).

    Parameters
    ----------
    body, stride
    near : {"left", "right", None}
        The leg towards the camera; None where both are seen alike.

    Returns
    -------
    dict of Side to Contact
        Without legs whose events the film does not show.
    """
    rule = Running() if stride.gait == "running" else Walking()
    found: dict[Side, Contact] = {}
    for leg in LEGS:
        contact = _contact(rule, body, stride, leg)
        if contact is not None:
            found[leg] = contact
    if near is not None and len(found) == 2:
        far: Side = "left" if near == "right" else "right"
        length = found[near].length + _FAR_SHARE * (found[far].length - found[near].length)
        found[far] = replace(found[far], toe_off=found[far].touch_down + length)
    return found


def _contact(rule: Running | Walking, body: Body, stride: Stride, side: Side) -> Contact | None:
    points = _against_drift(body, stride, side)
    whole = _find(rule, points, np.ones(len(points)), stride, side)
    if whole is None:
        return None
    centre = stride.mid_stance[side]
    down, off = (centre + t * stride.hz for t in whole)
    return Contact(down, off, _jackknife(rule, points, stride, side))


def _find(
    rule: Running | Walking, points: Array, weight: Array, stride: Stride, side: Side
) -> tuple[float, float] | None:
    try:
        sharp, smooth = (Leg(fold(stride.phase, points, weight, k), stride, side) for k in rule.orders)
    except TooFewSamplesError:
        return None
    return rule.find(sharp, smooth)


def _jackknife(rule: Running | Walking, points: Array, stride: Stride, side: Side) -> float:
    """Standard error of the contact's length, from leaving out one part of the film after the other; in strides."""
    strides = stride.phase[-1] - stride.phase[0]
    count = int(min(_PARTS, max(2, np.floor(strides))))
    part = np.minimum((count * (stride.phase - stride.phase[0]) / strides).astype(int), count - 1)
    found = [_find(rule, points, (part != i).astype(np.float64), stride, side) for i in range(count)]
    lengths = np.array([off - down for down, off in (f for f in found if f is not None)])
    if len(lengths) < 2:
        return 0.25
    n = len(lengths)
    return float(np.sqrt((n - 1) / n * ((lengths - lengths.mean()) ** 2).sum())) * stride.hz


def _against_drift(body: Body, stride: Stride, side: Side) -> Array:
    """The points of one leg, mid-shoulder and mid-hip less the hips' slow drift, in trunk lengths, (T, 14)."""
    drift = [local_line(body.time_s, body.hips[:, i], body.time_s, 0.4 / stride.hz)[0] for i in (0, 1)]
    slow = np.column_stack(drift)
    leg = [body.at[f"{side}_{part}"] for part in _POINTS[:5]]
    return np.column_stack([(p - slow) / body.trunk_px[:, None] for p in (*leg, _shoulders(body), body.hips)])


def _shoulders(body: Body) -> Array:
    """Mid-shoulder; where nobody looked for shoulders, the point a trunk above mid-hip."""
    if body.shows("left_shoulder", "right_shoulder"):
        return body.shoulders
    return body.hips - np.column_stack([np.zeros(len(body.time_s)), body.trunk_px])
