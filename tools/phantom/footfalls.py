"""What is asked of the runner, and the steps that follow: when each foot lands and leaves, and how high the pelvis is."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.interpolate import BPoly

from phantom.people import SIDES
from phantom.turns import Array

GRAVITY = 9.81


@dataclass(frozen=True)
class Gait:
    """Asked of the runner (``requested`` in a film's JSON); what comes out is measured by :mod:`phantom.truth`.

    Angles in degrees: toes out +, knee towards the midline + (``None``: the knee follows the toes), lean forwards +, swing side
    of the pelvis lower +, landing on the heel +. ``head_still`` is the share of the pelvis' rise and fall that the trunk takes
    up before the head, with the head nodding by ``nod_deg``.
    """

    walking: bool = False
    speed: float = 3.0
    cadence: float = 170.0
    contact_ms: float = 240.0
    vert_osc_cm: float = 8.0
    fpa_left: float = 8.0
    fpa_right: float = 8.0
    knee_left: float | None = None
    knee_right: float | None = None
    step_width_cm: float = 6.0
    trunk_lean: float = 8.0
    pelvic_tilt: float = 6.0
    pelvic_drop: float = 4.0
    foot_strike: float = 10.0
    contact_asym: float = 0.0
    head_still: float = 0.0
    nod_deg: float = 0.0
    noise: float = 1.0
    seed: int = 0


@dataclass(frozen=True)
class Step:
    """One stance; radians and metres. ``dip`` is how far the pelvis sinks, ``kick`` the knee's peak in the swing after it."""

    side: str
    down: float
    off: float
    fpa: float
    knee: float
    width: float
    dip: float
    strike: float
    kick: float

    @property
    def contact(self) -> float:
        """Seconds."""
        return self.off - self.down


def footfalls(gait: Gait, until: float) -> list[Step]:
    """Steps from well before 0 s to well after ``until``; the same seed and end give the same steps."""
    rng = np.random.default_rng(gait.seed)
    step_s, out = 60 / gait.cadence, []
    down = -4 * step_s
    while down < until + 4 * step_s:
        side = "LR"[len(out) % 2]
        vary = gait.noise * rng.standard_normal(8)
        took = step_s * (1 + 0.008 * vary[0])
        contact = gait.contact_ms / 1000 * (1 + SIDES[side] * gait.contact_asym / 2) * (1 + 0.012 * vary[1])
        if not gait.walking:
            contact = min(contact, took - 0.02)
        fpa, knee = (gait.fpa_left, gait.knee_left) if side == "L" else (gait.fpa_right, gait.knee_right)
        out.append(
            Step(
                side,
                down,
                down + contact,
                np.deg2rad(fpa + 0.8 * vary[2]),
                np.deg2rad((np.nan if knee is None else knee) + 0.5 * vary[3]),
                gait.step_width_cm / 100 + 0.006 * vary[4],
                max(gait.vert_osc_cm / 100 * (1 + 0.03 * vary[5]) - GRAVITY * (took - contact) ** 2 / 8, 0.005),
                np.deg2rad(gait.foot_strike + 0.8 * vary[6]),
                np.deg2rad((66 if gait.walking else 70 + 9 * gait.speed) + 2 * vary[7]),
            )
        )
        down += took
    return out


def rhythm(t: Array, steps: list[Step]) -> tuple[Array, Array]:
    """Phase in steps (0 at a left landing, 1 at the next right one) and the phase of mid-stance after a landing."""
    down = np.array([s.down for s in steps])
    took = np.interp(t, (down[1:] + down[:-1]) / 2, np.diff(down))
    return np.interp(t, down, np.arange(len(steps))), np.mean([s.contact for s in steps]) / 2 / took


def pelvis_height(t: Array, steps: list[Step], gait: Gait) -> Array:
    """Rise and fall (N,) in metres.

    Running: a parabola under gravity in flight; in stance a polynomial that meets it in value and slope and sinks by ``dip``, so
    that bounce, contact time and cadence can be asked for independently. Walking: highest over the standing leg.
    """
    if gait.walking:
        phase, middle = rhythm(t, steps)
        return gait.vert_osc_cm / 200 * np.cos(2 * np.pi * (phase - middle))
    z = np.zeros_like(t)
    for before, here, after in zip(steps, steps[1:], steps[2:], strict=False):
        sink, rise = (GRAVITY * flight / 2 for flight in (here.down - before.off, after.down - here.off))
        middle = (here.down + here.off) / 2
        stance = BPoly.from_derivatives([here.down, middle, here.off], [[0, -sink], [-here.dip, 0], [0, rise]])
        standing, flying = (t >= here.down) & (t < here.off), (t >= here.off) & (t < after.down)
        z[standing] = stance(t[standing])
        since = t[flying] - here.off
        z[flying] = rise * since - GRAVITY * since**2 / 2
    return z
