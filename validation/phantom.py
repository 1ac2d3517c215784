"""Rendered films through the product, and every number it gives against the truth beside the film.

A folder holds NAME.mp4 and NAME.json pairs as tools/phantom writes them. Films whose truth is not what was asked of the generator (a swinging
foot that scuffs the floor makes false steps) are left out.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np

from runfree.core.analysis import Measured
from runfree.core.metrics import METRICS, Side
from runfree.core.motion import Motion
from runfree.gait import measure
from runfree.io.motion_file import read_motion, write_motion
from runfree.pose import track

TRUTH = {
    "cadence": ("cadence_spm", 0.5),
    "vertical_oscillation": ("vert_osc_pelvis_cm", 0.4),
    "foot_progression": ("fpa_deg", 2.5),
    "knee_projection": ("fppa_deg", 3.0),
    "knee_over_toe": ("knee_over_foot_line_deg", 2.5),
    "pelvic_drop": ("pelvic_drop_deg", 2.0),
    "step_width": ("step_width_cm", 1.5),
    "trunk_lean": ("trunk_lean_mean_deg", 2.0),
    "knee_flexion_contact": ("knee_flexion_contact_deg", 5.0),
    "knee_flexion_midstance": ("knee_flexion_midstance_deg", 5.0),
    "tibia_angle_contact": ("tibia_angle_contact_deg", 3.0),
    "foot_strike_angle": ("foot_strike_angle_deg", 6.0),
    "contact_time": ("contact_time", 20.0),
    "stance_time": ("contact_time", 30.0),
    "flight_time": ("flight_time", 20.0),
    "duty_factor": ("duty_factor", 3.0),
    "step_time": ("step_time", 5.0),
    "stride_time": ("step_time", 10.0),
}
"""Metric: key of the truth, and the error that would still be useful. One that is not here is not compared."""
SCALE = {"ms": 1000.0, "pct": 100.0}
_SAME_STEP_S = 0.12


@dataclass(frozen=True)
class Row:
    """One number that a film of this view should give, against its truth.

    Attributes
    ----------
    place : str
        View, travel and leg, as the tables group it.
    value, low, high : float
        And the ends of its 95 % interval; NaN where the product said that it could not be assessed.
    steps : tuple of (float, float)
        Measured and true value of single steps.
    """

    metric: str
    side: Side
    place: str
    film: str
    fps: float
    body: str
    truth: float
    value: float
    low: float
    high: float
    steps: tuple[tuple[float, float], ...] = ()

    @property
    def error(self) -> float:
        """Measured less true."""
        return self.value - self.truth

    @property
    def given(self) -> bool:
        """Whether there is a number at all."""
        return bool(np.isfinite(self.value))

    @property
    def held(self) -> bool:
        """Whether the interval holds the truth."""
        return self.low <= self.truth <= self.high

    @property
    def half(self) -> float:
        """Half the interval's width."""
        return (self.high - self.low) / 2


def rows_of_folders(folders: list[Path], cache: Path) -> list[Row]:
    """Compare every film of the folders."""
    rows = chain.from_iterable(rows_of(film, document, cache) for film, document in films(folders))
    return list(rows)


def films(folders: list[Path]) -> Iterator[tuple[Path, dict[str, Any]]]:
    """Yield every film with a truth worth comparing with."""
    for folder in folders:
        for path in sorted(folder.glob("*.json")):
            document = json.loads(path.read_text())
            if path.with_suffix(".mp4").exists() and "requested" in document and trusted(document):
                yield path.with_suffix(".mp4"), document


def trusted(document: dict[str, Any]) -> bool:
    """Whether the truth follows what was asked for: no false steps."""
    asked, truth = document["requested"], document["truth"]
    feet = (("L", "fpa_left"), ("R", "fpa_right"))
    return (
        abs(truth["cadence_spm"] - asked["cadence"]) <= 3
        and abs(1000 * truth["contact_time"]["mean"] - asked["contact_ms"]) <= 20
        and all(abs(truth[foot]["fpa_deg"]["mean"] - asked[key]) <= 3 for foot, key in feet)
    )


