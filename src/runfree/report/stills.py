"""Stills of the runner's own mid-stance and touch-down, with the lines the method looks at drawn on."""

from __future__ import annotations

import base64
import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from runfree.core.analysis import FilmAnalysis
from runfree.core.metrics import Side
from runfree.core.motion import KEYPOINTS, Motion, points
from runfree.core.wording import VIEW_WORDS, number
from runfree.io import video
from runfree.report.draw import FOOT, KNEE, TOE, TRUNK, Dot, Label, Line, Mark, Point, drawn
from runfree.report.face import circles, heads, hide
from runfree.report.moments import Moment, moments

WIDTH_PX, HEIGHT_PX = 640, 800
_LEGS = ("hip", "knee", "ankle", "heel", "toe")
_DOWN = np.array([0.0, 1.0])


@dataclass(frozen=True, slots=True)
class Still:
    """One picture of the page: a JPEG as a data URI, its size, and its words."""

    uri: str
    width_px: int
    height_px: int
    title: str
    alt: str


def stills(film: FilmAnalysis, path: Path, *, blur_face: bool, max_bytes: int) -> tuple[Still, ...]:
    """Cut, draw and encode the stills of one film.

    Parameters
    ----------
    film : FilmAnalysis
        Its motion and its steps.
    path : Path
        The film itself.
    blur_face : bool
        Make the runner's face unrecognisable.
    max_bytes : int
        Bound on each encoded picture.

    Raises
    ------
    FilmError
        If the film cannot be read any more.
    """
    chosen = moments(film.pictured, film.measured)
    if not chosen:
        return ()
    info = video.probe(path, slowmo=film.slowmo)
    times = film.pictured["time"].to_numpy()
    index = {m: int(np.abs(info.time_s - times[m.row]).argmin()) for m in chosen}
    pictures = video.frames_at(info, sorted(set(index.values())))
    hidden = heads(film.pictured) if blur_face else None
    return tuple(_still(film, m, pictures[index[m]], hidden, max_bytes) for m in chosen)


def _still(
    film: FilmAnalysis,
    moment: Moment,
    frame: NDArray[np.uint8],
    hidden: NDArray[np.float64] | None,
    max_bytes: int,
) -> Still:
    image = Image.fromarray(frame)
    if hidden is not None:
        image = hide(image, circles(hidden, moment.row))
    place = _Place(film.pictured, moment.row)
    frontal = film.measured.view in ("front", "rear")
    box = _crop_box(place.all(_LEGS if frontal else None), image.size, head_room=0.02 if frontal else 0.14)
    scale = min(WIDTH_PX / (box[2] - box[0]), HEIGHT_PX / (box[3] - box[1]))
    size = (round((box[2] - box[0]) * scale), round((box[3] - box[1]) * scale))
    image = image.resize(size, Image.Resampling.LANCZOS, box=box)
    view = place.moved(np.array(box[:2], dtype=float), scale)
    marks = _frontal_marks(view, moment.side, film) if frontal else _side_marks(view, moment, film)
    image = drawn(image, marks, width_px=max(size) / 180)
    title = f"{moment.side.capitalize()} foot, {moment.phase}"
    alt = f"Frame of the film, {VIEW_WORDS[film.measured.view]}: {moment.side} foot at {moment.phase}. {_shown(film, moment)}"
    return Still(_jpeg(image, max_bytes), *size, title, alt)


class _Place:
    """Keypoints of one frame, by name."""

    def __init__(self, motion: Motion, row: int) -> None:
        names = [str(k) for k in motion["keypoint"].to_numpy()]
        self._at = {k: points(motion, k)[row] for k in KEYPOINTS if k in names}

    def __getitem__(self, name: str) -> Point:
        return self._at[name]

    def middle(self, part: str) -> Point:
        return (self._at[f"left_{part}"] + self._at[f"right_{part}"]) / 2

    def all(self, parts: Sequence[str] | None) -> Point:
        """The finite points (N, 2) of these parts, or of the whole body."""
        kept = [v for k, v in self._at.items() if parts is None or k.split("_")[-1] in parts]
        return np.array([v for v in kept if np.isfinite(v).all()])

    def moved(self, origin: Point, scale: float) -> _Place:
        """The same points in the pixels of a cut and scaled picture."""
        out = object.__new__(_Place)
        out._at = {k: (v - origin) * scale for k, v in self._at.items()}
        return out


