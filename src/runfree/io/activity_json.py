"""An activity as JSON, for those that come out of a file too large to keep."""

from __future__ import annotations

import json
from datetime import datetime

import numpy as np

from runfree.core.activity import Activity, ActivityFile, Sensor, make_activity
from runfree.core.errors import ActivityError

MARK = "runfree-activity"


def activity_json(activity: Activity) -> bytes:
    """Write an activity; the same activity gives the same bytes."""
    channels = {
        str(name): dict(array.attrs)
        | {"values": [None if np.isnan(v) else round(float(v), 4) for v in array.to_numpy()]}
        for name, array in activity.data_vars.items()
    }
    whole = {
        "format": MARK,
        "version": 1,
        **activity.attrs,
        "time_s": [round(float(t), 3) for t in activity["time"].to_numpy()],
        "channels": channels,
    }
    return json.dumps(whole, sort_keys=True, allow_nan=False).encode()


def read_activity_json(data: bytes, name: str) -> ActivityFile:
    """Read an activity back.

    Raises
    ------
    ActivityError
        If it is not one.
    """
    try:
        whole = json.loads(data)
        channels = {
            key: (
                np.array([np.nan if v is None else v for v in c["values"]], dtype=float),
                Sensor(c["sensor"], c["position"]),
            )
            for key, c in whole["channels"].items()
        }
        known = {
            k: whole[k]
            for k in ("sport", "device", "utc_offset_s", "timer_s", "distance_m", "total_steps", "records")
        }
        activity = make_activity(
            datetime.fromisoformat(whole["start"]), whole["time_s"], channels, **known, flags=tuple(whole["flags"])
        )
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise ActivityError(
            name, "it is not an activity that Runfree wrote", "Import the original again."
        ) from error
    return ActivityFile((activity,), activity.attrs["records"])
