"""measures.json and measures.csv: what goes out comes back, and nothing else is let in."""

from __future__ import annotations

import csv
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from runfree.core.analysis import Analysis, FilmAnalysis, LeftOut, Measured, Step
from runfree.core.errors import InputError, OutputError
from runfree.core.estimate import Estimate, NotAssessable
from runfree.core.finding import Finding
from runfree.core.metrics import METRICS
from runfree.core.motion import KEYPOINTS, make_motion
from runfree.io.results import MAX_BYTES, measures, read_earlier, write_measures_csv, write_measures_json


def analysis(estimates: tuple[Estimate, ...], film: str = "run.mp4") -> Analysis:
    motion = make_motion(
        [0.0, 0.1], np.zeros((2, 19, 2)), np.ones((2, 19)), KEYPOINTS, width_px=100, height_px=100
    )
    missing = (NotAssessable("foot_progression", "left", "Not seen.", "front"),)
    steps = (Step("left", 0.123456, 0.05), Step("right", 0.4, left_out="hidden"))
    seen = Measured("side", "left", "running", "treadmill", 300.0, steps, estimates, missing)
    found = Finding("glide", "present", "h", "t", ("measurement error",), ("cadence",), ("K6",), "low")
    return Analysis((FilmAnalysis(film, motion, seen),), estimates, missing, (found,), "knee", 1.78, 2.9166666)


CADENCE = Estimate("cadence", "both", 168.70123, "spm", 168.1, 169.3, 34, "good", "Period.", ("pass",))

numbers = st.floats(-1e4, 1e4)
estimates = st.builds(
    lambda metric, side, ends, unit, n, quality: Estimate(
        metric, side, sorted(ends)[1], unit, sorted(ends)[0], sorted(ends)[2], n, quality, "m"
    ),
    st.sampled_from(sorted(METRICS)),
    st.sampled_from(["left", "right", "both"]),
    st.tuples(numbers, numbers, numbers),
    st.sampled_from(["cm", "deg", "body heights"]),
    st.integers(1, 10_000),
    st.sampled_from(["good", "fair", "poor"]),
)


@given(st.lists(estimates, max_size=6))
def test_what_is_written_is_read_back_to_the_rounding(tmp_path_factory: Any, made: list[Estimate]) -> None:
    path = tmp_path_factory.mktemp("r") / "measures.json"
    write_measures_json(path, analysis(tuple(made)))
    back = read_earlier(path).estimates
    assert len(back) == len(made)
    for before, after in zip(made, back, strict=True):
        assert (before.metric, before.side, before.unit, before.n) == (
            after.metric,
            after.side,
            after.unit,
            after.n,
        )
        np.testing.assert_allclose([after.value, after.low, after.high], [before.value, before.low, before.high],
                                   atol=0.0051)  # fmt: skip


def test_the_file_has_the_agreed_shape(tmp_path: Path) -> None:
    write_measures_json(tmp_path / "m.json", analysis((CADENCE,)))
    read = json.loads((tmp_path / "m.json").read_text())
    assert (read["schema"], read["film"], read["view"], read["activity"]) == (1, "run.mp4", "side", "running")
    assert read["estimates"] == [
        {"metric": "cadence", "side": "both", "value": 168.7, "unit": "spm", "low": 168.1, "high": 169.3, "n": 34,
         "quality": "good", "method": "Period.", "flags": ["pass"]}
    ]  # fmt: skip
    assert read["not_assessable"] == [
        {"metric": "foot_progression", "side": "left", "reason": "Not seen.", "film_instead": "front"}
    ]
    assert read["findings"][0]["alignment"] == "glide"
    assert read["findings"][0]["verdict"] == "present"
    earlier = read_earlier(tmp_path / "m.json")
    assert (earlier.activity, earlier.speed_mps) == ("running", 2.917)

    assert (read["complaint"], read["height_m"], read["speed_mps"]) == ("knee", 1.78, 2.917)
    (film,) = read["films"]
    assert film["estimates"] == read["estimates"]
    assert film["steps"] == [
        {"side": "left", "mid_stance_s": 0.1235, "touch_down_s": 0.05, "toe_off_s": None, "left_out": None},
        {"side": "right", "mid_stance_s": 0.4, "touch_down_s": None, "toe_off_s": None, "left_out": "hidden"},
    ]


