import os
from pathlib import Path

import pytest

from runfree.app.folder import check_folder, report_folder
from runfree.core.errors import OutputError


def _write_report(folder: Path, text: str, *names: str) -> None:
    with report_folder(folder) as new:
        for name in ("index.html", "measures.json", *names):
            (new / name).write_text(text)


def test_files_take_their_place_at_the_end(tmp_path: Path) -> None:
    out = tmp_path / "a" / "b" / "report"
    with report_folder(out) as new:
        (new / "index.html").write_text("one")
        assert not out.exists()
    assert (out / "index.html").read_text() == "one"
    assert os.listdir(out.parent) == ["report"]


@pytest.mark.parametrize("stop", [KeyboardInterrupt, OSError, SystemExit])
def test_whatever_stops_it_leaves_nothing(tmp_path: Path, stop: type[BaseException]) -> None:
    with pytest.raises(stop), report_folder(tmp_path / "a" / "report") as new:
        (new / "index.html").write_text("half")
        raise stop
    assert list(tmp_path.iterdir()) == []


def test_a_stopped_report_leaves_the_older_one_whole(tmp_path: Path) -> None:
    out = tmp_path / "report"
    _write_report(out, "old", "film.mp4")
    with pytest.raises(KeyboardInterrupt), report_folder(out) as new:
        (new / "index.html").write_text("new")
        raise KeyboardInterrupt
    assert {p.name: p.read_text() for p in out.iterdir()} == dict.fromkeys(
        ("index.html", "measures.json", "film.mp4"), "old"
    )


def test_a_new_report_replaces_ours_and_keeps_theirs(tmp_path: Path) -> None:
    out = tmp_path / "report"
    _write_report(out, "old", "film.mp4", "motion.nc")
    (out / "my notes.txt").write_text("mine")
    check_folder(out, [])
    _write_report(out, "new")
    assert {p.name: p.read_text() for p in out.iterdir()} == {
        "index.html": "new",
        "measures.json": "new",
        "my notes.txt": "mine",
    }


def test_a_folder_of_other_things_is_refused(tmp_path: Path) -> None:
    (tmp_path / "holiday.jpg").write_text("x")
    with pytest.raises(OutputError, match="not a report"):
        check_folder(tmp_path, [])


def test_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "report").write_text("x")
    with pytest.raises(OutputError, match="a file of that name"):
        check_folder(tmp_path / "report", [])


def test_inputs_are_never_written_over(tmp_path: Path) -> None:
    _write_report(tmp_path / "report", "old")
    with pytest.raises(OutputError, match=r"measures\.json"):
        check_folder(tmp_path / "report", [tmp_path / "report" / "measures.json"])


def test_new_and_empty_folders_are_welcome(tmp_path: Path) -> None:
    check_folder(tmp_path, [])
    check_folder(tmp_path / "new", [tmp_path / "run.mp4"])
