"""How far each measure is off: what the network's points leave, by measure and view.

The figures come from rendered runners with known truth (docs/accuracy.md): tuned on one set of films, judged on another.
``offset`` is where BlazePose puts its points against joint centres and skin; ``half_95`` is what differs from film to film
around it and does not shrink with more steps. Rendered bodies stand behind these figures, not a laboratory with real
runners: docs/accuracy.md says what that leaves open.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from runfree.core.metrics import View


@dataclass(frozen=True, slots=True)
class Accuracy:
    """Correction and systematic error of one measure in one view.

    Attributes
    ----------
    offset : float
        Added to the reading, in the measure's unit.
    gain : float
        The reading is multiplied by it first.
    half_95 : float
        Systematic part of the 95 % half-width, in the measure's unit.
    useful : float
        Half-width up to which the measure is called good; up to twice that fair, beyond poor.
    """

    offset: float
    gain: float
    half_95: float
    useful: float


NEAR, FAR, PASSING, WALKING = "near", "far", "pass", " walking"

Table = Mapping[tuple[str, View, str], Accuracy]

ACCURACY: Table = {
    ("vertical_oscillation", "side", ""): Accuracy(0.25, 1.0, 0.8, 0.6),
    ("vertical_oscillation", "side", PASSING): Accuracy(0.9, 1.0, 0.8, 0.6),
    ("trunk_lean", "side", ""): Accuracy(3.6, 1.0, 2.4, 2.5),
    ("knee_flexion_contact", "side", NEAR): Accuracy(-0.5, 1.0, 7.4, 5.0),
    ("knee_flexion_contact", "side", FAR): Accuracy(1.7, 1.0, 5.8, 5.0),
    ("knee_flexion_midstance", "side", NEAR): Accuracy(-2.6, 1.0, 5.45, 5.0),
    ("knee_flexion_midstance", "side", FAR): Accuracy(3.2, 1.0, 5.8, 5.0),
    ("knee_flexion_midstance", "side", NEAR + WALKING): Accuracy(-11.0, 1.0, 9.0, 5.0),
    ("knee_flexion_midstance", "side", FAR + WALKING): Accuracy(-6.5, 1.0, 9.0, 5.0),
    ("tibia_angle_contact", "side", NEAR): Accuracy(2.7, 1.0, 4.3, 3.0),
    ("tibia_angle_contact", "side", FAR): Accuracy(0.4, 1.0, 5.9, 3.0),
    ("foot_strike_angle", "side", NEAR): Accuracy(3.8, 1.0, 6.8, 6.0),
    ("foot_strike_angle", "side", FAR): Accuracy(1.5, 1.0, 7.25, 6.0),
    ("contact_time", "side", NEAR): Accuracy(0.0, 1.0, 15.0, 20.0),
    ("contact_time", "side", FAR): Accuracy(0.0, 1.0, 30.0, 20.0),
    ("stance_time", "side", NEAR): Accuracy(0.0, 1.0, 70.0, 40.0),
    ("stance_time", "side", FAR): Accuracy(0.0, 1.0, 75.0, 40.0),
    ("foot_progression", "front", ""): Accuracy(0.9, 1.0, 4.6, 3.0),
    ("knee_projection", "front", ""): Accuracy(0.8, 1.0, 3.38, 3.0),
    ("knee_projection", "rear", ""): Accuracy(-2.3, 1.0, 8.3, 3.0),
    ("knee_over_toe", "front", ""): Accuracy(1.9, 1.3, 4.3, 3.0),
    ("pelvic_drop", "front", ""): Accuracy(3.6, 2.0, 2.35, 2.0),
    ("pelvic_drop", "rear", ""): Accuracy(3.8, 1.5, 2.35, 2.0),
    ("step_width", "front", ""): Accuracy(2.5, 1.0, 1.82, 2.0),
    ("step_width", "rear", ""): Accuracy(-1.8, 1.0, 4.8, 2.0),
}

HIDDEN_BOUNCE_CM = 0.5
"""How much of the hips' rise a head that keeps stiller than they do may hide: the network's hips and shoulders follow the head."""

UNPROVEN = frozenset({"rtmpose", "file"})
"""Where the points come from a network that was not held against known movement here: RTMPose, or another program's file."""

_WIDER = 1.5
_USUAL_DEG = 5.0


def is_unproven(backend: str) -> bool:
    """Tell whether a motion's ``backend`` (name and version) is one whose error was not measured."""
    return backend.partition(" ")[0] in UNPROVEN


def accuracy_for(backend: str) -> Table:
    """Return the table for the backend that made a motion.

    For one whose error was not measured, nothing is corrected; the half-widths are those of BlazePose times 1.5, and what its
    corrections would have changed (a gain: of an angle of 5 degrees) is added as if it were an error. A rule of thumb.
    """
    return {key: _uncorrected(known) for key, known in ACCURACY.items()} if is_unproven(backend) else ACCURACY


def _uncorrected(known: Accuracy) -> Accuracy:
    half = math.hypot(_WIDER * known.half_95, known.offset, _USUAL_DEG * (known.gain - 1))
    return Accuracy(0.0, 1.0, half, known.useful)
