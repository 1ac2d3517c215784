from __future__ import annotations

import numpy as np
import pytest

from runfree.core.motion import Motion, make_motion
from runfree.gait.body import body_of
from runfree.gait.second_look import straightened
from runfree.gait.steady import steady_part
from runfree.testing import scenes


def looked_twice(motion: Motion, error_px: np.ndarray, looked: np.ndarray) -> Motion:
    """The first look errs by so much on the left knee, the mirrored one by as much the other way."""
    names = tuple(str(k) for k in motion["keypoint"].to_numpy())
    first = motion["position"].to_numpy().copy()
    second = np.full_like(first, np.nan)
    second[looked] = first[looked]
    knee = names.index("left_knee")
    first[:, knee, 0] += error_px
    second[:, knee, 0] -= error_px
    size = {side: motion.attrs[side] for side in ("width_px", "height_px")}
    return make_motion(
        motion["time"].to_numpy(), first, motion["confidence"].to_numpy(), names, **size, second_look_px=second
    )


def knee_error(motion: Motion, true: Motion) -> tuple[float, float]:
    """Root mean square error of the left knee before and after, px."""
    body = body_of(motion)
    clean = body_of(true)
    assert body is not None
    assert clean is not None
    steady = steady_part(body)
    assert steady is not None
    after = straightened(*steady)
    apart = [np.sqrt(np.mean((b.at["left_knee"] - clean.at["left_knee"]) ** 2)) for b in (body, after)]
    return float(apart[0]), float(apart[1])


@pytest.mark.parametrize("scene", ["front_run", "side_run"])
def test_an_error_that_turns_with_the_mirror_is_taken_out_though_few_frames_were_looked_at_twice(
    scene: str,
) -> None:
    true = getattr(scenes, scene)(noise_px=0.0, drift_px=0.0).motion
    time = true["time"].to_numpy()
    body = body_of(true)
    assert body is not None
    _, stride = steady_part(body) or pytest.fail("no rhythm")
    looked = np.zeros(len(time), dtype=bool)
    for start in (20, 110, 200, 290):
        looked[start : start + 36] = True
    error = 8.0 * np.sin(2 * np.pi * stride.phase) + 4.0
    before, after = knee_error(looked_twice(true, error, looked), true)
    assert before > 4
    assert after < 0.15 * before


def test_looks_that_disagree_wildly_and_films_without_a_second_look_change_nothing() -> None:
    true = scenes.front_run().motion
    none = np.zeros(true.sizes["time"], dtype=bool)
    everywhere = ~none
    wild = np.full(true.sizes["time"], 200.0)
    for motion in (looked_twice(true, np.zeros(len(none)), none), looked_twice(true, wild, everywhere)):
        body = body_of(motion)
        assert body is not None
        steady = steady_part(body)
        if steady is not None:
            assert straightened(*steady) is steady[0]
