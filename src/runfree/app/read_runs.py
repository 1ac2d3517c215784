"""One file read and summed up; this is what the processes of an import do."""

from __future__ import annotations

import warnings
from dataclasses import dataclass, replace

import numpy as np

from runfree.core.activity import Activity, channel
from runfree.core.run import Recording
from runfree.io.watch_file import read_watch_file
from runfree.watch.steady import recording_of

RUN_MPS = (1.8, 6.5)
LONGEST_S = 2 * 86_400
"""A longer recording has a damaged time, and would swallow the runs of those days."""


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
        if activity["time"].to_numpy()[-1] > LONGEST_S:
            others.append("a recording of more than two days")
        elif sport == "running":
            runs.append((part, recording_of(activity)))
        elif sport == "unknown" and _is_run(activity):
            recording = recording_of(activity)
            runs.append((part, replace(recording, flags=(*recording.flags, "sport_unknown"))))
        else:
            others.append(sport)
    return FileRuns(tuple(runs), tuple(others), records, damage)


def _is_run(activity: Activity) -> bool:
    speed = channel(activity, "speed")
    moving = speed[np.isfinite(speed) & (speed > 0.5)]
    return bool(moving.size) and RUN_MPS[0] <= float(np.median(moving)) <= RUN_MPS[1]
