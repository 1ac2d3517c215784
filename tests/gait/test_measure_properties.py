"""What must not change a measure, or must change it in one way only, for any runner and any film."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np
import pytest
from gait_kit import OTHER, by_id, changed, half_width, measured
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from runfree.core.analysis import Measured
from runfree.core.metrics import METRICS, Side
from runfree.core.motion import mirrored
from runfree.gait import measure
from runfree.testing.camera import Camera
from runfree.testing.film import Synthetic, synthetic
from runfree.testing.runner import Gait, walker

FEW = settings(max_examples=6, deadline=None, phases=[Phase.explicit, Phase.reuse, Phase.generate])


@lru_cache(maxsize=256)
def filmed(
    camera: Camera, gait: Gait, seed: int, fps: float = 60.0, seconds: float = 4.0, noise_px: float = 1.0
) -> Synthetic:
    return synthetic(gait, camera, fps, seconds, noise_px, seed, drift_px=noise_px)


CAMERAS = st.builds(
    Camera,
    view=st.sampled_from(["side", "front", "rear"]),
    facing=st.sampled_from(["left", "right"]),
    yaw_error_deg=st.sampled_from([-6.0, 0.0, 6.0]),
)
RUNNERS = st.builds(
    Gait,
    cadence_spm=st.sampled_from([160.0, 172.0, 184.0]),
    contact_s=st.sampled_from([0.21, 0.25]),
    foot_progression_left_deg=st.sampled_from([-3.0, 8.0, 16.0]),
    knee_projection_right_deg=st.sampled_from([-6.0, 0.0, 8.0]),
    trunk_lean_deg=st.sampled_from([2.0, 9.0]),
    step_width_m=st.sampled_from([-0.02, 0.06]),
    first=st.sampled_from(["left", "right"]),
)
GAITS = st.one_of(RUNNERS, RUNNERS, st.just(walker()))
Film = tuple[Camera, Gait, int]
FILMS = st.tuples(CAMERAS, GAITS, st.integers(0, 3))


def assert_alike(one: Measured, other: Measured, share: float, *, swap: bool = False) -> None:
    """Same numbers for the same legs (or the other legs), within a share of their own half-width."""
    assert (one.view, one.gait, one.travel) == (other.view, other.gait, other.travel)
    before = by_id(one)
    now = {(m, OTHER[s] if swap else s): e for (m, s), e in by_id(other).items()}
    assert before.keys() == now.keys()
    for key, e in before.items():
        assert now[key].value == pytest.approx(e.value, abs=share * half_width(e) + 1e-9), key
        assert half_width(now[key]) == pytest.approx(half_width(e), rel=0.35, abs=1e-9), key
        assert now[key].unit == e.unit
    gone = {(n.metric, OTHER[n.side] if swap else n.side, n.film_instead) for n in other.not_assessable}
    assert gone == {(n.metric, n.side, n.film_instead) for n in one.not_assessable}


@FEW
@given(FILMS)
def test_a_mirrored_film_is_the_same_runner_with_left_and_right_exchanged(key: Film) -> None:
    film = filmed(*key, noise_px=0.0)
    one, other = measured(film), measured(film, motion=mirrored(film.motion))
    assert_alike(one, other, 0.15, swap=True)
    facing = {None: None, "left": "right", "right": "left"}
    assert other.facing == facing[one.facing]
    legs = [(OTHER[s.side], s.mid_stance_s) for s in one.steps]
    assert [s.side for s in other.steps] == [side for side, _ in legs]
    np.testing.assert_allclose([s.mid_stance_s for s in other.steps], [t for _, t in legs], atol=0.008)


@FEW
@given(FILMS, st.floats(1.0, 3.0))
def test_a_larger_picture_of_the_same_changes_nothing(key: Film, times: float) -> None:
    film = filmed(*key, noise_px=0.0)
    width, height = film.camera.size_px
    size = (round(width * times), round(height * times))
    position = film.motion["position"].to_numpy() * np.array([size[0] / width, size[0] / width])
    larger = measured(film, motion=changed(film.motion, position=position, size=(size[0], 4 * size[1])))
    assert_alike(measured(film), larger, 0.05)
    assert larger.px_per_m == pytest.approx(measured(film).px_per_m * size[0] / width, rel=1e-3)


@FEW
@given(FILMS, st.floats(0, 900), st.floats(0, 900))
def test_more_picture_around_the_runner_changes_nothing(key: Film, right: float, down: float) -> None:
    film = filmed(*key, noise_px=0.0)
    position = film.motion["position"].to_numpy() + np.array([right, down])
    moved = changed(film.motion, position=position, size=(2300, 2300))
    assert_alike(measured(film), measured(film, motion=moved), 0.05)


@FEW
@given(FILMS, st.floats(-3600, 3600))
def test_the_clock_may_start_anywhere(key: Film, start_s: float) -> None:
    film = filmed(*key, noise_px=0.0)
    one = measured(film)
    other = measured(film, motion=changed(film.motion, time_s=film.motion["time"].to_numpy() + start_s))
    assert_alike(one, other, 0.15)
    shifted = [s.mid_stance_s - start_s for s in other.steps]
    np.testing.assert_allclose(shifted, [s.mid_stance_s for s in one.steps], atol=0.008)


@FEW
@given(CAMERAS, GAITS)
def test_half_the_frames_show_the_same_within_the_interval(camera: Camera, gait: Gait) -> None:
    film = filmed(camera, gait, 0, 120.0, noise_px=0.0)
    full, half = measured(film), measured(film, motion=changed(film.motion, frames=slice(None, None, 2)))
    assert (full.view, full.gait) == (half.view, half.gait)
    assert by_id(full).keys() == by_id(half).keys()
    for key, e in by_id(half).items():
        assert e.low <= by_id(full)[key].value <= e.high, key


def widths_of_a_part(film: Synthetic, seconds: float) -> dict[tuple[str, Side], float]:
    """Half-width of every measure from the first seconds, over that from the whole film."""
    part = by_id(measured(film, motion=changed(film.motion, frames=slice(0, round(60 * seconds)))))
    whole = by_id(measured(film))
    assert all(part[k].n < whole[k].n for k in part)
    return {k: half_width(part[k]) / half_width(whole[k]) for k in part}


@FEW
@given(FILMS, st.sampled_from([2.5, 3.5]))
def test_a_shorter_film_promises_less_on_the_whole(key: Film, seconds: float) -> None:
    film = filmed(*key, seconds=8.0)
    assert np.mean(list(widths_of_a_part(film, seconds).values())) > 1.0


@FEW
@given(FILMS)
def test_every_number_lies_inside_an_interval_that_is_not_a_point(key: Film) -> None:
    film = filmed(*key)
    found = measured(film)
    assert found.estimates
    for e in found.estimates:
        assert e.low < e.value < e.high
        assert np.isfinite([e.low, e.value, e.high]).all()
        assert e.n >= 1


@FEW
@given(FILMS, st.booleans(), st.booleans())
def test_each_measure_is_either_given_or_not_assessable(key: Film, height: bool, speed: bool) -> None:
    film = filmed(*key)
    changes: dict[str, Any] = {} if height else {"height_m": None}
    found = measured(film, **changes, **({} if speed else {"speed_mps": None}))
    given_ = [(e.metric, e.side) for e in found.estimates]
    said = [(n.metric, n.side) for n in found.not_assessable]
    assert len(set(given_)) == len(given_)
    assert set(given_) | set(said) >= {
        (m.id, s) for m in METRICS.values() if m.running or found.gait == "walking" for s in m.sides
    } - {("vertical_ratio", "both")}
    both = set(given_) & set(said)
    assert both == {k for k in given_ if by_id(found)[k].unit == "body heights"}
    assert all(n.reason for n in found.not_assessable)


@FEW
@given(FILMS)
def test_without_the_height_lengths_are_in_body_heights(key: Film) -> None:
    film = filmed(*key)
    known, unknown = measured(film), measure(film.motion)
    assert unknown.px_per_m is None
    for key, e in by_id(unknown).items():
        cm = by_id(known)[key]
        if cm.unit != "cm":
            assert e.unit == cm.unit
            continue
        assert e.unit == "body heights"
        assert 100 * film.gait.height_m * e.value == pytest.approx(cm.value, abs=0.1)
        assert any(n.metric == e.metric and "height" in n.reason for n in unknown.not_assessable)


@FEW
@given(FILMS)
def test_measuring_twice_gives_the_same(key: Film) -> None:
    film = filmed(*key)
    assert measured(film) == measured(film)
