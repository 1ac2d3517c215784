"""Apple Health's export.xml: running workouts with their running dynamics, streamed."""

from __future__ import annotations

from array import array
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import IO, Any
from xml.sax.xmlreader import AttributesImpl

import numpy as np
from numpy.typing import NDArray

from runfree.core.activity import Activity, ActivityFile, Sensor, make_activity
from runfree.core.errors import ActivityError
from runfree.io.track import number
from runfree.io.xml_stream import read_elements

ROOT = "HealthData"
MAX_SAMPLES = 4_000_000
_PREFIX = "HKQuantityTypeIdentifier"
_CHANNEL = {
    f"{_PREFIX}RunningVerticalOscillation": (
        "vertical_oscillation",
        {"cm": 1.0, "mm": 0.1, "m": 100.0, "in": 2.54},
    ),
    f"{_PREFIX}RunningGroundContactTime": ("contact_time", {"ms": 1.0, "s": 1000.0}),
    # Apple's "stride" is one step.
    f"{_PREFIX}RunningStrideLength": ("step_length", {"m": 100.0, "cm": 1.0, "mm": 0.1, "ft": 30.48, "in": 2.54}),
    f"{_PREFIX}RunningPower": ("power", {"W": 1.0}),
    f"{_PREFIX}RunningSpeed": ("speed", {"m/s": 1.0, "km/hr": 1 / 3.6, "mi/hr": 0.44704, "ft/s": 0.3048}),
    f"{_PREFIX}StepCount": ("steps", {"count": 1.0}),
}
_SPORTS = {"Running": "running", "Walking": "walking", "Hiking": "walking"}
_TIME = {"s": 1.0, "min": 60.0, "hr": 3600.0}
_LENGTH = {"m": 1.0, "km": 1000.0, "mi": 1609.344, "ft": 0.3048, "yd": 0.9144}


@dataclass
class _Samples:
    """One quantity over all years, packed: 18 bytes a sample."""

    start: array[float] = field(default_factory=lambda: array("d"))
    length: array[float] = field(default_factory=lambda: array("f"))
    value: array[float] = field(default_factory=lambda: array("f"))
    source: array[int] = field(default_factory=lambda: array("H"))


class _Health:
    """State while the elements go by."""

    def __init__(self) -> None:
        self.samples: dict[str, _Samples] = {name: _Samples() for name, _ in _CHANNEL.values()}
        self.sources: dict[str, int] = {}
        self.workouts: list[dict[str, Any]] = []
        self.open: dict[str, Any] | None = None
        self.count = 0
        self.is_health = False
        self.too_many = False
        self._parsed: tuple[str, datetime] = ("", datetime.fromtimestamp(0, UTC))

    def start(self, tag: str, attrs: AttributesImpl) -> None:
        if tag == "Record":
            known = _CHANNEL.get(attrs.get("type", ""))
            if known is not None:
                self._sample(known, attrs)
        elif tag == "Workout":
            self.open = dict(attrs)
        elif tag == "WorkoutStatistics" and self.open is not None:
            self.open.setdefault("statistics", {})[attrs.get("type", "")] = dict(attrs)
        elif tag == ROOT:
            self.is_health = True

    def end(self, tag: str, text: str) -> None:
        if tag == "Workout" and self.open is not None:
            sport = self.open.get("workoutActivityType", "").removeprefix("HKWorkoutActivityType")
            if sport in _SPORTS:
                self.workouts.append(self.open | {"sport": _SPORTS[sport]})
            self.open = None

    def _moment(self, text: str) -> datetime:
        """The time of ``2022-03-20 08:51:56 -0400``; a record's two times are often the same text."""
        if text != self._parsed[0]:
            self._parsed = (text, datetime.strptime(text, "%Y-%m-%d %H:%M:%S %z"))
        return self._parsed[1]

    def _sample(self, known: tuple[str, dict[str, float]], attrs: AttributesImpl) -> None:
        name, scales = known
        value, scale = number(attrs.get("value", "")), scales.get(attrs.get("unit", ""))
        if value is None or scale is None:
            return
        if self.count >= MAX_SAMPLES:
            self.too_many = True
            return
        try:
            start = self._moment(attrs.get("startDate", "")).timestamp()
            length = self._moment(attrs.get("endDate", "")).timestamp() - start
        except ValueError:
            return
        self.count += 1
        into = self.samples[name]
        into.start.append(start)
        into.length.append(length)
        into.value.append(value * scale)
        into.source.append(self.sources.setdefault(attrs.get("sourceName", ""), min(len(self.sources), 65_535)))


