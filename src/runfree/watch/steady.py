"""The steady running in an activity, by speed; everything else is left out with its reason."""

from __future__ import annotations

from datetime import UTC
from typing import Final

import numpy as np
from numpy.typing import NDArray

from runfree.core.activity import PAUSE_S, Activity, channel, end_of, mean_cadence, sensor_of, start_of
from runfree.core.run import Recording, Stretch

WARM_UP_S: Final = 360.0
WALKING_MPS: Final = 1.8
WALKING_SPM: Final = 140.0
STOPPED_MPS: Final = 0.5
FASTEST_MPS: Final = 8.0
HILL_PCT: Final = 3.0
SLOPE_OVER_M: Final = 60.0
SPEED_OVER_S: Final = 15.0
BIN_MPS: Final = 0.25
LEAST_S: Final = 60.0
_MEASURED = ("vertical_oscillation", "contact_time", "vertical_ratio", "step_length", "balance_left")


def recording_of(activity: Activity) -> Recording:
    """Sum up an activity: whole numbers, and means of the middle half over its steady running at each speed.

    Left out with their reason: the first six minutes (warm-up), stops, walking (slower than 1.8 m/s, or fewer than 140
    steps a minute), slopes over 3 % (over 60 m, where the height is known), and seconds without a speed. Speed is
    averaged over 15 s and put into bins of 0.25 m/s; a bin needs 60 s. The limits are a judgement.
    """
    start, end = start_of(activity).astimezone(UTC), end_of(activity).astimezone(UTC)
    speed, seconds, reason = _sorted_out(activity)
    left_out = {str(r): float(seconds[reason == r].sum()) for r in np.unique(reason) if r}
    attrs = activity.attrs
    distance_m, flags = attrs["distance_m"], attrs["flags"]
    if distance_m is not None and not 0 <= distance_m <= FASTEST_MPS * max(
        attrs["timer_s"], (end - start).total_seconds()
    ):
        distance_m, flags = None, (*flags, "distance_unlikely")
    return Recording(
        start=start,
        end=end,
        utc_offset_s=attrs["utc_offset_s"],
        device=attrs["device"],
        timer_s=attrs["timer_s"],
        distance_m=distance_m,
        cadence_spm=mean_cadence(activity),
        records=attrs["records"],
        flags=flags,
        left_out={r: round(s, 1) for r, s in left_out.items() if s > 0},
        stretches=_stretches(activity, speed, seconds, reason == ""),
    )


def _sorted_out(activity: Activity) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.str_]]:
    """Speed, seconds each record stands for, and why it is left out ("" where it is not)."""
    time = activity["time"].to_numpy()
    gaps = np.diff(time, append=time[-1] + 1)
    seconds = np.where(gaps <= PAUSE_S, gaps, 1.0)
    speed = _smooth(time, channel(activity, "speed"))
    cadence = channel(activity, "cadence")
    slope = _slope_pct(channel(activity, "distance"), channel(activity, "altitude"))
    reason = np.select(
        [
            ~np.isfinite(speed),
            speed < STOPPED_MPS,
            (speed < WALKING_MPS) | (cadence < WALKING_SPM),
            speed > FASTEST_MPS,
            np.cumsum(seconds) <= WARM_UP_S,
            np.abs(slope) > HILL_PCT,
        ],
        ["speed unknown", "stopped", "walking", "faster than a run", "warm-up", "hill"],
        default="",
    )
    return speed, seconds, reason


def _smooth(time: NDArray[np.float64], values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Mean over the 15 s around each record."""
    known = np.isfinite(values)
    total = np.concatenate([[0.0], np.cumsum(np.where(known, values, 0.0))])
    count = np.concatenate([[0], np.cumsum(known)])
    low = np.searchsorted(time, time - SPEED_OVER_S / 2, side="left")
    high = np.searchsorted(time, time + SPEED_OVER_S / 2, side="right")
    n = count[high] - count[low]
    return np.where(known & (n > 0), (total[high] - total[low]) / np.maximum(n, 1), np.nan)


def _slope_pct(distance_m: NDArray[np.float64], altitude_m: NDArray[np.float64]) -> NDArray[np.float64]:
    """Rise over run across the 60 m around each record; 0 where height or distance are not known."""
    out = np.zeros(len(distance_m))
    known = np.flatnonzero(np.isfinite(distance_m) & np.isfinite(altitude_m))
    if known.size < 2:
        return out
    along, up = np.maximum.accumulate(distance_m[known]), altitude_m[known]
    low = np.searchsorted(along, along - SLOPE_OVER_M / 2, side="left")
    high = np.searchsorted(along, along + SLOPE_OVER_M / 2, side="right") - 1
    far = along[high] - along[low]
    enough = far > SLOPE_OVER_M / 2
    out[known[enough]] = 100 * (up[high] - up[low])[enough] / far[enough]
    return out


def _stretches(
    activity: Activity, speed: NDArray[np.float64], seconds: NDArray[np.float64], kept: NDArray[np.bool_]
) -> tuple[Stretch, ...]:
    measured = {name: channel(activity, name) for name in ("cadence", *_MEASURED)}
    source = next((n for n in _MEASURED if n in activity), "cadence" if "cadence" in activity else "speed")
    if source not in activity or not kept.any():
        return ()
    sensor = sensor_of(activity, source)
    bins = np.where(kept, np.round(np.nan_to_num(speed) / BIN_MPS), -1)
    out: list[Stretch] = []
    for one in np.unique(bins[kept]):
        inside = bins == one
        if seconds[inside].sum() < LEAST_S:
            continue
        values = {name: _middle(data[inside]) for name, data in measured.items()}
        out.append(
            Stretch(
                round(float(speed[inside].mean()), 3),
                float(seconds[inside].sum()),
                sensor.name,
                sensor.position,
                cadence_spm=values["cadence"],
                vertical_oscillation_cm=values["vertical_oscillation"],
                contact_time_ms=values["contact_time"],
                vertical_ratio_pct=values["vertical_ratio"],
                step_length_cm=values["step_length"],
                balance_left_pct=values["balance_left"],
            )
        )
    return tuple(out)


def _middle(values: NDArray[np.float64]) -> float | None:
    """Mean of the middle half (finer than the median where a watch writes whole strides); None if half is missing."""
    good = np.sort(values[np.isfinite(values) & (values > 0)])
    if 2 * good.size < values.size:
        return None
    return round(float(good[good.size // 4 : good.size - good.size // 4].mean()), 3)
