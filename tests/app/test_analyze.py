"""The use case on motions of known truth."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from runfree.app.analyze import analyze
from runfree.core.errors import FilmError, InputError, MissingPartError, NothingAssessableError
from runfree.core.motion import KEYPOINTS, as_motion, make_motion
from runfree.io.motion_file import write_motion
from runfree.io.results import measures, measures_json
from runfree.testing.camera import Camera
from runfree.testing.film import synthetic

SIDE = synthetic(camera=Camera(view="side"), seconds=6)
FRONT = synthetic(camera=Camera(view="front"), seconds=6)


@pytest.fixture
def side(tmp_path: Path) -> Path:
    write_motion(tmp_path / "side.nc", SIDE.motion)
    return tmp_path / "side.nc"


@pytest.fixture
def front(tmp_path: Path) -> Path:
    write_motion(tmp_path / "front.nc", FRONT.motion)
    return tmp_path / "front.nc"


def _nobody(path: Path) -> Path:
    n, k = 300, len(KEYPOINTS)
    empty = make_motion(
        np.arange(n) / 60, np.full((n, k, 2), np.nan), np.zeros((n, k)), KEYPOINTS, width_px=1280, height_px=720
    )
    write_motion(path, empty)
    return path


def test_two_films_make_one_analysis(side: Path, front: Path) -> None:
    seen: list[tuple[str, int, int]] = []
    analysis = analyze([side, front], height_m=1.75, complaint="low back", progress=lambda *now: seen.append(now))
    assert [film.film for film in analysis.films] == ["side.nc", "front.nc"]
    assert [film.measured.view for film in analysis.films] == ["side", "front"]
    assert (analysis.complaint, analysis.height_m, analysis.left_out) == ("back", 1.75, ())
    metrics = [(e.metric, e.side) for e in analysis.estimates]
    assert len(metrics) == len(set(metrics))
    assert {"cadence", "vertical_oscillation", "foot_progression"} <= {metric for metric, _ in metrics}
    assert {finding.alignment for finding in analysis.findings} == {
        "parallel",
        "tracking",
        "glide",
        "belly",
        "toes",
    }
    cadence = analysis.estimate("cadence")
    assert cadence is not None
    assert cadence.low <= SIDE.truth["cadence_spm"] <= cadence.high


def test_one_path_is_enough(side: Path) -> None:
    assert analyze(str(side)).estimates == analyze([side]).estimates


def test_every_merged_number_is_a_film_s_own(side: Path, front: Path) -> None:
    analysis = analyze([side, front], height_m=1.75)
    own = [estimate for film in analysis.films for estimate in film.measured.estimates]
    assert set(analysis.estimates) <= set(own)
    assert {(e.metric, e.side) for e in analysis.estimates} == {(e.metric, e.side) for e in own}


def test_a_film_of_nobody_beside_a_good_one_is_left_out(side: Path, tmp_path: Path) -> None:
    analysis = analyze([_nobody(tmp_path / "street.nc"), side])
    assert [film.film for film in analysis.films] == ["side.nc"]
    assert [item.film for item in analysis.left_out] == ["street.nc"]


def test_nobody_anywhere_is_nothing_assessable(tmp_path: Path) -> None:
    with pytest.raises(NothingAssessableError, match=r"street\.nc"):
        analyze(_nobody(tmp_path / "street.nc"))
    (tmp_path / "notes.mp4").write_text("no film")
    with pytest.raises(NothingAssessableError, match=r"street\.nc.*|notes\.mp4.*"):
        analyze([tmp_path / "notes.mp4", tmp_path / "street.nc"])


@pytest.mark.parametrize(
    "wrong",
    [
        {"height_m": 178.0},
        {"height_m": float("nan")},
        {"speed_mps": 40.0},
        {"workers": 0},
        {"slowmo": 0.5},
        {"complaint": "elbow"},
    ],
)
def test_what_makes_no_sense_is_refused_before_any_work(tmp_path: Path, wrong: dict) -> None:
    with pytest.raises(InputError) as refused:
        analyze(tmp_path / "there is no such film.mp4", **wrong)
    assert "no such film" not in str(refused.value)


def test_a_backend_that_is_not_there_stops_everything(side: Path, film: Callable[..., Path]) -> None:
    with pytest.raises(MissingPartError):
        analyze([side, film("run.mp4", n=60)], backend="crystal-ball")


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"activity": "walking"}, "it is of walking, and this film of running"),
        ({"speed_mps": 2.5}, "it was filmed at 9.0 km/h, this film at 10.8"),
    ],
)
def test_an_earlier_film_that_cannot_be_compared_is_left_out(
    side: Path, tmp_path: Path, changed: dict, said: str
) -> None:
    before = analyze(side, height_m=1.75, speed_mps=3.0)
    (tmp_path / "same.json").write_text(measures_json(before))
    (tmp_path / "other.json").write_text(json.dumps(measures(before) | changed))
    same, other = (
        analyze(side, height_m=1.75, speed_mps=3.0, earlier=tmp_path / name)
        for name in ("same.json", "other.json")
    )
    assert {e.metric for e in same.earlier} == {e.metric for e in same.estimates}
    assert same.left_out == ()
    assert "In your earlier film" in " ".join(f.text for f in same.findings)
    assert other.earlier == ()
    assert [item.film for item in other.left_out] == [str(tmp_path / "other.json")]
    assert said in other.left_out[0].why
    assert "earlier film" not in " ".join(f.text for f in other.findings)


def test_slow_motion_is_asked_for_and_never_guessed(tmp_path: Path) -> None:
    slow = SIDE.motion.assign_coords(time=SIDE.motion["time"] * 4)
    write_motion(tmp_path / "slow.nc", as_motion(slow))
    with pytest.raises(FilmError, match=r"slow motion.*--slowmo 4 makes 17\d steps"):
        analyze(tmp_path / "slow.nc")


def test_what_was_taken_as_slow_motion_is_said(tmp_path: Path) -> None:
    told = SIDE.motion.copy()
    told.attrs |= {"slowmo": 8.0, "slowmo_told": "metadata"}
    write_motion(tmp_path / "told.nc", as_motion(told))
    analysis = analyze(tmp_path / "told.nc")
    assert "8 times slower than life, as its metadata say: 60 frames a second" in analysis.films[0].notes[0]
    assert measures(analysis)["films"][0]["slowmo"] == 8.0