def read_apple_health(file: IO[bytes], name: str) -> ActivityFile:
    """Read the running and walking workouts of an ``export.xml`` of any size; memory grows with its runs only.

    Samples hold from their start to their end. Where several devices wrote the same quantity during a workout, only the one
    with most samples counts. Cadence follows from speed and step length; steps from the step counter of the same device.

    Raises
    ------
    ActivityError
        If it is no Apple Health export, or declares entities.
    """
    state = _Health()
    damage = read_elements(file, name, state.start, state.end, keep_text=False)
    if not state.is_health:
        raise ActivityError(
            name, damage or "it is not an Apple Health export", "Export it from the Health app again."
        )
    if state.too_many:
        damage = f"it holds more than {MAX_SAMPLES} running samples; the rest was left out"
    columns = {
        key: (np.array(s.start), np.array(s.length), np.array(s.value, dtype=np.float64), np.array(s.source))
        for key, s in state.samples.items()
    }
    names = list(state.sources)
    activities = [a for w in state.workouts if (a := _workout(w, columns, names)) is not None]
    return ActivityFile(tuple(activities), sum(a.attrs["records"] for a in activities), damage)


def _workout(
    said: dict[str, Any], columns: dict[str, tuple[NDArray[Any], ...]], sources: list[str]
) -> Activity | None:
    try:
        begin = datetime.strptime(said["startDate"], "%Y-%m-%d %H:%M:%S %z")
        end = datetime.strptime(said["endDate"], "%Y-%m-%d %H:%M:%S %z")
    except (KeyError, ValueError):
        return None
    low, high = begin.timestamp(), end.timestamp()
    parts = {name: _during(column, low, high) for name, column in columns.items()}
    parts = {name: part for name, part in parts.items() if part is not None}
    steps = parts.pop("steps", None)
    times = np.unique(np.concatenate([[low, max(high, low + 1)], *(part[0] for part in parts.values())])) - low
    values = {name: _held(times + low, part) for name, part in parts.items()}
    device = str(said.get("sourceName", ""))[:80]
    named = {name: (values[name], Sensor(sources[part[3]], "wrist")) for name, part in parts.items()}
    flags: tuple[str, ...] = ()
    if "speed" in values and "step_length" in values:
        with np.errstate(divide="ignore", invalid="ignore"):
            cadence = 60 * values["speed"] / (values["step_length"] / 100)
        named["cadence"] = (np.where(np.isfinite(cadence), cadence, np.nan), named["step_length"][1])
        flags = ("cadence_from_speed",)
    offset = begin.utcoffset()
    return make_activity(
        begin.astimezone(UTC),
        times,
        named,
        sport=said["sport"],
        device=device,
        utc_offset_s=None if offset is None else int(offset.total_seconds()),
        timer_s=_quantity(said, "duration", _TIME) or high - low,
        distance_m=_distance_m(said),
        total_steps=None if steps is None else round(float(steps[2].sum())),
        records=sum(len(part[0]) for part in parts.values()),
        flags=flags,
    )


def _during(column: tuple[NDArray[Any], ...], low: float, high: float) -> tuple[Any, Any, Any, int] | None:
    """Start, length and value of the samples of one device within a workout, and which device; None without any."""
    start, length, value, source = column
    inside = (start >= low) & (start < high)
    if not inside.any():
        return None
    device = int(np.bincount(source[inside]).argmax())
    mine = np.flatnonzero(inside & (source == device))
    mine = mine[np.argsort(start[mine], kind="stable")]
    return start[mine], length[mine], value[mine], device


def _held(times: NDArray[np.float64], part: tuple[Any, Any, Any, int]) -> NDArray[np.float64]:
    """The sample that holds at each time, NaN between samples."""
    start, length, value, _ = part
    at = np.searchsorted(start, times, side="right") - 1
    held = (at >= 0) & (times <= start[at] + np.maximum(length[at], 1.0))
    return np.where(held, value[at], np.nan)


def _quantity(said: dict[str, Any], name: str, scales: dict[str, float]) -> float | None:
    value, scale = number(str(said.get(name, ""))), scales.get(str(said.get(f"{name}Unit", "")))
    return None if value is None or scale is None else value * scale


def _distance_m(said: dict[str, Any]) -> float | None:
    if (whole := _quantity(said, "totalDistance", _LENGTH)) is not None:
        return whole
    told = said.get("statistics", {}).get(f"{_PREFIX}DistanceWalkingRunning", {})
    value, scale = number(told.get("sum", "")), _LENGTH.get(told.get("unit", ""))
    return None if value is None or scale is None else value * scale
