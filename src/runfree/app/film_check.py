"""A film looked at in seconds: what it can show, what it cannot, and the one thing to change."""

from __future__ import annotations

from dataclasses import dataclass
from os import PathLike
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from runfree import gait
from runfree.app.picture import blur_of, brightness, tilt_deg
from runfree.core.errors import InputError
from runfree.core.metrics import METRICS, Gait, View
from runfree.core.motion import Motion
from runfree.core.wording import VIEW_WORDS
from runfree.pose.glance import Glance, glance, wide_look

Grade = Literal["good", "fair", "poor"]

_NOSE_TO_ANKLE_M = 1.51
TILTED_DEG = 1.5
"""From here on a phone counts as not held level."""
_BLUR = {"fair": 0.62, "poor": 0.72}


@dataclass(frozen=True, slots=True)
class Point:
    """One thing looked at: its name, how good it is, what was seen, and what to do (empty where it is good)."""

    name: str
    grade: Grade
    seen: str
    remedy: str = ""


@dataclass(frozen=True, slots=True)
class FilmCheck:
    """What a quick look at a film says.

    Attributes
    ----------
    film : str
    usable : bool
        Whether an analysis is worth trying.
    view : View or None
    activity : Gait
    cadence_spm : float or None
        A first idea of it, from about three seconds.
    slowmo : dict of float to float
        If it seems to play in slow motion that nothing tells of: cadence by how many times slower it may be.
    points : tuple of Point
        The worst first.
    shows, cannot_show : tuple of str, dict of str to str
        Measures by title; for those it cannot show the reason.
    tilt_deg : float or None
        How far upright edges of the scene are turned clockwise; None where there are none.
    """

    film: str
    usable: bool
    view: View | None
    activity: Gait
    cadence_spm: float | None
    slowmo: dict[float, float]
    points: tuple[Point, ...]
    shows: tuple[str, ...]
    cannot_show: dict[str, str]
    tilt_deg: float | None

    @property
    def change(self) -> str | None:
        """The one thing to change, or None if the film is good as it is."""
        return self.points[0].remedy if self.points[0].grade != "good" else None


def check_film(
    path: str | PathLike[str],
    *,
    backend: str = "blazepose",
    weights: Path | None = None,
    slowmo: float | None = None,
    person: int | None = None,
) -> FilmCheck:
    """Look at a film for some seconds, before any analysis.

    Parameters
    ----------
    path : path
        A film.
    backend, weights, slowmo, person
        As for :func:`runfree.analyze`.

    Raises
    ------
    InputError
        If it is a motion file, a film that cannot be read, or there is no person of that number.
    MissingPartError
        If the backend is not available here.
    """
    file = Path(path)
    if file.suffix.lower() == ".nc":
        raise InputError(file.name, "it is a motion file, not a film", "Give the film itself.")
    seen = glance(file, backend=backend, weights=weights, slowmo=slowmo, person=person)
    measured = gait.measure(seen.close)
    slow: dict[float, float] = {}
    whole = _whole(seen.spread)
    somebody = measured.gait in ("running", "walking") or sum(len(rows) > 0 for rows in seen.people) > 1
    if measured.gait != "running" and somebody:
        slow = undeclared(seen.close) or undeclared(wide_look(seen, backend=backend, weights=weights))
    cadence = next((e.value for e in measured.estimates if e.metric == "cadence"), None)
    view = None if measured.gait in ("nobody", "neither") else measured.view
    points: list[Point] = [_person(measured.gait, slow, somebody=somebody)]
    if somebody and len(whole):
        points = [
            _picture(whole),
            *points,
            _speed_of_play(slow),
            _camera_view(view),
            *_light_and_blur(seen),
            _size(seen.spread),
            _length(seen, whole, cadence, measured.gait),
            _alone(seen),
        ]
    tilt = tilt_deg(seen.pictures[::2], seen.people[::2])
    points += [_frame_rate(seen), _level(tilt)]
    order = {"poor": 0, "fair": 1, "good": 2}
    shows, cannot = _shown(view, measured.gait)
    return FilmCheck(
        file.name,
        measured.gait != "nobody" and not slow,
        view,
        measured.gait,
        cadence,
        slow,
        tuple(sorted(points, key=lambda point: order[point.grade])),
        shows,
        cannot,
        None if tilt is None else round(tilt, 2),
    )


