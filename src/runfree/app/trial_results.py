"""What the journal says about a trial's outcome: pain by day, forms by day, runs and films by block."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, time, timedelta
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from runfree.core.activity import PAUSE_S, Activity, channel, start_of
from runfree.core.entry import Entry
from runfree.core.kept_film import KeptFilm
from runfree.core.run import Run
from runfree.core.trial import Plan, TrialEntry
from runfree.trials.blocks import BlockValue

if TYPE_CHECKING:
    from runfree.journal import Journal

Array = NDArray[np.float64]
NIGHT: Final = time(4)
"""Until then a night still belongs to the day before, so a run over midnight and its pain share a day."""
RECORDED: Final = ("cadence", "vertical_oscillation", "contact_time")
"""Measures that a watch can record."""
HALF: Final = 0.5


def day_of(entry: Entry) -> date:
    """Return the day that a pain belongs to: a morning says how the day before was taken; a night ends at four o'clock."""
    early = entry.at.time() < NIGHT
    return entry.local_date - timedelta(days=int(entry.moment == "morning" or early))


def pain_days(pains: Iterable[Entry], site: str) -> dict[date, float]:
    """Return the worst pain of one place by day."""
    out: dict[date, float] = {}
    for pain in pains:
        if pain.what == site and pain.score is not None:
            day = day_of(pain)
            out[day] = max(pain.score, out.get(day, 0.0))
    return out


def form_days(forms: Iterable[Entry], form: str) -> dict[date, float]:
    """Return the last score of a form by day."""
    return {e.local_date: e.score for e in forms if e.what == form and e.score is not None}


def daily(journal: Journal, plan: Plan) -> dict[date, float]:
    """Return what the journal says of a slow trial's outcome by day, before and in the trial."""
    if plan.outcome == "pain":
        return pain_days(journal.entries("pain", what=plan.site), plan.site)
    return form_days(journal.entries("form", what=plan.outcome), plan.outcome)


def blocks_of(journal: Journal, plan: Plan, entries: Sequence[TrialEntry]) -> dict[int, BlockValue]:
    """Return what is known of each block of a fast trial: as logged, else from the run or the films of its planned day."""
    out: dict[int, BlockValue] = {}
    runs, films = journal.runs(plan.start), journal.films(plan.start)
    each = 2 * plan.pairs_per_run
    for session in range(plan.sessions):
        day = plan.session_day(session)
        found = run_blocks(journal, plan, [r for r in runs if r.local_date == day])
        found = found or film_blocks(plan, [f for f in films if f.local_date == day])
        out |= {session * each + i: value for i, value in found.items()}
    for entry in entries:
        if entry.kind == "result" and entry.block is not None and entry.value is not None:
            speed = np.nan if entry.speed_mps is None else entry.speed_mps
            out[entry.block] = BlockValue(entry.value, speed, "logged")
        elif entry.kind == "missed" and entry.block is not None:
            out.pop(entry.block, None)
    return out


def film_blocks(plan: Plan, films: Sequence[KeptFilm]) -> dict[int, BlockValue]:
    """Return the measure of each film of a day, in the order they were filmed; none unless there is one for each block."""
    if len(films) != 2 * plan.pairs_per_run:
        return {}
    out: dict[int, BlockValue] = {}
    for i, film in enumerate(sorted(films, key=lambda f: f.at)):
        sides = [e.value for e in film.estimates if e.metric == plan.outcome and e.quality != "poor"]
        if sides:
            speed = np.nan if film.speed_mps is None else film.speed_mps
            out[i] = BlockValue(float(np.mean(sides)), speed, f"film {film.id}")
    return out


def run_blocks(journal: Journal, plan: Plan, runs: Sequence[Run]) -> dict[int, BlockValue]:
    """Return the measure of each block of the day's first run that is long enough, by its watch."""
    if plan.outcome not in RECORDED:
        return {}
    needed = plan.warm_up_s + 2 * plan.pairs_per_run * plan.block
    for run in runs:
        if run.timer_s < needed:
            continue
        for activity in activities(journal, run):
            if plan.outcome in activity:
                return cut(activity, plan, f"run {run.id}")
    return {}


def activities(journal: Journal, run: Run) -> list[Activity]:
    """Return what is kept of a run's recordings, the one with most records first; those not kept are left out."""
    from runfree.io.watch_file import read_watch_file

    kept = {digest for digest, _ in journal.kept_files()}
    out: list[Activity] = []
    for digest, name, part in journal.run_files(run.id):
        if digest in kept:
            out.append(read_watch_file(journal.media.read(digest), name).activities[part])
    return sorted(out, key=lambda a: (-a.sizes["time"], start_of(a)))


def cut(activity: Activity, plan: Plan, source: str) -> dict[int, BlockValue]:
    """Cut a run into blocks by its running time; the warm-up and the start of each block do not count."""
    blocks = range(2 * plan.pairs_per_run)
    clock = running_clock(activity["time"].to_numpy())
    values, speed = channel(activity, plan.outcome), channel(activity, "speed")
    out: dict[int, BlockValue] = {}
    for i in blocks:
        start = plan.warm_up_s + i * plan.block
        inside = (clock >= start + plan.skip) & (clock < start + plan.block)
        good = inside & np.isfinite(values) & (values > 0)
        if good.sum() >= max(2, HALF * inside.sum()):
            fast = speed[good][np.isfinite(speed[good])]
            out[i] = BlockValue(float(values[good].mean()), float(fast.mean()) if fast.size else np.nan, source)
    return out


def running_clock(time_s: Array) -> Array:
    """Return the seconds of running at each record (T,), pauses left out, as the watch counts laps."""
    gaps = np.diff(time_s, prepend=time_s[0])
    return np.cumsum(np.where(gaps <= PAUSE_S, gaps, 0.0))


def minutes(activity: Activity, plan: Plan) -> Array:
    """Return the outcome of a usual run in blocks like those of the plan, with what speed explains taken out."""
    whole = int(running_clock(activity["time"].to_numpy())[-1] - plan.warm_up_s) // plan.block
    found = cut(activity, replace(plan, pairs_per_run=max(1, whole // 2)), "")
    out = np.full(2 * max(1, whole // 2), np.nan)
    speed = out.copy()
    for i, block in found.items():
        out[i], speed[i] = block.value, block.speed_mps
    known = np.isfinite(out) & np.isfinite(speed)
    if known.sum() >= 4 and np.std(speed[known]) > 0.02:
        slope = np.polyfit(speed[known], out[known], 1)[0]
        out[known] -= slope * (speed[known] - speed[known].mean())
    return out
