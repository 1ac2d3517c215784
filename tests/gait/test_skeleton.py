"""Legs whose bones keep their length: what they keep, and that they lie nearer to the truth than the points they were laid through."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from gait_kit import clean, noisy
from hypothesis import given, settings
from hypothesis import strategies as st

from runfree.gait.body import Body, body_of
from runfree.gait.skeleton import with_rigid_legs

LEG, WEIGHT = ("hip", "knee", "ankle"), (0.3, 1.0, 4.0)


def body(film) -> Body:
    found = body_of(film.motion)
    assert found is not None
    return found


def bones(at: dict[str, np.ndarray], side: str) -> np.ndarray:
    return np.linalg.norm(np.diff(np.stack([at[f"{side}_{j}"] for j in LEG], axis=1), axis=1), axis=2)


@pytest.mark.parametrize("side", ["left", "right"])
@pytest.mark.parametrize("scene", ["side_run", "passing_run", "side_walk"])
def test_bones_keep_their_length_and_the_foot_goes_with_the_ankle(scene: str, side: str) -> None:
    before = body(noisy(scene))
    after = with_rigid_legs(before)
    length = bones(after.at, side) / after.trunk_px[:, None]
    assert length == pytest.approx(np.broadcast_to(length[0], length.shape), rel=1e-6)
    for part in ("heel", "toe"):
        foot = [b.at[f"{side}_{part}"] - b.at[f"{side}_ankle"] for b in (before, after)]
        np.testing.assert_allclose(*foot, atol=1e-6)
    assert np.linalg.norm(after.at["nose"] - before.at["nose"]) == 0


@given(st.integers(0, 2**32 - 1), st.floats(0.5, 12))
@settings(max_examples=15, deadline=None)
def test_no_nearer_chain_of_these_bones_exists(seed: int, noise_px: float) -> None:
    rng, before = np.random.default_rng(seed), body(clean("side_run"))
    shaken = {name: p + rng.normal(0, noise_px, p.shape) for name, p in before.at.items()}
    after = with_rigid_legs(replace(before, at=shaken)).at
    hip, knee, ankle = (after[f"left_{j}"] for j in LEG)

    def away(*chain: np.ndarray) -> np.ndarray:
        return sum(
            w * ((p - shaken[f"left_{j}"]) ** 2).sum(axis=1) for p, j, w in zip(chain, LEG, WEIGHT, strict=True)
        )

    least = away(hip, knee, ankle)
    for angle in (-0.01, 0.01):
        turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
        assert (away(hip, knee, knee + (ankle - knee) @ turn) >= least - 1e-3).all()
        shift = np.full(2, angle)
        assert (away(hip + shift, knee + shift, ankle + shift) >= least - 1e-3).all()


def test_noise_is_taken_out_and_exact_points_hardly_move() -> None:
    exact = body(clean("side_run"))
    rng = np.random.default_rng(1)
    shaken = replace(exact, at={name: p + rng.normal(0, 4, p.shape) for name, p in exact.at.items()})
    knee = [
        np.linalg.norm(b.at["left_knee"] - exact.at["left_knee"], axis=1).mean()
        for b in (shaken, with_rigid_legs(shaken))
    ]
    assert knee[1] < 0.95 * knee[0]
    moved = np.linalg.norm(with_rigid_legs(exact).at["left_knee"] - exact.at["left_knee"], axis=1)
    assert np.median(moved) < 2


def test_a_frame_that_nobody_found_stays_unknown() -> None:
    before = body(clean("side_run"))
    lost = before.at["left_knee"].copy()
    lost[7] = np.nan
    after = with_rigid_legs(replace(before, at=before.at | {"left_knee": lost}))
    assert np.isnan(after.at["left_ankle"][7]).all()
    assert np.isfinite(after.at["left_ankle"][8]).all()