def motion_of(film: Path, cache: Path) -> Motion:
    """Track a film, or take its motion from the cache, which knows films by their content."""
    saved = cache / f"{film.stem}.{hashlib.sha256(film.read_bytes()).hexdigest()[:16]}.nc"
    if saved.exists():
        return read_motion(saved)
    motion = track(film)
    saved.parent.mkdir(parents=True, exist_ok=True)
    write_motion(saved, motion)
    return motion


def rows_of(film: Path, document: dict[str, Any], cache: Path) -> Iterator[Row]:
    """Compare every number that one film gives, and name those that it should give and does not."""
    measured = measure(motion_of(film, cache), height_m=document["body_height_m"])
    steps = {(s.metric, s.side): s for s in measured.per_step}
    asked = document.get("body", {"womanly": float("woman" in film.stem), "build": 0.0})
    body = "woman" if asked["womanly"] > 0.5 else "man"
    body += ", heavy" if asked["build"] > 0.8 else ""
    known = (film.stem, float(document["fps"]), body)
    for estimate in measured.estimates:
        if estimate.metric in TRUTH and estimate.unit == METRICS[estimate.metric].unit:
            metric, side = estimate.metric, estimate.side
            truth = truth_of(document["truth"], metric, side)
            series = steps[metric, side]
            single = tuple(_single(document["truth"], metric, side, series.time_s, series.value))
            found = (estimate.value, estimate.low, estimate.high)
            yield Row(metric, side, _place(measured, document, side), *known, truth, *found, single)
    for missing in measured.not_assessable:
        metric, side = missing.metric, missing.side
        applies = METRICS[metric].walking if document["requested"].get("walking") else METRICS[metric].running
        if (
            applies
            and metric in TRUTH
            and _view(document) in METRICS[metric].views
            and missing.film_instead in (None, _view(document))
        ):
            truth = truth_of(document["truth"], metric, side)
            yield Row(metric, side, _place(measured, document, side), *known, truth, np.nan, np.nan, np.nan)


def _view(document: dict[str, Any]) -> str:
    return "oblique" if "45" in document["view"] else document["view"].removesuffix("_right")


def _place(measured: Measured, document: dict[str, Any], side: Side) -> str:
    near = {"side": "left", "side_right": "right"}.get(document["view"])
    leg = "" if near is None or side == "both" else ", near" if side == near else ", far"
    walk = ", walking" if document["requested"].get("walking") else ""
    return _view(document) + ("" if document["mode"] == "treadmill" else ", overground") + walk + leg


def truth_of(truth: dict[str, Any], metric: str, side: Side) -> float:
    """The true value in the metric's unit."""
    key, unit = TRUTH[metric][0], METRICS[metric].unit
    if key == "step_time":
        return (60_000 if metric == "step_time" else 120_000) / truth["cadence_spm"]
    letter = side[0].upper()
    if key == "flight_time" and side != "both":
        return 1000 * float(np.mean([r[key] for r in truth["per_step"] if r["side"] == letter and key in r]))
    part = truth if side == "both" else truth[letter]
    value = part[key]
    return SCALE.get(unit, 1.0) * float(value["mean"] if isinstance(value, dict) else value)


def _single(
    truth: dict[str, Any], metric: str, side: Side, times: tuple[float, ...], values: tuple[float, ...]
) -> Iterator[tuple[float, float]]:
    """Pairs of a step's measured and true value, matched by mid-stance."""
    key, letter = TRUTH[metric][0], side[0].upper()
    there = [r for r in truth["per_step"] if r["side"] == letter and key in r and key.endswith("_deg")]
    for time, value in zip(times, values, strict=True):
        for row in there:
            if abs(row["mid_stance"] - time) < _SAME_STEP_S:
                yield value, float(row[key])
