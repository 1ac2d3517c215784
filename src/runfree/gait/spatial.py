"""The measures from keypoints in space: x the direction of travel, y up, z the runner's right, metres."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from runfree.core.metrics import Gait, Side
from runfree.gait.axes import foot_middle, middle
from runfree.gait.markers import Points
from runfree.gait.per_step import PerStep
from runfree.gait.plates import Stance

Array = NDArray[np.float64]

OUTWARD: dict[Side, float] = {"left": -1.0, "right": 1.0, "both": 0.0}
_LONGEST_STEP = 1.6
_FLAT = (0.2, 0.5)
_FOOT_FLAT = (0.3, 0.5)


@dataclass(frozen=True, slots=True)
class Trial:
    """One recording understood.

    Attributes
    ----------
    points : Points
        Turned to the direction of travel.
    stances : tuple of Stance
        In order of time.
    cadence_spm, cadence_se_spm : float
        And its standard error.
    gait : Gait
    timing : str
        How touch-down and toe-off were timed, in words; empty where they were not.
    """

    points: Points
    stances: tuple[Stance, ...]
    cadence_spm: float
    cadence_se_spm: float
    gait: Gait
    timing: str

    def of(self, side: Side) -> list[Stance]:
        """Stances of one foot, or of both."""
        return [s for s in self.stances if side in (s.side, "both")]

    @property
    def steps(self) -> list[tuple[Stance, Stance]]:
        """Following stances of different feet."""
        longest = _LONGEST_STEP * 60 / self.cadence_spm
        return [(a, b) for a, b in pairwise(self.stances) if a.side != b.side and b.mid_s - a.mid_s < longest]


def at_times(points: Points, x: Array, times: list[float]) -> Array:
    """Values of a signal (T,) between its frames; NaN beside a gap."""
    return np.interp(times, points.time_s, x, left=np.nan, right=np.nan)


def at_mid_stance(signal: Callable[[Points, Side], Array]) -> Callable[[Trial, Side], PerStep]:
    """Read a signal half-way between touch-down and toe-off, step by step."""

    def read(trial: Trial, side: Side) -> PerStep:
        times = [s.mid_s for s in trial.of(side)]
        return PerStep(np.array(times), at_times(trial.points, signal(trial.points, side), times))

    return read


def at_touch_down(signal: Callable[[Points, Side], Array]) -> Callable[[Trial, Side], PerStep]:
    """Read a signal at touch-down, step by step."""

    def read(trial: Trial, side: Side) -> PerStep:
        times = [s.touch_down_s for s in trial.of(side)]
        return PerStep(np.array(times), at_times(trial.points, signal(trial.points, side), times))

    return read


def foot_progression_deg(points: Points, side: Side) -> Array:
    """Line heel–second toe against the direction of travel in the level plane, toe-out +, (T,)."""
    foot = points.at[f"{side}_toe"] - points.at[f"{side}_heel"]
    return np.degrees(np.arctan2(OUTWARD[side] * foot[:, 2], foot[:, 0]))


def knee_flexion_deg(points: Points, side: Side) -> Array:
    """Bend of hip–knee–ankle in space, or in the plane of travel where the markers tell no more, 0 = straight, (T,)."""
    hip, knee, ankle = (_seen(points, f"{side}_{part}") for part in ("hip", "knee", "ankle"))
    thigh, shank = knee - hip, ankle - knee
    return np.degrees(np.arctan2(np.linalg.norm(np.cross(thigh, shank), axis=1), (thigh * shank).sum(axis=1)))


def _seen(points: Points, name: str) -> Array:
    """A keypoint, laid into the plane of travel if any of its leg is not known sideways."""
    side = name.split("_")[0]
    path = points.at[name].copy()
    if any(f"{side}_{part}" in points.sagittal_only for part in ("hip", "knee", "ankle")):
        path[:, 2] = 0.0
    return path


def tibia_angle_deg(points: Points, side: Side) -> Array:
    """Shank against the vertical in the plane of travel, ankle ahead of the knee +, (T,)."""
    shank = points.at[f"{side}_ankle"] - points.at[f"{side}_knee"]
    return np.degrees(np.arctan2(shank[:, 0], -shank[:, 1]))


def foot_pitch_deg(points: Points, side: Side) -> Array:
    """Line heel–toe against the level, toe up +, (T,)."""
    foot = points.at[f"{side}_toe"] - points.at[f"{side}_heel"]
    return np.degrees(np.arctan2(foot[:, 1], np.hypot(foot[:, 0], foot[:, 2])))


def knee_projection_deg(points: Points, side: Side) -> Array:
    """Bend of hip–knee–ankle seen along the direction of travel, knee towards the midline +, (T,)."""
    hip, knee, ankle = (points.at[f"{side}_{part}"] for part in ("hip", "knee", "ankle"))
    thigh, shank = knee - hip, ankle - knee
    out = OUTWARD[side]
    tilt = [np.arctan2(out * bone[:, 2], -bone[:, 1]) for bone in (shank, thigh)]
    return np.degrees(tilt[0] - tilt[1])


def knee_over_toe_deg(points: Points, side: Side) -> Array:
    """Knee against the vertical plane through heel and second toe, seen from the height of the ankle, midline +, (T,)."""
    knee, ankle, heel, toe = (points.at[f"{side}_{part}"] for part in ("knee", "ankle", "heel", "toe"))
    foot, out = (toe - heel)[:, [0, 2]], (knee - heel)[:, [0, 2]]
    line = foot / np.linalg.norm(foot, axis=1, keepdims=True)
    outward = OUTWARD[side] * (line[:, 0] * out[:, 1] - line[:, 1] * out[:, 0])
    return np.degrees(np.arctan2(-outward, knee[:, 1] - ankle[:, 1]))


def pelvic_drop_deg(points: Points, side: Side) -> Array:
    """Tilt of the line between the hips across the direction of travel, swing side lower +, (T,)."""
    across = points.at["left_hip"] - points.at["right_hip"]
    return -OUTWARD[side] * np.degrees(np.arctan2(across[:, 1], np.abs(across[:, 2])))


def trunk_lean_deg(points: Points) -> Array:
    """Line mid-hip–mid-shoulder against the vertical, forward +, (T,)."""
    trunk = middle(points, "shoulder") - middle(points, "hip")
    return np.degrees(np.arctan2(trunk[:, 0], trunk[:, 1]))


def trunk_lean(trial: Trial, _: Side) -> PerStep:
    """Mean over each stride."""
    return _over(trial, trunk_lean_deg(trial.points), lambda x: float(x.mean()), every=2)


def vertical_oscillation(trial: Trial, _: Side) -> PerStep:
    """Range of mid-hip's height in centimetres from one touch-down to the next."""
    return _over(trial, 100 * middle(trial.points, "hip")[:, 1], lambda x: float(np.ptp(x)), every=1)


