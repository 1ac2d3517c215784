"""The report's folder: made whole beside its place, then put there at once, or not at all."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from runfree.core.errors import OutputError

MARK = "measures.json"
"""The file that tells a report's folder from any other."""


def check_folder(folder: Path, inputs: Iterable[Path]) -> None:
    """Refuse a place where a report would write over something that is not an older report.

    Parameters
    ----------
    folder : Path
        Where the report is to go; it need not exist yet.
    inputs : iterable of Path
        Files that are read for the report and must not be written over.

    Raises
    ------
    OutputError
        If the place is a file, holds other things, or holds one of the inputs.
    """
    if folder.exists() and not folder.is_dir():
        raise OutputError(str(folder), "there is a file of that name", "Choose another folder with --out.")
    if folder.is_dir() and any(folder.iterdir()) and not (folder / MARK).is_file():
        raise OutputError(
            str(folder), "this folder holds things that are not a report", "Choose a new folder with --out."
        )
    place = folder.resolve()
    if inside := next((path for path in inputs if path.resolve().parent == place), None):
        raise OutputError(
            str(folder),
            f"{inside.name}, which is read for this report, lies in it",
            "Choose a new folder with --out.",
        )


@contextmanager
def report_folder(folder: Path) -> Iterator[Path]:
    """Give a new, empty folder to write into; at the end its files take their place in ``folder``.

    Whatever stops the work before the end (an error, Ctrl-C) leaves nothing behind. Files of an older report are
    replaced; other files in the folder are left alone.

    Raises
    ------
    OSError
        If the place cannot be written to.
    """
    parent = folder.resolve().parent
    made = _missing(parent)
    try:
        parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".runfree-", dir=parent) as scratch:
            new = Path(scratch) / "report"
            new.mkdir()
            yield new
            _put(new, folder)
    except BaseException:
        for empty in made:
            if empty.is_dir() and not any(empty.iterdir()):
                empty.rmdir()
        raise


def _missing(folder: Path) -> list[Path]:
    return [path for path in (folder, *folder.parents) if not path.exists()]


def _put(new: Path, folder: Path) -> None:
    if not folder.is_dir():
        new.rename(folder)
        return
    for old in _own_files(folder):
        old.unlink()
    for item in new.iterdir():
        shutil.move(item, folder / item.name)


def _own_files(folder: Path) -> list[Path]:
    patterns = ("index.html", MARK, "measures.csv", "motion*.nc", "film*.mp4")
    return [path for pattern in patterns for path in folder.glob(pattern) if path.is_file()]
