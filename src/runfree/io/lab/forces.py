"""Forces of a table (MOT or text) as force plates of a recording."""

from __future__ import annotations

import re

import numpy as np
from numpy.typing import NDArray

from runfree.core.errors import MotionError
from runfree.core.recording import Recording, with_forces
from runfree.core.table import Table

_PLATE = re.compile(r"(?P<plate>.*force.*?)_?v(?P<axis>[xyz])$", re.IGNORECASE)
_REMEDY = "Give the force file that was recorded with these markers."


def holds_forces(table: Table) -> bool:
    """Whether a table holds forces of plates."""
    return bool(_plates(table))


def join_forces(recording: Recording, table: Table) -> Recording:
    """Return the recording with the forces of a table that was recorded with it.

    A table that counts its rows (1, 2, 3 …) instead of telling the time is spread evenly over the trial.

    Raises
    ------
    MotionError
        If the table holds no forces, or its times lie outside the trial.
    """
    plates = _plates(table)
    if not plates:
        raise MotionError(f"The file {table.source}", "it holds no columns of forces", _REMEDY)
    time, trial = table.time_s, recording["time"].to_numpy()
    counted = bool(np.array_equal(time, np.arange(len(time)) + time[0])) and time[-1] > 3 * (trial[-1] + 1)
    if counted:
        frame_s = (trial[-1] - trial[0]) / (len(trial) - 1)
        time = trial[0] + np.arange(len(time)) * frame_s * len(trial) / len(time)
    shared = min(time[-1], trial[-1]) - max(time[0], trial[0])
    if shared < 0.5 * (trial[-1] - trial[0]):
        raise MotionError(
            f"The file {table.source}", f"its times do not cover those of {recording.attrs['source']}", _REMEDY
        )
    force = np.stack([np.column_stack([table.column(c) for c in f]) for f, _ in plates], axis=1)
    centre = np.stack([_centre(table, names) for _, names in plates], axis=1)
    return with_forces(recording, time, force, centre)


def _centre(table: Table, names: tuple[str, str, str]) -> NDArray[np.float64]:
    if not set(names) <= set(table.columns):
        return np.full((len(table.time_s), 3), np.nan)
    in_mm = names[0].startswith("COP")
    return np.column_stack([table.column(c) for c in names]) / (1000 if in_mm else 1)


def _plates(table: Table) -> list[tuple[tuple[str, str, str], tuple[str, str, str]]]:
    """Columns of force and of its place, for each plate."""
    if {"Fx", "Fy", "Fz"} <= set(table.columns):
        return [(("Fx", "Fy", "Fz"), ("COPx", "COPy", "COPz"))]
    out: list[tuple[tuple[str, str, str], tuple[str, str, str]]] = []
    for name in table.columns:
        found = _PLATE.match(name)
        if found and found["axis"].lower() == "x":
            stem = name[:-2]
            force = (name, f"{stem}{name[-2]}y", f"{stem}{name[-2]}z")
            if set(force) <= set(table.columns):
                out.append((force, (f"{stem}px", f"{stem}py", f"{stem}pz")))
    return out
