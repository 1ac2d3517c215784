"""``runfree import``."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

if TYPE_CHECKING:
    from runfree.app.importing import Imported

_SHOWN = 20


def import_(
    file: Annotated[list[Path], Parameter(name="FILE...", json_list=False)],
    /,
    *,
    workers: int | None = None,
    json: bool = False,
) -> int:
    """Import runs from watch files into your journal; the same file twice is one run.

    Parameters
    ----------
    file
        FIT, TCX or GPX files, Apple Health's export.xml, zip archives of them (Apple, Garmin, Strava), or folders.
    workers
        How many processes to use (one a core unless given).
    json
        Print what became of each file as JSON, and nothing else, on stdout.
    """
    from runfree.app.importing import check_given, import_files, summary_of
    from runfree.core.errors import InputError
    from runfree.journal import open_journal

    check_given(file)
    if workers is not None and workers < 1:
        raise InputError(f"{workers} workers", "at least one is needed", "Leave it out to use every core.")
    try:
        with open_journal() as journal:
            done = list(import_files(file, journal, workers=workers))
    except KeyboardInterrupt:
        print("Stopped. What came in so far is kept; run the same command again for the rest.", file=sys.stderr)
        return 130
    if json:
        from json import dumps

        print(dumps(summary_of(done), indent=2))
    else:
        _say(done)
    return _exit_code(done)


def _exit_code(done: list[Imported]) -> int:
    if done and all(f.status == "refused" for f in done):
        return 2
    return 1 if any(f.partly for f in done) else 0


def _say(done: list[Imported]) -> None:
    for one in done:
        if one.damage:
            print(f"{one.name}: {one.damage}; the {one.records} records before that were kept.", file=sys.stderr)
        elif one.status == "refused":
            print(f"{one.name} was refused: {one.why}", file=sys.stderr)
    runs, joined = sum(f.runs for f in done), sum(f.joined for f in done)
    others = [f for f in done if f.status == "no run"]
    if not done:
        print("No FIT, TCX, GPX, Apple Health or zip file was found there.")
        return
    print(
        f"{runs} new {'run' if runs == 1 else 'runs'}, from {len(done)} {'file' if len(done) == 1 else 'files'}."
    )
    if joined:
        print(f"{joined} more recorded a run you had already; it is kept once, with both sources.")
    if known := sum(f.status == "known" for f in done):
        print(f"{known} files were known already.")
    for one in others[:_SHOWN]:
        print(f"{one.name}: {one.why}; left out.")
    if len(others) > _SHOWN:
        print(f"… and {len(others) - _SHOWN} more files without a run.")
