"""A network that knows big and small toe: the second toe between them, and intervals for errors nobody has measured."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from gait_kit import CLEAN, by_id, half_width, measured, truth

from runfree.core.flags import FLAGS
from runfree.core.motion import FOREFOOT, KEYPOINTS, Motion, make_motion
from runfree.gait.accuracy import ACCURACY, accuracy_for
from runfree.testing import scenes
from runfree.testing.film import Synthetic
from runfree.testing.foot import BIG_TOE, SMALL_TOE
from runfree.testing.runner import Gait

NAMES = KEYPOINTS + FOREFOOT
FRONT = tuple((metric, side) for metric in ("foot_progression", "knee_over_toe") for side in ("left", "right"))


def filmed(**film) -> Synthetic:
    """A run from the front whose feet differ, said to come from a network whose error was not measured."""
    gait = Gait(
        foot_progression_left_deg=3.0,
        foot_progression_right_deg=16.0,
        knee_projection_left_deg=4.0,
        knee_projection_right_deg=-2.0,
    )
    made = scenes.front_run(gait, **{**CLEAN, "forefoot": True, **film})
    made.motion.attrs["backend"] = "rtmpose tiny"
    return made


def with_second_toe_at(film: Synthetic, share: float) -> Synthetic:
    """The same film with the small toe moved so that the second toe is at another share of the way to it."""
    position = film.motion["position"].to_numpy().copy()
    for side in ("left", "right"):
        big, small = (NAMES.index(f"{side}_{which}_toe") for which in ("big", "small"))
        wider = -BIG_TOE[1] / (SMALL_TOE[1] - BIG_TOE[1]) / share
        position[:, small, 0] = position[:, big, 0] + wider * (position[:, small, 0] - position[:, big, 0])
    return replace(film, motion=with_position(film, position))


def with_position(film: Synthetic, position: np.ndarray) -> Motion:
    motion = make_motion(
        film.motion["time"].to_numpy(),
        position,
        film.motion["confidence"].to_numpy(),
        NAMES,
        width_px=film.motion.attrs["width_px"],
        height_px=film.motion.attrs["height_px"],
    )
    motion.attrs["backend"] = "rtmpose tiny"
    return motion


@pytest.mark.parametrize(("metric", "side"), FRONT)
def test_the_second_toe_lies_between_the_outer_ones(metric, side) -> None:
    film = filmed()
    assert by_id(measured(film))[metric, side].value == pytest.approx(truth(film, metric, side), abs=1.6)


def test_the_big_toe_alone_would_turn_the_foot_in() -> None:
    film = filmed()
    without = make_motion(
        film.motion["time"].to_numpy(),
        film.motion["position"].to_numpy()[:, : len(KEYPOINTS)],
        film.motion["confidence"].to_numpy()[:, : len(KEYPOINTS)],
        KEYPOINTS,
        width_px=1280,
        height_px=720,
    )
    without.attrs["backend"] = "rtmpose tiny"
    one, both = by_id(measured(film, motion=without)), by_id(measured(film))
    for side in ("left", "right"):
        assert both["foot_progression", side].value - one["foot_progression", side].value > 3.5


@pytest.mark.parametrize("share", [0.22, 0.36])
def test_feet_of_other_shape_stay_within_the_interval(share) -> None:
    film = with_second_toe_at(filmed(noise_px=1.5, drift_px=2.0, seed=4), share)
    found = by_id(measured(film))
    for metric, side in FRONT:
        assert found[metric, side].low < truth(film, metric, side) < found[metric, side].high


def test_toes_the_wrong_way_round_are_not_read() -> None:
    film = filmed()
    position = film.motion["position"].to_numpy().copy()
    big, small = (NAMES.index(f"left_{which}_toe") for which in ("big", "small"))
    early = film.motion["time"].to_numpy() < 2
    position[np.ix_(early, [big, small])] = position[np.ix_(early, [small, big])]
    mixed, right = by_id(measured(film, motion=with_position(film, position))), by_id(measured(film))
    assert mixed["foot_progression", "left"].value == pytest.approx(
        right["foot_progression", "left"].value, abs=0.3
    )
    assert mixed["foot_progression", "left"].n < right["foot_progression", "left"].n
    position[:, [big, small]] = film.motion["position"].to_numpy()[:, [small, big]]
    nothing = measured(film, motion=with_position(film, position))
    assert ("foot_progression", "left") in {(m.metric, m.side) for m in nothing.not_assessable}


def test_a_network_nobody_measured_is_not_corrected_is_wider_and_says_so() -> None:
    film = filmed(noise_px=1.5, drift_px=2.0)
    unproven = measured(film)
    film.motion.attrs["backend"] = "blazepose 1"
    proven = measured(film)
    assert "network_unproven" in unproven.flags
    assert "network_unproven" not in proven.flags
    assert FLAGS["network_unproven"]
    known, unknown = by_id(proven), by_id(unproven)
    assert set(known) == set(unknown)
    for key, estimate in known.items():
        assert half_width(unknown[key]) >= half_width(estimate) - 1e-9, key


def test_every_correction_left_out_is_inside_the_interval() -> None:
    for key, accuracy in accuracy_for("rtmpose 26f3a19e").items():
        known = ACCURACY[key]
        assert (accuracy.offset, accuracy.gain) == (0.0, 1.0)
        for reading in (-5.0, 0.0, 5.0) if known.gain != 1 else (1.0,):
            assert abs(reading * known.gain + known.offset - reading) < 1.5 * accuracy.half_95
    assert accuracy_for("blazepose 0.10.21") is ACCURACY
    assert accuracy_for("") is ACCURACY
