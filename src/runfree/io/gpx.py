"""GPX files (tracks), with the extensions for heart rate, cadence, speed and power."""

from __future__ import annotations

from xml.sax.xmlreader import AttributesImpl

from runfree.core.activity import ActivityFile
from runfree.io.track import Track, Tracks, instant, number, read_tracks

_EXTENSIONS = ("trkpt", "extensions", "TrackPointExtension")
_POINT = {
    "hr": "heart_rate",
    "cad": "cadence",
    "cadence": "cadence",
    "speed": "speed",
    "power": "power",
}


class _Gpx(Tracks):
    """State while the elements go by."""

    def __init__(self) -> None:
        super().__init__()
        self.device = ""

    def start(self, tag: str, attrs: AttributesImpl) -> None:
        if tag == "gpx":
            self.is_this, self.device = True, attrs.get("creator", "")[:80]
        elif tag == "trk":
            self.tracks.append(Track(device=self.device))
        elif tag == "trkpt" and self.tracks:
            self.time, self.said = None, {}
            for key in ("lat", "lon"):
                if (value := number(attrs.get(key, ""))) is not None:
                    self.said[key] = value

    def end(self, tag: str, text: str, around: str) -> None:
        if not self.tracks:
            return
        if tag == "trkpt" and self.said is not None:
            self.keep_point()
        elif tag == "type" and self.said is None:
            self.tracks[-1].sport = text[:40]
        elif self.said is not None:
            self._field(tag, text, around)

    def _field(self, tag: str, text: str, around: str) -> None:
        assert self.said is not None
        if (around, tag) == ("trkpt", "time"):
            self.time = instant(text)
            return
        name = (
            "altitude" if (around, tag) == ("trkpt", "ele") else _POINT.get(tag) if around in _EXTENSIONS else None
        )
        if name is not None and (value := number(text)) is not None:
            self.said[name] = value


def read_gpx(data: bytes, name: str) -> ActivityFile:
    """Read a GPX file: one activity for each track, all points before any damage.

    Cadence is taken as strides (Garmin writes those) and doubled on foot, unless it plainly counts steps.

    Raises
    ------
    ActivityError
        If it is no GPX file, declares entities, or is damaged before its first point.
    """
    return read_tracks(_Gpx(), "GPX", data, name)
