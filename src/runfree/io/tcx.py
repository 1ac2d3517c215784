"""TCX files (Garmin Training Center), with the extension for speed, cadence and power."""

from __future__ import annotations

import io
from xml.sax.xmlreader import AttributesImpl

from runfree.core.activity import ActivityFile
from runfree.core.errors import ActivityError
from runfree.io.track import MAX_POINTS, Track, activity_of, instant, number
from runfree.io.xml_stream import read_elements

_POINT = {
    "LatitudeDegrees": "lat",
    "LongitudeDegrees": "lon",
    "AltitudeMeters": "altitude",
    "DistanceMeters": "distance",
    "Cadence": "cadence",
    "RunCadence": "cadence",
    "Speed": "speed",
    "Watts": "power",
}


class _Tcx:
    """State while the elements go by."""

    def __init__(self) -> None:
        self.tracks: list[Track] = []
        self.time: float | None = None
        self.said: dict[str, float] | None = None
        self.inside: list[str] = []
        self.records = 0
        self.is_tcx = False

    def start(self, tag: str, attrs: AttributesImpl) -> None:
        self.inside.append(tag)
        self.is_tcx |= tag == "TrainingCenterDatabase"
        if tag == "Activity":
            self.tracks.append(Track(sport=attrs.get("Sport", "")))
        elif tag == "Trackpoint" and self.tracks:
            self.time, self.said = None, {}

    def end(self, tag: str, text: str) -> None:
        self.inside.pop()
        if not self.tracks:
            return
        around = self.inside[-1] if self.inside else ""
        if tag == "Trackpoint" and self.said is not None:
            self._point(self.tracks[-1])
        elif self.said is not None:
            self._field(tag, text, around)
        elif tag == "TotalTimeSeconds" and around == "Lap":
            self.tracks[-1].timer_s += max(0.0, number(text) or 0.0)
        elif tag == "Name" and around == "Creator":
            self.tracks[-1].device = text[:80]

    def _field(self, tag: str, text: str, around: str) -> None:
        assert self.said is not None
        if tag == "Time":
            self.time = instant(text)
        elif tag == "Value" and around == "HeartRateBpm":
            self._set("heart_rate", text)
        elif tag in _POINT:
            self._set(_POINT[tag], text)

    def _set(self, key: str, text: str) -> None:
        value = number(text)
        if value is not None and self.said is not None:
            self.said[key] = value

    def _point(self, track: Track) -> None:
        self.records += 1
        if self.time is None:
            track.untimed += 1
        elif self.said is not None and len(track.points) < MAX_POINTS:
            track.points.append((self.time, self.said))
        self.said = None


def read_tcx(data: bytes, name: str) -> ActivityFile:
    """Read a TCX file: one activity for each ``Activity``, all points before any damage.

    ``Cadence`` and ``RunCadence`` count strides and are doubled on foot, unless they plainly count steps.

    Raises
    ------
    ActivityError
        If it is no TCX file, declares entities, or is damaged before its first point.
    """
    state = _Tcx()
    damage = read_elements(io.BytesIO(data), name, state.start, state.end)
    if not state.is_tcx:
        raise ActivityError(name, damage or "it is not a TCX file", "Export it from the watch or app again.")
    if damage and not state.records:
        raise ActivityError(name, f"{damage}, and nothing before that can be used", "Export it again.")
    activities = tuple(a for a in map(activity_of, state.tracks) if a is not None)
    return ActivityFile(activities, state.records, damage)