def _over(trial: Trial, x: Array, of: Callable[[Array], float], *, every: int) -> PerStep:
    """A value of all frames between a touch-down and the one ``every`` steps later; NaN where a frame is missing."""
    downs = [s.begin_s for s in trial.stances]
    longest = _LONGEST_STEP * every * 60 / trial.cadence_spm
    times: list[float] = []
    values: list[float] = []
    for a, b in zip(downs, downs[every:], strict=False):
        if b - a <= longest:
            inside = (trial.points.time_s >= a) & (trial.points.time_s < b)
            times.append((a + b) / 2)
            values.append(of(x[inside]))
    return PerStep(np.array(times), np.array(values))


def foot_strike_angle(trial: Trial, side: Side) -> PerStep:
    """Pitch of the foot at touch-down less its pitch while it is flat (30 to 50 % of stance, median of all stances)."""
    pitch, stances = foot_pitch_deg(trial.points, side), trial.of(side)
    shares = np.linspace(*_FOOT_FLAT, 5)
    flat = [s.touch_down_s + share * s.contact_s for s in stances for share in shares]
    level = at_times(trial.points, pitch, flat)
    times = [s.touch_down_s for s in stances]
    values = at_times(trial.points, pitch, times)
    return PerStep(np.array(times), values - (np.nanmedian(level) if np.isfinite(level).any() else np.nan))


