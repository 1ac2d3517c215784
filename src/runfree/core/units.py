"""Lengths and speeds as people write them, turned into SI."""

from __future__ import annotations

import re

from runfree.core.errors import InputError

HEIGHT_RANGE_M = (1.0, 2.3)
SPEED_RANGE_MPS = (0.5, 12.5)

_NUMBER = r"(\d+(?:[.,]\d+)?)"
_FEET = re.compile(rf"^{_NUMBER}\s*(?:ft|feet|foot|')\s*(?:{_NUMBER}\s*(?:in|inch|inches|\"|'')?)?$")
_METRIC = re.compile(rf"^{_NUMBER}\s*(cm|m)?$")
_SPEED = re.compile(rf"^{_NUMBER}\s*(km/?h|kph|m/?s|mps|mph|mi/h)$")
_PACE = re.compile(r"^(\d{1,2}):([0-5]\d)\s*(?:min)?\s*/?\s*(km|mi)$")
_TO_MPS = {"kmh": 1 / 3.6, "kph": 1 / 3.6, "ms": 1.0, "mps": 1.0, "mph": 0.44704, "mih": 0.44704}
_MILE_M = 1609.344


def _number(text: str) -> float:
    return float(text.replace(",", "."))


def parse_height(text: str) -> float:
    """Body height in metres.

    Parameters
    ----------
    text : str
        ``178``, ``178cm``, ``178 cm``, ``1.78``, ``1.78m``, ``5ft10`` or ``5'10"``.

    Raises
    ------
    InputError
        If the text is not a height, or not one of a person (1.0 to 2.3 m).
    """
    clean = text.strip().lower()
    if match := _FEET.match(clean):
        height_m = 0.3048 * _number(match[1]) + 0.0254 * _number(match[2] or "0")
    elif match := _METRIC.match(clean):
        value = _number(match[1])
        in_cm = match[2] == "cm" or (match[2] is None and value > 3)
        height_m = value / 100 if in_cm else value
    else:
        raise InputError(f"Height {text!r}", "it is not a length", "Write it as 178cm, 1.78m or 5ft10.")
    low, high = HEIGHT_RANGE_M
    if not low <= height_m <= high:
        raise InputError(
            f"Height {text!r}",
            f"{height_m:.2f} m is not a runner's height ({low} to {high} m)",
            "Check the unit: 178cm, 1.78m or 5ft10.",
        )
    return height_m


def parse_speed(text: str) -> float:
    """Running speed in metres per second.

    Parameters
    ----------
    text : str
        ``10.5kmh``, ``10.5 km/h``, ``2.9m/s``, ``6.5mph`` or a pace such as ``5:40/km`` or ``9:10/mi``.

    Raises
    ------
    InputError
        If the text is not a speed with a unit, or outside 0.5 to 12.5 m/s.
    """
    clean = text.strip().lower()
    if match := _PACE.match(clean):
        seconds = 60 * int(match[1]) + int(match[2])
        speed_mps = (1000 if match[3] == "km" else _MILE_M) / seconds if seconds else 0.0
    elif match := _SPEED.match(clean):
        speed_mps = _number(match[1]) * _TO_MPS[match[2].replace("/", "")]
    else:
        raise InputError(
            f"Speed {text!r}",
            "it needs a number and a unit",
            "Write it as 10.5kmh, 2.9m/s, 6.5mph or 5:40/km.",
        )
    low, high = SPEED_RANGE_MPS
    if not low <= speed_mps <= high:
        raise InputError(
            f"Speed {text!r}",
            f"{speed_mps:.1f} m/s is outside what a person runs or walks ({low} to {high} m/s)",
            "Check the unit: 10.5kmh, 2.9m/s, 6.5mph or 5:40/km.",
        )
    return speed_mps
