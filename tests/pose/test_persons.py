"""Who is in a film: people seen now and then, told apart by place, speed, size and colour."""

from __future__ import annotations

import numpy as np
import pytest

from runfree.pose.persons import Look, hidden, look_at, look_every, persons

TIME = np.arange(360) / 60
EVERY = look_every(TIME)
RED, GREEN = (180.0, 40.0, 40.0), (60.0, 160.0, 60.0)


def film(*people, seed: int = 0, miss: float = 0.0) -> list[Look]:
    """Looks at people given as (place(t) or None, colour), with a detector's scatter."""
    rng = np.random.default_rng(seed)
    looks = []
    for i in range(0, len(TIME), EVERY):
        here = [(place(TIME[i]), colour) for place, colour in people]
        here = [(p, c) for p, c in here if p is not None and rng.random() >= miss]
        rng.shuffle(here)
        place = np.array([p for p, _ in here], dtype=float).reshape(len(here), 3)
        place *= 1 + 0.03 * rng.standard_normal(place.shape)
        looks.append(Look(i, place, np.array([c for _, c in here], dtype=float).reshape(len(here), 3)))
    return looks


def on_the_spot(x=640.0, radius=270.0):
    return lambda t: (x, 390 + 10 * np.sin(16 * t), radius)


def across(radius=350.0, from_s=2.0, speed=1500.0):
    return lambda t: (1280 - speed * (t - from_s), 360, radius) if 0 < t - from_s < 1280 / speed else None


@pytest.mark.parametrize("colour", [RED, GREEN])
@pytest.mark.parametrize("radius", [180.0, 270.0, 350.0])
@pytest.mark.parametrize("seed", range(5))
def test_who_crosses_is_somebody_else_even_in_equal_clothes(colour, radius, seed) -> None:
    found = persons(TIME, film((on_the_spot(), RED), (across(radius), colour), seed=seed))
    assert len(found) == 2
    path = found[0].at(TIME)
    assert np.isfinite(path[:-30]).all()
    assert np.abs(path[:, 0] - 640).max() < 140, "the path of the runner on the spot leads to the one who crosses"
    assert np.ptp(found[1].place[:, 0]) > 400


def test_somebody_large_in_front_hides_and_somebody_small_behind_does_not() -> None:
    large, small = (persons(TIME, film((on_the_spot(), RED), (across(r), GREEN))) for r in (350.0, 180.0))
    unseen = hidden(large[0], [large[1]], TIME)
    assert 5 < unseen.sum() < 40
    assert abs(TIME[unseen].mean() - (2 + 640 / 1500)) < 0.12
    assert not hidden(small[0], [small[1]], TIME).any()


def test_one_runner_whose_trunk_colour_is_now_and_then_that_of_the_wall_stays_one() -> None:
    looks = film((on_the_spot(), RED), seed=3)
    wall = np.array([GREEN])
    found = persons(TIME, [Look(k.index, k.people, wall) if i % 3 else k for i, k in enumerate(looks)])
    assert [len(p.time_s) for p in found] == [len(looks)]


def test_who_leaves_and_comes_back_is_one_person() -> None:
    there_and_back = lambda t: across(270.0, 0.5, 900)(t) or across(270.0, 3.5, 900)(t)  # noqa: E731
    assert len(persons(TIME, film((there_and_back, RED)))) == 1
    standing = lambda t: (1150.0, 400.0, 200.0)  # noqa: E731
    both = persons(TIME, film((there_and_back, RED), (standing, GREEN)))
    assert len(both) == 2
    runner = max(both, key=lambda p: np.ptp(p.place[:, 0]))
    assert runner.time_s[0] < 1
    assert runner.time_s[-1] > 4


def test_two_who_run_side_by_side_stay_apart_when_the_detector_misses_some() -> None:
    found = persons(TIME, film((on_the_spot(400), RED), (on_the_spot(900), RED), seed=2, miss=0.3))
    assert sorted(round(float(np.median(p.place[:, 0])), -2) for p in found) == [400, 900]


def test_the_largest_who_stays_comes_first() -> None:
    found = persons(TIME, film((on_the_spot(900, 200), GREEN), (on_the_spot(), RED), (across(400), RED)))
    assert [round(p.size, -2) for p in found][:1] == [300]
    assert len(found) == 3


def test_nobody_knows_where_somebody_is_long_before_and_after() -> None:
    (one,) = persons(TIME, film((across(270.0, 2.0, 600), RED)))
    where = one.at(TIME)
    assert np.isnan(where[TIME < 1.3]).all()
    assert np.isfinite(where[(TIME > 2.4) & (TIME < 3.8)]).all()
    assert persons(TIME, film()) == ()


def test_places_are_those_of_the_film_and_colours_those_of_the_trunk() -> None:
    rgb = np.zeros((90, 160, 3), dtype=np.uint8)
    rgb[20:50, 70:90] = (200, 10, 20)
    look = look_at(7, rgb, np.array([[80.0, 52.0, 40.0]]), 8.0)
    assert look.people.tolist() == [[640.0, 416.0, 320.0]]
    assert look.colour.tolist() == [[200.0, 10.0, 20.0]]
    assert len(look_at(7, rgb, np.empty((0, 3)), 8.0).colour) == 0
