"""What the tests of the measures share: filmed runners, their truth, and readings before BlazePose's correction."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np

from runfree.core.analysis import Measured
from runfree.core.estimate import Estimate
from runfree.core.metrics import Side
from runfree.core.motion import Motion, make_motion
from runfree.gait import measure
from runfree.gait.accuracy import ACCURACY, FAR, NEAR
from runfree.testing import scenes
from runfree.testing.film import Synthetic

CLEAN: dict[str, Any] = {"noise_px": 0.0, "drift_px": 0.0}
TRUTH_KEY = {
    "cadence": "cadence_spm",
    "vertical_oscillation": "vert_osc_pelvis_cm",
    "foot_progression": "fpa_deg",
    "knee_projection": "fppa_deg",
    "knee_over_toe": "knee_over_foot_line_deg",
    "pelvic_drop": "pelvic_drop_deg",
    "step_width": "step_width_cm",
    "trunk_lean": "trunk_lean_mean_deg",
    "knee_flexion_contact": "knee_flexion_contact_deg",
    "knee_flexion_midstance": "knee_flexion_midstance_deg",
    "tibia_angle_contact": "tibia_angle_contact_deg",
    "foot_strike_angle": "foot_strike_angle_deg",
}
OTHER: dict[Side, Side] = {"left": "right", "right": "left", "both": "both"}


@cache
def clean(scene: str) -> Synthetic:
    """A canonical scene whose keypoints are exact and all seen."""
    return getattr(scenes, scene)(**CLEAN)


@cache
def noisy(scene: str, seed: int = 1) -> Synthetic:
    """A canonical scene with errors like those of a pose network."""
    return getattr(scenes, scene)(seed=seed)


def measured(film: Synthetic, **changes: Any) -> Measured:
    """Measure with the runner's own height and speed known, unless changed."""
    usual = {"motion": film.motion, "height_m": film.gait.height_m, "speed_mps": film.gait.speed_mps}
    return measure(**(usual | changes))


@cache
def measured_clean(scene: str) -> Measured:
    return measured(clean(scene))


@cache
def measured_noisy(scene: str) -> Measured:
    return measured(noisy(scene))


def by_id(found: Measured) -> dict[tuple[str, Side], Estimate]:
    return {(e.metric, e.side): e for e in found.estimates}


def truth(film: Synthetic, metric: str, side: Side) -> float:
    value = film.truth[TRUTH_KEY[metric]]
    return value[side] if isinstance(value, dict) else value


def raw(found: Measured, metric: str, side: Side) -> float:
    """The reading before the correction for where BlazePose puts its points: the kit's points are the joints."""
    estimate = by_id(found)[metric, side]
    leg = ""
    if found.view == "side" and metric not in ("vertical_oscillation", "trunk_lean"):
        leg = NEAR if side == found.facing else FAR
    accuracy = ACCURACY[metric, found.view, leg]
    return (estimate.value - accuracy.offset) / accuracy.gain


def half_width(estimate: Estimate) -> float:
    return (estimate.high - estimate.low) / 2


def changed(
    motion: Motion, *, time_s: Any = None, position: Any = None, size: Any = None, frames: Any = slice(None)
) -> Motion:
    """The motion with other times, pixels, picture size or frames."""
    width, height = size or (motion.attrs["width_px"], motion.attrs["height_px"])
    return make_motion(
        (motion["time"].to_numpy() if time_s is None else time_s)[frames],
        (motion["position"].to_numpy() if position is None else position)[frames],
        motion["confidence"].to_numpy()[frames],
        tuple(str(k) for k in motion["keypoint"].to_numpy()),
        width_px=width,
        height_px=height,
    )


def off_nearest(times: Any, reference: Any) -> np.ndarray:
    """Signed distance of each time to the nearest reference, those beyond its ends by more than 0.1 s left out."""
    times, reference = np.asarray(times), np.asarray(reference)
    times = times[(times > reference[0] - 0.1) & (times < reference[-1] + 0.1)]
    nearest = reference[np.abs(times[:, None] - reference).argmin(axis=1)]
    return times - nearest
