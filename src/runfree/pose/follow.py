"""Whom a film is about: the runner among several people, and the frames in which somebody else was followed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager

import numpy as np
from numpy.typing import NDArray

from runfree.core.errors import InputError
from runfree.core.motion import Motion, make_motion, points
from runfree.gait.body import body_of
from runfree.gait.cycle import stride_of
from runfree.io.video import FilmInfo, frames
from runfree.pose.backend import FrameBackend, Seen
from runfree.pose.persons import Look, Person, hidden, look_at, look_every, persons

Array = NDArray[np.float64]

LONGEST_PX = 1280
CLOSE_S, CLOSE_HZ = 3.0, 30.0
_BODY_S, _BODY_HZ = 0.6, 15.0
_MOST_LOOKED_AT = 3
_ASTRAY, _ASTRAY_ALONE = 0.45, 0.8


@contextmanager
def looking(
    info: FilmInfo, backend: FrameBackend, path: Array | None = None
) -> Iterator[Callable[[int, NDArray[np.uint8]], Seen | None]]:
    """Give ``look(index, rgb)``: what is seen in a picture of the film, in the film's pixels.

    Parameters
    ----------
    info, backend
    path : array (T, 3), optional
        Where the person to look at is in every frame of the film, NaN where nobody knows; else the network chooses.
    """

    def in_film(rgb: NDArray[np.uint8], seen: Seen | None) -> Seen | None:
        scale = np.array([info.width_px / rgb.shape[1], info.height_px / rgb.shape[0]], dtype=np.float32)
        return (seen[0] * scale, seen[1]) if seen else None

    if path is None:
        with backend.session() as session:
            yield lambda _, rgb: in_film(rgb, session.infer(rgb))
        return
    with backend.following() as following:

        def look(i: int, rgb: NDArray[np.uint8]) -> Seen | None:
            near = path[i] * rgb.shape[1] / info.width_px
            return in_film(rgb, following.infer(rgb, near)) if np.isfinite(near).all() else None

        yield look


def people_in(info: FilmInfo, backend: FrameBackend) -> tuple[Person, ...]:
    """Search a film for people, three looks a second; the largest that stays long comes first."""
    every = look_every(info.time_s)
    looks: list[Look] = []
    with backend.people_finder() as find:
        for i, rgb in frames(info, 0, len(info.pts), longest_px=LONGEST_PX):
            if i % every == 0:
                looks.append(look_at(i, rgb, find(rgb), info.width_px / rgb.shape[1]))
    return persons(info.time_s, looks)


def runner_among(info: FilmInfo, backend: FrameBackend, people: tuple[Person, ...], number: int | None) -> int:
    """Choose whom to follow: the index of the person of that number, else of the first who runs, who walks, or is there.

    Raises
    ------
    InputError
        If there is no person of that number.
    """
    if number is not None:
        if not 1 <= number <= len(people):
            many = f"{len(people)} people were" if len(people) != 1 else "one person was"
            raise InputError(
                f"Person {number}", f"{many} found in {info.path.name}", "See who is in it: runfree people FILM."
            )
        return number - 1
    if len(people) < 2:
        return 0
    moves = [_gait(info, backend, person) for person in people[:_MOST_LOOKED_AT]]
    return next((moves.index(gait) for gait in ("running", "walking") if gait in moves), 0)


def _gait(info: FilmInfo, backend: FrameBackend, person: Person) -> str | None:
    """How a person moves in the middle of the time they are seen."""
    middle = int(np.searchsorted(info.time_s, person.time_s[len(person.time_s) // 2]))
    motion = closely(info, backend, *around(info, middle, CLOSE_S, CLOSE_HZ), person)
    body = body_of(motion)
    stride = stride_of(body) if body is not None else None
    return stride.gait if stride else None


def has_a_body(info: FilmInfo, backend: FrameBackend, person: Person) -> bool:
    """Whether the network sees a body where a person was found: the detector also takes a car for somebody."""
    middle = int(np.searchsorted(info.time_s, person.time_s[len(person.time_s) // 2]))
    motion = closely(info, backend, *around(info, middle, _BODY_S, _BODY_HZ), person)
    return bool((_away(_hips(motion), person.at(motion["time"].to_numpy())) < _ASTRAY).mean() > 0.5)


def around(info: FilmInfo, middle: int, seconds: float, hz: float) -> tuple[int, int, int]:
    """First frame, end and spacing of some seconds (of play, for slow motion that nothing tells of) around a frame."""
    frame_s = float(np.median(np.diff(info.time_s)))
    half = round(seconds / frame_s / 2)
    start = max(0, min(middle - half, len(info.pts) - 2 * half))
    return start, min(len(info.pts), start + 2 * half), max(1, round(1 / (frame_s * hz)))


def closely(
    info: FilmInfo, backend: FrameBackend, start: int, stop: int, every: int, person: Person | None = None
) -> Motion:
    """Follow a person, or whom the network chooses, through every ``every``-th frame of a stretch."""
    kept = ((i, rgb) for i, rgb in frames(info, start, stop, longest_px=LONGEST_PX) if not (i - start) % every)
    return motion_in(info, backend, kept, person)


def motion_in(
    info: FilmInfo, backend: FrameBackend, pictures: Iterable[tuple[int, NDArray[np.uint8]]], person: Person | None
) -> Motion:
    """The motion of a person, or of whom the network chooses, in some pictures of a film."""
    nobody = np.full((len(backend.keypoints), 2), np.nan, np.float32), np.zeros(len(backend.keypoints), np.float32)
    index: list[int] = []
    found: list[Seen] = []
    path = None if person is None else person.at(info.time_s)
    with looking(info, backend, path) as look:
        for i, rgb in pictures:
            index.append(i)
            found.append(look(i, rgb) or nobody)
    motion = make_motion(
        info.time_s[index],
        np.array([f[0] for f in found]).reshape(len(index), -1, 2),
        np.array([f[1] for f in found]).reshape(len(index), -1),
        backend.keypoints,
        width_px=info.width_px,
        height_px=info.height_px,
    )
    motion.attrs |= {"slowmo": info.slowmo, "slowmo_told": info.slowmo_told}
    return motion


def astray(motion: Motion, people: tuple[Person, ...], who: int) -> NDArray[np.bool_]:
    """Frames in which the motion is not of the person meant, (T,): of somebody else, or lost while they are there."""
    time, hips = motion["time"].to_numpy(), _hips(motion)
    away = [_away(hips, person.at(time)) for person in people]
    limit = _ASTRAY_ALONE if len(people) == 1 else _ASTRAY
    mine, known = away[who], np.isfinite(people[who].at(time)[:, 0])
    lost = np.isnan(hips[:, 0]) & known & (len(people) > 1)
    with np.errstate(invalid="ignore"):
        elsewhere = mine > limit
        of_another = np.isnan(mine) & (np.nanmin([np.full(len(time), np.inf), *away], axis=0) < limit)
    return lost | elsewhere | of_another


def _hips(motion: Motion) -> Array:
    return (points(motion, "left_hip") + points(motion, "right_hip")) / 2


def _away(hips: Array, path: Array) -> Array:
    return np.linalg.norm(hips - path[:, :2], axis=1) / path[:, 2]


def not_theirs(motion: Motion, people: tuple[Person, ...], who: int) -> NDArray[np.bool_]:
    """Frames to leave out, (T,): they show somebody else all the same, or somebody stands in front."""
    found = np.isfinite(_hips(motion)[:, 0])
    others = [person for i, person in enumerate(people) if i != who]
    return found & (astray(motion, people, who) | hidden(people[who], others, motion["time"].to_numpy()))