def undeclared(motion: Motion) -> dict[float, float]:
    """Say how many times slower than life a film may play, with the cadence it would mean; nothing where the user said 1."""
    taken = float(motion.attrs.get("slowmo", 1.0))
    if motion.attrs.get("slowmo_told") == "given" and taken == 1:
        return {}
    return {taken * factor: spm for factor, spm in gait.slow_motion(motion).items()}


def _whole(spread: Motion) -> NDArray[np.float64]:
    """For every picture with somebody in it: share of head, knees and feet inside the picture, (N,)."""
    names = [str(k) for k in spread["keypoint"].to_numpy()]
    parts = [i for i, k in enumerate(names) if k.split("_")[-1] in ("nose", "knee", "ankle", "heel", "toe")]
    at = spread["position"].to_numpy()[:, parts]
    size = np.array([spread.attrs["width_px"], spread.attrs["height_px"]])
    found = np.isfinite(at).all(axis=(1, 2))
    return ((at[found] >= 0) & (at[found] <= size)).all(axis=2).mean(axis=1)


def _person(activity: Gait, slow: dict[float, float], *, somebody: bool) -> Point:
    if not somebody:
        return Point(
            "runner",
            "poor",
            "nobody was found",
            "Film one person in full, head to feet, in good light, so that they fill most of the picture.",
        )
    if activity in ("running", "walking"):
        return Point("runner", "good", activity)
    if slow:
        return Point("runner", "good", "running, it seems, in slow motion")
    return Point(
        "runner",
        "poor" if activity == "nobody" else "fair",
        "somebody is there, but no rhythm of running or walking was found in the seconds looked at",
        "Film at least ten steps of steady running, the whole body in the picture.",
    )


def _picture(whole: NDArray[np.float64]) -> Point:
    share = float((whole == 1).mean())
    seen = f"in the picture from head to feet in {share:.0%} of the pictures looked at that show somebody"
    grade: Grade = "good" if share >= 0.85 else "fair" if share >= 0.4 else "poor"
    remedy = (
        ""
        if grade == "good"
        else "Step back, or turn the phone upright, so that head and shoes stay in the picture."
    )
    return Point("whole body", grade, seen, remedy)


def _speed_of_play(slow: dict[float, float]) -> Point:
    if not slow:
        return Point("speed of play", "good", "as in life, or as the film's metadata say")
    choices = ", ".join(f"--slowmo {f:g} makes {spm:.0f} steps a minute" for f, spm in slow.items())
    return Point(
        "speed of play",
        "poor",
        "it seems to play in slow motion, and nothing in the file says how slow",
        f"Say how many times slower than life it plays ({choices}).",
    )


def _camera_view(view: View | None) -> Point:
    if view is None:
        return Point("view", "fair", "cannot be told", "Film square from the side, or straight from the front.")
    if view == "oblique":
        return Point(
            "view",
            "poor",
            "at an angle: little can be measured",
            "Film square from the side, or straight from the front.",
        )
    return Point("view", "good", VIEW_WORDS[view])


def _light_and_blur(seen: Glance) -> list[Point]:
    cuts = [_cut(rgb, people[0]) for rgb, people in zip(seen.pictures, seen.people, strict=True) if len(people)]
    if not cuts:
        return []
    person, around = (float(np.median(v)) for v in zip(*(brightness(*cut) for cut in cuts), strict=True))
    return [_light(person, around), _sharpness(float(np.median([blur_of(cut[0]) for cut in cuts])))]


def _cut(rgb: NDArray[np.uint8], person: NDArray[np.float64]) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """The runner's trunk and thighs, and all of the picture."""
    x, y, radius = person
    rows = slice(max(0, int(y - 0.8 * radius)), max(1, int(y + 0.8 * radius)))
    columns = slice(max(0, int(x - 0.35 * radius)), max(1, int(x + 0.35 * radius)))
    return rgb[rows, columns], rgb


