"""The film with skeleton, ground contacts and angles drawn on."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from runfree.core.analysis import FilmAnalysis, Step
from runfree.core.metrics import Side
from runfree.core.motion import REQUIRED, points
from runfree.core.wording import number
from runfree.io import video
from runfree.io.film_writer import FilmWriter
from runfree.report.draw import FOOT, TRUNK, Dot, Label, Line, Mark, Point, drawn
from runfree.report.face import circles, heads, hide
from runfree.signal.local import smoothed

LONGEST_PX = 1280
MID_STANCE_S = 0.04
SMOOTHING_SD_S = 0.02
LEFT, RIGHT = (86, 196, 255), (255, 170, 80)
_COLOURS: dict[Side, tuple[int, int, int]] = {"left": LEFT, "right": RIGHT}
_OTHER: dict[Side, Side] = {"left": "right", "right": "left"}


def write_film(
    target: Path,
    film: FilmAnalysis,
    source: Path,
    *,
    blur_face: bool,
    progress: Callable[[int, int], None] | None = None,
) -> None:
    """Draw over every frame and write the film with the times of the original, the first frame at zero, without its sound.

    One frame is in memory at a time. The skeleton is smoothed without lag.

    Parameters
    ----------
    target, source : Path
        Where the drawn film goes, and the film it is made from.
    film : FilmAnalysis
        Its motion and steps.
    blur_face : bool
        Make the runner's face unrecognisable in every frame.
    progress : callable, optional
        Told the frames done and the frames in all.

    Raises
    ------
    FilmError, OutputError
        If the film cannot be read, or the drawn one not written.
    """
    info = video.probe(source, slowmo=film.slowmo)
    overlay = _Overlay(film, max(info.width_px, info.height_px), blur_face=blur_face)
    count = len(info.time_s)
    width_px, height_px = overlay.size(info.width_px, info.height_px)
    with FilmWriter(target, width_px=width_px, height_px=height_px) as out:
        for index, frame in video.frames(info, 0, count, longest_px=LONGEST_PX):
            out.write(overlay(frame, float(info.time_s[index])), float(info.played_s[index] - info.played_s[0]))
            if progress is not None:
                progress(index + 1, count)


class _Overlay:
    """What is drawn over the frame at a given time."""

    def __init__(self, film: FilmAnalysis, longest_px: int, *, blur_face: bool) -> None:
        self._film, self._time = film, film.pictured["time"].to_numpy()
        self._scale = min(1.0, LONGEST_PX / longest_px)
        self._at = {k: _steadied(self._time, points(film.pictured, k)) * self._scale for k in sorted(REQUIRED)}
        self._heads = heads(film.pictured) * self._scale if blur_face else None

    def size(self, width_px: int, height_px: int) -> tuple[int, int]:
        return round(width_px * self._scale), round(height_px * self._scale)

    def __call__(self, frame: NDArray[np.uint8], time_s: float) -> NDArray[np.uint8]:
        row = int(np.abs(self._time - time_s).argmin())
        image = Image.fromarray(frame)
        if self._heads is not None:
            image = hide(image, circles(self._heads, row))
        body = np.array([v[row] for v in self._at.values()])
        body = body[np.isfinite(body).all(axis=1)]
        if len(body):
            image = self._with_body(image, body, row, time_s)
        return np.asarray(image)

    def _with_body(self, image: Image.Image, body: Point, row: int, time_s: float) -> Image.Image:
        tall = max(float(np.ptp(body[:, 1])), 40.0)
        room = tall * np.array([0.2, 0.1])
        low = np.clip(body.min(axis=0) - room, 0, np.array(image.size) - 1).astype(int)
        high = np.clip(body.max(axis=0) + room, low + 1, image.size).astype(int)
        box = (*low.tolist(), *high.tolist())
        at = {k: v[row] - low for k, v in self._at.items()}
        standing: list[Side] = [
            s for s in _COLOURS if any(_on_ground(x, s, time_s) for x in self._film.measured.steps)
        ]
        marks = [*_body_marks(at), *_contact_marks(at, standing), *self._angle_labels(at, standing)]
        image.paste(drawn(image.crop(box), marks, width_px=max(1.6, tall / 230)), box[:2])
        return image

    def _angle_labels(self, at: dict[str, Point], standing: list[Side]) -> list[Mark]:
        """In the picture: from the side the bend of the near knee and the trunk's lean, else of the standing knee."""
        seen = self._film.measured
        sides: dict[Side, bool]
        if seen.view != "side" or seen.facing is None:
            sides = {s: bool(at[f"{s}_knee"][0] < at[f"{_OTHER[s]}_knee"][0]) for s in standing}
        else:
            sides = {seen.facing: seen.facing == "right"}
        angles = [(at[f"{s}_knee"], _bend_deg(at, s), left) for s, left in sides.items()]
        if seen.view == "side" and seen.facing is not None:
            hips, shoulders = ((at[f"left_{k}"] + at[f"right_{k}"]) / 2 for k in ("hip", "shoulder"))
            ahead, up = (shoulders - hips) * ((-1 if seen.facing == "left" else 1), -1)
            angles.append(
                ((hips + shoulders) / 2, float(np.degrees(np.arctan2(ahead, up))), seen.facing == "right")
            )
        return [Label(place, f"{number(deg, 0)}°", left=left) for place, deg, left in angles if np.isfinite(deg)]


def _steadied(time_s: NDArray[np.float64], place: Point) -> Point:
    """Smooth a keypoint (T, 2) without lag; a frame with too few neighbours in time keeps its own place."""
    smooth = smoothed(time_s, place, SMOOTHING_SD_S)
    return np.where(np.isfinite(smooth), smooth, place)


def _on_ground(step: Step, side: Side, time_s: float) -> bool:
    """Between touch-down and toe-off where the film timed them, else close to mid-stance."""
    if step.side != side or step.left_out is not None:
        return False
    if step.touch_down_s is not None and step.toe_off_s is not None:
        return step.touch_down_s <= time_s <= step.toe_off_s
    return abs(time_s - step.mid_stance_s) <= MID_STANCE_S


def _contact_marks(at: dict[str, Point], standing: list[Side]) -> list[Mark]:
    marks: list[Mark] = []
    for side in standing:
        heel, toe = at[f"{side}_heel"], at[f"{side}_toe"]
        marks += [Line(np.array([heel, toe]), FOOT), Dot(heel, FOOT, 2.0), Dot(toe, FOOT, 2.0)]
    return marks


def _body_marks(at: dict[str, Point]) -> list[Mark]:
    marks: list[Mark] = [
        Line(np.array([at["left_shoulder"], at["right_shoulder"]]), TRUNK),
        Line(np.array([at["left_hip"], at["right_hip"]]), TRUNK),
    ]
    for side, colour in _COLOURS.items():
        marks.append(Line(np.array([at[f"{side}_shoulder"], at[f"{side}_hip"]]), TRUNK))
        marks.append(Line(np.array([at[f"{side}_{k}"] for k in ("hip", "knee", "ankle")]), colour))
        marks.append(Line(np.array([at[f"{side}_{k}"] for k in ("ankle", "heel", "toe")]), colour))
    return marks


def _bend_deg(at: dict[str, Point], side: Side) -> float:
    hip, knee, ankle = (at[f"{side}_{k}"] for k in ("hip", "knee", "ankle"))
    thigh, shin = knee - hip, ankle - knee
    cross, dot = thigh[0] * shin[1] - thigh[1] * shin[0], float(thigh @ shin)
    return abs(float(np.degrees(np.arctan2(cross, dot))))
