"""Watch files made to order: FIT with any fields, and the same run as TCX, GPX and Apple Health."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np

FIT_EPOCH = datetime(1989, 12, 31, tzinfo=UTC)
_TYPES = {"enum": (0x00, "B"), "uint8": (0x02, "B"), "sint16": (0x83, "h"), "uint16": (0x84, "H"), "uint32": (0x86, "I"), "uint32z": (0x8C, "I"), "float32": (0x88, "f")}  # fmt: skip
_FIELDS: dict[str, tuple[int, dict[str, tuple[int, str]]]] = {
    "file_id": (0, {"type": (0, "enum"), "manufacturer": (1, "uint16"), "product": (2, "uint16"), "serial_number": (3, "uint32z"), "time_created": (4, "uint32")}),
    "device_info": (23, {"timestamp": (253, "uint32"), "device_index": (0, "uint8"), "device_type": (1, "uint8"), "manufacturer": (2, "uint16"), "product": (4, "uint16"), "source_type": (25, "enum")}),
    "record": (20, {"timestamp": (253, "uint32"), "altitude": (2, "uint16"), "heart_rate": (3, "uint8"), "cadence": (4, "uint8"), "distance": (5, "uint32"), "speed": (6, "uint16"), "power": (7, "uint16"), "vertical_oscillation": (39, "uint16"), "stance_time": (41, "uint16"), "fractional_cadence": (53, "uint8"), "vertical_ratio": (83, "uint16"), "stance_time_balance": (84, "uint16"), "step_length": (85, "uint16")}),
    "session": (18, {"timestamp": (253, "uint32"), "start_time": (2, "uint32"), "sport": (5, "enum"), "total_elapsed_time": (7, "uint32"), "total_timer_time": (8, "uint32"), "total_distance": (9, "uint32"), "total_strides": (10, "uint32")}),
    "activity": (34, {"timestamp": (253, "uint32"), "total_timer_time": (0, "uint32"), "num_sessions": (1, "uint16"), "local_timestamp": (5, "uint32")}),
    "developer_data_id": (207, {"developer_data_index": (3, "uint8")}),
}  # fmt: skip
RUNNING, CYCLING, SWIMMING, WALKING = 1, 2, 5, 11
GARMIN, STRYD, COROS = 1, 95, 294
HRM_RUN, FENIX6 = 2327, 3289


def fit_time(moment: datetime) -> int:
    """Seconds since FIT's epoch."""
    return round((moment - FIT_EPOCH).total_seconds())


def crc16(data: bytes) -> int:
    """CRC-16 of FIT, bit by bit (protocol, section 3.3.2)."""
    crc = 0
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = crc >> 1 ^ (0xA001 if crc & 1 else 0)
    return crc


class FitWriter:
    """Collects messages and wraps them into one FIT file.

    Values are raw: as they stand in the file, before scale and offset.
    """

    def __init__(self) -> None:
        self._body = bytearray()
        self._defined: tuple[Any, ...] | None = None

    def message(self, kind: str, **raw: float) -> FitWriter:
        """Append a message, with its definition where it differs from the last."""
        number, known = _FIELDS[kind]
        shape = (number, tuple(raw), ())
        if shape != self._defined:
            fields = b"".join(struct.pack("3B", known[n][0], struct.calcsize(_TYPES[known[n][1]][1]), _TYPES[known[n][1]][0]) for n in raw)  # fmt: skip
            self._body += struct.pack("<BBBHB", 0x40, 0, 0, number, len(raw)) + fields
            self._defined = shape
        self._body += b"\x00" + b"".join(struct.pack("<" + _TYPES[known[n][1]][1], v) for n, v in raw.items())
        return self

    def developer_field(self, index: int, name: str, units: str, native: int = 255) -> FitWriter:
        """Describe a developer field (float32) of records."""
        text, unit = name.encode().ljust(24, b"\0"), units.encode().ljust(16, b"\0")
        shape = struct.pack("3B", 0, 1, 2) + struct.pack("3B", 1, 1, 2) + struct.pack("3B", 2, 1, 2)
        shape += struct.pack("3B", 3, 24, 7) + struct.pack("3B", 8, 16, 7) + struct.pack("3B", 14, 2, 0x84) + struct.pack("3B", 15, 1, 2)  # fmt: skip
        self._body += struct.pack("<BBBHB", 0x41, 0, 0, 206, 7) + shape
        self._body += b"\x01" + struct.pack("3B", 0, index, 0x88) + text + unit + struct.pack("<HB", 20, native)
        return self

    def record_with(self, developer: Sequence[float], **raw: float) -> FitWriter:
        """Append a record that also holds the developer fields 0, 1, … of developer 0."""
        number, known = _FIELDS["record"]
        shape = (number, tuple(raw), tuple(range(len(developer))))
        if shape != self._defined:
            fields = b"".join(struct.pack("3B", known[n][0], struct.calcsize(_TYPES[known[n][1]][1]), _TYPES[known[n][1]][0]) for n in raw)  # fmt: skip
            own = b"".join(struct.pack("3B", i, 4, 0) for i in range(len(developer)))
            self._body += (
                struct.pack("<BBBHB", 0x60, 0, 0, number, len(raw)) + fields + bytes([len(developer)]) + own
            )
            self._defined = shape
        self._body += b"\x00" + b"".join(struct.pack("<" + _TYPES[known[n][1]][1], v) for n, v in raw.items())
        self._body += struct.pack(f"<{len(developer)}f", *developer)
        return self

    def compressed(self, offset_s: int, **raw: float) -> FitWriter:
        """Append a record with a compressed timestamp header; its shape must be that of the last message."""
        known = _FIELDS["record"][1]
        self._body += bytes([0x80 | offset_s & 0x1F])
        self._body += b"".join(struct.pack("<" + _TYPES[known[n][1]][1], v) for n, v in raw.items())
        return self

    def define(self, kind: str, *names: str) -> FitWriter:
        """Append a definition alone."""
        number, known = _FIELDS[kind]
        fields = b"".join(struct.pack("3B", known[n][0], struct.calcsize(_TYPES[known[n][1]][1]), _TYPES[known[n][1]][0]) for n in names)  # fmt: skip
        self._body += struct.pack("<BBBHB", 0x40, 0, 0, number, len(names)) + fields
        self._defined = (number, names, ())
        return self

    def bytes(self, *, claims: int | None = None) -> bytes:
        """The whole file; ``claims`` writes another body size into the header."""
        size = len(self._body) if claims is None else claims
        head = struct.pack("<BBHI4s", 14, 0x20, 2140, size, b".FIT")
        whole = head + struct.pack("<H", crc16(head)) + bytes(self._body)
        return whole + struct.pack("<H", crc16(whole))


