from pathlib import Path

import pytest

from runfree.app.films import check_films, name_films
from runfree.core.errors import InputError


def test_names_are_short_where_they_can_be() -> None:
    named = name_films(["a/side.mp4", "b/front.mp4"])
    assert named == {"side.mp4": Path("a/side.mp4"), "front.mp4": Path("b/front.mp4")}


def test_equal_names_are_told_apart_by_their_folder() -> None:
    assert list(name_films(["a/run.mp4", "b/run.mp4"])) == [str(Path("a/run.mp4")), str(Path("b/run.mp4"))]


def test_a_film_counts_once(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="given twice"):
        name_films([tmp_path / "run.mp4", tmp_path / "x" / ".." / "run.mp4"])


def test_no_film_is_refused() -> None:
    with pytest.raises(InputError):
        name_films([])


def test_every_bad_film_is_named_at_once(tmp_path: Path) -> None:
    (tmp_path / "notes.mp4").write_text("no film")
    (tmp_path / "folder").mkdir()
    named = name_films([tmp_path / "none.mp4", tmp_path / "notes.mp4", tmp_path / "folder"])
    problems = check_films(named)
    assert list(problems) == list(named)
    assert "no such file" in problems["none.mp4"].why
    assert "folder" in problems["folder"].why
