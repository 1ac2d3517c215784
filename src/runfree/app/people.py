"""Who is in a film: everybody with a number, from when to when, and one numbered picture."""

from __future__ import annotations

from dataclasses import dataclass
from os import PathLike
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from runfree.core.errors import InputError, NothingAssessableError
from runfree.io.video import frames_at, probe
from runfree.pose.backend import FrameBackend, load_backend
from runfree.pose.follow import has_a_body, people_in, runner_among
from runfree.pose.persons import Person
from runfree.report.people import Framed, write_numbered

_MOST_PICTURES = 4


@dataclass(frozen=True, slots=True)
class Somebody:
    """One person of a film.

    Attributes
    ----------
    number : int
        What ``--person`` takes.
    first_s, last_s : float
        Seen from when to when, on the runner's clock.
    tall : float
        Usual height in shares of the picture's height, about.
    where : str
        ``left``, ``middle`` or ``right`` of the picture, for most of the time.
    followed : bool
        Whether an analysis follows this person unless told otherwise.
    """

    number: int
    first_s: float
    last_s: float
    tall: float
    where: str
    followed: bool


def show_people(
    film: str | PathLike[str],
    out: str | PathLike[str],
    *,
    backend: str = "blazepose",
    weights: Path | None = None,
    slowmo: float | None = None,
) -> tuple[Somebody, ...]:
    """List the people in a film and write a picture (PNG) with their numbers.

    Parameters
    ----------
    film : path
    out : path
        Where the picture goes. Where not all are in the film at once it holds several frames, one below the other.
    backend, weights, slowmo
        As for :func:`runfree.analyze`.

    Raises
    ------
    InputError
        If it is a motion file, or a film that cannot be read, or the picture would replace the film.
    NothingAssessableError
        If nobody is found.
    MissingPartError
        If the backend is not available here.
    OutputError
        If the picture cannot be written.
    """
    file, target = Path(film), Path(out)
    _check(file, target)
    info = probe(file, slowmo=slowmo)
    part = load_backend(backend, weights)
    if not isinstance(part, FrameBackend):
        raise TypeError(f"the backend {backend} looks at no pictures")
    everybody = people_in(info, part)
    people = {k + 1: person for k, person in enumerate(everybody) if has_a_body(info, part, person)}
    if not people:
        raise NothingAssessableError(
            file.name, "nobody was found in it", "Film one person in full, head to feet, in good light."
        )
    followed = runner_among(info, part, everybody, None) + 1
    chosen = _frames(tuple(people.values()), info.time_s)
    pictures = frames_at(info, chosen)
    write_numbered(target, [Framed(pictures[i], _there(people, info.time_s[i])) for i in chosen])
    return tuple(
        _somebody(number, person, number == followed, (info.width_px, info.height_px))
        for number, person in people.items()
    )


def _check(file: Path, target: Path) -> None:
    if file.suffix.lower() == ".nc":
        raise InputError(file.name, "it is a motion file and holds one person only", "Give the film itself.")
    if target.suffix.lower() != ".png":
        raise InputError(str(target), "the picture is a PNG", "Choose a name that ends in .png.")


def _there(people: dict[int, Person], time_s: float) -> dict[int, NDArray[np.float64]]:
    at = {number: person.at(np.array([time_s]))[0] for number, person in people.items()}
    return {number: place for number, place in at.items() if np.isfinite(place).all()}


def _frames(people: tuple[Person, ...], time_s: NDArray[np.float64]) -> list[int]:
    """Few frames that show everybody: each time the one that shows most of those who are missing."""
    moments = np.unique(np.concatenate([person.time_s for person in people]))
    shown = np.stack([np.isin(moments, person.time_s) for person in people])
    missing = np.ones(len(people), dtype=bool)
    chosen: list[int] = []
    while missing.any() and len(chosen) < _MOST_PICTURES:
        count = shown[missing].sum(axis=0) * 100 + shown.sum(axis=0)
        best = int(count.argmax())
        chosen.append(int(np.abs(time_s - moments[best]).argmin()))
        missing &= ~shown[:, best]
    return sorted(chosen)


def _somebody(number: int, person: Person, followed: bool, size_px: tuple[int, int]) -> Somebody:
    x = float(np.median(person.place[:, 0])) / size_px[0]
    where = "left" if x < 0.38 else "right" if x > 0.62 else "middle"
    first_s, last_s = (round(float(t), 2) for t in person.time_s[[0, -1]])
    return Somebody(number, first_s, last_s, round(1.8 * person.size / size_px[1], 2), where, followed)