@dataclass(frozen=True, slots=True)
class Run:
    """A run to be written: one sample a second.

    ``cadence_spm``, ``oscillation_cm``, ``contact_ms`` and ``speed_mps`` are constants or arrays (seconds,).
    """

    start: datetime
    seconds: int = 600
    speed_mps: Any = 3.0
    cadence_spm: Any = 170.0
    oscillation_cm: Any = None
    contact_ms: Any = None
    altitude_m: Any = 100.0
    product: int = FENIX6
    maker: int = GARMIN
    strap: bool = True
    sport: int = RUNNING

    def column(self, name: str) -> np.ndarray:
        """Values of one quantity, a second each."""
        return np.broadcast_to(np.asarray(getattr(self, name), dtype=np.float64), (self.seconds,))


def fit_file(run: Run) -> bytes:
    """Write a run as a Garmin watch with a chest strap would."""
    at, writer = fit_time(run.start), FitWriter()
    writer.message(
        "file_id", type=4, manufacturer=run.maker, product=run.product, serial_number=7, time_created=at
    )
    if run.strap:
        writer.message("device_info", timestamp=at, device_index=3, device_type=120, manufacturer=GARMIN, product=HRM_RUN, source_type=1)  # fmt: skip
    speed, cadence, height = (run.column(n) for n in ("speed_mps", "cadence_spm", "altitude_m"))
    far = np.cumsum(speed)
    for i in range(run.seconds):
        half = round(float(cadence[i])) / 2
        raw: dict[str, int] = {
            "timestamp": at + i,
            "altitude": round((float(height[i]) + 500) * 5),
            "cadence": int(half),
            "fractional_cadence": round((half % 1) * 128),
            "distance": round(100 * float(far[i])),
            "speed": round(1000 * float(speed[i])),
        }
        if run.oscillation_cm is not None:
            raw["vertical_oscillation"] = round(100 * float(run.column("oscillation_cm")[i]))
        if run.contact_ms is not None:
            raw["stance_time"] = round(10 * float(run.column("contact_ms")[i]))
        writer.message("record", **raw)
    end, strides = at + run.seconds, round(float(cadence.sum()) / 120)
    writer.message("session", timestamp=end, start_time=at, sport=run.sport, total_elapsed_time=1000 * run.seconds, total_timer_time=1000 * run.seconds, total_distance=round(100 * float(far[-1])), total_strides=strides)  # fmt: skip
    return writer.message("activity", timestamp=end, total_timer_time=1000 * run.seconds, num_sessions=1, local_timestamp=end + 3600).bytes()  # fmt: skip


