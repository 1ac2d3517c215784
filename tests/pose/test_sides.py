from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from runfree.core.motion import KEYPOINTS, Motion, make_motion, mirrored
from runfree.pose.sides import put_sides_right
from runfree.testing import scenes

LEGS = [[f"{side}_{part}" for part in ("hip", "knee", "ankle", "heel", "toe")] for side in ("left", "right")]
COLUMNS = [[KEYPOINTS.index(name) for name in leg] for leg in LEGS]


def true_motion(folder: Path, film: str) -> Motion:
    """The phantom's own joints, as a network without error would see them."""
    with (folder / "phantom" / f"{film}.csv").open() as file:
        rows = list(csv.DictReader(file))
    position = np.zeros((len(rows), len(KEYPOINTS), 2))
    for k, name in enumerate(KEYPOINTS):
        side, _, part = name.rpartition("_")
        joint = {"toe": "second_toe", "ear": "head"}.get(part, part)
        column = f"{joint}_{side[0].upper()}" if side and joint != "head" else joint
        position[:, k] = [(float(row[f"{column}_u"]), float(row[f"{column}_v"])) for row in rows]
    time_s = [float(row["time"]) for row in rows]
    confidence = np.ones(position.shape[:2])
    return make_motion(time_s, position, confidence, KEYPOINTS, width_px=1280, height_px=720)


def with_legs_exchanged(motion: Motion, frames: np.ndarray) -> Motion:
    exchanged = motion.copy(deep=True)
    position = exchanged["position"].to_numpy()
    left, right = COLUMNS
    position[frames[:, None], left + right] = position[frames[:, None], right + left]
    return Motion(exchanged)


def test_the_outer_toes_go_with_their_leg() -> None:
    frames = range(60, 66)
    right, wrong = (
        scenes.front_run(forefoot=True, noise_px=0, drift_px=0, swapped=s).motion for s in ((), frames)
    )
    fixed, swapped, _ = put_sides_right(wrong)
    assert swapped == len(frames)
    np.testing.assert_array_equal(fixed["position"], right["position"])


FILMS = [
    "side_base",
    "side_forefoot_30fps",
    "side_overground",
    "front_fpa_10_20",
    "rear_fpa_10_20",
    "front45_base",
]


@pytest.mark.parametrize("film", FILMS)
def test_legs_that_cross_are_left_alone(shared_data, film) -> None:
    truth = true_motion(shared_data, film)
    fixed, swapped, uncertain = put_sides_right(truth)
    assert (swapped, uncertain) == (0, 0)
    assert fixed["position"].equals(truth["position"])


@pytest.mark.parametrize("film", FILMS)
@settings(max_examples=15, deadline=None)
@given(data=st.data())
def test_exchanged_stretches_are_found_again(shared_data, film, data) -> None:
    truth = true_motion(shared_data, film)
    n = truth.sizes["time"]
    frames = np.zeros(n, dtype=bool)
    for _ in range(data.draw(st.integers(1, 4))):
        start = data.draw(st.integers(3, n - 20))
        frames[start : start + data.draw(st.integers(1, 12))] = True
    fixed, swapped, uncertain = put_sides_right(with_legs_exchanged(truth, np.flatnonzero(frames)))
    now, then = fixed["position"].to_numpy(), truth["position"].to_numpy()
    same = (now == then).all(axis=(1, 2))
    lost = np.isnan(now[:, COLUMNS[0]]).all(axis=(1, 2))
    assert swapped == fixed.attrs["swapped_frames"]
    assert uncertain == fixed.attrs["uncertain_frames"] == lost.sum()
    assert (same | lost | close_legs(truth)).all()
    assert (~same).sum() <= 0.2 * frames.sum() + 2


def close_legs(motion: Motion) -> np.ndarray:
    """Frames in which the legs lie so near one another that exchanging them changes little."""
    position = motion["position"].to_numpy()
    apart = np.linalg.norm(position[:, COLUMNS[0]] - position[:, COLUMNS[1]], axis=2).mean(axis=1)
    shoulder = position[:, [KEYPOINTS.index("left_shoulder"), KEYPOINTS.index("right_shoulder")]].mean(axis=1)
    hip = position[:, [KEYPOINTS.index("left_hip"), KEYPOINTS.index("right_hip")]].mean(axis=1)
    return apart < 0.1 * np.linalg.norm(shoulder - hip, axis=1)


def test_noise_of_the_size_of_a_networks_is_no_exchange(shared_data) -> None:
    rng = np.random.default_rng(5)
    for film in FILMS:
        noisy = true_motion(shared_data, film)
        noisy["position"] = noisy["position"] + rng.normal(0, 3, noisy["position"].shape).astype(np.float32)
        _, swapped, uncertain = put_sides_right(noisy)
        assert swapped + uncertain <= 0.01 * noisy.sizes["time"]


def test_the_mirrored_film_has_the_same_frames_exchanged(shared_data) -> None:
    motion = with_legs_exchanged(true_motion(shared_data, "side_base"), np.arange(100, 104))
    fixed, *counts = put_sides_right(motion)
    again, *mirrored_counts = put_sides_right(mirrored(motion))
    assert counts == mirrored_counts == [4, 0]
    np.testing.assert_allclose(again["position"], mirrored(fixed)["position"], atol=1e-3)


def test_frames_with_nobody_stay_empty_and_bridge_nothing(shared_data) -> None:
    motion = true_motion(shared_data, "side_base")
    motion["position"][50:80] = np.nan
    fixed, swapped, uncertain = put_sides_right(with_legs_exchanged(motion, np.arange(200, 203)))
    assert (swapped, uncertain) == (3, 0)
    assert fixed["position"].equals(motion["position"])


@pytest.mark.parametrize("n", [0, 1, 2, 3])
def test_the_shortest_motions(n) -> None:
    position = np.random.default_rng(0).normal(300, 50, (n, len(KEYPOINTS), 2))
    motion = make_motion(
        np.arange(n) / 30, position, np.ones(position.shape[:2]), KEYPOINTS, width_px=720, height_px=1280
    )
    fixed, swapped, _ = put_sides_right(motion)
    assert fixed.sizes["time"] == n
    assert swapped <= n
