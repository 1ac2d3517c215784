"""Are films biased on real bodies? Laboratory trials seen through virtual cameras, against three dimensions and force plates.

    uv run python validation/laboratory.py FOLDER [--noise PX] [--seconds S] [--worst]

FOLDER holds the folders ``hamner`` and ``fukuchi`` as in the shared data. Each trial is filmed from the side, the front and behind at 30 to
240 frames a second, once with both legs seen alike and, from the side, once with the far leg half hidden (its points three times as noisy).
The points are joint centres and skin markers, not a network's: nothing is corrected for a network here, and what is left is the error of
the geometry and the timing on real bodies. The trials have no head, and those of Fukuchi no trunk: a rigid one is put on, and the
measures that rest on it are left out.
"""

from __future__ import annotations

import argparse
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from runfree.app.laboratory import read_trial
from runfree.core.analysis import Measured
from runfree.core.metrics import METRICS, Side, View
from runfree.core.motion import KEYPOINTS, Motion, make_motion
from runfree.core.recording import Recording
from runfree.gait import measure
from runfree.gait.axes import middle
from runfree.gait.measure_recording import measure_recording, points_of
from runfree.io.lab.marker_sets import choose_set
from runfree.io.readers import is_recording, reader_of

Array = NDArray[np.float64]

TRIALS = (
    "hamner/run200.trc",
    "hamner/subject04_run200_markers.trc",
    "hamner/subject04_run300_markers.trc",
    "fukuchi/RBDS001runT25markers.txt",
    "fukuchi/RBDS001runT35.c3d",
)
VIEWS: tuple[View, ...] = ("side", "front", "rear")
RATES_HZ = (30, 60, 120, 240)
DISTANCE_M, CAMERA_M, FOCAL_PX = 4.0, 1.0, 1600.0
WIDTH_PX, HEIGHT_PX = 1600, 1200
USEFUL = {
    "cadence": 0.5,
    "vertical_oscillation": 0.4,
    "foot_progression": 2.5,
    "knee_projection": 3.0,
    "knee_over_toe": 2.5,
    "pelvic_drop": 2.0,
    "step_width": 1.5,
    "trunk_lean": 2.0,
    "knee_flexion_contact": 5.0,
    "knee_flexion_midstance": 5.0,
    "tibia_angle_contact": 3.0,
    "contact_time": 20.0,
    "flight_time": 20.0,
    "duty_factor": 3.0,
    "step_time": 5.0,
    "stride_time": 5.0,
    "peak_force": 0.25,
}
"""Metric, and the error that would still be useful. The foot's angle at touch-down is not comparable: its line from heel to toe depends on
where the markers sit."""
NEEDS_TRUNK = frozenset({"trunk_lean", "vertical_oscillation"})


@dataclass(frozen=True)
class Scene:
    """One virtual film."""

    trial: str
    view: View
    rate_hz: int
    hidden: bool


@dataclass(frozen=True)
class Row:
    """One estimate against the same measure in three dimensions."""

    scene: Scene
    metric: str
    side: Side
    leg: str
    error: float
    below: float
    above: float
    method: str

    @property
    def held(self) -> bool:
        """Whether the interval of the film holds the value."""
        return -self.above <= self.error <= self.below


def read(path: Path) -> Recording:
    """Read a trial with its forces."""
    reader = reader_of(path)
    held = read_trial(path, reader, None, None) if reader else None
    if held is None or not is_recording(held):
        raise SystemExit(f"{path} is no trial")
    return held


def _first(recording: Recording, seconds: float) -> Recording:
    """The first seconds of a trial, with the forces of the same time: film and truth are of the same steps."""
    until = float(recording["time"][0]) + seconds
    return Recording(recording.sel(time=slice(None, until), force_time=slice(None, until)))


