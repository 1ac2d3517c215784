"""Activity: what a watch recorded over one run, walk or ride, in one validated container."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING, NewType

import numpy as np
from numpy.typing import ArrayLike, NDArray

from runfree.core.errors import ActivityError

if TYPE_CHECKING:
    import xarray as xr

Activity = NewType("Activity", "xr.Dataset")
"""An xarray Dataset made by :func:`make_activity`: one variable (time) for each channel of :data:`CHANNELS` that was
recorded, NaN where it was not; ``time`` in seconds since ``attrs["start"]``. Each variable says in its attrs its ``unit``,
the ``sensor`` it came from and that sensor's ``position``."""

CHANNELS: dict[str, str] = {
    "speed": "m/s",
    "distance": "m",
    "altitude": "m",
    "heart_rate": "bpm",
    "cadence": "spm",
    "vertical_oscillation": "cm",
    "contact_time": "ms",
    "step_length": "cm",
    "vertical_ratio": "pct",
    "balance_left": "pct",
    "power": "W",
    "leg_stiffness": "kN/m",
}
"""Channel → unit. Cadence counts both feet; a step is from one footfall to the next; balance is the left foot's share."""

POSITIONS = ("chest", "waist", "wrist", "foot", "unknown")
ON_FOOT = frozenset({"running", "walking"})
LONGEST_GAP_S = 2 * 86_400
"""A longer gap, or a step back by more, is a damaged clock, and would swallow the runs of those days."""
PAUSE_S = 15.0
"""A longer silence between two records is a pause."""


@dataclass(frozen=True, slots=True)
class Sensor:
    """What measured a channel, and where on the body it sat (one of :data:`POSITIONS`)."""

    name: str
    position: str = "unknown"


@dataclass(frozen=True, slots=True)
class ActivityFile:
    """What one file holds.

    Attributes
    ----------
    activities : tuple of Activity
        In the order of the file; a multisport file has one for each sport.
    records : int
        Records read, over all activities.
    damage : str or None
        What is damaged or missing; everything before it was kept.
    """

    activities: tuple[Activity, ...]
    records: int
    damage: str | None = None


def make_activity(
    start: datetime,
    time_s: ArrayLike,
    channels: Mapping[str, tuple[ArrayLike, Sensor]],
    *,
    sport: str = "unknown",
    device: str = "",
    utc_offset_s: int | None = None,
    timer_s: float | None = None,
    distance_m: float | None = None,
    total_steps: int | None = None,
    records: int | None = None,
    flags: tuple[str, ...] = (),
) -> Activity:
    """Build and check an activity.

    Parameters
    ----------
    start : datetime
        Aware; the instant of ``time_s`` zero.
    time_s : array (T,)
        Seconds since the start, strictly increasing, not negative.
    channels : mapping
        Name in :data:`CHANNELS` → values (T,) in its unit, and the sensor. NaN where nothing was recorded.
    sport : str
        ``running``, ``walking``, ``cycling`` … or ``unknown``.
    device : str
        What recorded it.
    utc_offset_s : int, optional
        The local clock's offset from UTC, east positive; None where the file does not know it.
    timer_s : float, optional
        Seconds the timer ran, without pauses. By default summed over the records, silences over 15 s left out.
    distance_m : float, optional
        Whole distance. By default that of the channel ``distance``, else of the speed.
    total_steps : int, optional
        Steps of both feet.
    records : int, optional
        Records read from the file; several of one instant share one sample.
    flags : tuple of str
        Codes of :data:`runfree.core.flags.FLAGS`.

    Raises
    ------
    ActivityError
        Naming everything that is off, at once.
    """
    import xarray as xr

    time = np.asarray(time_s, dtype=np.float64)
    values = {name: np.asarray(data, dtype=np.float64) for name, (data, _) in channels.items()}
    if problems := _problems(start, time, values, {n: s for n, (_, s) in channels.items()}):
        raise ActivityError("This activity", "; ".join(problems), "Export it from the watch or app again.")
    dataset = xr.Dataset(
        {
            name: ("time", values[name], {"unit": unit, "sensor": sensor.name, "position": sensor.position})
            for name, unit in CHANNELS.items()
            if name in channels
            for sensor in (channels[name][1],)
        },
        coords={"time": time},
        attrs={
            "start": start.isoformat(),
            "sport": sport,
            "device": device,
            "utc_offset_s": utc_offset_s,
            "timer_s": running_time_s(time) if timer_s is None else float(timer_s),
            "distance_m": _distance(time, values) if distance_m is None else float(distance_m),
            "total_steps": total_steps,
            "records": len(time) if records is None else records,
            "flags": flags,
        },
    )
    return Activity(dataset)


