"""A camera that moves is taken out of the numbers, or the frames are left out."""

from __future__ import annotations

import numpy as np
import pytest
from gait_kit import changed, clean, measured_noisy, noisy

from runfree.core.errors import MotionError
from runfree.core.motion import Motion, as_motion, mirrored
from runfree.gait import measure


def shaken(motion: Motion, camera: np.ndarray) -> Motion:
    """What a camera that moves like this would have filmed."""
    position = motion["position"].to_numpy().astype(float)
    hips = position[:, [i for i, k in enumerate(motion["keypoint"].to_numpy()) if "hip" in str(k)]].mean(axis=1)
    angle = np.radians(camera[:, 2])[:, None]
    x, y = np.moveaxis(position - hips[:, None], 2, 0)
    turned = np.stack([np.cos(angle) * x - np.sin(angle) * y, np.sin(angle) * x + np.cos(angle) * y], axis=2)
    out = changed(motion, position=turned + (hips + camera[:, :2])[:, None])
    out["camera"] = ("time", "move"), camera
    return as_motion(out)


def a_hand(time: np.ndarray, pan_px_s: float = 0.0) -> np.ndarray:
    """At the rhythm of the steps, where it harms most."""
    up = 12 * np.sin(2 * np.pi * 2.83 * time) + 6 * np.sin(2 * np.pi * 1.42 * time + 1)
    return np.column_stack([9 * np.cos(2 * np.pi * 2.83 * time) + pan_px_s * time, up, 0.8 * np.sin(9 * time)])


@pytest.mark.parametrize("scene", ["side_run", "front_run", "side_walk"])
def test_a_trembling_hand_changes_no_number(scene: str) -> None:
    motion = noisy(scene).motion
    whole = {(e.metric, e.side): e for e in measured_noisy(scene).estimates}
    seen = measure(
        shaken(motion, a_hand(motion["time"].to_numpy())),
        height_m=1.75,
        speed_mps=clean(scene).gait.speed_mps,
    )
    assert "camera_moved" in seen.flags
    assert {(e.metric, e.side) for e in seen.estimates} == set(whole)
    for e in seen.estimates:
        one = whole[e.metric, e.side]
        assert abs(e.value - one.value) <= 0.12 * (one.high - one.low), e


def test_a_pan_over_a_treadmill_is_no_pass() -> None:
    motion = noisy("side_run").motion
    camera = a_hand(motion["time"].to_numpy(), pan_px_s=-90.0)
    assert measure(shaken(motion, camera), height_m=1.75).travel == "treadmill"


def test_frames_whose_camera_is_unknown_are_left_out() -> None:
    motion = noisy("side_run").motion
    camera = a_hand(motion["time"].to_numpy())
    camera[170:174] = np.nan
    parted = measure(shaken(motion, camera), height_m=1.75)
    assert {"camera_lost", "passes"} <= set(parted.flags)
    camera[:] = np.nan
    nothing = measure(shaken(motion, camera), height_m=1.75)
    assert nothing.gait == "nobody"
    assert "background" in nothing.not_assessable[0].reason


def test_a_mirrored_film_has_a_mirrored_camera() -> None:
    motion = noisy("side_run").motion
    film = shaken(motion, a_hand(motion["time"].to_numpy()))
    one, other = (measure(m, height_m=1.75) for m in (film, mirrored(film)))
    found = {(e.metric, e.side): e.value for e in one.estimates}
    swap = {"left": "right", "right": "left", "both": "both"}
    for e in other.estimates:
        assert e.value == pytest.approx(found[e.metric, swap[e.side]], rel=0.02, abs=0.5)


def test_a_camera_of_another_shape_is_refused() -> None:
    motion = noisy("side_run").motion
    with pytest.raises(MotionError, match="camera"):
        as_motion(motion.assign(camera=("time", np.zeros(motion.sizes["time"]))))
