"""The work on films that a worker process does: a look of some seconds, or an analysis with its report."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from runfree.core.errors import RunfreeError
from runfree.core.kept_film import KeptFilm

Say = Callable[[str, float], None]
"""Called with what is being done and the share of it that is done."""


def look(films: Mapping[str, str], asked: Mapping[str, Any], scratch: str, *, progress: Say) -> dict[str, Any]:
    """Look at a film for some seconds; see :func:`runfree.app.film_check.check_film`.

    Parameters
    ----------
    films : mapping
        One name and where its film lies.
    asked : mapping
        ``slowmo``.
    scratch : str
        Not used; a look leaves nothing behind.
    progress : callable
        Told once, that it has begun.
    """
    from runfree.app.film_check import check_film

    ((name, path),) = films.items()
    progress("looking at the film", 0.0)
    with _by_name(films):
        return asdict(replace(check_film(path, slowmo=asked.get("slowmo")), film=name))


def analyse(
    films: Mapping[str, str], asked: Mapping[str, Any], scratch: str, *, progress: Say
) -> tuple[dict[str, Any], list[tuple[KeptFilm, bytes]]]:
    """Analyse films and write a report with playable copies into ``scratch``/report.

    Parameters
    ----------
    films : mapping
        Names, and where the films lie.
    asked : mapping
        ``height_m``, ``speed_mps``, ``complaint``, ``triage``, ``slowmo``, ``blur_face``; ``light`` of the pain in the journal.
    scratch : str
        An own folder.
    progress : callable
        Told what is being done, and how much of it is done.

    Returns
    -------
    result : dict
        What the list of films says of it.
    kept : list
        What the journal keeps.
    """
    _step_back()
    from runfree.app.analyze import analyze
    from runfree.app.film_and_watch import kept_films
    from runfree.app.practice import practice_beside
    from runfree.report import write_report
    from runfree.report.player import write_player

    blur_face = bool(asked.get("blur_face"))
    with _by_name(films):
        analysis = analyze(
            films,
            height_m=asked.get("height_m"),
            speed_mps=asked.get("speed_mps"),
            complaint=asked.get("complaint"),
            triage=asked.get("triage"),
            slowmo=asked.get("slowmo"),
            progress=lambda name, done, total: progress(f"following the runner in {name}", done / max(total, 1)),
        )
        named = {name: Path(path) for name, path in films.items()}
        used = [(film, named[film.film]) for film in analysis.films]
        progress("writing the report", 0.0)
        page = write_report(
            analysis,
            Path(scratch) / "report",
            film_paths=[path for _, path in used],
            blur_face=blur_face,
            practice=practice_beside(analysis, asked.get("light")),
        )
        write_player(
            page.parent,
            used,
            blur_face=blur_face,
            progress=lambda done, total: progress("drawing what was seen into the film", done / max(total, 1)),
        )
    result = {
        "gait": analysis.films[0].measured.gait,
        "findings": [
            {"alignment": f.alignment, "verdict": f.verdict, "headline": f.headline, "work_on": f.work_on}
            for f in analysis.findings
        ],
        "left_out": [asdict(item) for item in analysis.left_out],
    }
    return result, kept_films(analysis, named)


def _step_back() -> None:
    """Let pages, and whatever else the person does, come first."""
    if hasattr(os, "nice"):
        os.nice(10)


@contextmanager
def _by_name(films: Mapping[str, str]) -> Iterator[None]:
    """Let errors speak of a film by the name its owner gave it, not by where it lies."""
    try:
        yield
    except RunfreeError as error:
        for name, path in films.items():
            error.what = error.what.replace(path, name).replace(Path(path).name, name)
            error.why = error.why.replace(path, name).replace(Path(path).name, name)
        raise


def clear(scratch: Path) -> None:
    """Delete an own folder and all that a killed worker left in it."""
    shutil.rmtree(scratch, ignore_errors=True)
