"""One file read and summed up; this is what the processes of an import do."""

from __future__ import annotations

import warnings
from dataclasses import dataclass, replace

import numpy as np

from runfree.core.activity import LONGEST_GAP_S, Activity, channel
from runfree.core.run import Recording
from runfree.io.watch_file import read_watch_file
from runfree.watch.steady import recording_of

RUN_MPS = (1.8, 6.5)
LEAST_RECORDS = 10


@dataclass(frozen=True, slots=True)
class FileRuns:
    """The runs of a file (part, recording), what else it holds, how many records, and what is damaged."""

    runs: tuple[tuple[int, Recording], ...]
    other_sports: tuple[str, ...]
    records: int
    damage: str | None


def read_runs(data: bytes, name: str) -> FileRuns:
    """Read a watch file and sum its runs up.

    Raises
    ------
    ActivityError
        If nothing in it can be used.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        found = read_watch_file(data, name)
    return sum_up(found.activities, found.records, found.damage)


def sum_up(activities: tuple[Activity, ...], records: int, damage: str | None) -> FileRuns:
    """Sum up the runs among activities; one of unknown sport is a run if its speed is one."""
    runs: list[tuple[int, Recording]] = []
    others: list[str] = []
    for part, activity in enumerate(activities):
        sport = activity.attrs["sport"]
        activity, jumped = _before_a_jump(activity)
        if activity.sizes["time"] < LEAST_RECORDS and (jumped or "clock_jumped" in activity.attrs["flags"]):
            others.append("a recording with a broken clock")
        elif sport == "running":
            recording = recording_of(activity)
            runs.append((part, replace(recording, flags=(*recording.flags, *jumped))))
        elif sport == "unknown" and _is_run(activity):
            recording = recording_of(activity)
            runs.append((part, replace(recording, flags=(*recording.flags, *jumped, "sport_unknown"))))
        else:
            others.append(sport)
    return FileRuns(tuple(runs), tuple(others), records, damage)


def _before_a_jump(activity: Activity) -> tuple[Activity, tuple[str, ...]]:
    """Leave out what follows a gap of more than two days: the time there is damaged. With the flag that says so."""
    gaps = np.flatnonzero(np.diff(activity["time"].to_numpy()) > LONGEST_GAP_S)
    if gaps.size == 0:
        return activity, ()
    return Activity(activity.isel(time=slice(0, int(gaps[0]) + 1))), ("clock_jumped",)


def _is_run(activity: Activity) -> bool:
    speed = channel(activity, "speed")
    moving = speed[np.isfinite(speed) & (speed > 0.5)]
    return bool(moving.size) and RUN_MPS[0] <= float(np.median(moving)) <= RUN_MPS[1]
