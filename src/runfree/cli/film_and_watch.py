"""Film and watch side by side, and films kept, on the terminal."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from pathlib import Path

from runfree.app.film_and_watch import as_plain, film_time, journal_runs, keep_films, witnesses
from runfree.core.activity import Activity
from runfree.core.analysis import Analysis
from runfree.core.metrics import METRICS
from runfree.journal import open_journal
from runfree.watch.witness import Both, Witnesses


def beside_the_watch(
    analysis: Analysis,
    paths: Mapping[str, Path],
    activities: list[Activity],
    out: Path,
    *,
    keep: bool,
    quiet: bool,
) -> None:
    """Compare, keep if asked, write watch.json beside the report, and say it (on stderr where stdout is JSON)."""
    say = sys.stderr if quiet else sys.stdout
    if keep:
        with open_journal() as journal:
            keep_films(journal, analysis, paths)
            moments = [m for film in analysis.films if (m := film_time(paths[film.film])) is not None]
            if not activities:
                activities = [a for m in moments for a in journal_runs(journal, m)]
        print("\nKept in your journal: measures and motion, not the film itself.", file=say)
    if not activities:
        return
    found, why = witnesses(analysis, paths, activities)
    (out / "watch.json").write_text(json.dumps(as_plain(found), indent=2) + "\n", encoding="utf-8")
    for name, both in found.items():
        print("\n".join(["", f"Film and watch of the same seconds ({name})", *_lines(both)]), file=say)
    for name, reason in why.items():
        print(f"\n{name} was not compared with the watch: {reason}.", file=say)


def _lines(both: Witnesses) -> list[str]:
    lines = [_line(one) for one in both.measures]
    if both.offset_s is None:
        lines.append(f"  The film does not say when it was made; it fits {both.fitting_s} seconds of the run.")
    else:
        lines.append(
            f"  The watch's clock is ahead of the phone's by {both.offset_s:.0f} s"
            f" ({both.offset_low_s:.0f} to {both.offset_high_s:.0f} s fit as well)."
        )
    return lines


def _line(one: Both) -> str:
    digits = 1 if one.metric == "vertical_oscillation" else 0
    film = f"film {one.film:.{digits}f} ({one.film_low:.{digits}f} to {one.film_high:.{digits}f})"
    watch = f"watch {one.watch:.{digits}f} ({one.watch_low:.{digits}f} to {one.watch_high:.{digits}f})"
    verdict = "they agree" if one.agree else "they disagree"
    return f"  {METRICS[one.metric].title:<14}{film}  {watch} {one.unit}, {one.sensor} ({one.position}): {verdict}"
