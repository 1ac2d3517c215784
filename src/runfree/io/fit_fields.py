"""What FIT's fields mean: units, sensors, and the traps of each maker."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import Any

import numpy as np
from numpy.typing import NDArray

from runfree.core.activity import Sensor

CHANNEL_OF: dict[str, tuple[str, float]] = {
    "enhanced_speed": ("speed", 1.0),
    "speed": ("speed", 1.0),
    "distance": ("distance", 1.0),
    "enhanced_altitude": ("altitude", 1.0),
    "altitude": ("altitude", 1.0),
    "heart_rate": ("heart_rate", 1.0),
    "cadence": ("cadence", 1.0),
    "fractional_cadence": ("fractional_cadence", 1.0),
    "vertical_oscillation": ("vertical_oscillation", 0.1),
    "stance_time": ("contact_time", 1.0),
    "step_length": ("step_length", 0.1),
    "vertical_ratio": ("vertical_ratio", 1.0),
    "stance_time_balance": ("balance_left", 1.0),
    "power": ("power", 1.0),
}
"""FIT record field → channel, and what its value is multiplied by (mm → cm)."""

_NATIVE = {39: "vertical_oscillation", 41: "contact_time", 83: "vertical_ratio", 84: "balance_left", 85: "step_length", 7: "power"}  # fmt: skip
_DEVELOPER = {
    "ground time": "contact_time",
    "ground contact time": "contact_time",
    "stance time": "contact_time",
    "vertical oscillation": "vertical_oscillation",
    "vertical ratio": "vertical_ratio",
    "step length": "step_length",
    "power": "power",
    "leg spring stiffness": "leg_stiffness",
}
_SCALES = {
    "vertical_oscillation": {
        "mm": 0.1,
        "millimeters": 0.1,
        "cm": 1.0,
        "centimeters": 1.0,
        "m": 100.0,
        "meters": 100.0,
    },
    "step_length": {"mm": 0.1, "millimeters": 0.1, "cm": 1.0, "centimeters": 1.0, "m": 100.0, "meters": 100.0},
    "contact_time": {"ms": 1.0, "milliseconds": 1.0, "s": 1000.0, "seconds": 1000.0},
    "vertical_ratio": {"%": 1.0, "percent": 1.0},
    "balance_left": {"%": 1.0, "percent": 1.0},
    "power": {"w": 1.0, "watts": 1.0},
    "leg_stiffness": {"kn/m": 1.0},
}
_STRYD = "660a581e5301460c8f8b034c"
_STRYD_FIELDS = ("form power", "leg spring stiffness")
_CHEST = re.compile(r"hrm.?.?(run|tri|pro|fit|600|200)")
_WRIST = frozenset({"coros", "suunto", "polar_electro", "apple", "huawei", "amazfit", "zepp"})
_FOOT_POD = (124, "stride_speed_distance")
_DYNAMICS = ("vertical_oscillation", "contact_time", "step_length", "vertical_ratio", "balance_left")
_STEPS_FROM = 130.0
"""Nobody takes this many strides a minute: such a file counts steps."""
_HALVES = 0.1
"""A watch that writes half strides does so in half of its records; one that mostly does not, in almost none."""


def developer_channel(one: Any, value: float) -> tuple[str, float, Sensor] | None:
    """Return channel, value in its unit and sensor of a developer field; None if it is none of ours."""
    said = one.field
    label = str(one.name or "").replace("_", " ").lower()
    name = _DEVELOPER.get(label) or _NATIVE.get(getattr(said, "native_field_num", -1))
    if name is None:
        return None
    scale = _SCALES[name].get(str(one.units or "").lower())
    if scale is None:
        return None
    # Stryd's fields are known by their names: other makers use neither.
    known = label in (*_STRYD_FIELDS, "ground time", "power", "vertical oscillation")
    return name, float(value) * scale, Sensor("stryd", "foot") if known else Sensor("developer field")


def cadence_from_strides(
    strides: NDArray[np.float64], fractional: NDArray[np.float64] | None
) -> tuple[NDArray[np.float64], tuple[str, ...]]:
    """Steps a minute of both feet from FIT's (or TCX's) strides a minute, with flags.

    Parameters
    ----------
    strides : array (T,)
        Whole strides a minute, or steps where a maker ignored the format (median over 130).
    fractional : array (T,) or None
        FIT's ``fractional_cadence``, strides a minute.
    """
    moving = strides[np.isfinite(strides) & (strides > 0)]
    if moving.size and np.median(moving) > _STEPS_FROM:
        return strides, ("cadence_as_steps",)
    part = np.zeros_like(strides) if fractional is None else np.nan_to_num(fractional)
    coarse = bool(moving.size) and np.mean(part[strides > 0] > 0) < _HALVES
    return 2 * (strides + part), ("cadence_resolution",) if coarse else ()


def sensors(devices: list[dict[str, Any]], file_id: dict[str, Any]) -> tuple[defaultdict[str, Sensor], str]:
    """Tell for each channel which sensor measured it, and name the recording device."""
    maker = str(file_id.get("manufacturer", ""))
    model = str(file_id.get("product_name") or file_id.get("garmin_product") or file_id.get("product") or "")
    device = model if model.lower().startswith(maker.lower()) else f"{maker} {model}".strip()
    where = "foot" if maker == "stryd" else "wrist"
    out: defaultdict[str, Sensor] = defaultdict(lambda: Sensor(device, where))
    moved = _dynamics_sensor(devices, maker, device)
    for name in _DYNAMICS:
        out[name] = moved
    if any(d.get("antplus_device_type", d.get("device_type")) in _FOOT_POD for d in devices):
        out["cadence"] = Sensor("foot pod", "foot")
    return out, device


def _dynamics_sensor(devices: list[dict[str, Any]], maker: str, device: str) -> Sensor:
    names = [str(d.get("garmin_product") or d.get("product_name") or "").lower() for d in devices]
    for name in names:
        if _CHEST.search(name):
            return Sensor(name, "chest")
    if "running_dynamics_pod" in names:
        return Sensor("running_dynamics_pod", "waist")
    kinds = {d.get("antplus_device_type", d.get("device_type")) for d in devices}
    if maker == "garmin" and kinds & {120, "heart_rate"}:
        return Sensor("heart-rate strap", "chest")
    if maker == "stryd":
        return Sensor(device, "foot")
    return Sensor(device, "wrist" if maker in _WRIST else "unknown")
