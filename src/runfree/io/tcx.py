"""TCX files (Garmin Training Center), with the extension for speed, cadence and power."""

from __future__ import annotations

from xml.sax.xmlreader import AttributesImpl

from runfree.core.activity import ActivityFile
from runfree.io.track import Track, Tracks, instant, number, read_tracks

_POINT = {
    ("Position", "LatitudeDegrees"): "lat",
    ("Position", "LongitudeDegrees"): "lon",
    ("Trackpoint", "AltitudeMeters"): "altitude",
    ("Trackpoint", "DistanceMeters"): "distance",
    ("Trackpoint", "Cadence"): "cadence",
    ("HeartRateBpm", "Value"): "heart_rate",
    ("TPX", "RunCadence"): "cadence",
    ("TPX", "Speed"): "speed",
    ("TPX", "Watts"): "power",
}
"""Element around, element → channel."""


class _Tcx(Tracks):
    """State while the elements go by."""

    def start(self, tag: str, attrs: AttributesImpl) -> None:
        self.is_this |= tag == "TrainingCenterDatabase"
        if tag == "Activity":
            self.tracks.append(Track(sport=attrs.get("Sport", "")))
        elif tag == "Trackpoint" and self.tracks:
            self.time, self.said = None, {}

    def end(self, tag: str, text: str, around: str) -> None:
        if not self.tracks:
            return
        if tag == "Trackpoint" and self.said is not None:
            self.keep_point()
        elif self.said is not None:
            self._field(tag, text, around)
        elif tag == "TotalTimeSeconds" and around == "Lap":
            self.tracks[-1].timer_s += max(0.0, number(text) or 0.0)
        elif tag == "Name" and around == "Creator":
            self.tracks[-1].device = text[:80]

    def _field(self, tag: str, text: str, around: str) -> None:
        assert self.said is not None
        if (around, tag) == ("Trackpoint", "Time"):
            self.time = instant(text)
        elif (around, tag) in _POINT and (value := number(text)) is not None:
            self.said[_POINT[around, tag]] = value


def read_tcx(data: bytes, name: str) -> ActivityFile:
    """Read a TCX file: one activity for each ``Activity``, all points before any damage.

    ``Cadence`` and ``RunCadence`` count strides and are doubled on foot, unless they plainly count steps.

    Raises
    ------
    ActivityError
        If it is no TCX file, declares entities, or is damaged before its first point.
    """
    return read_tracks(_Tcx(), "TCX", data, name)
