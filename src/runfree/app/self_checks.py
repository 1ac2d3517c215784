"""Self-checks kept in a small file in the user's data folder."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from runfree.coach.self_check import TORSION_CHECK, FeetCue, SelfObserved, feet_cue, find_check, observe
from runfree.core.errors import InputError, OutputError

FILE = "self-checks.json"
MAX_BYTES = 5_000_000


class _Kept(BaseModel):
    model_config = ConfigDict(extra="forbid")
    check: str
    on: date
    answers: dict[str, str]


class _Store(BaseModel):
    model_config = ConfigDict(extra="forbid")
    version: Literal[1] = 1
    checks: list[_Kept] = []


def last_checks(folder: Path | None = None) -> dict[str, SelfObserved]:
    """Return the newest answers to each self-check.

    Parameters
    ----------
    folder : Path, optional
        Where the file is; by default the user's data folder.

    Raises
    ------
    InputError
        If the file cannot be read.
    """
    path = _path(folder)
    kept = sorted(_read(path).checks, key=lambda entry: entry.on)
    return {entry.check: observe(entry.check, entry.answers, entry.on) for entry in kept}


def keep_check(name: str, answers: Mapping[str, str], on: date, folder: Path | None = None) -> SelfObserved:
    """Judge the answers to a self-check and keep them; answers of the same day are replaced.

    Raises
    ------
    InputError
        If an answer is not possible, or the file cannot be read.
    OutputError
        If the file cannot be written.
    """
    seen = observe(name, answers, on)
    path = _path(folder)
    store = _read(path)
    store.checks = [entry for entry in store.checks if (entry.check, entry.on) != (name, on)]
    store.checks.append(_Kept(check=name, on=on, answers=dict(seen.answers)))
    _write(path, store.model_dump(mode="json"))
    return seen


def feet_allowed(folder: Path | None = None) -> FeetCue:
    """Say whether the feet-parallel cue may be given, from the newest kneecaps-forward check."""
    return feet_cue(last_checks(folder).get(TORSION_CHECK))


def due_checks(today: date, folder: Path | None = None) -> list[str]:
    """Return the ids of the self-checks that were done and are due again."""
    return [name for name, seen in last_checks(folder).items() if seen.due <= today]


def _path(folder: Path | None) -> Path:
    if folder is None:
        from runfree.journal.database import data_folder

        folder = data_folder()
    return folder / FILE


def _read(path: Path) -> _Store:
    if not path.is_file():
        return _Store()
    why, remedy = "it cannot be read", "Move it away; Runfree then begins a new one."
    if path.stat().st_size > MAX_BYTES:
        raise InputError(str(path), "it is far larger than self-checks are", remedy)
    try:
        store = _Store.model_validate_json(path.read_bytes())
    except (ValidationError, OSError) as error:
        raise InputError(str(path), why, remedy) from error
    for entry in store.checks:
        find_check(entry.check)
    return store


def _write(path: Path, content: dict[str, Any]) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        new = path.with_suffix(".new")
        new.write_text(json.dumps(content, indent=2), encoding="utf-8")
        new.replace(path)
    except OSError as error:
        raise OutputError(
            str(path), (error.strerror or "it cannot be written").lower(), "Free the place."
        ) from error
