"""What was taken for granted or corrected in one film, in sentences for its report."""

from __future__ import annotations

import numpy as np

from runfree.app.film_check import TILTED_DEG, FilmCheck
from runfree.core.motion import Motion


def notes(motion: Motion, check: FilmCheck | None) -> tuple[str, ...]:
    """Say what the numbers of this film rest on, and what to change in the next."""
    return (*_slow_motion(motion), *_tilt(motion), *_others(motion, check), *_next_time(check))


def _tilt(motion: Motion) -> list[str]:
    tilt_deg = motion.attrs.get("tilt_deg")
    if tilt_deg is None or abs(tilt_deg) < TILTED_DEG:
        return []
    return [f"Upright edges in the picture are turned by {abs(tilt_deg):.1f}°: the phone was not held level."]


def _others(motion: Motion, check: FilmCheck | None) -> list[str]:
    crowd = next((p for p in check.points if p.name == "alone" and p.grade != "good"), None) if check else None
    many = int(motion.attrs.get("people", 1))
    seen = crowd.seen if crowd else f"{many} people" if many > 1 else ""
    return (
        [f"Others are in this film ({seen}): check in the pictures that the right person was followed."]
        if seen
        else []
    )


def _next_time(check: FilmCheck | None) -> list[str]:
    return [f"For the next film: {check.change}"] if check is not None and check.change else []


def _slow_motion(motion: Motion) -> list[str]:
    slowmo, told = float(motion.attrs.get("slowmo", 1.0)), motion.attrs.get("slowmo_told", "")
    if slowmo == 1.0:
        return []
    captured_hz = 1 / float(np.median(np.diff(motion["time"].to_numpy())))
    source = "as you said" if told == "given" else "as its metadata say"
    return [
        f"This film plays in slow motion. It was taken as {slowmo:g} times slower than life, {source}: "
        f"{captured_hz:.0f} frames a second, shown at {captured_hz / slowmo:.0f}. All times are the runner's."
    ]
