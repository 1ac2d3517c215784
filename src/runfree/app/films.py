"""The films given: their names, and whether they can be read at all."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from os import PathLike
from pathlib import Path

from runfree.core.errors import FilmError, InputError, RunfreeError
from runfree.io.readers import reader_of
from runfree.io.video import probe

Films = Mapping[str, str | PathLike[str]] | Iterable[str | PathLike[str]]
"""Films by their paths, or by names that were given to them."""


def name_films(films: Films) -> dict[str, Path]:
    """Name every film so that no two names are equal: as given, or the file's name, or its path where that is taken.

    Raises
    ------
    InputError
        If there is no film, or one is given twice.
    """
    if isinstance(films, Mapping):
        return {str(name): Path(path) for name, path in films.items()}
    paths = [Path(film) for film in films]
    if not paths:
        raise InputError("No film", "nothing to analyse was given", "Give one or more films of one runner.")
    names = [path.name for path in paths]
    twice = next(
        (path for i, path in enumerate(paths) if path.resolve() in {p.resolve() for p in paths[:i]}), None
    )
    if twice is not None:
        raise InputError(str(twice), "it was given twice", "Give every film once.")
    return {path.name if names.count(path.name) == 1 else str(path): path for path in paths}


def check_films(named: dict[str, Path]) -> dict[str, RunfreeError]:
    """Look at every film before the long work begins; return what is the matter with those that cannot be read."""
    problems: dict[str, RunfreeError] = {}
    for name, path in named.items():
        try:
            _check(path)
        except FilmError as problem:
            problems[name] = problem
    return problems


def _check(path: Path) -> None:
    if not path.exists():
        raise FilmError(str(path), "there is no such file", "Check the name and the folder.")
    if reader_of(path) is None:
        if path.is_dir():
            raise FilmError(str(path), "it is a folder", "Give the films in it by name.")
        probe(path)