def _light(person: float, around: float) -> Point:
    seen = f"runner {person:.0%} bright, picture {around:.0%}"
    if person < 0.12:
        return Point("light", "poor", f"too dark ({seen})", "Film in bright, even light.")
    if around - person > 0.45:
        return Point("light", "fair", f"against the light ({seen})", "Turn so that the light falls on the runner.")
    return Point(
        "light", "good" if person >= 0.18 else "fair", seen, "" if person >= 0.18 else "Film in brighter light."
    )


def _sharpness(blur: float) -> Point:
    seen = f"blur {blur:.2f} on a scale from 0 (sharp) to 1"
    if blur < _BLUR["fair"]:
        return Point("sharpness", "good", seen)
    remedy = "Film in brighter light and at more frames a second, clean the lens, and stand the phone on something firm."
    return Point("sharpness", "fair" if blur < _BLUR["poor"] else "poor", seen, remedy)


def _size(spread: Motion) -> Point:
    names = [str(k) for k in spread["keypoint"].to_numpy()]
    y = spread["position"].to_numpy()[..., 1]
    tall = y[:, [names.index("left_ankle"), names.index("right_ankle")]].max(axis=1) - y[:, names.index("nose")]
    px_per_m = max(0.0, float(np.nanmax(tall)) / _NOSE_TO_ANKLE_M)
    grade: Grade = "good" if px_per_m >= 220 else "fair" if px_per_m >= 150 else "poor"
    remedy = (
        ""
        if grade == "good"
        else "Come closer or film in a higher resolution, the whole body still in the picture."
    )
    return Point("size", grade, f"about {px_per_m:.0f} pixels a metre at most", remedy)


def _frame_rate(seen: Glance) -> Point:
    hz = 1 / float(np.median(np.diff(seen.info.time_s)))
    said = f"{hz:.0f} a second"
    if seen.info.slowmo != 1:
        said += f" ({seen.info.slowmo:g} times slow motion)"
    if hz >= 49:
        return Point("frames", "good", said)
    grade: Grade = "fair" if hz >= 23.5 else "poor"
    return Point("frames", grade, said, "Set the phone's camera to 60 frames a second.")


def _level(tilt: float | None) -> Point:
    if tilt is None:
        return Point("level", "good", "no upright edges to tell it by")
    said = f"upright edges are turned by {abs(tilt):.1f}°"
    if abs(tilt) <= TILTED_DEG:
        return Point("level", "good", said)
    return Point("level", "fair", said, "Hold the phone level.")


def _length(seen: Glance, whole: NDArray[np.float64], cadence: float | None, activity: Gait) -> Point:
    time = seen.info.time_s
    seconds = float(time[-1] - time[0])
    in_view = seconds * float((whole == 1).sum()) / max(1, len(seen.pictures))
    steps = in_view * (cadence or (165.0 if activity == "running" else 110.0)) / 60
    said = f"{seconds:.0f} s, about {steps:.0f} steps with the whole body in view"
    grade: Grade = "good" if steps >= 24 else "fair" if steps >= 6 else "poor"
    remedy = (
        ""
        if grade == "good"
        else "Film for longer: twenty seconds of steady running, the whole body in the picture."
    )
    return Point("length", grade, said, remedy)


def _alone(seen: Glance) -> Point:
    many = len(seen.everybody)
    if many <= 1:
        return Point("alone", "good", "nobody else stays in the pictures looked at")
    said = f"{many} people; number {seen.person} is followed (runfree people shows the numbers)"
    return Point("alone", "fair", said, "Film the runner alone, or say who is meant: --person.")


def _shown(view: View | None, activity: Gait) -> tuple[tuple[str, ...], dict[str, str]]:
    shows: list[str] = []
    cannot: dict[str, str] = {}
    for metric in METRICS.values():
        if view is None:
            cannot[metric.title] = "nobody running or walking was found"
        elif activity == "walking" and not metric.walking:
            cannot[metric.title] = "does not apply to walking"
        elif view in metric.views:
            shows.append(metric.title)
        else:
            cannot[metric.title] = f"needs a film {VIEW_WORDS[metric.views[0]]}"
    return tuple(shows), cannot
