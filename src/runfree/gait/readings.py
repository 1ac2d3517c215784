"""The readings: how each measure is taken from a scene. One function a measure, listed in READINGS."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from runfree.core.metrics import Side
from runfree.gait import frontal, sagittal, step_times
from runfree.gait.accuracy import HIDDEN_BOUNCE_CM, PASSING
from runfree.gait.bounce import bounce_per_step
from runfree.gait.per_step import PerStep, at_moment
from runfree.gait.reading import (
    FURTHEST_OFF_DEG,
    TOO_FAR_OFF,
    Outcome,
    Reading,
    Refusal,
    corrected,
    off_square_deg,
    side_accuracy,
)
from runfree.gait.scale import SCALE_SD, USUAL_HEIGHT_M
from runfree.gait.scene import Scene

Array = NDArray[np.float64]

_STEEPEST_DEG = 12.0
"""No pelvis drops further as the network sees it, which is half of the true drop."""

_FLAT_DEG, _FLAT_WITHIN_DEG = -7.0, 14.0
"""Pitch of the network's heel–toe line while a foot stands flat: -1 to -16 degrees on 24 films where it is seen, -50 where it is hidden."""

_TURNS_DEG_S, _UNTIMED_S = 300.0, 0.012
_WIDEST_DOUBT = 3.0

_HIDDEN_FOOT = (
    "the foot does not look flat while it stands, so that this leg cannot be believed then: film it with nothing in front of it, "
    "such as the side of a treadmill"
)


def vertical_oscillation(scene: Scene, _: Side) -> Outcome:
    """Range of the body in each step, in body heights (see :mod:`runfree.gait.bounce`)."""
    accuracy = scene.accuracy["vertical_oscillation", "side", PASSING if scene.viewpoint.travel == "pass" else ""]
    height_cm = 100 * (scene.height_m or USUAL_HEIGHT_M)
    steps, value = bounce_per_step(scene.body, scene.stride, scene.size)
    offset = accuracy.offset / height_cm
    half = float(np.hypot(accuracy.half_95 / height_cm, 1.96 * SCALE_SD * value))
    return Reading(
        PerStep(steps.time_s, steps.value + offset),
        half,
        accuracy.useful / height_cm,
        "rise and fall of hips, shoulders and ears on the mean step, scaled by body height",
        ("stature_scale",) if scene.height_m else (),
        value + offset,
        HIDDEN_BOUNCE_CM / height_cm,
    )


def trunk_lean(scene: Scene, _: Side) -> Outcome:
    """Mean over the strides of the line mid-hip–mid-shoulder."""
    if abs(scene.yaw_deg) > FURTHEST_OFF_DEG:
        return Refusal(TOO_FAR_OFF, "side")
    accuracy = scene.accuracy["trunk_lean", "side", ""]
    lean = sagittal.trunk_lean_deg(scene.body, sagittal.forward(scene.viewpoint.facing))
    steps = PerStep(*_stride_means(scene, lean))
    half = accuracy.half_95 + off_square_deg(scene)
    return Reading(corrected(steps, accuracy), half, accuracy.useful, "mean over whole strides")


def _stride_means(scene: Scene, x: Array) -> tuple[Array, Array]:
    turn = np.floor(scene.stride.phase)
    turns = [k for k in np.unique(turn) if (turn == k).sum() >= 5]
    time = [float(scene.body.time_s[turn == k].mean()) for k in turns]
    return np.array(time), np.array([float(np.nanmean(x[turn == k])) for k in turns])


def _sagittal(
    metric: str, signal: Callable[[Scene, Side], Array], name: str, *, with_foot: bool = False
) -> Callable[[Scene, Side], Outcome]:
    def read(scene: Scene, side: Side) -> Outcome:
        if name == "touch_down" and not scene.contacts:
            return Refusal("touch-down could not be timed in this film", "side")
        if abs(scene.yaw_deg) > FURTHEST_OFF_DEG:
            return Refusal(TOO_FAR_OFF, "side")
        accuracy, flags = side_accuracy(scene, metric, side)
        doubt = _timing_doubt_deg(scene, side) if name == "touch_down" else 0.0
        if doubt > _WIDEST_DOUBT * accuracy.useful:
            return Refusal("touch-down could not be timed well enough in this film: film longer", "side")
        phase = scene.moment(side, name)
        belief = sagittal.belief(scene.body, side, with_foot=with_foot)
        steps = at_moment(scene.body, scene.stride, signal(scene, side), (phase - 0.012, phase + 0.012), belief)
        where = "at touch-down" if name == "touch_down" else "at mid-stance"
        half = float(np.hypot(accuracy.half_95, doubt))
        return Reading(corrected(steps, accuracy), half, accuracy.useful, f"read {where}, step by step", flags)

    return read


