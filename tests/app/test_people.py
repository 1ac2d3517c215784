"""Several people in a film: numbered, and the one meant is followed."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from runfree.app.analyze import analyze
from runfree.app.people import show_people
from runfree.cli import main
from runfree.core.errors import InputError, NothingAssessableError
from runfree.core.motion import points
from runfree.io.film_writer import FilmWriter
from runfree.io.video import frames, probe
from runfree.pose import track

pytest.importorskip("mediapipe")
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::UserWarning")


@pytest.fixture(scope="module")
def side_by_side(shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two runners on treadmills, 1.3 s at 30 frames a second: the larger one on the right."""
    left, right = (probe(shared_data / "phantom" / f"{name}.mp4") for name in ("side_contact200", "side_base"))
    film = tmp_path_factory.mktemp("people") / "two.mp4"
    with FilmWriter(film, width_px=640, height_px=360) as out:
        for (i, a), (_, b) in zip(frames(left, 0, 80), frames(right, 0, 80), strict=True):
            if i % 2 == 0:
                small = np.full((360, 320, 3), 120, dtype=np.uint8)
                small[72:] = np.asarray(Image.fromarray(a[:, 240:1040]).resize((320, 288)))
                out.write(np.concatenate([small, b[::2, 320:960:2]], axis=1), float(left.time_s[i]))
    return film


def test_everybody_has_a_number_and_a_frame_in_the_picture(side_by_side: Path, tmp_path: Path) -> None:
    one, other = show_people(side_by_side, tmp_path / "people.png")
    assert (one.number, one.where, other.number, other.where) == (1, "right", 2, "left")
    assert one.tall > other.tall
    assert [one.followed, other.followed].count(True) == 1
    drawn = np.asarray(Image.open(tmp_path / "people.png")).astype(int)
    plain = next(frames(probe(side_by_side), 0, 1))[1].astype(int)
    assert drawn.shape == plain.shape
    for half in (np.s_[:, :320], np.s_[:, 320:]):
        assert (np.abs(drawn[half] - plain[half]).max(axis=2) > 60).sum() > 200, "no frame was drawn"


@pytest.mark.parametrize(("person", "half"), [(1, 1), (2, 0)])
def test_the_one_meant_is_followed_all_through(side_by_side: Path, person: int, half: int) -> None:
    motion = track(side_by_side, workers=1, person=person)
    hips = (points(motion, "left_hip") + points(motion, "right_hip"))[:, 0] / 2
    assert np.isfinite(hips).mean() > 0.95
    assert (hips[np.isfinite(hips)] // 320 == half).all()
    assert motion.attrs["people"] == 2


def test_the_command_prints_the_list(side_by_side: Path, tmp_path: Path, capsys) -> None:
    picture = tmp_path / "who.png"
    assert main(["people", str(side_by_side), "--out", str(picture), "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert [p["number"] for p in said["people"]] == [1, 2]
    assert picture.exists()


def test_a_number_that_nobody_has_is_refused(side_by_side: Path) -> None:
    with pytest.raises(InputError, match="2 people were found"):
        analyze(side_by_side, person=7)
    with pytest.raises(InputError, match="counted from 1"):
        analyze(side_by_side, person=0)
    with pytest.raises(InputError, match="own numbers"):
        analyze([side_by_side, side_by_side.with_name("other.mp4")], person=1)


def test_a_film_of_nobody_and_a_motion_file_are_refused(shared_data: Path, tmp_path: Path) -> None:
    with pytest.raises(NothingAssessableError, match="nobody"):
        show_people(shared_data / "no_runner" / "street_traffic_nobody.mp4", tmp_path / "people.png")
    assert not (tmp_path / "people.png").exists()
    with pytest.raises(InputError, match="motion file"):
        show_people(tmp_path / "motion.nc", tmp_path / "people.png")
    with pytest.raises(InputError, match="PNG"):
        show_people(tmp_path / "film.mp4", tmp_path / "film.mp4")
