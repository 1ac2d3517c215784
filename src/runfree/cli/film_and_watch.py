"""Film and watch side by side, and films kept, on the terminal."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path

from runfree.app.film_and_watch import keep_films, runs_of_films, witnesses
from runfree.core.activity import Activity
from runfree.core.analysis import Analysis
from runfree.journal import open_journal
from runfree.report.beside import clocks, rows
from runfree.watch.witness import Beside, Witnesses


def compared(
    analysis: Analysis, paths: Mapping[str, Path], activities: list[Activity], *, journal: bool
) -> Beside | None:
    """Put the films beside the watch's file, or beside the journal's runs of their time; None where there is neither."""
    if journal and not activities:
        with open_journal() as kept:
            activities = runs_of_films(kept, {film.film: paths[film.film] for film in analysis.films})
    return witnesses(analysis, paths, activities) if activities else None


def keep(analysis: Analysis, paths: Mapping[str, Path], *, quiet: bool) -> None:
    """Keep the films' measures and motion in the journal, and say so (on stderr where stdout is JSON)."""
    with open_journal() as journal:
        keep_films(journal, analysis, paths)
    print(
        "\nKept in your journal: measures and motion, not the film itself.",
        file=sys.stderr if quiet else sys.stdout,
    )


def say(beside: Beside, *, quiet: bool) -> None:
    """Say what film and watch say (on stderr where stdout is JSON)."""
    out = sys.stderr if quiet else sys.stdout
    for name, both in beside.found.items():
        print("\n".join(["", f"Film and watch of the same seconds ({name})", *_lines(both)]), file=out)
    for name, reason in beside.why.items():
        print(f"\n{name} was not compared with the watch: {reason}.", file=out)


def _lines(both: Witnesses) -> list[str]:
    said = [
        f"  {row.title:<14}film {row.film}  watch {row.watch} {row.unit}, {row.sensor}:"
        f" {'they agree' if row.agree else 'they disagree'}"
        for row in rows(both)
    ]
    return [*said, f"  {clocks(both)}"]
