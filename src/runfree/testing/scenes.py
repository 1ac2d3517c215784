"""Canonical scenes: one function each, every option of :func:`runfree.testing.film.synthetic` open to change."""

from __future__ import annotations

from typing import Any

from runfree.testing.camera import Camera
from runfree.testing.film import Synthetic, synthetic
from runfree.testing.runner import Gait, walker

NETWORK: dict[str, Any] = {"noise_px": 1.5, "drift_px": 2.0, "seed": 1}
"""Errors like those of a pose network on a 720p film."""


def side_run(gait: Gait | None = None, **film: Any) -> Synthetic:
    """Film a run on a treadmill from the side, facing left in the picture; the far leg is seen badly."""
    return synthetic(gait, Camera("side"), **{**NETWORK, "far_leg_hidden": True, **film})


def front_run(gait: Gait | None = None, **film: Any) -> Synthetic:
    """Film a run on a treadmill from the front."""
    return synthetic(gait, Camera("front"), **{**NETWORK, **film})


def rear_run(gait: Gait | None = None, **film: Any) -> Synthetic:
    """Film a run on a treadmill from behind."""
    return synthetic(gait, Camera("rear"), **{**NETWORK, **film})


def oblique_run(gait: Gait | None = None, **film: Any) -> Synthetic:
    """Film a run on a treadmill from 45 degrees."""
    return synthetic(gait, Camera("oblique"), **{**NETWORK, **film})


def passing_run(gait: Gait | None = None, **film: Any) -> Synthetic:
    """Film a run past a phone that stands still, about seven metres in view; the far leg is seen badly."""
    camera = Camera("side", distance_m=7.0, fill=0.45, travel="pass")
    return synthetic(gait, camera, **{**NETWORK, "seconds": 2.0, "far_leg_hidden": True, **film})


def approach_run(gait: Gait | None = None, **film: Any) -> Synthetic:
    """Film a run towards the phone in portrait: at 3 m/s from 20 m to 5 m."""
    camera = Camera("front", distance_m=5.0, fill=0.8, portrait=True, travel="approach")
    return synthetic(gait, camera, **{**NETWORK, "seconds": 5.0, **film})


def side_walk(gait: Gait | None = None, **film: Any) -> Synthetic:
    """Film a walk on a treadmill from the side."""
    return side_run(gait or walker(), **film)


def front_walk(gait: Gait | None = None, **film: Any) -> Synthetic:
    """Film a walk on a treadmill from the front."""
    return front_run(gait or walker(), **film)
