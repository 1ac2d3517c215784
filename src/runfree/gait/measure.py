"""Measure one motion: everything a film shows, and for the rest the reason and the film that would."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from runfree.core.analysis import Measured, Series, Step
from runfree.core.estimate import Estimate, NotAssessable
from runfree.core.metrics import METRICS, Gait, Metric, Side
from runfree.core.motion import Motion
from runfree.core.wording import VIEW_WORDS
from runfree.gait.accuracy import accuracy_for, is_unproven
from runfree.gait.body import LEGS, Body, bodies_of
from runfree.gait.bounce import body_height
from runfree.gait.contacts import Contact
from runfree.gait.cycle import stride_of
from runfree.gait.level import AGAINST_UPRIGHT, levelled
from runfree.gait.passes import joined, uncut
from runfree.gait.reading import FEW, SQUARE_DEG, Outcome, Reading, Refusal, quality
from runfree.gait.readings import READINGS
from runfree.gait.scene import Scene, scene_of
from runfree.gait.second_look import straightened
from runfree.gait.skeleton import with_rigid_legs
from runfree.gait.steady import steady_part
from runfree.gait.view import viewpoint
from runfree.signal.robust import TooFewSamplesError

_TILTED = "the picture seems tilted by an amount that is not sure: hold the phone level"
_NEEDS_SPEED = ("step_length", "vertical_ratio")
_LONGEST_STEP_CM = 260.0
_MOSTLY = 0.3
_AS_SURE, _SURE_S = 1.5, 0.005


def measure(motion: Motion, *, height_m: float | None = None, speed_mps: float | None = None) -> Measured:
    """Measure a runner or walker.

    Parameters
    ----------
    motion : Motion
    height_m : float, optional
        Body height. Without it lengths are in body heights.
    speed_mps : float, optional
        Running speed; adds step length and vertical ratio, and sharpens the correction for a camera at an angle.

    Returns
    -------
    Measured
        With ``gait`` "nobody" or "neither" where there is nothing to measure.
    """
    bodies = bodies_of(motion)
    if not bodies and _camera_lost(motion) > _MOSTLY:
        reason = "The camera moves, and the background does not show how: stand the phone on something firm."
        return replace(_nothing("nobody", reason), flags=("camera_lost",))
    if not bodies:
        return _nothing("nobody", "No runner was found whole in the picture for long enough.")
    parts = [part for body in bodies for part in uncut(body)]
    passes = [m for body in parts if (m := _measured(body, motion, height_m, speed_mps)) is not None]
    return (
        joined(passes)
        if passes
        else _nothing("neither", "No rhythm of running or walking was found in this film.")
    )


@dataclass(frozen=True, slots=True)
class _Understood:
    scene: Scene
    turned_deg: float
    tilted: bool

    @property
    def timing_se_s(self) -> float:
        """Standard error of the near leg's contact; infinite where it could not be timed."""
        contact = self.scene.contacts.get(self.scene.near_leg or "both")
        return contact.se / self.scene.stride.hz if contact else float("inf")


def _understood(body: Body, motion: Motion, height_m: float | None, speed_mps: float | None) -> _Understood | None:
    """Understand one pass; None where it shows no rhythm, or too few frames a step."""
    steady = steady_part(body)
    if steady is None:
        return None
    body = straightened(*steady)
    stride = stride_of(body) or steady[1]
    seen = viewpoint(body)
    body, turned_deg, tilted = levelled(body, seen, stride, motion.attrs.get("tilt_deg"))
    try:
        scene = scene_of(body, seen, stride, height_m, speed_mps, accuracy_for(_backend(motion)))
    except TooFewSamplesError:
        return None
    return _Understood(scene, turned_deg, tilted)


