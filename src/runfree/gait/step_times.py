"""Readings in time: steps and strides from the rhythm; contact, flight and what follows from them; stance and swing of a walk."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from runfree.core.metrics import Side
from runfree.gait.per_step import PerStep
from runfree.gait.reading import Outcome, Reading, Refusal, side_accuracy
from runfree.gait.scene import Scene

Array = NDArray[np.float64]

STEP_TIME_CV = 0.014
"""Usual irregularity of step times (1 SD over the mean), as five laboratory runs show it (docs/laboratory.md)."""

GRAVITY = 9.81
_RHYTHM = "rhythm of ankles, knees and hips over the whole film"
_FEW_STRIDES = {"running": 6.0, "walking": 3.0}
_WIDEST = 3.0
_SHORTEST_FLIGHT_MS = 30.0
_FORCE_READS_LOW = {"treadmill": 0.069, "pass": 0.032, "approach": 0.032}
_FORCE_SD, _STIFFNESS_SD, _LEG_SD, _SPEED_SD = 0.025, 0.06, 0.03, 0.01
_LEG_OVER_HEIGHT = 0.53


def cadence(scene: Scene, _: Side) -> Outcome:
    """Twice the stride frequency, steps a minute.

    The interval holds the noise of the phase and the usual irregularity of steps: on a treadmill only the steps cut off at
    the film's ends; of a pass or an approach the few steps seen stand for the others.
    """
    stride, spm = scene.stride, scene.stride.cadence_spm
    steps = 2 * float(stride.phase[-1] - stride.phase[0])
    cv = STEP_TIME_CV * spm
    irregular = {"treadmill": 1.5 * cv / steps, "approach": cv / np.sqrt(steps), "pass": 1.8 * cv / np.sqrt(steps)}
    time, step_s = _between_steps(scene, 1)
    half = 1.96 * float(np.hypot(120 * stride.se_hz, irregular[scene.viewpoint.travel]))
    return Reading(PerStep(time, 60 / step_s), max(half, 0.25), 1.0, _RHYTHM, value=spm, spread_within=True)


def of_the_rhythm(steps: int) -> Callable[[Scene, Side], Outcome]:
    """Return the reading of the time that so many steps take, in ms."""

    def read(scene: Scene, side: Side) -> Outcome:
        rhythm = cadence(scene, side)
        if isinstance(rhythm, Refusal):
            return rhythm
        spm, value = scene.stride.cadence_spm, 500 * steps / scene.stride.hz
        time, taken_s = _between_steps(scene, steps)
        return replace(
            rhythm,
            steps=PerStep(time, 1000 * taken_s),
            half_95=value * rhythm.half_95 / spm,
            useful=value * rhythm.useful / spm,
            value=value,
        )

    return read


def _between_steps(scene: Scene, apart: int) -> tuple[Array, Array]:
    """Times half-way between steps so far apart, and the time between them, in seconds."""
    stride = scene.stride
    times = np.sort(np.concatenate([stride.times(scene.body, p) for p in stride.mid_stance.values()]))
    return (times[apart:] + times[:-apart]) / 2, times[apart:] - times[:-apart]


_METHOD = {
    "contact_time": "knee, shank and toe on the mean stride, set on force plates at 50 N",
    "stance_time": "foot furthest ahead to furthest behind on the mean stride (Zeni 2008)",
}


def contact_time(scene: Scene, side: Side) -> Outcome:
    """From touch-down to toe-off of one foot, in ms: contact of a runner, stance of a walker.

    Running: force over 50 N; from 20 to 100 N the same contacts shorten by 28 to 39 ms.
    """
    contact = scene.contacts.get(side)
    if contact is None:
        return Refusal("touch-down and toe-off of this foot could not be timed in this film", "side")
    metric = "contact_time" if scene.stride.gait == "running" else "stance_time"
    accuracy, flags = side_accuracy(scene, metric, side)
    flags = (*flags, "one_side") if flags else ()
    to_ms = 1000 / scene.stride.hz
    strides = scene.stride.phase[-1] - scene.stride.phase[0]
    few = 1.0 if strides >= _FEW_STRIDES[scene.stride.gait] else 1.5
    half = few * float(np.hypot(accuracy.half_95, 1.96 * contact.se * to_ms))
    if half > _WIDEST * accuracy.useful:
        return Refusal(
            "the steps of this film differ too much to time this foot: film longer, or with more frames a second"
        )
    times = scene.stride.times(scene.body, contact.mid_stance)
    steps = PerStep(times, np.full(len(times), contact.length * to_ms))
    return Reading(steps, half, accuracy.useful, _METHOD[metric], flags)


def _mean_contact(scene: Scene) -> Reading | Refusal:
    """Of both legs, with the near leg's error; where only one could be timed it stands for both."""
    near = scene.near_leg
    leg = near if near in scene.contacts else next(iter(scene.contacts), None)
    if leg is None:
        return Refusal("touch-down and toe-off could not be timed in this film", "side")
    reading = contact_time(scene, leg)
    if isinstance(reading, Refusal):
        return reading
    length = float(np.mean([c.length for c in scene.contacts.values()])) * 1000 / scene.stride.hz
    return _like(reading, length, reading.half_95, reading.method)


