"""Slow motion is suspected of runners at any speed of play, and never of walkers or runners at their own."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from runfree.core.motion import Motion
from runfree.gait import slow_motion
from runfree.testing.film import Synthetic
from runfree.testing.runner import Gait, walker
from runfree.testing.scenes import front_run, front_walk, oblique_run, rear_run, side_run, side_walk

RUNS = {"side": side_run, "front": front_run, "rear": rear_run, "oblique": oblique_run}


def _played(film: Synthetic, slower: float) -> Motion:
    return Motion(film.motion.assign_coords(time=film.motion["time"] * slower))


@pytest.mark.parametrize("view", RUNS)
@pytest.mark.parametrize("slower", [2, 4, 8])
def test_a_slowed_run_is_suspected_with_its_true_cadence(view: str, slower: int) -> None:
    film = RUNS[view](fps=120, seconds=4)
    found = slow_motion(_played(film, slower))
    assert found[slower] == pytest.approx(film.truth["cadence_spm"], abs=1.5)


@pytest.mark.parametrize("view", RUNS)
def test_a_run_at_its_own_speed_is_not(view: str) -> None:
    assert slow_motion(RUNS[view](Gait(cadence_spm=150)).motion) == {}


@pytest.mark.parametrize("cadence", [75, 90, 105, 120])
@pytest.mark.parametrize("scene", [side_walk, front_walk])
def test_a_walk_is_not(scene: Callable[[Gait], Synthetic], cadence: float) -> None:
    walk = walker(cadence_spm=cadence, contact_s=1.24 * 60 / cadence, speed_mps=1.25 * cadence / 110)
    assert slow_motion(scene(walk).motion) == {}
