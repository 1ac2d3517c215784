"""A phone held askew: the tilt is taken out where it is sure, and what it would change is refused where it is not."""

from __future__ import annotations

import numpy as np
import pytest

from runfree.core.motion import Motion
from runfree.gait import measure
from runfree.gait.level import AGAINST_UPRIGHT
from runfree.testing.film import Synthetic
from runfree.testing.scenes import front_run, side_run


def _tilted(film: Synthetic, clockwise_deg: float, *, scene: bool = True) -> Motion:
    angle = np.radians(clockwise_deg)
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    centre = np.array([film.motion.attrs["width_px"], film.motion.attrs["height_px"]]) / 2
    motion = film.motion.copy(deep=True)
    motion["position"].to_numpy()[:] = (motion["position"].to_numpy() - centre) @ turn.T + centre
    if scene:
        motion.attrs["tilt_deg"] = clockwise_deg
    return Motion(motion)


@pytest.mark.parametrize(("film", "scene"), [(side_run(), True), (front_run(), True), (front_run(), False)])
@pytest.mark.parametrize("tilt", [-5.0, 4.0])
def test_a_tilted_film_gives_the_numbers_of_a_level_one(film: Synthetic, scene: bool, tilt: float) -> None:
    level, tilted = measure(film.motion), measure(_tilted(film, tilt, scene=scene))
    assert "camera_tilted" in tilted.flags
    now = {(e.metric, e.side): e.value for e in tilted.estimates}
    for was in level.estimates:
        assert was.low <= now[was.metric, was.side] <= was.high, was.metric


def test_edges_that_the_body_does_not_agree_with_are_not_believed() -> None:
    film = side_run()
    film.motion.attrs["tilt_deg"] = -7.0
    refused = {n.metric: n.reason for n in measure(film.motion).not_assessable}
    assert all("tilted" in refused[metric] for metric in AGAINST_UPRIGHT - {"knee_over_toe"})


def test_a_level_film_is_left_alone() -> None:
    for film in (side_run(), front_run()):
        assert "camera_tilted" not in measure(film.motion).flags
