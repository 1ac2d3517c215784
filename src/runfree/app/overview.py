"""What the journal says at a glance: runs, glide, load, pain, practice, shoes and films of some weeks."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING

from runfree.core.entry import Entry
from runfree.core.run import Run
from runfree.recovery.light import lights
from runfree.recovery.load import limit, spikes
from runfree.report.overview import Overview, Shoe
from runfree.watch.baseline import changes

if TYPE_CHECKING:
    from runfree.journal import Journal

BASELINE_DAYS = 400


def overview(journal: Journal, *, weeks: int, today: date) -> Overview:
    """Gather the last weeks up to ``today`` (a day of the runner's own clock)."""
    first = today - timedelta(weeks=weeks)
    entries = journal.entries()
    shoes = [e for e in entries if e.kind == "shoes"]
    since = min([first - timedelta(days=31), *(e.local_date for e in shoes)])
    runs = journal.runs(since)
    far = [(r.local_date, r.distance_m) for r in runs if r.local_date and r.local_date <= today and r.distance_m]
    stretches = [s for s in journal.stretches(today - timedelta(days=BASELINE_DAYS)) if s[0] <= today]
    pains = [e for e in entries if e.kind == "pain"]

    def within(kind: str) -> tuple[Entry, ...]:
        return tuple(e for e in entries if e.kind == kind and first < e.local_date <= today)

    shown = tuple(r for r in runs if r.local_date and first < r.local_date <= today)
    return Overview(
        first=first,
        today=today,
        runs=shown,
        undated=journal.undated_runs(),
        stretches=tuple(stretches),
        changes=tuple(changes(stretches, today)),
        limit=limit(far, today),
        limits=_limits(far, shown),
        spikes=tuple(s for s in spikes(far) if s.day > first),
        pains=within("pain"),
        lights=tuple(lights(pains, today)),
        practices=within("practice"),
        forms=within("form"),
        notes=within("note"),
        shoes=_shoes(shoes, far),
        films=tuple(f for f in journal.films(first) if f.local_date <= today),
    )


def _limits(far: Sequence[tuple[date, float]], shown: Sequence[Run]) -> tuple[tuple[date, float], ...]:
    """For each day with a run, how far it might have gone by the runs before it."""
    out: list[tuple[date, float]] = []
    ordered, start, end = sorted(far), 0, 0
    for day in sorted({r.local_date for r in shown if r.local_date}):
        while end < len(ordered) and ordered[end][0] < day:
            end += 1
        while start < end and ordered[start][0] < day - timedelta(days=30):
            start += 1
        found = limit(ordered[start:end], day).up_to_m
        if found is not None:
            out.append((day, found))
    return tuple(out)


def _shoes(entries: Sequence[Entry], far: Sequence[tuple[date, float]]) -> tuple[Shoe, ...]:
    ordered = sorted(entries, key=lambda e: e.local_date)
    out: list[Shoe] = []
    for i, entry in enumerate(ordered):
        until = ordered[i + 1].local_date if i + 1 < len(ordered) else date.max
        metres = sum(m for day, m in far if entry.local_date <= day < until)
        out.append(Shoe(entry.what, entry.local_date, metres, in_use=until == date.max))
    return tuple(out)
