"""Measure one laboratory recording: the same measures as from a film, in three dimensions."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from runfree.core.analysis import Measured, Series, Step
from runfree.core.estimate import Estimate, NotAssessable
from runfree.core.metrics import METRICS, Metric, Side
from runfree.core.recording import Recording
from runfree.gait import spatial
from runfree.gait.axes import RUNWAY_MPS, middle, turned
from runfree.gait.markers import Crossing, MarkerSet, Points, keypoints_of
from runfree.gait.per_step import PerStep
from runfree.gait.reading import FEW, quality
from runfree.gait.spatial import Trial
from runfree.gait.timing import BY_FORCE, timing_of

Array = NDArray[np.float64]

_DOUBT = 0.1
_SPEED_SHARE = 0.02
_SPEED_DIFFERS = 0.15


@dataclass(frozen=True, slots=True)
class _Way:
    """How one measure is read in space.

    Attributes
    ----------
    read : callable
    half_95, useful : float
        Systematic half-width, and the one up to which the quality is good; in the measure's unit.
    parts : tuple of str
        Keypoints of both sides that it needs.
    aside : bool
        Whether it needs their sideways places.
    timed : bool
        Whether it needs touch-down or toe-off.
    """

    read: Callable[[Trial, Side], PerStep]
    half_95: float
    useful: float
    parts: tuple[str, ...]
    aside: bool = False
    timed: bool = False


_LEG = ("hip", "knee", "ankle")
# Half-widths: marker placement and skin leave most angles 2 to 5 degrees off, McGinley et al. 2009 (review of 23 studies),
# doi:10.1016/j.gaitpost.2008.09.003. Contact time: the threshold of 50 N itself is worth 10 ms.
WAYS: dict[str, _Way] = {
    "vertical_oscillation": _Way(spatial.vertical_oscillation, 0.3, 0.6, ("hip",)),
    "foot_progression": _Way(
        spatial.at_mid_stance(spatial.foot_progression_deg), 3.0, 3.0, ("heel", "toe"), aside=True
    ),
    "knee_projection": _Way(spatial.at_mid_stance(spatial.knee_projection_deg), 3.0, 3.0, _LEG, aside=True),
    "knee_over_toe": _Way(
        spatial.at_mid_stance(spatial.knee_over_toe_deg), 3.0, 3.0, ("knee", "ankle", "heel", "toe"), aside=True
    ),
    "pelvic_drop": _Way(spatial.at_mid_stance(spatial.pelvic_drop_deg), 2.0, 2.0, ("hip",), aside=True),
    "step_width": _Way(spatial.step_width, 1.0, 2.0, ("heel",), aside=True),
    "trunk_lean": _Way(spatial.trunk_lean, 2.5, 2.5, ("hip", "shoulder")),
    "knee_flexion_contact": _Way(spatial.at_touch_down(spatial.knee_flexion_deg), 5.0, 5.0, _LEG, timed=True),
    "knee_flexion_midstance": _Way(spatial.at_mid_stance(spatial.knee_flexion_deg), 5.0, 5.0, _LEG),
    "tibia_angle_contact": _Way(
        spatial.at_touch_down(spatial.tibia_angle_deg), 3.0, 3.0, ("knee", "ankle"), timed=True
    ),
    "foot_strike_angle": _Way(spatial.foot_strike_angle, 4.0, 6.0, ("heel", "toe"), timed=True),
    "contact_time": _Way(spatial.contact_time, 10.0, 20.0, (), timed=True),
    "flight_time": _Way(spatial.flight_time, 10.0, 20.0, (), timed=True),
    "duty_factor": _Way(spatial.duty_factor, 1.5, 3.0, (), timed=True),
    "peak_force": _Way(spatial.peak_force, 0.2, 0.25, (), timed=True),
    "stance_time": _Way(spatial.contact_time, 10.0, 30.0, (), timed=True),
    "swing_time": _Way(spatial.swing_time, 10.0, 30.0, (), timed=True),
    "double_support": _Way(spatial.double_support, 2.0, 5.0, (), timed=True),
    "step_time": _Way(spatial.step_time, 3.0, 5.0, ()),
    "stride_time": _Way(spatial.stride_time, 3.0, 5.0, ()),
}
_BY_MOTION = 1.8
"""How many times wider the timing measures are where no plate timed them (docs/measures.md: ± 17 ms against ± 10)."""


def measure_recording(recording: Recording, chosen: MarkerSet, *, speed_mps: float | None = None) -> Measured:
    """Measure a runner or walker from markers in space, with force plates where there are some.

    Parameters
    ----------
    recording : Recording
    chosen : MarkerSet
        That places hips and legs among its markers.
    speed_mps : float, optional
        Where it is not given, the speed of the hips against the standing feet is used.

    Returns
    -------
    Measured
        With ``view`` "3d", and ``gait`` "neither" where there is no rhythm.

    Raises
    ------
    MotionError
        If units, axes or sides cannot be right.
    """
    points, up, doubtful, exchanged = _understood(recording, chosen)
    timing = timing_of(recording, points, up)
    if timing is None:
        reason = "No rhythm of running or walking was found in this recording."
        missing = tuple(NotAssessable(m.id, s, reason, None) for m in METRICS.values() for s in m.sides)
        return Measured("3d", None, "neither", "treadmill", None, (), (), missing)
    trial = Trial(points, timing.stances, timing.cadence_spm, timing.cadence_se_spm, timing.gait, timing.how)
    found: list[tuple[Estimate, Series]] = [_cadence(trial)]
    missing_: list[NotAssessable] = []
    for metric in METRICS.values():
        if metric.id in WAYS and (metric.running or timing.gait == "walking"):
            for side in metric.sides:
                _take(trial, metric, side, doubtful, timing.force_problem, found, missing_)
    flags = _flags(recording, trial, timing.force_problem, speed_mps, exchanged=exchanged)
    _lengths(trial, speed_mps, found, missing_)
    return Measured(
        view="3d",
        facing=None,
        gait=trial.gait,
        travel="pass" if _own_speed(points) > RUNWAY_MPS else "treadmill",
        px_per_m=None,
        steps=tuple(_step(s) for s in trial.stances),
        estimates=tuple(e for e, _ in found),
        not_assessable=tuple(missing_),
        per_step=tuple(s for _, s in found),
        bounce=_bounce(points),
        flags=flags,
    )


def points_of(recording: Recording, chosen: MarkerSet) -> Points:
    """The keypoints of a recording, turned to the direction of travel, exchanged foot markers put right.

    Raises
    ------
    MotionError
        If units, axes or sides cannot be right.
    """
    return _understood(recording, chosen)[0]


def _understood(recording: Recording, chosen: MarkerSet) -> tuple[Points, Array, dict[Side, str], bool]:
    points, rotation = turned(keypoints_of(recording, chosen), str(recording.attrs["source"]))
    points, doubtful, exchanged = _feet_put_right(points)
    return points, rotation[1], doubtful, exchanged


def _feet_put_right(points: Points) -> tuple[Points, dict[Side, str], bool]:
    """Put right feet whose inner and outer marker carry each other's name, as the level foot shows; leave out a foot where
    the names change hands in between.

    Returns
    -------
    points : Points
    doubtful : dict of Side to str
        Feet left out, with the reason.
    exchanged : bool
        Whether a foot was put right.
    """
    doubtful: dict[Side, str] = {}
    at, swapped = dict(points.at), False
    for keypoint, crossing in points.across.items():
        side: Side = "left" if keypoint.startswith("left") else "right"
        wrong = _share_wrong(points, side, crossing)
        if wrong > 1 - _DOUBT:
            at[keypoint] = crossing.lateral + crossing.share * (crossing.medial - crossing.lateral)
            swapped = True
        elif wrong > _DOUBT:
            del at[keypoint]
            doubtful[side] = "the inner and the outer marker of this foot change places: check their names"
    return replace(points, at=at), doubtful, swapped


def _share_wrong(points: Points, side: Side, crossing: Crossing) -> float:
    """Share of the frames with a level foot (the lower half of them) in which the medial marker lies on the outside."""
    outward = spatial.OUTWARD[side] * (crossing.lateral - crossing.medial)[:, 2]
    height = ((crossing.lateral + crossing.medial) / 2)[:, 1]
    low = np.isfinite(outward) & (height <= np.nanmedian(height))
    return float((outward[low] < 0).mean()) if low.any() else 0.0


def _take(
    trial: Trial,
    metric: Metric,
    side: Side,
    doubtful: dict[Side, str],
    force_problem: str | None,
    found: list[tuple[Estimate, Series]],
    missing: list[NotAssessable],
) -> None:
    way = WAYS[metric.id]
    reason = _reason(trial, metric, side, way, doubtful, force_problem)
    steps = way.read(trial, side) if reason is None else None
    if steps is not None and steps.n == 0:
        reason = "a marker it needs was hidden at this moment of every step"
    if steps is None or reason is not None:
        missing.append(NotAssessable(metric.id, side, str(reason), None))
    else:
        found.append(_estimate(metric, side, steps, way, trial))


def _reason(
    trial: Trial, metric: Metric, side: Side, way: _Way, doubtful: dict[Side, str], force_problem: str | None
) -> str | None:
    if trial.gait == "walking" and not metric.walking:
        return "does not apply to walking"
    needed = [f"{leg}_{part}" for part in way.parts for leg in (("left", "right") if side == "both" else (side,))]
    if metric.id == "pelvic_drop":
        needed = ["left_hip", "right_hip"]
    if side in doubtful and "toe" in way.parts:
        return doubtful[side]
    absent = [n for n in needed if n not in trial.points.at]
    if absent:
        return f"the markers do not show the {absent[0].split('_')[1]}"
    unknown = [n for n in needed if n in trial.points.sagittal_only]
    if way.aside and unknown:
        part = unknown[0].split("_")[1]
        return f"the markers do not tell how far out the {part} is: one on each side of it would"
    if way.timed and not trial.timing:
        return force_problem or "touch-down and toe-off could not be timed"
    return None


def _estimate(metric: Metric, side: Side, steps: PerStep, way: _Way, trial: Trial) -> tuple[Estimate, Series]:
    by_motion = way.timed and trial.timing != BY_FORCE and not way.parts
    systematic = way.half_95 * (_BY_MOTION if by_motion else 1.0)
    half = float(np.hypot(systematic, 1.96 * steps.standard_error))
    method = f"markers in space; {trial.timing}" if trial.timing else "markers in space, mid-stance from the hips"
    flags = ("few_steps",) if steps.n < FEW else ()
    value = steps.mean
    estimate = Estimate(
        metric.id,
        side,
        value,
        metric.unit,
        value - half,
        value + half,
        steps.n,
        quality(half, way.useful, steps.n),
        method,
        flags,
    )
    return estimate, _series(metric.id, side, metric.unit, steps)


def _series(metric: str, side: Side, unit: str, steps: PerStep) -> Series:
    good = np.isfinite(steps.value)
    return Series(metric, side, unit, tuple(steps.time_s[good].tolist()), tuple(steps.value[good].tolist()))


def _cadence(trial: Trial) -> tuple[Estimate, Series]:
    half = max(1.96 * trial.cadence_se_spm, 0.25)
    value, n = trial.cadence_spm, max(1, len(trial.stances))
    flags = ("few_steps",) if n < FEW else ()
    method = "touch-downs on the force plates" if trial.timing == BY_FORCE else "rhythm of ankles, knees and hips"
    estimate = Estimate(
        "cadence", "both", value, "spm", value - half, value + half, n, quality(half, 1.0, n), method, flags
    )
    steps = trial.steps
    times = np.array([b.mid_s for _, b in steps])
    return estimate, _series(
        "cadence", "both", "spm", PerStep(times, np.array([60 / (b.mid_s - a.mid_s) for a, b in steps]))
    )


def _lengths(
    trial: Trial, given_mps: float | None, found: list[tuple[Estimate, Series]], missing: list[NotAssessable]
) -> None:
    """Step length and bounce over it, from the speed given or measured."""
    speed = given_mps if given_mps is not None else spatial.speed_mps(trial)
    by_id = {e.metric: e for e, _ in found if e.side == "both"}
    if not np.isfinite(speed) or speed <= 0.3:
        reason = "needs the running speed"
        missing += [NotAssessable(m, "both", reason, None) for m in ("step_length", "vertical_ratio")]
        return
    source = (
        "speed over cadence"
        if given_mps is not None
        else "speed of the hips against the standing feet, over cadence"
    )
    cadence = by_id["cadence"]
    length = 6000 * speed / cadence.value
    relative = float(np.hypot((cadence.high - cadence.low) / 2 / cadence.value, 2 * _SPEED_SHARE))
    found.append(_derived("step_length", "cm", length, relative, cadence, source))
    bounce = by_id.get("vertical_oscillation")
    if bounce is not None and trial.gait == "running":
        relative = float(np.hypot((bounce.high - bounce.low) / 2 / bounce.value, relative))
        ratio = 100 * bounce.value / length
        found.append(_derived("vertical_ratio", "pct", ratio, relative, bounce, "bounce over step length"))


def _derived(
    metric: str, unit: str, value: float, relative: float, source: Estimate, method: str
) -> tuple[Estimate, Series]:
    half = value * relative
    estimate = Estimate(
        metric, "both", value, unit, value - half, value + half, source.n, source.quality, method, source.flags
    )
    return estimate, Series(metric, "both", unit, (), ())


def _own_speed(points: Points) -> float:
    hips = middle(points, "hip")[:, 0]
    good = np.isfinite(hips)
    return float(abs(np.polyfit(points.time_s[good], hips[good], 1)[0]))


def _step(stance: spatial.Stance) -> Step:
    timed = np.isfinite(stance.touch_down_s) and np.isfinite(stance.toe_off_s)
    return Step(
        stance.side,
        stance.mid_s,
        stance.touch_down_s if timed else None,
        stance.toe_off_s if timed else None,
    )


def _bounce(points: Points) -> Series:
    height = 100 * middle(points, "hip")[:, 1]
    good = np.isfinite(height)
    return Series(
        "vertical_oscillation",
        "both",
        "cm",
        tuple(points.time_s[good].tolist()),
        tuple((height[good] - height[good].mean()).tolist()),
    )


def _flags(
    recording: Recording, trial: Trial, force_problem: str | None, given_mps: float | None, *, exchanged: bool
) -> tuple[str, ...]:
    time = trial.points.time_s
    measured = spatial.speed_mps(trial)
    flags = {
        "low_frame_rate": (len(time) - 1) / float(time[-1] - time[0]) < 50,
        "few_steps": len(trial.stances) < 2 * FEW,
        "forces_left_out": force_problem is not None,
        "forces_recalibrated": recording.attrs.get("force_note") == "recalibrated",
        "markers_exchanged": exchanged,
        "speed_differs": given_mps is not None
        and bool(np.isfinite(measured))
        and abs(measured / given_mps - 1) > _SPEED_DIFFERS,
    }
    return tuple(code for code, on in flags.items() if on)
