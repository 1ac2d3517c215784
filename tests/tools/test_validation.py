"""The validator sees what it should refuse, and the small films keep their bars."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from validation import calibration, tables
from validation.__main__ import PAGE, blocks, filled
from validation.phantom import Row, rows_of_folders, trusted

from runfree.gait.accuracy import ACCURACY

ROOT = Path(__file__).resolve().parents[2]
FILM = ROOT / "tests" / "films" / "phantom" / "front_turned_out.json"


def row(film: str, value: float, truth: float = 8.0, half: float = 3.0) -> Row:
    return Row("foot_progression", "left", "front", film, 30.0, "man", truth, value, value - half, value + half)


def test_films_that_did_not_follow_are_left_out() -> None:
    document = json.loads(FILM.read_text())
    assert trusted(document)
    document["truth"]["cadence_spm"] += 10  # false steps
    assert not trusted(document)


def test_a_wrong_number_shows() -> None:
    good = [row(f"film{i}", 8.0 + 0.1 * i) for i in range(6)]
    assert tables.coverage(good) == 1
    assert "100.0% of the 95 %" in tables.summary(good)
    spoiled = [*good[:5], replace(good[5], value=20.0, low=17.0, high=23.0)]
    assert tables.coverage(spoiled) == pytest.approx(5 / 6)
    assert "film5" in tables.outside(spoiled)
    assert "12.00" in tables.by_place(spoiled)


def test_what_is_not_assessable_counts_as_that_and_not_as_held() -> None:
    rows = [row("a", 8.0), row("b", np.nan, half=np.nan)]
    assert "50%" in tables.by_place(rows)
    assert "1 numbers" in tables.summary(rows)


def test_a_film_left_out_has_no_say() -> None:
    rows = [row(f"film{i}", 8.0 + 0.1 * (-1) ** i) for i in range(9)]
    outlier = row("far", 14.0, half=7.0)
    table = calibration.leave_one_out([*rows, outlier])
    assert "90.0% of 10" in table


def test_limits_of_agreement_are_those_of_bland_and_altman() -> None:
    low, high = (float(v) for v in tables.limits(np.array([1.0, 2.0, 3.0])).split(" to "))
    assert (low, high) == (pytest.approx(0.04, abs=0.06), pytest.approx(3.96, abs=0.06))


def test_the_page_has_a_place_for_every_table() -> None:
    parts = blocks([row(f"film{i}", 8.0 + i) for i in range(6)], [])
    assert all(text in filled(PAGE.read_text(), parts) for text in parts.values())
    with pytest.raises(ValueError, match="no place"):
        filled("# An empty page", parts)


FILM_BARS = {
    "cadence": 0.5,
    "contact_time": 30,
    "foot_progression": 4,
    "knee_projection": 4,
    "trunk_lean": 2,
    "step_width": 2.5,
    "pelvic_drop": 4.5,
    "vertical_oscillation": 1.5,  # a head stiller than the hips: docs/decisions/0010-intervals.md
}


def beyond_bars(rows: list[Row]) -> set[str]:
    """Measures off by more than their bar, or by one and a half of their own interval where they have none."""
    return {r.metric for r in rows if r.given and abs(r.error) > FILM_BARS.get(r.metric, 1.5 * r.half)}


@pytest.mark.xdist_group("films")
@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::UserWarning")
def test_small_films_keep_their_bars_and_a_spoiled_correction_does_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = rows_of_folders([FILM.parent], tmp_path)
    assert {r.metric for r in rows} >= {"cadence", "vertical_oscillation", "foot_progression", "contact_time"}
    assert tables.coverage(rows) >= 0.9
    assert beyond_bars(rows) == set()

    off = {key: replace(known, offset=known.offset + 2.5 * known.half_95) for key, known in ACCURACY.items()}
    monkeypatch.setattr("runfree.gait.accuracy.ACCURACY", off)
    spoiled = rows_of_folders([FILM.parent], tmp_path)
    assert tables.coverage(spoiled) < 0.9
    assert beyond_bars(spoiled) >= {"foot_progression", "knee_projection", "trunk_lean", "step_width"}
