"""A quick look at a film before the long one: a few pictures spread over it, and a few seconds followed closely."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from runfree.core.motion import Motion
from runfree.io.video import FilmInfo, frames, probe
from runfree.pose.backend import FrameBackend, load_backend
from runfree.pose.follow import (
    CLOSE_HZ,
    CLOSE_S,
    LONGEST_PX,
    around,
    closely,
    motion_in,
    people_in,
    runner_among,
)
from runfree.pose.people import People
from runfree.pose.persons import Person

PICTURES = 12
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
    everybody : tuple of Person
        Who is in the film, if several people were seen or one was asked for.
    person : int or None
        Number of the one followed, where several are in the film.
    """

    info: FilmInfo
    pictures: list[NDArray[np.uint8]]
    people: list[People]
    spread: Motion
    close: Motion
    everybody: tuple[Person, ...] = ()
    person: int | None = None

    @property
    def followed(self) -> Person | None:
        """Whom to follow; None where the network may choose."""
        return self.everybody[self.person - 1] if self.person else None


def glance(
    path: str | Path,
    *,
    backend: str = "blazepose",
    weights: Path | None = None,
    slowmo: float | None = None,
    person: int | None = None,
) -> Glance:
    """Look quickly at a film; where several people are in it, or one is asked for by number, at all of it.

    Raises
    ------
    FilmError
        If the film cannot be read.
    InputError
        If there is no person of that number.
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
    with part.people_finder() as find:
        people = [find(rgb) for rgb in pictures]
    everybody: tuple[Person, ...] = ()
    who: Person | None = None
    if person is not None or any(len(rows) > 1 for rows in people):
        everybody = people_in(info, part)
        person = runner_among(info, part, everybody, person) + 1 if everybody or person else None
        who = everybody[person - 1] if person else None
    spread = motion_in(info, part, decoded, who)
    close = closely(info, part, *around(info, _middle(info, index, people, who), CLOSE_S, CLOSE_HZ), who)
    return Glance(info, pictures, people, spread, close, everybody, person)


def wide_look(seen: Glance, *, backend: str, weights: Path | None = None) -> Motion:
    """Follow the runner for longer and more coarsely: in slow motion a few seconds hold no whole stride."""
    part = load_backend(backend, weights)
    if not isinstance(part, FrameBackend):
        raise TypeError(f"the backend {backend} looks at no pictures")
    middle = _middle(seen.info, _spread(seen.info), seen.people, seen.followed)
    return closely(seen.info, part, *around(seen.info, middle, WIDE_S, WIDE_HZ), seen.followed)


def _spread(info: FilmInfo) -> list[int]:
    """Indices spread over the film, at keyframes where one is near: those decode at once."""
    n = len(info.pts)
    wanted = (np.arange(PICTURES) + 0.5) * n / PICTURES
    keys = np.searchsorted(info.pts, info.key_pts)
    nearest = keys[np.abs(keys[None, :] - wanted[:, None]).argmin(axis=1)] if len(keys) else wanted
    close = np.abs(nearest - wanted) < n / PICTURES / 2
    return sorted(set(np.where(close, nearest, wanted).astype(int).tolist()))


def _middle(info: FilmInfo, index: list[int], people: list[People], who: Person | None) -> int:
    """The picture in the middle of those that show the runner."""
    if who is not None:
        return int(np.searchsorted(info.time_s, who.time_s[len(who.time_s) // 2]))
    with_people = [i for i, rows in zip(index, people, strict=True) if len(rows)]
    return with_people[len(with_people) // 2] if with_people else index[len(index) // 2]
