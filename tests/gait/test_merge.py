"""Several films of one runner: the film that shows a measure best wins."""

from __future__ import annotations

from gait_kit import clean, measured_clean
from hypothesis import given
from hypothesis import strategies as st

from runfree.core.analysis import Measured
from runfree.core.estimate import Estimate, NotAssessable
from runfree.core.metrics import METRICS
from runfree.gait import measure, merge

HEIGHT_REASON = "in centimetres: needs the body height (--height)"


def bounce(half: float, unit: str = "cm", value: float = 8.0) -> Estimate:
    return Estimate("vertical_oscillation", "both", value, unit, value - half, value + half, 9, "good", "made up")


def film(*estimates: Estimate, missing: tuple[NotAssessable, ...] = ()) -> Measured:
    return Measured("side", "left", "running", "treadmill", None, (), estimates, missing)


@given(st.lists(st.floats(0.01, 50), min_size=1, max_size=6))
def test_the_narrowest_interval_wins(halves: list[float]) -> None:
    (best,), missing = merge([film(bounce(half)) for half in halves])
    assert best in [bounce(half) for half in halves]
    assert best.high - best.low == min(e.high - e.low for e in map(bounce, halves))
    assert missing == ()


@given(st.permutations([0, 1, 2]))
def test_the_order_of_the_films_does_not_matter(order: list[int]) -> None:
    films = [measured_clean(name) for name in ("side_run", "front_run", "rear_run")]
    straight, turned = merge(films), merge([films[i] for i in order])
    assert {(e.metric, e.side): e for e in straight[0]} == {(e.metric, e.side): e for e in turned[0]}
    assert {(n.metric, n.side) for n in straight[1]} == {(n.metric, n.side) for n in turned[1]}


def test_centimetres_before_body_heights() -> None:
    known, unknown = bounce(2.0), bounce(0.003, "body heights", 0.045)
    for films in ([film(known), film(unknown)], [film(unknown), film(known)]):
        assert merge(films)[0] == (known,)


def test_not_assessable_only_where_no_film_shows_it() -> None:
    unseen = NotAssessable("vertical_oscillation", "both", "cannot be seen in a film from the front", "side")
    shown, hidden = film(bounce(1.0)), film(missing=(unseen,))
    assert merge([hidden, shown]) == ((bounce(1.0),), ())
    assert merge([hidden, hidden]) == ((), (unseen,))


def test_the_word_for_the_missing_height_stays_with_the_number_without_unit() -> None:
    needs = NotAssessable("vertical_oscillation", "both", HEIGHT_REASON, None)
    held = bounce(0.003, "body heights", 0.045)
    assert merge([film(held, missing=(needs,))]) == ((held,), (needs,))


def test_left_and_right_are_chosen_apart() -> None:
    def knee(side, half: float) -> Estimate:
        return Estimate("knee_projection", side, 0, "deg", -half, half, 9, "good", "made up")

    merged, _ = merge([film(knee("left", 1), knee("right", 4)), film(knee("left", 3), knee("right", 2))])
    assert {e.side: e.high for e in merged} == {"left": 1, "right": 2}


def test_nothing_gives_nothing() -> None:
    assert merge([]) == ((), ())


def test_a_film_from_the_side_and_one_from_the_front_show_everything() -> None:
    merged, missing = merge([measured_clean("side_run"), measured_clean("front_run")])
    assert {(e.metric, e.side) for e in merged} == {
        (m.id, s) for m in METRICS.values() if m.running for s in m.sides
    }
    assert len({(e.metric, e.side) for e in merged}) == len(merged)
    assert missing == ()


def test_two_films_without_speed_say_once_what_the_speed_would_add() -> None:
    films = [measure(clean(name).motion, height_m=1.75) for name in ("side_run", "front_run")]
    missing = merge(films)[1]
    assert {n.metric for n in missing} == {"step_length", "vertical_ratio", "leg_stiffness"}
    assert len(missing) == 3
