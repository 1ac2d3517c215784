"""Recording: what a laboratory writes down of one trial, markers in space and forces, in one validated container."""

from __future__ import annotations

from typing import TYPE_CHECKING, NewType

import numpy as np
from numpy.typing import ArrayLike

from runfree.core.errors import MotionError

if TYPE_CHECKING:
    import xarray as xr

Recording = NewType("Recording", "xr.Dataset")
"""An xarray Dataset made by :func:`make_recording`: ``position`` (time, marker, space) in metres along the file's own axes,
NaN where a marker was not seen; ``time`` in seconds. Optional: ``force`` and ``pressure_centre`` (force_time, plate, space)
in newtons acting on the runner and metres; ``event_time`` (event) in seconds with the coordinate ``event`` (labels).
``attrs``: ``source``, and ``picture_unit`` "px" where the positions are pixels of one camera's picture."""

SPACE = ("x", "y", "z")
SCHEMA = 1


def make_recording(
    time_s: ArrayLike,
    position_m: ArrayLike,
    markers: tuple[str, ...],
    *,
    source: str = "",
    picture_unit: str = "",
) -> Recording:
    """Build and check a recording.

    Parameters
    ----------
    time_s : array (T,)
        Strictly increasing.
    position_m : array (T, M, 3)
        Metres along the file's axes; NaN where a marker was not seen.
    markers : tuple of str, length M
        Names, without repeats.
    source : str
        Name of the file.
    picture_unit : {"", "px"}
        "px" if the positions are pixels of one picture.

    Raises
    ------
    MotionError
        If a shape, a name or a time is off, or no marker was ever seen.
    """
    import xarray as xr

    dataset = xr.Dataset(
        {"position": (("time", "marker", "space"), np.asarray(position_m, dtype=np.float64))},
        coords={
            "time": np.asarray(time_s, dtype=np.float64),
            "marker": np.asarray(markers, dtype=object),
            "space": list(SPACE),
        },
        attrs={"recording_schema": SCHEMA, "source": source, "picture_unit": picture_unit},
    )
    return as_recording(dataset)


def with_forces(recording: Recording, time_s: ArrayLike, force_n: ArrayLike, centre_m: ArrayLike) -> Recording:
    """Return the recording with force plates.

    Parameters
    ----------
    recording
    time_s : array (F,)
        On the recording's clock, strictly increasing.
    force_n, centre_m : array (F, P, 3)
        Force on the runner and where it acts, along the recording's axes.

    Raises
    ------
    MotionError
        If a shape or a time is off.
    """
    joined = recording.copy()
    joined["force_time"] = np.asarray(time_s, dtype=np.float64)
    for name, values in (("force", force_n), ("pressure_centre", centre_m)):
        joined[name] = ("force_time", "plate", "space"), np.asarray(values, dtype=np.float64)
    return as_recording(joined)


def with_events(recording: Recording, time_s: ArrayLike, labels: tuple[str, ...]) -> Recording:
    """Return the recording with the events its file names, such as ``Left Foot Strike`` (times (E,) in seconds)."""
    named = recording.copy()
    named["event"] = np.asarray(labels, dtype=object)
    named["event_time"] = "event", np.asarray(time_s, dtype=np.float64)
    return as_recording(named)


def as_recording(dataset: xr.Dataset) -> Recording:
    """Check that a dataset is a recording and return it as one.

    Raises
    ------
    MotionError
        Naming everything that is off, at once.
    """
    if problems := _problems(dataset):
        source = str(dataset.attrs.get("source", ""))
        what = f"The file {source}" if source else "This recording"
        raise MotionError(what, "; ".join(problems), "Export the trial again.")
    return Recording(dataset)


def _problems(dataset: xr.Dataset) -> list[str]:
    if missing := {"position", "time", "marker"} - {str(n) for n in dataset.variables}:
        return [f"it lacks {', '.join(sorted(missing))}"]
    if dataset["position"].dims != ("time", "marker", "space") or dataset.sizes["space"] != len(SPACE):
        return ["position must be (time, marker, space) with x, y and z"]
    position = dataset["position"].to_numpy()
    names = [str(m) for m in dataset["marker"].to_numpy()]
    out: list[str] = []
    for clock in ("time", "force_time"):
        if clock in dataset and not _rising(dataset[clock].to_numpy()):
            out.append(f"{clock.replace('_', ' ')} must be finite and strictly increasing")
    if len(set(names)) != len(names):
        out.append("a marker name is repeated")
    if position.size == 0:
        out.append("it holds no markers" if not names else "it holds no frames")
    elif not np.isfinite(position).any():
        out.append("no marker was ever seen")
    if np.isinf(position).any():
        out.append("a position is infinite")
    return out


def _rising(time: np.ndarray) -> bool:
    return time.dtype.kind == "f" and bool(np.isfinite(time).all() and (np.diff(time) > 0).all())


def marker_names(recording: Recording) -> tuple[str, ...]:
    """Names of the markers, in order."""
    return tuple(str(m) for m in recording["marker"].to_numpy())


def marker(recording: Recording, name: str) -> np.ndarray:
    """One marker's path, (T, 3) in metres."""
    return recording["position"].to_numpy()[:, marker_names(recording).index(name)]
