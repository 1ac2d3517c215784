"""The still shows a typical step that was measured and seen."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from runfree.core.analysis import Step
from runfree.core.motion import KEYPOINTS, make_motion
from runfree.report.moments import moments

from .conftest import HEIGHT, TIMES, WIDTH, measured, stick_motion


def test_a_frame_in_which_the_legs_were_taken_for_each_other_is_not_shown() -> None:
    position = stick_motion()["position"].to_numpy().copy()
    leg = [
        [KEYPOINTS.index(f"{side}_{part}") for part in ("knee", "ankle", "heel", "toe")]
        for side in ("left", "right")
    ]
    position[14, leg[0]], position[14, leg[1]] = position[14, leg[1]], position[14, leg[0]]
    position[[2, 20], KEYPOINTS.index("left_knee")] += (9, 0)
    confidence = np.full(position.shape[:2], 0.9)
    motion = make_motion(TIMES, position, confidence, KEYPOINTS, width_px=WIDTH, height_px=HEIGHT)
    steps = tuple(Step("left", float(TIMES[i])) for i in (2, 5, 8, 11, 14, 17, 20))
    (only,) = moments(motion, replace(measured("front"), steps=steps))
    assert (only.side, only.phase) == ("left", "mid-stance")
    assert only.row in (5, 8, 11, 17)


def test_steps_left_out_or_not_seen_are_never_shown() -> None:
    good = stick_motion()
    confidence = good["confidence"].to_numpy().copy()
    position = good["position"].to_numpy().copy()
    position[14, KEYPOINTS.index("left_toe")] = np.nan
    confidence[8, KEYPOINTS.index("left_knee")] = 0.1
    motion = make_motion(TIMES, position, confidence, KEYPOINTS, width_px=WIDTH, height_px=HEIGHT)
    steps = (
        Step("left", float(TIMES[2]), left_out="hidden"),
        *(Step("left", float(TIMES[i])) for i in (8, 14, 17, 20, 22)),
    )
    (only,) = moments(motion, replace(measured("front"), steps=steps, per_step=()))
    assert only.row in (17, 20, 22)


def test_a_side_film_adds_the_touch_down_of_the_near_leg() -> None:
    found = moments(stick_motion(), measured("side"))
    assert [(m.side, m.phase) for m in found] == [
        ("left", "mid-stance"),
        ("right", "mid-stance"),
        ("left", "touch-down"),
    ]
    assert found[2].row == 1


def test_without_steps_there_is_nothing_to_show() -> None:
    assert moments(stick_motion(), replace(measured("front"), steps=())) == ()