def step_width(trial: Trial, _: Side) -> PerStep:
    """Sideways distance in centimetres of the heels of following steps, each at its own mid-stance; crossed −."""
    places = {s: 100 * trial.points.at[f"{s}_heel"][:, 2] for s in ("left", "right")}
    times: list[float] = []
    values: list[float] = []
    for a, b in trial.steps:
        left, right = (a, b) if a.side == "left" else (b, a)
        place = [float(at_times(trial.points, places[s.side], [s.mid_s])[0]) for s in (right, left)]
        times.append((a.mid_s + b.mid_s) / 2)
        values.append(place[0] - place[1])
    return PerStep(np.array(times), np.array(values))


def contact_time(trial: Trial, side: Side) -> PerStep:
    """Touch-down to toe-off, milliseconds."""
    stances = trial.of(side)
    return PerStep(np.array([s.mid_s for s in stances]), np.array([1000 * s.contact_s for s in stances]))


def flight_time(trial: Trial, side: Side) -> PerStep:
    """Toe-off of this foot (both: of either) to touch-down of the other, milliseconds."""
    steps = [(a, b) for a, b in trial.steps if side in (a.side, "both")]
    return PerStep(
        np.array([a.toe_off_s for a, _ in steps]),
        np.array([1000 * (b.touch_down_s - a.toe_off_s) for a, b in steps]),
    )


def step_time(trial: Trial, _: Side) -> PerStep:
    """Footfall of one foot to that of the other, milliseconds; from mid-stance where touch-down was not timed."""
    return _between(trial.steps, trial)


def stride_time(trial: Trial, _: Side) -> PerStep:
    """Footfall to the next of the same foot, milliseconds."""
    longest = 2 * _LONGEST_STEP * 60 / trial.cadence_spm
    pairs = [
        p for side in ("left", "right") for p in pairwise(trial.of(side)) if p[1].mid_s - p[0].mid_s < longest
    ]
    return _between(sorted(pairs, key=lambda p: p[0].mid_s), trial)


def _between(pairs: list[tuple[Stance, Stance]], trial: Trial) -> PerStep:
    ends = [(a.touch_down_s, b.touch_down_s) if trial.timing else (a.mid_s, b.mid_s) for a, b in pairs]
    return PerStep(np.array([b.mid_s for _, b in pairs]), np.array([1000 * (b - a) for a, b in ends]))


def swing_time(trial: Trial, side: Side) -> PerStep:
    """Toe-off to the next touch-down of the same foot, milliseconds."""
    pairs = list(pairwise(trial.of(side)))
    return PerStep(
        np.array([a.toe_off_s for a, _ in pairs]),
        np.array([1000 * (b.touch_down_s - a.toe_off_s) for a, b in pairs]),
    )


def double_support(trial: Trial, _: Side) -> PerStep:
    """Twice the time both feet are on the ground at a step, over the time of two steps, percent."""
    overlap = flight_time(trial, "both")
    return PerStep(overlap.time_s, -2 * overlap.value * trial.cadence_spm / 1200)


def peak_force(trial: Trial, _: Side) -> PerStep:
    """Body weights by the formula of Morin et al. 2005 (see :func:`runfree.gait.step_times.peak_force`)."""
    step_ms = 60_000 / trial.cadence_spm
    contact = contact_time(trial, "both")
    return PerStep(contact.time_s, np.pi / 2 * step_ms / contact.value)


def duty_factor(trial: Trial, _: Side) -> PerStep:
    """Contact time over the time of two steps, percent."""
    share = 100 * trial.cadence_spm / 120
    return PerStep(
        np.array([s.mid_s for s in trial.stances]), np.array([share * s.contact_s for s in trial.stances])
    )


def speed_mps(trial: Trial) -> float:
    """Speed over the ground: of the hips over the trial, less that of the feet while they are flat (20 to 50 % of stance)."""
    time, hips = trial.points.time_s, middle(trial.points, "hip")[:, 0]
    good = np.isfinite(hips)
    own = float(np.polyfit(time[good], hips[good], 1)[0])
    slopes: list[float] = []
    for stance in trial.stances:
        foot = foot_middle(trial.points, stance.side)[:, 0]
        begin, end = (stance.touch_down_s + share * stance.contact_s for share in _FLAT)
        flat = (time >= begin) & (time <= end) & np.isfinite(foot)
        if int(flat.sum()) >= 3:
            slopes.append(float(np.polyfit(time[flat], foot[flat], 1)[0]))
    return own - float(np.median(slopes)) if slopes else float("nan")