def _timing_doubt_deg(scene: Scene, side: Side) -> float:
    """What touch-down's own error makes of an angle read at it, 95 %: shin, knee and foot turn by about 3 degrees in a hundredth of a second.

    Touch-down has its share of the error of the contact time, as leaving out parts of the film shows it; a leg that could not be
    timed takes the other's touch-down.
    """
    contact = scene.contacts.get(side)
    se_s = contact.se / scene.stride.hz / np.sqrt(2) if contact else _UNTIMED_S
    return 1.96 * _TURNS_DEG_S * float(se_s)


def _knee(scene: Scene, side: Side) -> Array:
    return sagittal.knee_flexion_deg(scene.body, side)


def _tibia(scene: Scene, side: Side) -> Array:
    return sagittal.tibia_angle_deg(scene.body, side, sagittal.forward(scene.viewpoint.facing))


def _foot(scene: Scene, side: Side) -> Array:
    return sagittal.foot_pitch_deg(scene.body, side, sagittal.forward(scene.viewpoint.facing))


def _where_the_foot_is_seen(read: Callable[[Scene, Side], Outcome]) -> Callable[[Scene, Side], Outcome]:
    """Refuse a reading of a leg whose line heel–toe does not look flat while the foot stands."""

    def checked(scene: Scene, side: Side) -> Outcome:
        outcome = read(scene, side)
        if isinstance(outcome, Refusal):
            return outcome
        mid = scene.moment(side, "mid_stance")
        belief = sagittal.belief(scene.body, side, with_foot=True)
        flat = at_moment(scene.body, scene.stride, _foot(scene, side), (mid - 0.08, mid - 0.04), belief)
        looks_flat = flat.n > 0 and abs(flat.mean - _FLAT_DEG) <= _FLAT_WITHIN_DEG
        return outcome if looks_flat else Refusal(_HIDDEN_FOOT, "side")

    return checked


def _frontal_belief(scene: Scene) -> Array:
    return scene.large_enough.astype(np.float64)


def _frontal_flags(scene: Scene) -> tuple[str, ...]:
    return ("camera_oblique",) if abs(scene.yaw_deg) > 5 else ()


def _yaw_doubt(scene: Scene) -> float:
    """What a camera at an angle adds to an angle's half-width: 0.35 of the yaw, 0.25 where the speed is known."""
    return abs(scene.yaw_deg) * (0.25 if scene.speed_mps else 0.35)


def foot_progression(scene: Scene, side: Side) -> Outcome:
    """Sideways extent of the foot while it is flat (0.12 to 0.04 stride before mid-stance), less the camera's yaw.

    Earlier than mid-stance, since the foot does not turn while it stands and the legs do not yet cross.
    """
    accuracy = scene.accuracy["foot_progression", "front", ""]
    angle = frontal.foot_angle_deg(scene.body, side, scene.size)
    mid = scene.stride.mid_stance[side]
    steps = at_moment(scene.body, scene.stride, angle, (mid - 0.12, mid - 0.04), _frontal_belief(scene))
    turned = scene.yaw_deg if side == "left" else -scene.yaw_deg
    steps = steps.shifted(turned)
    half = float(np.hypot(accuracy.half_95, _yaw_doubt(scene)))
    return Reading(
        corrected(steps, accuracy),
        half,
        accuracy.useful,
        "sideways heel–toe distance over foot length",
        _frontal_flags(scene),
    )


def knee_projection(scene: Scene, side: Side) -> Outcome:
    """Bend of hip–knee–ankle in the picture just after mid-hip is lowest, less the camera's yaw (front)."""
    view = scene.viewpoint.view
    accuracy = scene.accuracy["knee_projection", view, ""]
    bend = frontal.knee_projection_deg(scene.body, view, side)
    mid = scene.stride.mid_stance[side]
    steps = at_moment(scene.body, scene.stride, bend, (mid, mid + 0.03), _frontal_belief(scene))
    turned = 0.85 * (scene.yaw_deg if side == "left" else -scene.yaw_deg)
    doubt = _yaw_doubt(scene) if view == "front" else 0.7 * scene.yaw_deg
    steps = steps.shifted(-turned if view == "front" else 0.0)
    half = float(np.hypot(accuracy.half_95, doubt))
    return Reading(
        corrected(steps, accuracy), half, accuracy.useful, "hip–knee–ankle at mid-stance", _frontal_flags(scene)
    )