def _measured(body: Body, motion: Motion, height_m: float | None, speed_mps: float | None) -> Measured | None:
    """Measure one pass, from the side with bones that keep their length unless that makes touch-down and toe-off less sure."""
    understood = _understood(body, motion, height_m, speed_mps)
    if viewpoint(body).view == "side":
        rigid = _understood(with_rigid_legs(body), motion, height_m, speed_mps)
        as_sure = _AS_SURE * max(understood.timing_se_s, _SURE_S) if understood else float("inf")
        understood = rigid if rigid and rigid.timing_se_s <= as_sure else understood
    if understood is None:
        return None
    scene, stride = understood.scene, understood.scene.stride
    view = scene.viewpoint.view
    found: list[_Found] = []
    missing: list[NotAssessable] = []
    for metric in METRICS.values():
        if stride.gait == "running" and not metric.running:
            continue
        for side in metric.sides:
            if understood.tilted and metric.id in AGAINST_UPRIGHT and view in metric.views:
                missing.append(NotAssessable(metric.id, side, _TILTED, view))
                continue
            _take(scene, metric, side, found, missing)
    _derive(scene, found, missing)
    steps = _steps(scene)
    if height_m is None:
        missing += [_needs_height(f.estimate) for f in found if f.estimate.unit == "body heights"]
    return Measured(
        view=view,
        facing=scene.viewpoint.facing,
        gait=stride.gait,
        travel=scene.viewpoint.travel,
        px_per_m=float(np.median(scene.size)) / height_m if height_m else None,
        steps=steps,
        estimates=tuple(f.estimate for f in found),
        not_assessable=tuple(missing),
        per_step=tuple(f.series for f in found),
        bounce=_bounce(scene),
        flags=_film_flags(scene, motion, steps) + (("camera_tilted",) if understood.turned_deg else ()),
    )


def _camera_lost(motion: Motion) -> float:
    """Share of frames whose background does not show how the camera moved."""
    return float(np.isnan(motion["camera"].to_numpy()).any(axis=1).mean()) if "camera" in motion else 0.0


def _backend(motion: Motion) -> str:
    return str(motion.attrs.get("backend", ""))


@dataclass(frozen=True, slots=True)
class _Found:
    estimate: Estimate
    series: Series


def _nothing(gait: Gait, reason: str) -> Measured:
    missing = tuple(NotAssessable(m.id, s, reason, m.views[0]) for m in METRICS.values() for s in m.sides)
    return Measured("oblique", None, gait, "treadmill", None, (), (), missing)


def _take(scene: Scene, metric: Metric, side: Side, found: list[_Found], missing: list[NotAssessable]) -> None:
    if metric.id in _NEEDS_SPEED:
        return
    outcome = _outcome(scene, metric, side)
    if isinstance(outcome, Reading) and outcome.steps.n == 0:
        outcome = Refusal("no step could be read", None)
    if isinstance(outcome, Refusal):
        missing.append(NotAssessable(metric.id, side, outcome.reason, outcome.film_instead))
    else:
        found.append(_finish(metric, side, outcome, scene))


def _outcome(scene: Scene, metric: Metric, side: Side) -> Outcome:
    view = scene.viewpoint.view
    if scene.stride.gait == "walking" and not metric.walking:
        return Refusal("does not apply to walking", metric.views[0])
    if view not in metric.views:
        return Refusal(f"cannot be seen in a film {VIEW_WORDS[view]}", metric.views[0])
    frontal = view in ("front", "rear") and metric.id != "cadence"
    if frontal and not scene.large_enough.any():
        return Refusal("the runner is too small in the picture: come closer or film in a higher resolution", view)
    try:
        return READINGS[metric.id](scene, side)
    except TooFewSamplesError:
        return Refusal("too few usable frames around this moment of the step", view)


def _finish(metric: Metric, side: Side, reading: Reading, scene: Scene) -> _Found:
    steps = reading.steps
    value = reading.value if reading.value is not None else steps.mean
    error = 0.0 if reading.spread_within else 1.96 * steps.standard_error
    half = float(np.hypot(reading.half_95, error))
    flags = reading.flags + (("few_steps",) if steps.n < FEW else ())
    scale, unit = _unit(metric, scene)
    good = np.isfinite(steps.value)
    estimate = Estimate(
        metric.id,
        side,
        value * scale,
        unit,
        (value - half) * scale,
        (value + half + reading.reads_low_by) * scale,
        steps.n,
        quality(half, reading.useful, steps.n),
        reading.method,
        flags,
    )
    series = Series(
        metric.id, side, unit, tuple(steps.time_s[good].tolist()), tuple((steps.value[good] * scale).tolist())
    )
    return _Found(estimate, series)


def _unit(metric: Metric, scene: Scene) -> tuple[float, str]:
    if metric.unit != "cm":
        return 1.0, metric.unit
    return (100 * scene.height_m, "cm") if scene.height_m else (1.0, "body heights")