def body_points(recording: Recording) -> tuple[Array, dict[str, Array], bool]:
    """Time, every keypoint (T, 3) turned to the direction of travel, and whether the trunk is the runner's own."""
    points = points_of(recording, choose_set(recording))
    at = {name: _filled(points.time_s, path) for name, path in points.at.items()}
    hips = middle(points, "hip")
    own = "left_shoulder" in at
    hips = _filled(points.time_s, hips)
    if not own:
        for side, out in (("left", -0.18), ("right", 0.18)):
            at[f"{side}_shoulder"] = hips + np.array([0.06, 0.50, out])
    neck = (at["left_shoulder"] + at["right_shoulder"]) / 2
    at["nose"] = neck + np.array([0.11, 0.20, 0.0])
    for side, out in (("left", -0.07), ("right", 0.07)):
        at[f"{side}_ear"] = neck + np.array([0.02, 0.22, out])
    return points.time_s, at, own


def _filled(time: Array, path: Array) -> Array:
    good = np.isfinite(path).all(axis=1)
    return np.column_stack([np.interp(time, time[good], path[good, i]) for i in range(3)])


def film(time: Array, at: dict[str, Array], scene: Scene, *, noise_px: float, seed: int) -> Motion:
    """Project the keypoints into a still camera 4 m away, 1 m high, with the network's noise."""
    rng = np.random.default_rng(seed)
    start = time[0] + rng.uniform(0, 1 / scene.rate_hz)
    clock = np.arange(start, time[-1], 1 / scene.rate_hz)
    names = tuple(k for k in KEYPOINTS if k in at)
    pixels = np.stack([_projected(_at(time, at[n], clock), scene.view) for n in names], axis=1)
    scale = np.array([3.0 if scene.hidden and n.startswith("right") else 1.0 for n in names])
    pixels += rng.normal(0, noise_px, pixels.shape) * scale[:, None]
    return make_motion(
        clock, pixels, np.ones(pixels.shape[:2]), names, width_px=WIDTH_PX, height_px=HEIGHT_PX, backend="file"
    )


def _at(time: Array, path: Array, clock: Array) -> Array:
    return np.column_stack([np.interp(clock, time, path[:, i]) for i in range(3)])


def _projected(path: Array, view: View) -> Array:
    """Pixels of points (T, 3); from the side the camera stands on the runner's left."""
    x, y, z = path.T
    across, depth = {"side": (-x, z), "front": (-z, -x), "rear": (z, x)}[view]
    away = DISTANCE_M + depth
    return np.column_stack(
        [WIDTH_PX / 2 + FOCAL_PX * across / away, HEIGHT_PX / 2 - FOCAL_PX * (y - CAMERA_M) / away]
    )


def rows_of(folder: Path, *, noise_px: float, seconds: float) -> Iterator[Row]:
    """Film every trial in every way and compare."""
    for trial in TRIALS:
        recording = _first(read(folder / trial), seconds)
        truth = measure_recording(recording, choose_set(recording))
        peak_bw = plate_peak_bw(recording, truth)
        time, at, own_trunk = body_points(recording)
        centre = np.mean((at["left_hip"] + at["right_hip"]) / 2, axis=0) * [1, 0, 1]
        at = {name: path - centre for name, path in at.items()}
        height_m = _height_m(at)
        for i, scene in enumerate(scenes(trial)):
            motion = film(time, at, scene, noise_px=noise_px, seed=i)
            seen = measure(motion, height_m=height_m)
            yield from _compared(scene, seen, truth, own_trunk=own_trunk, peak_bw=peak_bw)


def scenes(trial: str) -> Iterator[Scene]:
    """Every virtual film of one trial."""
    for view in VIEWS:
        for rate in RATES_HZ:
            for hidden in (False, True) if view == "side" else (False,):
                yield Scene(trial, view, rate, hidden)


def _height_m(at: dict[str, Array]) -> float:
    """Body height from thigh and shank, 0.491 of it (Drillis and Contini, in Winter 2009, fig. 4.1), as a runner would know it."""
    bones = [
        np.median(np.linalg.norm(at[f"{s}_{a}"] - at[f"{s}_{b}"], axis=1))
        for s in ("left", "right")
        for a, b in (("hip", "knee"), ("knee", "ankle"))
    ]
    return float(sum(bones) / 2 / 0.491)


