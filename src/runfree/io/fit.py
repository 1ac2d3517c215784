"""FIT files: every record before any damage, in SI units, each channel with its sensor."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any, cast

import fitdecode
import numpy as np

from runfree.core.activity import ON_FOOT, Activity, ActivityFile, Sensor, columns_of, in_order, make_activity
from runfree.core.errors import ActivityError
from runfree.io.fit_fields import CHANNEL_OF, cadence_from_strides, developer_channel, sensors

EPOCH = datetime(1989, 12, 31, tzinfo=UTC)
DEVICE_TIME_S = 0x10000000
"""Smaller times count seconds since the watch was switched on."""
MAX_MESSAGES = 2_000_000
_FAILURES = (
    fitdecode.FitError, AssertionError, ValueError, KeyError, IndexError, TypeError, AttributeError, ArithmeticError, struct.error,
)  # fmt: skip
"""What fitdecode raises on damaged bytes."""
_CRC_TABLE = [0] * 256
for _i in range(256):
    _crc = _i
    for _ in range(8):
        _crc = _crc >> 1 ^ (0xA001 if _crc & 1 else 0)
    _CRC_TABLE[_i] = _crc


@dataclass
class _Part:
    """What one FIT file of a chain said."""

    records: list[tuple[float | None, dict[str, float]]] = field(default_factory=list)
    sessions: list[dict[str, Any]] = field(default_factory=list)
    devices: list[dict[str, Any]] = field(default_factory=list)
    file_id: dict[str, Any] = field(default_factory=dict)
    sport: str | None = None
    utc_offset_s: int | None = None
    developer_sensors: dict[str, Sensor] = field(default_factory=dict)
    twice: bool = False


def read_fit(data: bytes, name: str) -> ActivityFile:
    """Read a FIT file, or several chained in one.

    Parameters
    ----------
    data : bytes
        The whole file.
    name : str
        What errors call it.

    Returns
    -------
    ActivityFile
        One activity for each session that holds records; none for settings, courses or monitoring. Speed m/s, lengths as in
        :data:`runfree.core.activity.CHANNELS`; FIT's cadence (strides) is doubled for sports on foot.

    Raises
    ------
    ActivityError
        If it is no FIT file, or damaged before its first record.
    """
    if data[8:12] != b".FIT":
        raise ActivityError(name, "it is not a FIT file", "Copy it from the watch again.")
    parts: list[_Part] = []
    damage = _read_parts(data, parts)
    records = sum(len(part.records) for part in parts)
    if not records and damage:
        raise ActivityError(
            name, f"{damage}, and nothing before that can be used", "Copy it from the watch again."
        )
    activities = tuple(activity for part in parts for activity in _activities(part))
    return ActivityFile(activities, records, damage)


def _read_parts(data: bytes, parts: list[_Part]) -> str | None:
    """Fill ``parts`` as far as the bytes can be read; say what stopped it."""
    damage = None
    begin = count = size = 0
    reader = fitdecode.FitReader(
        data,
        processor=None,
        check_crc=fitdecode.CrcCheck.DISABLED,
        error_handling=fitdecode.ErrorHandling.IGNORE,
    )
    with reader:
        try:
            for frame in cast(Iterator[Any], reader):
                if isinstance(frame, fitdecode.FitHeader):
                    parts.append(_Part())
                    size = frame.header_size + frame.body_size
                elif isinstance(frame, fitdecode.FitCRC):
                    if _crc16(data[begin : begin + size]) != frame.crc:
                        damage = "its checksum does not match its content"
                    begin += size + 2
                elif frame.frame_type == fitdecode.FIT_FRAME_DATA:
                    count += 1
                    if count > MAX_MESSAGES:
                        return f"it holds more than {MAX_MESSAGES} messages, far more than a watch writes"
                    _take(frame, parts[-1])
        except fitdecode.FitEOFError:
            return "it breaks off before its end"
        except _FAILURES:
            return "its data is damaged, or its end is missing"
    return damage


def _crc16(data: bytes) -> int:
    """CRC-16 as of the FIT protocol (section 3.3.2)."""
    crc, table = 0, _CRC_TABLE
    for byte in data:
        crc = crc >> 8 ^ table[(crc ^ byte) & 0xFF]
    return crc


def _take(frame: Any, part: _Part) -> None:
    kind = frame.name
    if kind == "record":
        part.records.append(_record(frame, part))
        return
    if kind not in ("session", "device_info", "file_id", "sport", "activity"):
        return
    said = {f.name: f.value for f in frame.fields if f.value is not None}
    if kind == "session":
        part.sessions.append(said)
    elif kind == "device_info":
        part.devices.append(said)
    elif kind == "file_id":
        part.file_id = said
    elif kind == "sport":
        part.sport = said.get("sport")
    elif "local_timestamp" in said and "timestamp" in said:
        # Watches that do not know their zone write the same time twice.
        offset_s = round((said["local_timestamp"] - said["timestamp"]) / 900) * 900
        part.utc_offset_s = offset_s if offset_s and abs(offset_s) <= 14 * 3600 else None


def _record(frame: Any, part: _Part) -> tuple[float | None, dict[str, float]]:
    said: dict[str, float] = {}
    own: dict[str, tuple[float, Sensor]] = {}
    time: float | None = None
    for one in frame.fields:
        value = one.value
        if value is None or isinstance(value, (str, bytes, tuple)):
            continue
        if one.field_def is not None and one.field_def.is_dev:
            if found := developer_channel(one, value):
                own[found[0]] = found[1:]
        elif one.def_num == 253:
            time = float(value)
        elif (target := CHANNEL_OF.get(one.name)) is not None:
            said.setdefault(target[0], float(value) * target[1])
    for name, (value, sensor) in own.items():
        if name in said:
            part.twice = True
        else:
            said[name] = value
            part.developer_sensors[name] = sensor
    return time, said


def _activities(part: _Part) -> Iterator[Activity]:
    timed = [(time, said) for time, said in part.records if time is not None]
    if not timed:
        return
    flags: list[str] = []
    if len(timed) < len(part.records):
        flags.append("no_time")
    timed, more = in_order(timed)
    flags += more
    times = np.array([time for time, _ in timed])
    if times[0] < DEVICE_TIME_S:
        flags.append("clock_not_set")
    if part.twice:
        flags.append("second_sensor")
    sessions = sorted(
        (s for s in part.sessions if isinstance(s.get("start_time"), (int, float))), key=lambda s: s["start_time"]
    )
    begins = [s["start_time"] for s in sessions[1:]]
    edges = [0, *np.searchsorted(times, begins).tolist(), len(times)]
    for i, (low, high) in enumerate(pairwise(edges)):
        if high > low:
            yield _activity(part, sessions[i] if sessions else {}, timed[low:high], tuple(flags))


def _activity(
    part: _Part, session: dict[str, Any], timed: list[tuple[float, dict[str, float]]], flags: tuple[str, ...]
) -> Activity:
    sport = session.get("sport") or part.sport or "unknown"
    sport = sport if isinstance(sport, str) else "unknown"
    times, values = columns_of(timed)
    start_s = min(float(session.get("start_time", times[0])), times[0])
    if times[0] - start_s > 86_400:
        start_s = times[0]
    fractional = values.pop("fractional_cadence", None)
    known, device = sensors(part.devices, part.file_id)
    if "cadence" in values:
        if sport in ON_FOOT or sport == "unknown":
            values["cadence"], more = cadence_from_strides(values["cadence"], fractional)
            flags += more
        else:
            del values["cadence"]
    dynamics = known["vertical_oscillation"]
    if "vertical_oscillation" in values and dynamics.position == "unknown" and not part.developer_sensors:
        flags += ("sensor_unknown",)
    channels = {n: (v, part.developer_sensors.get(n, known[n])) for n, v in values.items()}
    strides = session.get("total_strides")
    return make_activity(
        EPOCH + timedelta(seconds=start_s),
        times - start_s,
        channels,
        sport=sport,
        device=device,
        utc_offset_s=part.utc_offset_s,
        timer_s=session.get("total_timer_time"),
        distance_m=session.get("total_distance"),
        total_steps=2 * int(strides) if strides and sport in ON_FOOT else None,
        records=len(timed),
        flags=flags,
    )