def flight_time(scene: Scene, side: Side) -> Outcome:
    """From this foot's toe-off to the other's touch-down, in ms; for both: step time less the mean contact time."""
    contact = _mean_contact(scene)
    if isinstance(contact, Refusal):
        return contact
    if side == "both":
        flight = 500 / scene.stride.hz - contact.steps.mean
        return _like(contact, flight, contact.half_95, "step time less contact time")
    if len(scene.contacts) < 2:
        return Refusal("only one foot could be timed in this film", "side")
    mine, other = scene.contacts[side], scene.contacts["right" if side == "left" else "left"]
    flight = 1000 * ((other.touch_down - mine.toe_off) % 1) / scene.stride.hz
    half = float(np.hypot(contact.half_95, side_accuracy(scene, "contact_time", _far(scene))[0].half_95))
    if half > _WIDEST * contact.useful:
        return Refusal("the two flights cannot be told apart in this film: add one from the other side", "side")
    return replace(_like(contact, flight, half, "toe-off to the other foot's touch-down"), flags=("one_side",))


def duty_factor(scene: Scene, _: Side) -> Outcome:
    """Contact time over stride time, in percent."""
    contact = _mean_contact(scene)
    if isinstance(contact, Refusal):
        return contact
    share = 0.1 * scene.stride.hz
    reading = _like(contact, contact.steps.mean * share, contact.half_95 * share, "contact time over stride time")
    return replace(reading, useful=contact.useful * share)


def peak_force(scene: Scene, _: Side) -> Outcome:
    """Largest vertical force in body weights, as if it rose and fell like half a sine (Morin et al. 2005, J Appl Biomech 21:167).

    ``π/2 (flight / contact + 1)``. Against force plates it reads 6.9 ± 2.5 % low on a treadmill, 3.2 ± 2.1 % overground; the
    value is the formula's, the interval reaches up to where the force plate would be.
    """
    contact = _mean_contact(scene)
    if isinstance(contact, Refusal):
        return contact
    step_ms, contact_ms = 500 / scene.stride.hz, contact.steps.mean
    if step_ms - contact_ms < _SHORTEST_FLIGHT_MS:
        return Refusal("the flight is too short for this estimate to hold", None)
    force = _force(step_ms, contact_ms)
    half = force * float(np.hypot(contact.half_95 / contact_ms, 2 * _FORCE_SD))
    low_by = _FORCE_READS_LOW[scene.viewpoint.travel]
    method = (
        f"estimated from contact and flight (Morin 2005); reads about {100 * low_by:.0f} % below a force plate"
    )
    return replace(_like(contact, force, half, method), useful=0.25, reads_low_by=low_by * force)


def leg_stiffness(scene: Scene, _: Side) -> Outcome:
    """Peak force over the shortening of the leg, in body weights per metre (Morin et al. 2005).

    The leg is 0.53 of the height. Against force plates 6.1 % low on a treadmill, 2.5 % overground.
    """
    contact = _mean_contact(scene)
    if isinstance(contact, Refusal):
        return contact
    if scene.speed_mps is None or scene.height_m is None:
        return Refusal("needs the running speed and the body height", None)
    step_s, contact_s = 0.5 / scene.stride.hz, contact.steps.mean / 1000
    if 1000 * (step_s - contact_s) < _SHORTEST_FLIGHT_MS:
        return Refusal("the flight is too short for this estimate to hold", None)
    given = np.array([contact_s, scene.speed_mps, _LEG_OVER_HEIGHT * scene.height_m])
    sd = np.array([contact.half_95 / 1960, _SPEED_SD * given[1], _LEG_SD * given[2]])
    value = _stiffness(step_s, *given)
    if not np.isfinite(value):
        return Refusal("speed, height and contact time do not fit together: check the speed", None)
    slopes = [_stiffness(step_s, *(given + d)) - value for d in np.diag(sd)]
    half = 1.96 * float(np.hypot(np.linalg.norm(slopes), _STIFFNESS_SD * value))
    if not np.isfinite(half):
        return Refusal("speed, height and contact time do not fit together: check the speed", None)
    return replace(
        _like(contact, value, half, "peak force over the leg's shortening (Morin 2005)"), useful=0.2 * value
    )


def swing_time(scene: Scene, side: Side) -> Outcome:
    """Stride time less stance time, in ms."""
    stance = contact_time(scene, side)
    if isinstance(stance, Refusal):
        return stance
    swing = 1000 / scene.stride.hz - stance.steps.mean
    return _like(stance, swing, stance.half_95, "stride time less stance time")


def double_support(scene: Scene, _: Side) -> Outcome:
    """Share of the stride in which both feet are on the ground, in percent."""
    stance = _mean_contact(scene)
    if isinstance(stance, Refusal):
        return stance
    share = 0.2 * scene.stride.hz
    both = stance.steps.mean * share - 100
    reading = _like(stance, both, stance.half_95 * share, "both stances less the stride")
    return replace(reading, useful=stance.useful * share)


def _like(contact: Reading, value: float, half_95: float, method: str) -> Reading:
    """Another value from the same steps."""
    steps = PerStep(contact.steps.time_s, np.full(contact.steps.n, value))
    return replace(contact, steps=steps, half_95=half_95, method=method)


def _far(scene: Scene) -> Side:
    return "left" if scene.near_leg == "right" else "right"


def _force(step: float, contact: float) -> float:
    """Body weights; step and contact in the same unit: π/2 (flight / contact + 1) with flight = step less contact."""
    return np.pi / 2 * step / contact


def _stiffness(step_s: float, contact_s: float, speed_mps: float, leg_m: float) -> float:
    """Body weights per metre; NaN where the leg cannot reach as far as the speed asks."""
    force = _force(step_s, contact_s)
    fall = GRAVITY * contact_s**2 * (force / np.pi**2 - 1 / 8)
    reach = leg_m**2 - (speed_mps * contact_s / 2) ** 2
    return float(force / (leg_m - np.sqrt(reach) + fall)) if reach > 0 else float("nan")
