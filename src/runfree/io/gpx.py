"""GPX files (tracks), with the extensions for heart rate, cadence, speed and power."""

from __future__ import annotations

import io
from xml.sax.xmlreader import AttributesImpl

from runfree.core.activity import ActivityFile
from runfree.core.errors import ActivityError
from runfree.io.track import MAX_POINTS, Track, activity_of, instant, number
from runfree.io.xml_stream import read_elements

_POINT = {
    "ele": "altitude",
    "hr": "heart_rate",
    "cad": "cadence",
    "cadence": "cadence",
    "speed": "speed",
    "power": "power",
}


class _Gpx:
    """State while the elements go by."""

    def __init__(self) -> None:
        self.tracks: list[Track] = []
        self.device = ""
        self.time: float | None = None
        self.said: dict[str, float] | None = None
        self.records = 0
        self.is_gpx = False

    def start(self, tag: str, attrs: AttributesImpl) -> None:
        if tag == "gpx":
            self.is_gpx, self.device = True, attrs.get("creator", "")[:80]
        elif tag == "trk":
            self.tracks.append(Track(device=self.device))
        elif tag == "trkpt" and self.tracks:
            self.time, self.said = None, {}
            for key in ("lat", "lon"):
                if (value := number(attrs.get(key, ""))) is not None:
                    self.said[key] = value

    def end(self, tag: str, text: str) -> None:
        if not self.tracks:
            return
        if tag == "trkpt" and self.said is not None:
            self._point(self.tracks[-1])
        elif tag == "type" and self.said is None:
            self.tracks[-1].sport = text[:40]
        elif tag == "time" and self.said is not None:
            self.time = instant(text)
        elif self.said is not None and tag in _POINT and (value := number(text)) is not None:
            self.said[_POINT[tag]] = value

    def _point(self, track: Track) -> None:
        self.records += 1
        if self.time is None:
            track.untimed += 1
        elif self.said is not None and len(track.points) < MAX_POINTS:
            track.points.append((self.time, self.said))
        self.said = None


def read_gpx(data: bytes, name: str) -> ActivityFile:
    """Read a GPX file: one activity for each track, all points before any damage.

    Cadence is taken as strides (Garmin writes those) and doubled on foot, unless it plainly counts steps.

    Raises
    ------
    ActivityError
        If it is no GPX file, declares entities, or is damaged before its first point.
    """
    state = _Gpx()
    damage = read_elements(io.BytesIO(data), name, state.start, state.end)
    if not state.is_gpx:
        raise ActivityError(name, damage or "it is not a GPX file", "Export it from the watch or app again.")
    if damage and not state.records:
        raise ActivityError(name, f"{damage}, and nothing before that can be used", "Export it again.")
    activities = tuple(a for a in map(activity_of, state.tracks) if a is not None)
    return ActivityFile(activities, state.records, damage)
