"""Everything of a person in one zip that opens without Runfree: JSON, CSV, and the files as they came."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from datetime import date, datetime
from pathlib import Path
from typing import Any

from runfree.core.clip import Clip
from runfree.core.errors import OutputError
from runfree.core.trial import Trial, plan_data
from runfree.journal.journal import Journal

README = """Your Runfree journal.

journal.json  everything you logged and everything measured; times with their zone
*.csv         the same as tables, for a spreadsheet
self-checks.json  what you saw and felt yourself, if you did
recordings/   the files of your watches as they came, named by their SHA-256; journal.json says which run each belongs to
motions/      movement read from your films (netCDF)
clips/        the films you handed in, as they came; journal.json says what they were called
"""
_ENDINGS = {"fit": ".fit", "tcx": ".tcx", "gpx": ".gpx", "activity": ".json"}
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def export(journal: Journal, target: Path, beside: Mapping[str, bytes]) -> int:
    """Write the zip, with further files ``beside``; it appears only when it is whole. Returns how many runs it holds.

    Raises
    ------
    OutputError
        If it exists already or cannot be written.
    """
    if target.exists():
        raise OutputError(f"The export {target.name}", "there is a file of this name", "Choose another name.")
    part = target.with_name(f".{target.name}.part")
    whole = _whole(journal)
    try:
        with zipfile.ZipFile(part, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("README.txt", README)
            archive.writestr("journal.json", json.dumps(whole, indent=1, default=_plain, allow_nan=False))
            for name in ("runs", "stretches", "entries", "films", "trials"):
                archive.writestr(f"{name}.csv", _table(whole[name]))
            for name, content in beside.items():
                archive.writestr(name, content)
            for digest, ending in _recordings(journal):
                archive.writestr(f"recordings/{digest}{ending}", journal.media.read(digest))
            for motion in dict.fromkeys(film.motion for film in journal.films() if film.motion):
                archive.writestr(f"motions/{motion}.nc", journal.media.read(motion))
            for clip in journal.clips.clips():
                archive.write(journal.clips.path(clip), f"clips/{clip.sha256}{_ending(clip)}", zipfile.ZIP_STORED)
        part.replace(target)
    except OSError as error:
        raise OutputError(
            f"The export {target.name}", error.strerror or str(error), "Choose another place or free some space."
        ) from error
    finally:
        part.unlink(missing_ok=True)
    return len(whole["runs"])


def _whole(journal: Journal) -> dict[str, Any]:
    runs = []
    for run in journal.runs():
        files = [
            {"sha256": digest, "name": name, "part": part} for digest, name, part in journal.run_files(run.id)
        ]
        runs.append(asdict(run) | {"files": files})
    return {
        "format": "runfree-journal",
        "version": 1,
        "runs": runs,
        "stretches": [{"day": day, "run": run} | asdict(stretch) for day, run, stretch in journal.stretches()],
        "entries": [asdict(entry) for entry in journal.entries(history=True)],
        "films": [asdict(film) for film in journal.films()],
        "clips": [asdict(clip) for clip in journal.clips.clips()],
        "trials": [_trial(journal, trial) for trial in journal.trials()],
    }


def _trial(journal: Journal, trial: Trial) -> dict[str, Any]:
    entries = [asdict(entry) for entry in journal.trial_entries(trial.number, history=True)]
    return asdict(trial) | {"plan": plan_data(trial.plan), "entries": entries}


def _ending(clip: Clip) -> str:
    """The ending of a film's name, if it is one of films."""
    ending = Path(clip.name).suffix.lower()
    return ending if ending in (".mp4", ".mov", ".m4v", ".webm", ".mkv", ".avi") else ""


def _recordings(journal: Journal) -> Iterable[tuple[str, str]]:
    return sorted((digest, _ENDINGS.get(kind, "")) for digest, kind in journal.kept_files())


def _plain(value: object) -> str:
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    raise TypeError(type(value).__name__)


def _table(rows: list[dict[str, Any]]) -> str:
    """Rows as CSV; text that a spreadsheet would run as a formula gets an apostrophe."""
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, list(rows[0]) if rows else ["empty"])
    writer.writeheader()
    writer.writerows({key: _cell(value) for key, value in row.items()} for row in rows)
    return text.getvalue()


def _cell(value: object) -> object:
    if isinstance(value, (dict, list, tuple)):
        value = json.dumps(value, default=_plain)
    elif isinstance(value, (date, datetime)):
        value = value.isoformat()
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value
