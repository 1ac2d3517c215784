"""What TCX and GPX share: points with places become an activity."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from runfree.core.activity import ON_FOOT, PAUSE_S, Activity, Sensor, make_activity
from runfree.io.fit_fields import cadence_from_strides

EARTH_M = 6_371_008.8
MAX_POINTS = 1_000_000
LATEST_S = 4_102_444_800.0
"""The year 2100."""
_SPEED_S = 5.0
_NAMES = {
    "running": "running",
    "run": "running",
    "trail_running": "running",
    "track_running": "running",
    "treadmill_running": "running",
    "9": "running",
    "street_running": "running",
    "walking": "walking",
    "walk": "walking",
    "hiking": "walking",
    "biking": "cycling",
    "cycling": "cycling",
    "1": "cycling",
    "ride": "cycling",
}


@dataclass
class Track:
    """Points of one activity as they were read: instants (seconds since 1970) and what each said."""

    sport: str = ""
    device: str = ""
    timer_s: float = 0.0
    points: list[tuple[float, dict[str, float]]] = field(default_factory=list)
    untimed: int = 0


def number(text: str) -> float | None:
    """A finite number, or None."""
    try:
        value = float(text)
    except ValueError:
        return None
    return value if math.isfinite(value) else None


def instant(text: str) -> float | None:
    """Seconds since 1970 of an ISO time (UTC where it names no zone); None if it is none, or not of 1970 to 2100."""
    try:
        moment = datetime.fromisoformat(text.replace(" ", "T", 1) if " " in text else text)
        seconds = (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
    except (ValueError, OverflowError):
        return None
    return seconds if 0 < seconds < LATEST_S else None


def activity_of(track: Track) -> Activity | None:
    """Build the activity of a track; None without a timed point.

    Speed and distance come from the places where the file gives none: great circles, speed over about five seconds.
    Places themselves are not kept.
    """
    if not track.points:
        return None
    sport = _NAMES.get(track.sport.lower().replace(" ", "_"), track.sport.lower() or "unknown")
    sport = "unknown" if sport == "other" else sport
    flags = ("no_time",) if track.untimed else ()
    points = track.points
    if any(b[0] < a[0] for a, b in pairwise(points)):
        flags += ("times_out_of_order",)
        points = sorted(points, key=lambda point: point[0])
    times, values = _columns(points)
    seconds = times - times[0]
    lat, lon = values.pop("lat", None), values.pop("lon", None)
    # Some apps write the element and leave it at zero.
    nowhere = "distance" not in values or not np.nanmax(values["distance"], initial=0.0) > 0
    if nowhere and lat is not None and lon is not None:
        values["distance"] = _along(lat, lon)
        flags += ("speed_from_places",)
    if "speed" not in values and "distance" in values:
        values["speed"] = _speed(seconds, values["distance"])
    if "cadence" in values:
        if sport in ON_FOOT or sport == "unknown":
            values["cadence"], more = cadence_from_strides(values["cadence"], None)
            flags += more
        else:
            del values["cadence"]
    sensor = Sensor(track.device, "wrist")
    return make_activity(
        datetime.fromtimestamp(times[0], UTC),
        seconds,
        {name: (data, sensor) for name, data in values.items()},
        sport=sport,
        device=track.device,
        timer_s=track.timer_s or None,
        records=len(points),
        flags=flags,
    )


def _columns(points: list[tuple[float, dict[str, float]]]) -> tuple[NDArray[np.float64], dict[str, Any]]:
    times, rows = np.unique([time for time, _ in points], return_inverse=True)
    columns: dict[str, NDArray[np.float64]] = {}
    for row, (_, said) in zip(rows, points, strict=True):
        for name, value in said.items():
            columns.setdefault(name, np.full(len(times), np.nan))[row] = value
    return times, columns


def _along(lat_deg: NDArray[np.float64], lon_deg: NDArray[np.float64]) -> NDArray[np.float64]:
    """Metres along the places so far (haversine); NaN where no place was recorded."""
    known = np.isfinite(lat_deg) & np.isfinite(lon_deg)
    out = np.full(len(lat_deg), np.nan)
    if known.any():
        lat, lon = np.radians(lat_deg[known]), np.radians(lon_deg[known])
        half = np.sin(np.diff(lat) / 2) ** 2 + np.cos(lat[1:]) * np.cos(lat[:-1]) * np.sin(np.diff(lon) / 2) ** 2
        out[known] = np.concatenate([[0.0], np.cumsum(2 * EARTH_M * np.arcsin(np.sqrt(np.clip(half, 0, 1))))])
    return out


def _speed(time_s: NDArray[np.float64], distance_m: NDArray[np.float64]) -> NDArray[np.float64]:
    """Speed over the five seconds around each record; NaN across pauses and where no distance is known."""
    known = np.flatnonzero(np.isfinite(distance_m))
    out = np.full(len(time_s), np.nan)
    if len(known) < 2:
        return out
    time, distance = time_s[known], distance_m[known]
    low = np.searchsorted(time, time - _SPEED_S / 2, side="left")
    high = np.searchsorted(time, time + _SPEED_S / 2, side="right") - 1
    low = np.where(high > low, low, np.maximum(low - 1, 0))
    high = np.where(high > low, high, np.minimum(high + 1, len(time) - 1))
    span = time[high] - time[low]
    fine = (span > 0) & (span <= PAUSE_S)
    out[known[fine]] = (distance[high] - distance[low])[fine] / span[fine]
    return out
