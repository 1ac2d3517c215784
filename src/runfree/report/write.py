"""Write the whole report: built in a hidden folder, moved into place when it is whole."""

from __future__ import annotations

import os
import re
import secrets
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from runfree.core.analysis import Analysis
from runfree.core.errors import OutputError
from runfree.io.motion_file import write_motion
from runfree.io.readers import reader_of
from runfree.io.results import write_measures_csv, write_measures_json, write_measures_parquet
from runfree.report.beside import DATA as WATCH
from runfree.report.beside import watch_json
from runfree.report.film import write_film
from runfree.report.page import GENERATOR, render
from runfree.report.practice import PAGE as PRACTICE
from runfree.report.stills import Still, stills
from runfree.watch.witness import Beside

PAGE = "index.html"
STILLS_BYTES = 1_800_000
_OWN = re.compile(r"index\.html|measures\.(json|csv|parquet)|watch\.json|motion(-\d+)?\.nc|film(-\d+)?\.mp4")
_REMEDY = "Check that the folder may be written to and has free space, or choose another one."


def write_report(
    analysis: Analysis,
    folder: Path | str,
    *,
    film_paths: Sequence[Path | str],
    blur_face: bool = False,
    video: bool = False,
    practice: Mapping[str, bytes] | None = None,
    beside: Beside | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Path:
    """Write ``index.html`` and, beside it, measures.json, measures.csv, measures.parquet, motion.nc and, if asked, film.mp4.

    Further films are numbered from 2. An earlier report in the folder is replaced when the new one is whole; other
    files in it stay. A motion file (``.nc``) or a laboratory file in place of a film has no pictures, so it gives no stills and no film.

    Parameters
    ----------
    analysis : Analysis
        What to report.
    folder : path
        Made if it is not there.
    film_paths : sequence of paths
        The films in the order of ``analysis.films``.
    blur_face : bool
        Make the runner's face unrecognisable in stills and films.
    video : bool
        Also write the drawn films.
    practice : mapping of str to bytes, optional
        Files of the practice for the complaint (:func:`runfree.report.practice.practice_files`); the page ends with it.
    beside : Beside, optional
        What a watch said of the same seconds; then watch.json lies there too.
    progress : callable, optional
        Told frames done and frames in all, for the drawn films.

    Returns
    -------
    Path
        Of index.html.

    Raises
    ------
    OutputError
        If the report cannot be written; nothing of it is left then.
    FilmError
        If a film cannot be read any more.
    """
    folder, paths = Path(folder), [Path(p) for p in film_paths]
    if len(paths) != len(analysis.films):
        raise ValueError("film_paths must name one file for each film of the analysis")
    try:
        with _staging(folder, paths) as staging:
            for name, content in (practice or {}).items():
                (staging / name).write_bytes(content)
            if beside is not None:
                (staging / WATCH).write_text(watch_json(beside), encoding="utf-8", newline="\n")
            _fill(staging, analysis, paths, blur_face=blur_face, video=video, beside=beside, progress=progress)
    except OSError as error:
        raise OutputError(f"The report {folder.name!r}", _why(error), _REMEDY) from error
    return folder / PAGE


def _fill(
    staging: Path,
    analysis: Analysis,
    paths: list[Path],
    *,
    blur_face: bool,
    video: bool,
    beside: Beside | None,
    progress: Callable[[int, int], None] | None,
) -> None:
    write_measures_json(staging / "measures.json", analysis)
    write_measures_csv(staging / "measures.csv", analysis)
    write_measures_parquet(staging / "measures.parquet", analysis)
    pictures: list[tuple[Still, ...]] = []
    drawn: list[str | None] = []
    filmed = [reader_of(p) is None for p in paths]
    total = sum(f.motion.sizes["time"] for f, real in zip(analysis.films, filmed, strict=True) if real)
    done = 0
    for i, (film, path) in enumerate(zip(analysis.films, paths, strict=True), start=1):
        write_motion(staging / _numbered("motion", i, ".nc"), film.motion)
        each = STILLS_BYTES // (3 * len(paths)) * 3 // 4
        real = filmed[i - 1]
        pictures.append(stills(film, path, blur_face=blur_face, max_bytes=each) if real else ())
        drawn.append(_numbered("film", i, ".mp4") if video and real else None)
        if name := drawn[-1]:
            write_film(staging / name, film, path, blur_face=blur_face, progress=_offset(progress, done, total))
            done += film.motion.sizes["time"]
    practice = (staging / PRACTICE).exists()
    page = render(
        analysis, stills=pictures, drawn_films=drawn, blur_face=blur_face, practice=practice, beside=beside
    )
    (staging / PAGE).write_text(page, encoding="utf-8", newline="\n")


def _offset(
    progress: Callable[[int, int], None] | None, done: int, total: int
) -> Callable[[int, int], None] | None:
    return None if progress is None else lambda now, _: progress(min(done + now, total), total)


def _numbered(stem: str, i: int, suffix: str) -> str:
    return f"{stem}{suffix}" if i == 1 else f"{stem}-{i}{suffix}"


@contextmanager
def _staging(folder: Path, paths: list[Path]) -> Iterator[Path]:
    """A hidden folder on the same disk, whose files move to ``folder`` if all goes well, and which never stays."""
    check_place(folder, paths)
    exists = folder.is_dir()
    if not exists:
        folder.parent.mkdir(parents=True, exist_ok=True)
    staging = (folder if exists else folder.parent) / f".runfree-{secrets.token_hex(6)}"
    staging.mkdir()
    try:
        yield staging
        if exists:
            _replace_own(staging, folder)
        else:
            staging.rename(folder)
    finally:
        shutil.rmtree(staging, ignore_errors=True)


def check_place(folder: Path, paths: Sequence[Path]) -> None:
    """Refuse a place where a report would write over anything but an earlier report; worth asking before long work.

    Raises
    ------
    OutputError
        If a file or files of others are in the way, one of the films at ``paths`` would be replaced, or the place may
        not be written to.
    """
    nearest = next(place for place in (folder, *folder.absolute().parents) if place.exists())
    if not nearest.is_dir():
        raise OutputError(
            f"The report {folder.name!r}",
            f"a file of this name is in the way ({nearest})",
            "Choose another folder.",
        )
    if not os.access(nearest, os.W_OK):
        raise OutputError(
            f"The report {folder.name!r}", f"{nearest} may not be written to", "Choose another folder."
        )
    ours = [f for f in folder.iterdir() if _OWN.fullmatch(f.name)] if folder.is_dir() else []
    if ours and not _is_report(folder):
        names = ", ".join(sorted(f.name for f in ours))
        raise OutputError(
            f"The report {folder.name!r}",
            f"the folder holds {names}, not written by Runfree",
            "Choose another folder.",
        )
    for path in paths:
        if path.suffix.lower() != ".nc" and any(path.exists() and path.samefile(f) for f in ours):
            raise OutputError(
                f"The report {folder.name!r}",
                f"it would replace the film {path.name} itself",
                "Choose another folder.",
            )


def _is_report(folder: Path) -> bool:
    page = folder / PAGE
    if not page.is_file():
        return False
    with page.open("rb") as file:
        return GENERATOR.encode() in file.read(2000)


def _replace_own(staging: Path, folder: Path) -> None:
    """Move the new files in, the page last, and take away what only the earlier report had."""
    fresh = sorted((f.name for f in staging.iterdir()), key=lambda name: name == PAGE)
    for name in fresh:
        (staging / name).replace(folder / name)
    for old in folder.iterdir():
        if _OWN.fullmatch(old.name) and old.name not in fresh:
            old.unlink()


def _why(error: OSError) -> str:
    return f"it cannot be written ({error.strerror or error})"
