"""What was taken for granted or corrected in one film, in sentences for its report."""

from __future__ import annotations

import numpy as np

from runfree.core.motion import Motion


def notes(motion: Motion) -> tuple[str, ...]:
    """Say what the numbers of this film rest on."""
    return tuple(_slow_motion(motion))


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
