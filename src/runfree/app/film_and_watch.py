"""A film beside the watch's recording of the same run, and films kept in the journal."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from runfree.core.activity import Activity, end_of, start_of
from runfree.core.analysis import Analysis
from runfree.core.errors import ActivityError, FilmError, InputError
from runfree.core.kept_film import KeptFilm
from runfree.io.archives import items, read_whole
from runfree.io.film_file import filmed_at
from runfree.io.motion_file import write_motion
from runfree.io.watch_file import read_watch_file
from runfree.watch.witness import Beside, Witnesses, compare

if TYPE_CHECKING:
    from runfree.journal import Journal

NEAR = timedelta(minutes=10)


def film_time(path: Path) -> datetime | None:
    """When a film was made; None for motions, laboratory trials, and films that do not say."""
    with suppress(FilmError):
        return filmed_at(path)
    return None


def watch_file(path: Path) -> list[Activity]:
    """Read the activities of one watch file.

    Raises
    ------
    ActivityError
        If it cannot be used or holds no activity.
    """
    found: list[Activity] = []
    for item in items([path]):
        if item.problem is not None:
            raise item.problem
        found += read_watch_file(read_whole(item)[0], item.name).activities
    if not found:
        raise ActivityError(path.name, "it holds no activity", "Give the watch's file of the run in the film.")
    return found


def runs_of_films(journal: Journal, paths: Mapping[str, Path]) -> list[Activity]:
    """The journal's recordings of the time at which the films were made."""
    moments = [moment for path in paths.values() if (moment := film_time(path)) is not None]
    return [activity for moment in moments for activity in journal_runs(journal, moment)]


def journal_runs(journal: Journal, moment: datetime) -> list[Activity]:
    """The journal's recordings that a moment lies in (or within ten minutes of)."""
    near = [
        r for r in journal.runs() if r.start - NEAR <= moment <= r.start + timedelta(seconds=r.timer_s) + 3 * NEAR
    ]
    out: list[Activity] = []
    for run in near:
        for digest, name, part in journal.run_files(run.id):
            out.append(read_watch_file(journal.media.read(digest), name).activities[part])
    return out


def witnesses(analysis: Analysis, paths: Mapping[str, Path], activities: list[Activity]) -> Beside:
    """Compare each film with the recording it fits."""
    found: dict[str, Witnesses] = {}
    why: dict[str, str] = {}
    for film in analysis.films:
        moment = film_time(paths[film.film])
        fitting = [a for a in activities if moment is None or start_of(a) - NEAR <= moment <= end_of(a) + NEAR]
        seen = [compare(film.measured.steps, film.measured.estimates, a, moment) for a in fitting]
        both = [w for w in seen if w is not None and w.measures]
        if both:
            found[film.film] = max(both, key=lambda w: len(w.measures))
        elif not fitting:
            why[film.film] = f"it was filmed at {moment:%Y-%m-%d %H:%M %Z}, outside of the watch's recording"
        else:
            why[film.film] = "film and watch have no measure in common for the same seconds"
    return Beside(found, why)


def keep_films(journal: Journal, analysis: Analysis, paths: Mapping[str, Path]) -> int:
    """Keep each film's measures and motion in the journal (not the film itself); how many."""
    kept = kept_films(analysis, paths)
    for film, motion in kept:
        journal.add_film(film, motion)
    return len(kept)


def kept_films(analysis: Analysis, paths: Mapping[str, Path]) -> list[tuple[KeptFilm, bytes]]:
    """Return each film's measures as the journal keeps them, with its motion file."""
    now = datetime.now().astimezone().replace(microsecond=0)
    kept: list[tuple[KeptFilm, bytes]] = []
    for film in analysis.films:
        seen = film.measured
        moment = film_time(paths[film.film])
        local = now if moment is None else moment if moment.utcoffset() else moment.astimezone()
        with TemporaryDirectory() as folder:
            write_motion(Path(folder) / "motion.nc", film.motion)
            motion = (Path(folder) / "motion.nc").read_bytes()
        measured = seen.view, seen.gait, analysis.speed_mps, seen.estimates
        kept.append((KeptFilm(film.film, local, now.astimezone(UTC), *measured), motion))
    return kept


def check_watch(path: Path | None) -> list[Activity]:
    """Read the watch's file before the long work begins.

    Raises
    ------
    InputError
        If it cannot be used.
    """
    if path is None:
        return []
    try:
        return watch_file(path)
    except ActivityError as problem:
        raise InputError(f"The watch file {path.name}", problem.why, problem.remedy) from problem