def test_what_was_left_out_is_in_the_file(tmp_path: Path) -> None:
    item = LeftOut("rear.mp4", "nobody can be followed in it", "Film one person.")
    write_measures_json(tmp_path / "m.json", replace(analysis((CADENCE,)), left_out=(item,)))
    assert json.loads((tmp_path / "m.json").read_text())["left_out"] == [
        {"film": "rear.mp4", "why": "nobody can be followed in it", "remedy": "Film one person."}
    ]


def test_numpy_numbers_are_written_as_numbers(tmp_path: Path) -> None:
    odd = Estimate(
        "cadence", "both", np.float32(1.5), "spm", np.float64(1), np.float64(2), np.int64(3), "good", "m"
    )
    write_measures_json(tmp_path / "m.json", analysis((odd,)))
    assert read_earlier(tmp_path / "m.json").estimates[0].value == 1.5


def test_the_table_has_a_row_an_estimate_and_runs_no_formula(tmp_path: Path) -> None:
    negative = Estimate("trunk_lean", "both", -2.0, "deg", -3.0, -1.0, 9, "fair", '=1+1,"x"')
    write_measures_csv(tmp_path / "m.csv", analysis((CADENCE, negative), film="=cmd|' /C calc'!A0.mp4"))
    with (tmp_path / "m.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert [(r["metric"], float(r["value"])) for r in rows] == [("cadence", 168.7), ("trunk_lean", -2.0)]
    assert rows[0]["film"] == "'=cmd|' /C calc'!A0.mp4"
    assert rows[1]["method"] == '\'=1+1,"x"'


def good() -> dict[str, Any]:
    return json.loads(json.dumps(measures(analysis((CADENCE,)))))


def changed(**fields: Any) -> str:
    data = good()
    data["estimates"][0] |= fields
    return json.dumps(data)


@pytest.mark.parametrize(
    "text",
    [
        "", "not json", "[]", "{}", "null", '{"schema": 1}', json.dumps(good() | {"schema": 2}),
        json.dumps(good() | {"estimates": good()["estimates"] * 1001}), json.dumps(good() | {"activity": "flying"}),
        json.dumps(good() | {"speed_mps": -1.0}), json.dumps(good() | {"speed_mps": "fast"}),
        changed(value="168"), changed(value=True), changed(value=float("nan")), changed(high=float("inf")),
        changed(value=1e9), changed(metric="speed"), changed(side="middle"), changed(n=0), changed(n=1.5),
        changed(quality="best"), changed(unit="x" * 50), changed(flags=["x"] * 101), changed(method=None),
        "[" * 100_000, "\ud800".encode("utf-8", "surrogatepass").decode("latin-1"),
    ],
)  # fmt: skip
def test_anything_else_is_refused_with_a_remedy(tmp_path: Path, text: str) -> None:
    path = tmp_path / "m.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=r"Give the measures\.json"):
        read_earlier(path)


def test_a_huge_file_is_refused_before_it_is_read_whole(tmp_path: Path) -> None:
    path = tmp_path / "m.json"
    path.write_bytes(b" " * (MAX_BYTES + 1))
    with pytest.raises(InputError, match="larger"):
        read_earlier(path)


@pytest.mark.parametrize("name", ["missing.json", "."])
def test_what_cannot_be_read_is_said(tmp_path: Path, name: str) -> None:
    with pytest.raises(InputError, match="cannot be read"):
        read_earlier(tmp_path / name)


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="could not be written"):
        write_measures_json(tmp_path / "nowhere" / "m.json", analysis((CADENCE,)))
