"""A quick look at a film before the long one: a few pictures spread over it, and a few seconds followed closely."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from runfree.core.motion import Motion, make_motion
from runfree.io.video import FilmInfo, frames, probe
from runfree.pose.backend import FrameBackend, Session, load_backend
from runfree.pose.people import People, people_finder
from runfree.pose.runner import LONGEST_PX

PICTURES = 12
CLOSE_S, CLOSE_HZ = 3.0, 30.0
WIDE_S, WIDE_HZ = 14.0, 8.0


@dataclass(frozen=True, eq=False)
class Glance:
    """What a quick look saw.

    Attributes
    ----------
    info : FilmInfo
    pictures : list of array (height, width, 3)
        At most twelve, spread over the film, scaled down.
    people : list of array (N, 3)
        Who is in each of them, in its pixels.
    spread : Motion
        The runner in the same pictures, in pixels of the film.
    close : Motion
        The runner for about three seconds.
    """

    info: FilmInfo
    pictures: list[NDArray[np.uint8]]
    people: list[People]
    spread: Motion
    close: Motion


def glance(
    path: str | Path, *, backend: str = "blazepose", weights: Path | None = None, slowmo: float | None = None
) -> Glance:
    """Look quickly at a film.

    Raises
    ------
    FilmError
        If the film cannot be read.
    MissingPartError
        If the backend is not available here.
    """
    info = probe(path, slowmo=slowmo)
    part = load_backend(backend, weights)
    if not isinstance(part, FrameBackend):
        raise TypeError(f"the backend {backend} looks at no pictures")
    index = _spread(info)
    decoded = [(i, rgb) for k in index for i, rgb in frames(info, k, k + 1, longest_px=LONGEST_PX)]
    index, pictures = [i for i, _ in decoded], [rgb for _, rgb in decoded]
    with people_finder() as find:
        people = [find(rgb) for rgb in pictures]
    with part.session() as session:
        spread = _motion(info, part, session, decoded)
    close = _closely(info, part, *_around(info, _middle(index, people), CLOSE_S, CLOSE_HZ))
    return Glance(info, pictures, people, spread, close)


def wide_look(seen: Glance, *, backend: str, weights: Path | None = None) -> Motion:
    """Follow the runner for longer and more coarsely: in slow motion a few seconds hold no whole stride."""
    part = load_backend(backend, weights)
    if not isinstance(part, FrameBackend):
        raise TypeError(f"the backend {backend} looks at no pictures")
    middle = _middle(_spread(seen.info), seen.people)
    return _closely(seen.info, part, *_around(seen.info, middle, WIDE_S, WIDE_HZ))


def _spread(info: FilmInfo) -> list[int]:
    """Indices spread over the film, at keyframes where one is near: those decode at once."""
    n = len(info.pts)
    wanted = (np.arange(PICTURES) + 0.5) * n / PICTURES
    keys = np.searchsorted(info.pts, info.key_pts)
    nearest = keys[np.abs(keys[None, :] - wanted[:, None]).argmin(axis=1)] if len(keys) else wanted
    close = np.abs(nearest - wanted) < n / PICTURES / 2
    return sorted(set(np.where(close, nearest, wanted).astype(int).tolist()))


def _middle(index: list[int], people: list[People]) -> int:
    """The picture in the middle of those that show somebody."""
    with_people = [i for i, rows in zip(index, people, strict=True) if len(rows)]
    return with_people[len(with_people) // 2] if with_people else index[len(index) // 2]


def _around(info: FilmInfo, middle: int, seconds: float, hz: float) -> tuple[int, int, int]:
    """First frame, end and spacing of some seconds (of play, for slow motion that nothing tells of) around a frame."""
    frame_s = float(np.median(np.diff(info.time_s)))
    half = round(seconds / frame_s / 2)
    start = max(0, min(middle - half, len(info.pts) - 2 * half))
    return start, min(len(info.pts), start + 2 * half), max(1, round(1 / (frame_s * hz)))


def _closely(info: FilmInfo, backend: FrameBackend, start: int, stop: int, every: int) -> Motion:
    with backend.session() as session:
        kept = ((i, rgb) for i, rgb in frames(info, start, stop, longest_px=LONGEST_PX) if not (i - start) % every)
        return _motion(info, backend, session, kept)


def _motion(
    info: FilmInfo, backend: FrameBackend, session: Session, pictures: Iterable[tuple[int, NDArray[np.uint8]]]
) -> Motion:
    points = len(backend.keypoints)
    index: list[int] = []
    position: list[NDArray[np.float32]] = []
    confidence: list[NDArray[np.float32]] = []
    for i, rgb in pictures:
        seen = session.infer(rgb)
        index.append(i)
        scale = np.float32(info.width_px / rgb.shape[1])
        position.append(seen[0] * scale if seen else np.full((points, 2), np.nan, dtype=np.float32))
        confidence.append(seen[1] if seen else np.zeros(points, dtype=np.float32))
    motion = make_motion(
        info.time_s[index],
        np.array(position),
        np.array(confidence),
        backend.keypoints,
        width_px=info.width_px,
        height_px=info.height_px,
    )
    motion.attrs |= {"slowmo": info.slowmo, "slowmo_told": info.slowmo_told}
    return motion
