"""A measure read from one film before it becomes an estimate, or the reason it cannot be read."""

from __future__ import annotations

from dataclasses import dataclass, replace

from runfree.core.estimate import Quality
from runfree.core.metrics import Side, View
from runfree.gait.accuracy import FAR, NEAR, WALKING, Accuracy
from runfree.gait.per_step import PerStep
from runfree.gait.scene import Scene

FEW = 4
"""With fewer steps an estimate is never good."""


@dataclass(frozen=True, slots=True)
class Reading:
    """A measure read from one film, before it becomes an estimate.

    Attributes
    ----------
    steps : PerStep
        In the measure's unit, corrected.
    half_95 : float
        Systematic half-width; what steps differ is added later, unless ``spread_within``.
    useful : float
        Half-width up to which the quality is good.
    method : str
    flags : tuple of str
    value : float or None
        Where it is not the mean of the steps.
    reads_low_by : float
        What the value may lack in one direction only: a bias left in it, since others state theirs so, or a rise that the points
        hide. The interval reaches up by it.
    spread_within : bool
        Whether ``half_95`` already holds what steps differ.
    """

    steps: PerStep
    half_95: float
    useful: float
    method: str
    flags: tuple[str, ...] = ()
    value: float | None = None
    reads_low_by: float = 0.0
    spread_within: bool = False


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a measure cannot be read from this film, and the film that would show it (None: another of the same kind)."""

    reason: str
    film_instead: View | None = None


Outcome = Reading | Refusal
SQUARE_DEG, FURTHEST_OFF_DEG = 8.0, 20.0
"""Up to the first a camera at the side counts as square; beyond the second no film supports an angle."""
TOO_FAR_OFF = "the camera stands too far off the square side view: film square from the side"
_ANGLES = ("_contact", "_midstance", "_angle")


def side_accuracy(scene: Scene, metric: str, side: Side) -> tuple[Accuracy, tuple[str, ...]]:
    """Error and flags of a measure of one leg in a film from the side."""
    near = side == scene.near_leg
    leg = NEAR if near else FAR
    of_a_walk = (metric, "side", leg + WALKING)
    walking = scene.stride.gait == "walking" and of_a_walk in scene.accuracy
    accuracy = scene.accuracy[of_a_walk if walking else (metric, "side", leg)]
    wider = 1.3 if scene.viewpoint.travel == "pass" else 1.0
    aside = off_square_deg(scene) if metric.endswith(_ANGLES) else 0.0
    return replace(accuracy, half_95=accuracy.half_95 * wider + aside), () if near else ("far_leg",)


def off_square_deg(scene: Scene) -> float:
    """What a camera that stands off the square side view adds to the half-width of an angle.

    Films up to 8 degrees off are in the figures of :mod:`runfree.gait.accuracy`. Beyond, a frontal tilt of shin and thigh comes into
    the picture: on rendered films 15 degrees off to either side the near shin reads 0.3 degrees a degree too little or too much.
    """
    return 0.3 * max(0.0, abs(scene.yaw_deg) - SQUARE_DEG)


def corrected(steps: PerStep, accuracy: Accuracy) -> PerStep:
    """Steps with the measure's offset and gain applied."""
    return steps.shifted(accuracy.offset, accuracy.gain)


def quality(half_95: float, useful: float, n: int) -> Quality:
    """Grade an estimate by its half-width against a useful one, and by its number of steps."""
    if half_95 <= 1.15 * useful and n >= FEW:
        return "good"
    return "fair" if half_95 <= 2 * useful else "poor"