def knee_over_toe(scene: Scene, side: Side) -> Outcome:
    """Knee against the plane through heel and toe.

    The plane stands along the foot; the knee is ahead of the ankle by 0.11 body heights at mid-stance. Seen from the front its
    distance from the plane is the sideways distance knee–ankle plus the forward one times the sine of the foot angle as
    seen: the camera's yaw drops out.
    """
    accuracy = scene.accuracy["knee_over_toe", "front", ""]
    body, belief, mid = scene.body, _frontal_belief(scene), scene.stride.mid_stance[side]
    foot = frontal.foot_angle_deg(body, side, scene.size)
    seen = np.radians(at_moment(body, scene.stride, foot, (mid - 0.12, mid - 0.04), belief).mean)
    inwards = -frontal.lateral(body, "front", side, "ankle", "knee", scene.size)
    shank = (body.at[f"{side}_ankle"] - body.at[f"{side}_knee"])[:, 1] / scene.size
    offset = inwards * np.cos(seen) + 0.11 * np.sin(seen)
    angle = np.degrees(np.arctan2(offset, np.maximum(shank, 0.05)))
    steps = at_moment(body, scene.stride, angle, (mid, mid + 0.03), belief)
    return Reading(
        corrected(steps, accuracy),
        accuracy.half_95,
        accuracy.useful,
        "knee against the plane heel–toe at mid-stance",
    )


def pelvic_drop(scene: Scene, side: Side) -> Outcome:
    """Half the difference of the hip line's tilt between left and right mid-stance.

    Averaged over both legs: a rolled camera and the network's own left–right bias cancel, and so does a true difference between
    the legs, which this view cannot show.
    """
    view = scene.viewpoint.view
    accuracy = scene.accuracy["pelvic_drop", view, ""]
    tilt = frontal.hip_tilt_deg(scene.body, view)
    read = {leg: _at_mid(scene, tilt, leg) for leg in ("left", "right")}
    drop = (read["left"].mean - read["right"].mean) / 2
    if abs(drop) > _STEEPEST_DEG:
        return Refusal("the line between the hips was not seen well: keep the whole body in the picture", view)
    own = read[side]
    sign = 1.0 if side == "left" else -1.0
    steps = PerStep(own.time_s, sign * (own.value - own.mean) + drop, drop, own.frame_noise)
    return Reading(
        corrected(steps, accuracy), accuracy.half_95, accuracy.useful, "tilt of the hip line, both legs together"
    )


def _at_mid(scene: Scene, x: Array, side: Side) -> PerStep:
    mid = scene.stride.mid_stance[side]
    return at_moment(scene.body, scene.stride, x, (mid - 0.02, mid + 0.02), _frontal_belief(scene))


def step_width(scene: Scene, _: Side) -> Outcome:
    """Sideways distance of the heels while their foot is flat, each against mid-hip; in body heights."""
    view = scene.viewpoint.view
    accuracy = scene.accuracy["step_width", view, ""]
    height_cm = 100 * (scene.height_m or USUAL_HEIGHT_M)
    places: dict[Side, PerStep] = {}
    for leg in ("left", "right"):
        out = frontal.outward(view, leg) * (scene.body.at[f"{leg}_heel"] - scene.body.hips)[:, 0] / scene.size
        mid = scene.stride.mid_stance[leg]
        places[leg] = at_moment(scene.body, scene.stride, out, (mid - 0.12, mid - 0.04), _frontal_belief(scene))
    left, right = places["left"], places["right"]
    width = left.mean + right.mean
    steps = PerStep(
        np.concatenate([left.time_s, right.time_s]),
        np.concatenate([left.value + right.mean, right.value + left.mean]) + accuracy.offset / height_cm,
    )
    order = np.argsort(steps.time_s)
    return Reading(
        PerStep(steps.time_s[order], steps.value[order]),
        float(np.hypot(accuracy.half_95, 0.4 * scene.yaw_deg)) / height_cm,
        accuracy.useful / height_cm,
        "heels against mid-hip, left and right, scaled by body height",
        ("stature_scale",) if scene.height_m else (),
        width + accuracy.offset / height_cm,
    )


READINGS: dict[str, Callable[[Scene, Side], Outcome]] = {
    "cadence": step_times.cadence,
    "vertical_oscillation": vertical_oscillation,
    "trunk_lean": trunk_lean,
    "knee_flexion_contact": _sagittal("knee_flexion_contact", _knee, "touch_down"),
    "knee_flexion_midstance": _where_the_foot_is_seen(
        _sagittal("knee_flexion_midstance", _knee, "mid_stance", with_foot=True)
    ),
    "tibia_angle_contact": _sagittal("tibia_angle_contact", _tibia, "touch_down"),
    "foot_strike_angle": _where_the_foot_is_seen(
        _sagittal("foot_strike_angle", _foot, "touch_down", with_foot=True)
    ),
    "step_time": step_times.of_the_rhythm(1),
    "stride_time": step_times.of_the_rhythm(2),
    "contact_time": step_times.contact_time,
    "flight_time": step_times.flight_time,
    "duty_factor": step_times.duty_factor,
    "peak_force": step_times.peak_force,
    "leg_stiffness": step_times.leg_stiffness,
    "stance_time": step_times.contact_time,
    "swing_time": step_times.swing_time,
    "double_support": step_times.double_support,
    "foot_progression": foot_progression,
    "knee_projection": knee_projection,
    "knee_over_toe": knee_over_toe,
    "pelvic_drop": pelvic_drop,
    "step_width": step_width,
}
