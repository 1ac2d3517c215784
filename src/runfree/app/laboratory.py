"""Laboratory files in place of films: read, joined with their forces, measured."""

from __future__ import annotations

from pathlib import Path

from runfree import gait
from runfree.core.analysis import Measured
from runfree.core.errors import InputError, MotionError
from runfree.core.motion import Motion
from runfree.core.recording import Recording
from runfree.core.table import Table
from runfree.gait.measure_recording import measure_recording
from runfree.io.lab.forces import holds_forces, join_forces
from runfree.io.lab.marker_sets import choose_set
from runfree.io.lab.pixels import planar_motion
from runfree.io.readers import Held, Reader, is_recording, reader_of

_BESIDE = ("{stem}_grf.mot", "{stem}_grf.sto", "{stem}_forces.mot", "{stem}forces.txt", "{stem}_forces.txt")


def read_trial(path: Path, reader: Reader, forces: Path | None, rate_hz: float | None) -> Motion | Recording:
    """Read one trial; the forces given, or those in a file named after it, are joined.

    Raises
    ------
    MotionError
        If a file is damaged, or holds angles or forces without markers.
    """
    held: Held = reader.read(path, rate_hz)
    if isinstance(held, Table):
        what = "forces without markers" if holds_forces(held) else "joint angles, from which no foot can be placed"
        raise MotionError(
            f"The file {path.name}", f"it holds {what}", "Give the marker file (TRC or C3D) of the same trial."
        )
    if not is_recording(held):
        return Motion(held)
    planar = planar_motion(held)
    if planar is not None:
        return planar
    source = forces or _forces_beside(path)
    return held if source is None or "force" in held else join_forces(held, _force_table(source))


def measure_trial(held: Motion | Recording, *, height_m: float | None, speed_mps: float | None) -> Measured:
    """Measure keypoints of a picture as a film, markers in space in three dimensions."""
    if is_recording(held):
        return measure_recording(held, choose_set(held), speed_mps=speed_mps)
    return gait.measure(Motion(held), height_m=height_m, speed_mps=speed_mps)


def _forces_beside(path: Path) -> Path | None:
    """The force file that is named after a marker file, if one lies beside it."""
    stem = path.stem.removesuffix("_markers").removesuffix("markers")
    named = [path.with_name(pattern.format(stem=stem)) for pattern in _BESIDE]
    return next((file for file in named if file.is_file() and file != path), None)


def _force_table(path: Path) -> Table:
    reader = reader_of(path)
    held = reader.read(path) if reader else None
    if not isinstance(held, Table):
        raise InputError(
            f"The force file {path.name}", "it is no table of forces", "Give a MOT file of ground forces."
        )
    return held
