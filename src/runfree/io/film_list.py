"""Many films: a folder of them, or a list (CSV) with a runner, height, speed, group and whatever else belongs to each."""

from __future__ import annotations

import csv
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from runfree.core.errors import InputError
from runfree.core.units import parse_height, parse_speed
from runfree.io.film_source import as_source, filesystem, is_url

ENDINGS = (".mp4", ".mov", ".m4v", ".webm", ".mkv", ".avi", ".ts", ".nc")
SETTINGS = ("height", "speed", "slowmo")
TAKEN = ("source", "key", "film_sha256", "status", "height_m", "speed_mps")
MAX_COLUMNS = 200


@dataclass(frozen=True, slots=True)
class ListedFilm:
    """One film of many.

    Attributes
    ----------
    source : str
        Absolute path or URL.
    name : str
        As the list or the folder calls it.
    height_m, speed_mps, slowmo : float or None
        What the list says of it.
    labels : dict
        Its other columns: runner, group, view and so on.
    """

    source: str
    name: str
    height_m: float | None = None
    speed_mps: float | None = None
    slowmo: float | None = None
    labels: dict[str, str] = field(default_factory=dict)


def list_films(place: str, *, besides: Path | None = None) -> Iterator[ListedFilm]:
    """Name every film of a folder (and the folders in it, in order), or of a list; one at a time.

    Parameters
    ----------
    place : str
        A folder or a CSV file with a column ``film``; path or URL. Paths in a list start at its folder.
    besides : Path, optional
        A folder not to look into: where results are kept.

    Raises
    ------
    InputError
        If there is no such place, or the list cannot be understood: which row, and why.
    """
    if place.lower().endswith(".csv"):
        folder = place.rsplit("/", 1)[0] if is_url(place) else Path(place).parent
        with _opened(place) as text:
            yield from _rows(place, text, folder)
    elif is_url(place):
        files, path = filesystem(place)
        scheme = place.split("://", 1)[0]
        for found in files.find(path):
            if found.lower().endswith(ENDINGS):
                yield ListedFilm(f"{scheme}://{found.lstrip('/')}", os.path.relpath(found, path))
    elif Path(place).is_dir():
        yield from _in_folder(Path(place), besides.resolve() if besides else None)
    else:
        raise InputError(
            f"The films {place}",
            "there is no such folder or list",
            "Give a folder of films, or a list of them (.csv).",
        )


def _in_folder(folder: Path, besides: Path | None) -> Iterator[ListedFilm]:
    for here, folders, names in os.walk(folder):
        folders[:] = sorted(
            name for name in folders if not name.startswith(".") and (Path(here) / name).resolve() != besides
        )
        for name in sorted(names):
            if name.lower().endswith(ENDINGS) and not name.startswith("."):
                path = Path(here) / name
                yield ListedFilm(as_source(str(path), Path()), str(path.relative_to(folder)))


@contextmanager
def _opened(place: str) -> Iterator[IO[str]]:
    try:
        if is_url(place):
            files, path = filesystem(place)
            with files.open(path, "r", encoding="utf-8-sig", newline="") as text:
                yield text
        else:
            with Path(place).open(encoding="utf-8-sig", newline="") as text:
                yield text
    except FileNotFoundError as error:
        raise _refused(place, "there is no such file", "Check the name and the folder.") from error
    except OSError as error:
        raise _refused(
            place, f"it cannot be read ({error.strerror or error})", "Check its permissions."
        ) from error
    except UnicodeDecodeError as error:
        raise _refused(place, "it is not text in UTF-8", "Export it again as CSV (UTF-8).") from error
    except csv.Error as error:
        raise _refused(place, f"it is not a CSV file ({error})", "Export it again as CSV (UTF-8).") from error


def _rows(place: str, text: Iterable[str], folder: Path | str) -> Iterator[ListedFilm]:
    lines = iter(text)
    head = next(lines, "")
    comma = ";" if head.count(";") > head.count(",") else ","
    columns = [name.strip().lower() for name in next(csv.reader([head], delimiter=comma), [])]
    _check_columns(place, columns)
    for number, cells in enumerate(csv.reader(lines, delimiter=comma), start=2):
        if any(cell.strip() for cell in cells):
            yield _row(place, number, columns, cells, folder)


def _check_columns(place: str, columns: list[str]) -> None:
    if "film" not in columns:
        raise _refused(
            place, "it has no column film", "Its first line names the columns: film, runner, height, speed, group."
        )
    if len(set(columns)) < len(columns) or "" in columns or len(columns) > MAX_COLUMNS:
        raise _refused(
            place, "a column has no name, the name of another, or there are too many", "Name each column once."
        )
    if taken := sorted(set(columns) & set(TAKEN)):
        raise _refused(
            place,
            f"the name {taken[0]!r} is one of our own",
            "Call it otherwise; body height and speed are columns height (178cm) and speed (10.5kmh).",
        )


def _row(place: str, number: int, columns: list[str], cells: list[str], folder: Path | str) -> ListedFilm:
    if len(cells) > len(columns):
        raise _refused(place, f"row {number} has more cells than the first line has names", "Mend that row.")
    told = {name: cell.strip() for name, cell in zip(columns, cells, strict=False)}
    film = told.pop("film")
    if not film or "\0" in film:
        raise _refused(place, f"row {number} names no film", "Fill its column film, or take the row away.")
    given = {name: told.pop(name, "") for name in SETTINGS}
    try:
        return ListedFilm(
            as_source(film, folder),
            film,
            parse_height(given["height"]) if given["height"] else None,
            parse_speed(given["speed"]) if given["speed"] else None,
            _slowmo(given["slowmo"]) if given["slowmo"] else None,
            told,
        )
    except InputError as problem:
        raise _refused(place, f"row {number}: {problem.what}: {problem.why}", problem.remedy) from problem


def _slowmo(text: str) -> float:
    try:
        slower = float(text.replace(",", "."))
    except ValueError:
        slower = 0.0
    if not 1 <= slower <= 40:
        raise InputError(f"Slow motion {text!r}", "it is not a number from 1 to 40", "8 is eight times slower.")
    return slower


def _refused(place: str, why: str, remedy: str) -> InputError:
    return InputError(f"The list {place}", why, remedy)