def _problems(
    start: datetime, time: NDArray[np.float64], values: dict[str, NDArray[np.float64]], sensors: dict[str, Sensor]
) -> list[str]:
    out: list[str] = []
    if start.tzinfo is None:
        out.append("its start has no time zone")
    if time.ndim != 1 or not time.size:
        return [*out, "it holds no record"]
    if not np.isfinite(time).all() or (np.diff(time) <= 0).any() or time[0] < 0:
        out.append("times must be finite, strictly increasing and not negative")
    for name, data in values.items():
        if name not in CHANNELS:
            out.append(f"{name} is no known channel")
        if data.shape != time.shape:
            out.append(f"{name} has {data.size} values for {time.size} times")
        elif np.isinf(data).any():
            out.append(f"{name} is infinite somewhere")
    out += [f"{s.position!r} is no known position" for s in sensors.values() if s.position not in POSITIONS]
    return out


def running_time_s(time_s: NDArray[np.float64]) -> float:
    """Seconds covered by records, silences longer than 15 s left out."""
    gaps = np.diff(time_s)
    return float(gaps[gaps <= PAUSE_S].sum())


def _distance(time: NDArray[np.float64], values: Mapping[str, NDArray[np.float64]]) -> float | None:
    if "distance" in values and np.isfinite(values["distance"]).any():
        return float(np.nanmax(values["distance"]) - min(0.0, float(np.nanmin(values["distance"]))))
    if "speed" in values and np.isfinite(values["speed"]).any():
        gaps = np.diff(time, prepend=time[0])
        return float(np.nansum(np.where(gaps <= PAUSE_S, gaps * values["speed"], 0.0)))
    return None


def start_of(activity: Activity) -> datetime:
    """The aware instant at which an activity starts."""
    return datetime.fromisoformat(activity.attrs["start"])


def end_of(activity: Activity) -> datetime:
    """The aware instant of an activity's last record."""
    return start_of(activity) + timedelta(seconds=float(activity["time"].to_numpy()[-1]))


def channel(activity: Activity, name: str) -> NDArray[np.float64]:
    """Values (T,) of a channel; all NaN where it was not recorded."""
    if name in activity:
        return activity[name].to_numpy()
    return np.full(activity.sizes["time"], np.nan)


def sensor_of(activity: Activity, name: str) -> Sensor:
    """What measured a channel of the activity."""
    return Sensor(activity[name].attrs["sensor"], activity[name].attrs["position"])


def mean_cadence(activity: Activity) -> float | None:
    """Steps a minute over the whole activity: all steps over the time the timer ran, else the mean of the moving records."""
    steps, timer_s = activity.attrs["total_steps"], activity.attrs["timer_s"]
    if steps and timer_s > 0:
        return 60 * steps / timer_s
    per_record = channel(activity, "cadence")
    moving = per_record[np.isfinite(per_record) & (per_record > 0)]
    return float(moving.mean()) if moving.size else None


def in_order(
    timed: list[tuple[float, dict[str, float]]],
) -> tuple[list[tuple[float, dict[str, float]]], tuple[str, ...]]:
    """Records by time, with flags. What follows a clock that goes back by more than two days is left out: its times are damaged."""
    flags: tuple[str, ...] = ()
    back = next((i for i, (a, b) in enumerate(pairwise(timed), 1) if b[0] < a[0] - LONGEST_GAP_S), None)
    if back is not None:
        timed, flags = timed[:back], ("clock_jumped",)
    if any(b[0] < a[0] for a, b in pairwise(timed)):
        timed, flags = sorted(timed, key=lambda one: one[0]), (*flags, "times_out_of_order")
    return timed, flags


def columns_of(
    timed: list[tuple[float, dict[str, float]]],
) -> tuple[NDArray[np.float64], dict[str, NDArray[np.float64]]]:
    """Lay records out for :func:`make_activity`: one row for each instant; records of the same instant complete each other.

    Parameters
    ----------
    timed : list of (float, dict of str to float)
        Seconds, and what was said then.

    Returns
    -------
    times : array (T,)
        Rising, without repeats.
    columns : dict of str to array (T,)
        NaN where nothing was said.
    """
    times, rows = np.unique([time for time, _ in timed], return_inverse=True)
    columns: dict[str, NDArray[np.float64]] = {}
    for row, (_, said) in zip(rows, timed, strict=True):
        for name, value in said.items():
            if name not in columns:
                columns[name] = np.full(len(times), np.nan)
            columns[name][row] = value
    return times, columns