def _stamp(run: Run, second: int) -> str:
    return (run.start + timedelta(seconds=second)).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def tcx_file(run: Run) -> bytes:
    """Write a run as TCX, cadence as strides in the extension."""
    far = np.cumsum(run.column("speed_mps"))
    points = "".join(
        f"<Trackpoint><Time>{_stamp(run, i)}</Time><AltitudeMeters>{run.column('altitude_m')[i]}</AltitudeMeters>"
        f"<DistanceMeters>{far[i]:.2f}</DistanceMeters><Extensions><ns3:TPX><ns3:Speed>{run.column('speed_mps')[i]:.3f}</ns3:Speed>"
        f"<ns3:RunCadence>{round(run.column('cadence_spm')[i] / 2)}</ns3:RunCadence></ns3:TPX></Extensions></Trackpoint>"
        for i in range(run.seconds)
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?><TrainingCenterDatabase xmlns="http://www.garmin.com/xmlschemas/TrainingCenterDatabase/v2"'
        ' xmlns:ns3="http://www.garmin.com/xmlschemas/ActivityExtension/v2"><Activities><Activity Sport="Running">'
        f'<Id>{_stamp(run, 0)}</Id><Lap StartTime="{_stamp(run, 0)}"><TotalTimeSeconds>{run.seconds}</TotalTimeSeconds>'
        f"<Track>{points}</Track></Lap><Creator><Name>Forerunner</Name></Creator></Activity></Activities></TrainingCenterDatabase>"
    ).encode()


def gpx_file(run: Run, *, kind: str = "running") -> bytes:
    """Write a run due north as GPX, with Garmin's extension."""
    degrees = np.degrees(np.cumsum(run.column("speed_mps")) / 6_371_008.8)
    points = "".join(
        f'<trkpt lat="{50 + degrees[i]:.9f}" lon="8.0"><ele>{run.column("altitude_m")[i]}</ele><time>{_stamp(run, i)}</time>'
        f"<extensions><ns3:TrackPointExtension><ns3:cad>{round(run.column('cadence_spm')[i] / 2)}</ns3:cad></ns3:TrackPointExtension></extensions></trkpt>"
        for i in range(run.seconds)
    )
    return (
        '<?xml version="1.0"?><gpx creator="Watch" version="1.1" xmlns="http://www.topografix.com/GPX/1/1" xmlns:ns3="http://www.garmin.com/xmlschemas/TrackPointExtension/v1">'
        f"<trk><type>{kind}</type><trkseg>{points}</trkseg></trk></gpx>"
    ).encode()


def health_records(run: Run, *, every_s: int = 5) -> str:
    """The running samples of a run as Apple Health writes them."""
    quantities = {
        "RunningSpeed": ("km/hr", run.column("speed_mps") * 3.6),
        "RunningStrideLength": ("m", run.column("speed_mps") / run.column("cadence_spm") * 60),
        "StepCount": ("count", run.column("cadence_spm") / 60 * every_s),
    }
    if run.oscillation_cm is not None:
        quantities["RunningVerticalOscillation"] = ("cm", run.column("oscillation_cm"))
    if run.contact_ms is not None:
        quantities["RunningGroundContactTime"] = ("ms", run.column("contact_ms"))
    return "".join(
        f' <Record type="HKQuantityTypeIdentifier{name}" sourceName="Watch" unit="{unit}" startDate="{_local(run, i)}"'
        f' endDate="{_local(run, i + every_s)}" value="{values[i]:.6g}"/>\n'
        for name, (unit, values) in quantities.items()
        for i in range(0, run.seconds, every_s)
    )


def _local(run: Run, second: int) -> str:
    return (run.start + timedelta(seconds=second)).strftime("%Y-%m-%d %H:%M:%S %z")


def health_workout(run: Run) -> str:
    """The workout of a run as Apple Health writes it."""
    return (
        f' <Workout workoutActivityType="HKWorkoutActivityTypeRunning" duration="{run.seconds / 60}" durationUnit="min"'
        f' sourceName="Watch" startDate="{_local(run, 0)}" endDate="{_local(run, run.seconds)}">\n'
        f'  <WorkoutStatistics type="HKQuantityTypeIdentifierDistanceWalkingRunning" sum="{run.column("speed_mps").sum() / 1000}" unit="km"/>\n'
        " </Workout>\n"
    )


def health_head() -> str:
    """The beginning of an export.xml, with the declaration that Apple writes into it."""
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE HealthData [\n<!ELEMENT HealthData (ExportDate,Me,(Record|Workout)*)>\n'
        "<!ATTLIST HealthData locale CDATA #REQUIRED>\n]>\n<HealthData locale=\"en_DE\">\n"
    )  # fmt: skip


def health_file(runs: Sequence[Run]) -> bytes:
    """Write runs as Apple Health's export.xml."""
    whole = [health_head(), *(health_records(run) for run in runs), *(health_workout(run) for run in runs)]
    return ("".join(whole) + "</HealthData>\n").encode()