def _crop_box(body: Point, size: tuple[int, int], *, head_room: float) -> tuple[int, int, int, int]:
    """A 4:5 box (left, top, right, bottom) around the body with a margin, inside the picture.

    Narrower than 4:5 only where the picture is.
    """
    low, high = body.min(axis=0), body.max(axis=0)
    tall = float(high[1] - low[1])
    low = low - tall * np.array([0.10, 0.06 + head_room])
    high = high + tall * np.array([0.10, 0.10])
    width, height = size
    need_w, need_h = high - low
    box_h = min(max(need_h, need_w * HEIGHT_PX / WIDTH_PX), height)
    box_w = min(box_h * WIDTH_PX / HEIGHT_PX, width)
    left = float(np.clip((low[0] + high[0] - box_w) / 2, 0, width - box_w))
    top = float(np.clip((low[1] + high[1] - box_h) / 2, 0, height - box_h))
    return round(left), round(top), round(left + box_w), round(top + box_h)


def _frontal_marks(place: _Place, side: Side, film: FilmAnalysis) -> list[Mark]:
    hip, knee, ankle = (place[f"{side}_{k}"] for k in ("hip", "knee", "ankle"))
    marks: list[Mark] = [
        Line(np.array([place["left_hip"], place["right_hip"]]), TRUNK),
        Line(np.array([hip, ankle]), TRUNK, dashed=True),
        Line(np.array([hip, knee, ankle]), KNEE),
        Dot(knee, KNEE, 1.8),
    ]
    if film.measured.view == "front":
        heel, toe = place[f"{side}_heel"], place[f"{side}_toe"]
        marks += [Line(np.array([heel, toe + 0.8 * (toe - heel)]), FOOT), Dot(heel, FOOT), Dot(toe, TOE, 1.8)]
    return marks


def _side_marks(place: _Place, moment: Moment, film: FilmAnalysis) -> list[Mark]:
    side = moment.side
    hip, knee, ankle, heel, toe = (place[f"{side}_{k}"] for k in _LEGS)
    shoulders, hips = place.middle("shoulder"), place.middle("hip")
    trunk = float(np.hypot(*(shoulders - hips)))
    marks: list[Mark] = [
        Line(np.array([hips, hips - trunk * _DOWN]), TRUNK, dashed=True),
        Line(np.array([hips, shoulders]), TRUNK),
        Line(np.array([hip, knee, ankle]), KNEE),
        Line(np.array([heel, toe]), FOOT),
        Dot(knee, KNEE, 1.6),
        Dot(toe, TOE, 1.6),
    ]
    if moment.phase == "touch-down":
        marks.insert(0, Line(np.array([knee, knee + (ankle[1] - knee[1]) * _DOWN]), TRUNK, dashed=True))
    metric = "knee_flexion_midstance" if moment.phase == "mid-stance" else "knee_flexion_contact"
    bend = next((e for e in film.measured.estimates if (e.metric, e.side) == (metric, side)), None)
    if bend is not None:
        marks.append(Label(knee, f"knee bend {number(bend.value, 0)}°", left=film.measured.facing == "right"))
    return marks


def _shown(film: FilmAnalysis, moment: Moment) -> str:
    if film.measured.view == "front":
        return "Drawn on: the line hip, knee, ankle; the straight line from hip to ankle; heel to toe; the hips."
    if film.measured.view == "rear":
        return "Drawn on: the line hip, knee, ankle; the straight line from hip to ankle; the hips."
    plumb = " and a plumb line under the knee" if moment.phase == "touch-down" else ""
    return f"Drawn on: the trunk beside a plumb line, the line hip, knee, ankle, the foot{plumb}."


def _jpeg(image: Image.Image, max_bytes: int) -> str:
    """Encode as a JPEG data URI of at most ``max_bytes`` of JPEG, giving up quality, then size."""
    while True:
        for quality in (86, 76, 64, 50):
            buffer = io.BytesIO()
            image.save(buffer, "JPEG", quality=quality, optimize=True)
            if buffer.tell() <= max_bytes:
                return "data:image/jpeg;base64," + base64.b64encode(buffer.getvalue()).decode("ascii")
        image = image.resize((image.width * 3 // 4, image.height * 3 // 4), Image.Resampling.LANCZOS)
