"""The measures: ids, units, signs, and which film can show them. Ids and signs are fixed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Side = Literal["left", "right", "both"]
View = Literal["side", "front", "rear", "oblique", "3d"]
Gait = Literal["running", "walking", "neither", "nobody"]

BOTH: tuple[Side, ...] = ("both",)
EACH: tuple[Side, ...] = ("left", "right")
ALL: tuple[Side, ...] = ("both", "left", "right")


@dataclass(frozen=True, slots=True)
class Metric:
    """One measure.

    Attributes
    ----------
    id : str
        Fixed name used in files and code.
    title, definition : str
        For people: a short name, and what is measured in one sentence.
    unit, sign : str
        Unit symbol, and what a positive value means ("" where only a size).
    sides : tuple of Side
        One value for both legs, or one each.
    views : tuple of View
        The films that can show it, best first.
    walking, running : bool
        Whether it applies to walking, to running.
    """

    id: str
    title: str
    unit: str
    sign: str
    sides: tuple[Side, ...]
    views: tuple[View, ...]
    definition: str
    walking: bool = True
    running: bool = True


_ALL: tuple[View, ...] = ("side", "front", "rear", "oblique")
_FRONTAL: tuple[View, ...] = ("front", "rear")

METRICS: dict[str, Metric] = {
    m.id: m
    for m in (
        Metric("cadence", "Cadence", "spm", "", BOTH, _ALL, "Steps per minute, both feet counted."),
        Metric(
            "vertical_oscillation",
            "Bounce",
            "cm",
            "",
            BOTH,
            ("side",),
            "How far the middle of the hips travels up and down in one step, peak to peak.",
            walking=False,
        ),
        Metric(
            "foot_progression",
            "Foot angle",
            "deg",
            "toe-out +",
            EACH,
            ("front",),
            "The line from heel to second toe against the direction of travel, at mid-stance.",
        ),
        Metric(
            "knee_projection",
            "Knee line",
            "deg",
            "knee towards the midline +",
            EACH,
            _FRONTAL,
            "The bend of the line hip–knee–ankle seen from the front or back, at mid-stance.",
        ),
        Metric(
            "knee_over_toe",
            "Knee over second toe",
            "deg",
            "knee towards the midline +",
            EACH,
            ("front",),
            "How far the knee stands off the vertical plane through heel and second toe, at mid-stance.",
        ),
        Metric(
            "pelvic_drop",
            "Pelvic drop",
            "deg",
            "swing side lower +",
            EACH,
            _FRONTAL,
            "The tilt of the line between the hips while standing on this leg, at mid-stance.",
        ),
        Metric(
            "step_width",
            "Step width",
            "cm",
            "negative: the feet cross over",
            BOTH,
            _FRONTAL,
            "The sideways distance between the heels of two following steps.",
        ),
        Metric(
            "trunk_lean",
            "Trunk lean",
            "deg",
            "forward +",
            BOTH,
            ("side",),
            "The line from mid-hip to mid-shoulder against the vertical, mean over the stride.",
        ),
        Metric(
            "knee_flexion_contact",
            "Knee bend at touch-down",
            "deg",
            "bent +",
            EACH,
            ("side",),
            "The bend of the knee when the foot touches down (0 = straight).",
        ),
        Metric(
            "knee_flexion_midstance",
            "Knee bend at mid-stance",
            "deg",
            "bent +",
            EACH,
            ("side",),
            "The bend of the knee half-way between touch-down and toe-off.",
        ),
        Metric(
            "tibia_angle_contact",
            "Shin angle at touch-down",
            "deg",
            "ankle ahead of the knee +",
            EACH,
            ("side",),
            "The shin against the vertical when the foot touches down.",
        ),
        Metric(
            "foot_strike_angle",
            "Foot angle at touch-down",
            "deg",
            "heel first +",
            EACH,
            ("side",),
            "The sole against the ground when the foot touches down, compared with standing flat.",
            walking=False,
        ),
        Metric(
            "contact_time",
            "Contact time",
            "ms",
            "",
            EACH,
            ("side",),
            "From touch-down to toe-off of one foot.",
            walking=False,
        ),
        Metric(
            "flight_time",
            "Flight time",
            "ms",
            "",
            ALL,
            ("side",),
            "From toe-off of this foot to touch-down of the other.",
            walking=False,
        ),
        Metric(
            "duty_factor",
            "Duty factor",
            "pct",
            "",
            BOTH,
            ("side",),
            "The share of a stride that one foot spends on the ground.",
            walking=False,
        ),
        Metric(
            "peak_force",
            "Peak force, estimated",
            "BW",
            "",
            BOTH,
            ("side",),
            "The largest push of the ground in body weights, worked out from contact and flight time.",
            walking=False,
        ),
        Metric(
            "leg_stiffness",
            "Leg stiffness, estimated",
            "BW/m",
            "",
            BOTH,
            ("side",),
            "Peak force over how far the leg shortens while it is loaded, worked out from contact, flight, speed and height.",
            walking=False,
        ),
        Metric(
            "stance_time",
            "Stance time",
            "ms",
            "",
            EACH,
            ("side",),
            "From touch-down to toe-off of one foot in walking.",
            running=False,
        ),
        Metric(
            "swing_time",
            "Swing time",
            "ms",
            "",
            EACH,
            ("side",),
            "From toe-off to the next touch-down of the same foot in walking.",
            running=False,
        ),
        Metric(
            "double_support",
            "Double support",
            "pct",
            "",
            BOTH,
            ("side",),
            "The share of a stride in which both feet are on the ground in walking.",
            running=False,
        ),
        Metric("step_time", "Step time", "ms", "", BOTH, _ALL, "From one footfall to the next."),
        Metric(
            "stride_time", "Stride time", "ms", "", BOTH, _ALL, "From one footfall to the next of the same foot."
        ),
        Metric(
            "step_length",
            "Step length",
            "cm",
            "",
            BOTH,
            _ALL,
            "The distance from one footfall to the next: speed divided by cadence.",
        ),
        Metric(
            "vertical_ratio",
            "Bounce per step length",
            "pct",
            "",
            BOTH,
            ("side",),
            "Bounce divided by step length.",
            walking=False,
        ),
    )
}