def plate_peak_bw(recording: Recording, truth: Measured) -> float:
    """Mean peak of the vertical force in body weights; the weight is the mean force over whole strides, which carries the body."""
    time = recording["force_time"].to_numpy()
    up = int(np.argmax(np.abs(recording["force"].to_numpy()).sum(axis=(0, 1))))
    force = np.abs(recording["force"].to_numpy()[..., up].sum(axis=1))
    downs = [s.touch_down_s for s in truth.steps if s.side == truth.steps[0].side and s.touch_down_s is not None]
    weight = float(force[(time >= downs[0]) & (time < downs[-1])].mean())
    timed = [
        (s.touch_down_s, s.toe_off_s)
        for s in truth.steps
        if s.touch_down_s is not None and s.toe_off_s is not None
    ]
    return float(np.mean([force[(time >= a) & (time <= b)].max() for a, b in timed])) / weight


def _compared(scene: Scene, seen: Measured, truth: Measured, *, own_trunk: bool, peak_bw: float) -> Iterator[Row]:
    true = {(e.metric, e.side): e.value for e in truth.estimates} | {("peak_force", "both"): peak_bw}
    for e in seen.estimates:
        if e.metric not in USEFUL or (e.metric, e.side) not in true:
            continue
        if e.metric in NEEDS_TRUNK and not own_trunk:
            continue
        leg = "" if scene.view != "side" or e.side == "both" else "near" if e.side == "left" else "far"
        error = e.value - true[e.metric, e.side]
        yield Row(scene, e.metric, e.side, leg, error, e.value - e.low, e.high - e.value, e.method)


def table(rows: list[Row]) -> str:
    """Markdown: one line a measure, view and leg."""
    groups: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in rows:
        hidden = ", half hidden" if row.scene.hidden and row.leg == "far" else ""
        where = ", ".join(x for x in (row.scene.view, row.leg) if x) + hidden
        if not (row.scene.hidden and row.leg != "far"):
            groups[row.metric, where].append(row)
    lines = [
        "| measure | film | n | bias | SD | worst | useful | within useful | intervals that held |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    order = list(METRICS)
    for (metric, where), group in sorted(groups.items(), key=lambda g: (order.index(g[0][0]), g[0][1])):
        error = np.array([r.error for r in group])
        lines.append(
            f"| {METRICS[metric].title} ({METRICS[metric].unit}) | {where} | {len(group)} | {error.mean():+.2f} | "
            f"{error.std():.2f} | {np.abs(error).max():.2f} | {USEFUL[metric]:g} | "
            f"{np.mean(np.abs(error) <= USEFUL[metric]):.0%} | {np.mean([r.held for r in group]):.0%} |"
        )
    return "\n".join(lines)


def by_rate(rows: list[Row]) -> str:
    """Markdown: bias ± SD of each measure (near or both legs, nothing hidden) at each frame rate."""
    seen = [r for r in rows if not r.scene.hidden and r.leg != "far"]
    lines = [
        "| measure | film | " + " | ".join(f"{hz} fps" for hz in RATES_HZ) + " |",
        "|---|---|---|---|---|---|",
    ]
    for metric in USEFUL:
        for view in VIEWS:
            mine = [r for r in seen if (r.metric, r.scene.view) == (metric, view)]
            cells = [np.array([r.error for r in mine if r.scene.rate_hz == hz]) for hz in RATES_HZ]
            if mine:
                text = [f"{c.mean():+.2f} ± {c.std():.2f}" if c.size else "–" for c in cells]
                lines.append(
                    f"| {METRICS[metric].title} ({METRICS[metric].unit}) | {view} | " + " | ".join(text) + " |"
                )
    return "\n".join(lines)


def main() -> None:
    """Parse, run, write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument(
        "--noise", type=float, default=3.0, help="standard deviation of each keypoint in pixels (400 a metre)"
    )
    parser.add_argument("--seconds", type=float, default=10.0, help="length of each film")
    parser.add_argument("--worst", action="store_true", help="also list each estimate outside its interval")
    options = parser.parse_args()
    rows = list(rows_of(options.folder, noise_px=options.noise, seconds=options.seconds))
    print(table(rows), by_rate(rows), sep="\n\n")
    if options.worst:
        for r in rows:
            if not r.held:
                print(f"{r.scene} {r.metric} {r.side} {r.error:+.2f} (-{r.below:.2f}, +{r.above:.2f})")


if __name__ == "__main__":
    main()
