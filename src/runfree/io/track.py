"""What TCX and GPX share: points with places become an activity."""

from __future__ import annotations

import io
import math
from dataclasses import dataclass, field
from datetime import UTC, datetime
from xml.sax.xmlreader import AttributesImpl

import numpy as np
from numpy.typing import NDArray

from runfree.core.activity import (
    ON_FOOT,
    PAUSE_S,
    Activity,
    ActivityFile,
    Sensor,
    columns_of,
    in_order,
    make_activity,
)
from runfree.core.errors import ActivityError
from runfree.io.fit_fields import cadence_from_strides
from runfree.io.xml_stream import read_elements

EARTH_M = 6_371_008.8
MAX_POINTS = 1_000_000
LATEST_S = 4_102_444_800.0
"""The year 2100."""
HOP_M, HOP_MPS = 100.0, 40.0
"""Farther than this between two places is a receiver's error, on foot and on a bicycle."""
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


class Tracks:
    """State of a reader while the elements of its file go by; TCX and GPX say what an element means.

    ``time`` and ``said`` belong to the point being read; ``said`` is None between points.
    """

    def __init__(self) -> None:
        self.tracks: list[Track] = []
        self.time: float | None = None
        self.said: dict[str, float] | None = None
        self.records = 0
        self.is_this = False
        self._inside: list[str] = []

    def start(self, tag: str, attrs: AttributesImpl) -> None:
        """Take the start of an element."""
        raise NotImplementedError

    def end(self, tag: str, text: str, around: str) -> None:
        """Take the end of an element, with its text and the element around it: extensions use the same names for other things."""
        raise NotImplementedError

    def begin(self, tag: str, attrs: AttributesImpl) -> None:
        """Follow the start of an element."""
        self._inside.append(tag)
        self.start(tag, attrs)

    def finish(self, tag: str, text: str) -> None:
        """Follow the end of an element."""
        self._inside.pop()
        self.end(tag, text, self._inside[-1] if self._inside else "")

    def keep_point(self) -> None:
        """End the point being read: it belongs to the last track."""
        track = self.tracks[-1]
        self.records += 1
        if self.time is None:
            track.untimed += 1
        elif self.said is not None and len(track.points) < MAX_POINTS:
            track.points.append((self.time, self.said))
        self.said = None


def read_tracks(state: Tracks, kind: str, data: bytes, name: str) -> ActivityFile:
    """Read a file through ``state``: one activity a track, all points before any damage.

    Raises
    ------
    ActivityError
        If it is no file of this kind, declares entities, or is damaged before its first point.
    """
    damage = read_elements(io.BytesIO(data), name, state.begin, state.finish)
    if not state.is_this:
        raise ActivityError(name, damage or f"it is not a {kind} file", "Export it from the watch or app again.")
    if damage and not state.records:
        raise ActivityError(name, f"{damage}, and nothing before that can be used", "Export it again.")
    activities = tuple(a for a in map(activity_of, state.tracks) if a is not None)
    return ActivityFile(activities, state.records, damage)


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
    points, more = in_order(track.points)
    flags += more
    times, values = columns_of(points)
    seconds = times - times[0]
    lat, lon = values.pop("lat", None), values.pop("lon", None)
    # Some apps write the element and leave it at zero.
    nowhere = "distance" not in values or not np.nanmax(values["distance"], initial=0.0) > 0
    if nowhere and lat is not None and lon is not None:
        values["distance"], jumped = _along(seconds, lat, lon)
        flags += ("speed_from_places", "places_jumped") if jumped else ("speed_from_places",)
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


def _along(
    time_s: NDArray[np.float64], lat_deg: NDArray[np.float64], lon_deg: NDArray[np.float64]
) -> tuple[NDArray[np.float64], bool]:
    """Metres along the places so far (haversine), NaN where no place was recorded, and whether some hops were too fast to count."""
    jumped = False
    known = np.isfinite(lat_deg) & np.isfinite(lon_deg)
    out = np.full(len(lat_deg), np.nan)
    if known.any():
        lat, lon = np.radians(lat_deg[known]), np.radians(lon_deg[known])
        half = np.sin(np.diff(lat) / 2) ** 2 + np.cos(lat[1:]) * np.cos(lat[:-1]) * np.sin(np.diff(lon) / 2) ** 2
        hops = 2 * EARTH_M * np.arcsin(np.sqrt(np.clip(half, 0, 1)))
        far = hops > HOP_M + HOP_MPS * np.diff(time_s[known])
        jumped = bool(far.any())
        out[known] = np.concatenate([[0.0], np.cumsum(np.where(far, 0.0, hops))])
    return out, jumped


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
