"""When the feet are on the ground: from force plates, else from the motion of legs and feet in space."""

from __future__ import annotations

import itertools
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from runfree.core.metrics import Gait
from runfree.core.recording import Recording
from runfree.gait.body import LEGS, Body, shanks
from runfree.gait.contacts import contacts_of
from runfree.gait.cycle import stride_of
from runfree.gait.markers import Points
from runfree.gait.plates import Stance, force_problem, plate_stances, upward_forces

Array = NDArray[np.float64]

BY_FORCE = "force over 50 N"
BY_MOTION = "knee, shank and toe on the mean stride"
_PER_M = 1000.0
_TRUNK_M = 0.52
_LONGEST_S = 40.0
_FRAMES_HZ = 60.0
_STEP_S = (0.2, 1.2)


@dataclass(frozen=True, slots=True)
class Timing:
    """Stances, rhythm, gait, how they were found, and what is the matter with the forces (None: nothing)."""

    stances: tuple[Stance, ...]
    cadence_spm: float
    cadence_se_spm: float
    gait: Gait
    how: str
    force_problem: str | None = None


def timing_of(recording: Recording, points: Points, up: Array) -> Timing | None:
    """Time every step; None where there is no rhythm of running or walking.

    Parameters
    ----------
    recording : Recording
        For its forces.
    points : Points
        Turned to the direction of travel.
    up : array (3,)
        Up along the recording's axes.
    """
    problem = None
    if "force" in recording:
        vertical = upward_forces(recording, up)
        problem = force_problem(vertical)
        if problem is None:
            stances = plate_stances(recording["force_time"].to_numpy(), vertical, points)
            timed = _from_plates(stances)
            if timed is not None:
                return timed
            problem = "no whole step of both feet on the force plates"
    return _from_motion(points, problem)


def _from_plates(stances: tuple[Stance, ...]) -> Timing | None:
    pairs = list(itertools.pairwise(stances))
    gaps = np.array([b.touch_down_s - a.touch_down_s for a, b in pairs if a.side != b.side])
    gaps = gaps[(gaps > _STEP_S[0]) & (gaps < _STEP_S[1])]
    if gaps.size == 0:
        return None
    gaps = gaps[np.abs(gaps / np.median(gaps) - 1) < 0.5]
    cadence = 60 / float(gaps.mean())
    spread = float(gaps.std(ddof=1)) if gaps.size > 2 else 0.02 * float(gaps.mean())
    contact = float(np.median([s.contact_s for s in stances]))
    gait: Gait = "running" if contact < 60 / cadence else "walking"
    return Timing(stances, cadence, cadence * spread / float(gaps.mean()) / np.sqrt(gaps.size), gait, BY_FORCE)


def _from_motion(points: Points, problem: str | None) -> Timing | None:
    body = sagittal_body(points)
    stride = stride_of(body) if body is not None else None
    if body is None or stride is None:
        return None
    feet = all(f"{leg}_{part}" in points.at for leg in LEGS for part in ("heel", "toe"))
    contacts = contacts_of(body, stride, None) if feet else {}
    stances: list[Stance] = []
    for side in LEGS:
        contact = contacts.get(side)
        if contact is None:
            stances += [Stance(side, float(t)) for t in stride.times(body, stride.mid_stance[side])]
            continue
        half = contact.length / 2 / stride.hz
        mids = stride.times(body, contact.mid_stance)
        stances += [Stance(side, float(t), float(t) - half, float(t) + half) for t in mids]
    cycles = float(stride.phase[-1] - stride.phase[0])
    se = float(np.hypot(120 * stride.se_hz, 0.015 * stride.cadence_spm / (2 * cycles)))
    how = (
        (BY_MOTION if stride.gait == "running" else "heel foremost and toe rearmost") if len(contacts) == 2 else ""
    )
    return Timing(tuple(sorted(stances, key=lambda s: s.mid_s)), stride.cadence_spm, se, stride.gait, how, problem)


def sagittal_body(points: Points) -> Body | None:
    """The runner seen square from the right side, 1000 pixels a metre, at 60 frames a second and at most 40 s long.

    None where hips, knees and ankles are not seen together for long enough.
    """
    needed = [f"{leg}_{part}" for leg in LEGS for part in ("hip", "knee", "ankle")]
    if not set(needed) <= set(points.at):
        return None
    seen = np.isfinite(np.stack([points.at[n] for n in needed])).all(axis=(0, 2))
    time = points.time_s
    rate = (len(time) - 1) / float(time[-1] - time[0])
    keep = np.flatnonzero(seen & (time <= time[0] + _LONGEST_S))[:: max(1, int(rate // _FRAMES_HZ))]
    if keep.size < 20:
        return None
    at = {n: _PER_M * np.column_stack([p[keep, 0], -p[keep, 1]]) for n, p in points.at.items()}
    trunk = np.full(keep.size, _PER_M * _TRUNK_M)
    nobody = np.full((keep.size, len(at), 2), np.nan)
    return Body(time[keep], at, trunk, shanks(at, trunk), 1, 1, nobody, keep.size, len(time))