def _derive(scene: Scene, found: list[_Found], missing: list[NotAssessable]) -> None:
    """Step length and vertical ratio, from the speed."""
    by_id = {f.estimate.metric: f.estimate for f in found if f.estimate.side == "both"}
    if scene.speed_mps is None:
        reason = "needs the running speed"
        missing.append(NotAssessable("step_length", "both", reason, None))
        if scene.stride.gait == "running" and scene.viewpoint.view == "side":
            missing.append(NotAssessable("vertical_ratio", "both", reason, None))
        return
    cadence = by_id["cadence"]
    length = 6000 * scene.speed_mps / cadence.value
    if length > _LONGEST_STEP_CM:
        reason = f"the speed given would make steps of {length / 100:.1f} m: check it"
        missing += [NotAssessable(metric, "both", reason, None) for metric in _NEEDS_SPEED]
        return
    spread = max(cadence.high / cadence.value, cadence.value / cadence.low) - 1
    half = length * float(np.hypot(spread, 0.02))
    found.append(_derived("step_length", "cm", length, half, cadence, "speed over cadence (speed taken as ± 2 %)"))
    bounce = by_id.get("vertical_oscillation")
    if bounce is not None and bounce.unit == "cm":
        ratio = 100 * bounce.value / length
        relative = float(np.hypot((bounce.high - bounce.low) / 2 / bounce.value, half / length))
        found.append(_derived("vertical_ratio", "pct", ratio, ratio * relative, bounce, "bounce over step length"))


def _derived(metric: str, unit: str, value: float, half: float, source: Estimate, method: str) -> _Found:
    estimate = Estimate(
        metric, "both", value, unit, value - half, value + half, source.n, source.quality, method, source.flags
    )
    return _Found(estimate, Series(metric, "both", unit, (), ()))


def _needs_height(estimate: Estimate) -> NotAssessable:
    return NotAssessable(estimate.metric, estimate.side, "in centimetres: needs the body height", None)


def _steps(scene: Scene) -> tuple[Step, ...]:
    out: list[Step] = []
    for side in LEGS:
        contact = scene.contacts.get(side)
        for t in scene.stride.times(scene.body, scene.moment(side, "mid_stance")):
            small = not bool(scene.large_enough[int(np.argmin(np.abs(scene.body.time_s - t)))])
            reason = "too small in the picture" if small and scene.viewpoint.view != "side" else None
            down, off = _events(scene, contact, float(t))
            out.append(Step(side, float(t), down, off, reason))
    return tuple(sorted(out, key=lambda s: s.mid_stance_s))


def _events(scene: Scene, contact: Contact | None, mid_stance_s: float) -> tuple[float | None, float | None]:
    """Touch-down and toe-off around one mid-stance, through the phase of the film; None outside it."""
    if contact is None:
        return None, None
    time, phase = scene.body.time_s, scene.stride.phase
    middle = float(np.interp(mid_stance_s, time, phase))
    events = [middle + side * contact.length / 2 for side in (-1, 1)]
    down, off = (float(np.interp(p, phase, time)) if phase[0] <= p <= phase[-1] else None for p in events)
    return down, off


def _bounce(scene: Scene) -> Series:
    height = body_height(scene.body, scene.stride, scene.size)
    scale, unit = (100 * scene.height_m, "cm") if scene.height_m else (1.0, "body heights")
    good = np.isfinite(height)
    return Series(
        "vertical_oscillation",
        "both",
        unit,
        tuple(scene.body.time_s[good].tolist()),
        tuple((height[good] * scale).tolist()),
    )


def _film_flags(scene: Scene, motion: Motion, steps: tuple[Step, ...]) -> tuple[str, ...]:
    flags = {
        "low_frame_rate": scene.frame_rate < 50,
        "small_in_picture": not bool(scene.large_enough.all()),
        "sides_swapped": int(motion.attrs.get("swapped_frames", 0)) > 0,
        "sides_uncertain": int(motion.attrs.get("uncertain_frames", 0)) > 0,
        "steady_part": scene.body.seen - len(scene.body.time_s) > scene.frame_rate
        and scene.viewpoint.travel != "pass",
        "approach": scene.viewpoint.travel == "approach",
        "pass": scene.viewpoint.travel == "pass",
        "few_steps": scene.stride.phase[-1] - scene.stride.phase[0] < FEW,
        "steps_left_out": any(step.left_out for step in steps),
        "frames_lost": any(int(motion.attrs.get(f"{what}_frames", 0)) > 0 for what in ("undecoded", "repeated")),
        "camera_moved": "camera" in motion,
        "camera_unmeasured": int(motion.attrs.get("camera_unmeasured", 0)) > 0,
        "camera_lost": _camera_lost(motion) > 0,
        "others_left_out": int(motion.attrs.get("other_frames", 0)) > 0,
        "camera_oblique": abs(scene.yaw_deg) > (SQUARE_DEG if scene.viewpoint.view == "side" else 5),
        "network_unproven": is_unproven(_backend(motion)),
    }
    return tuple(code for code, on in flags.items() if on)
