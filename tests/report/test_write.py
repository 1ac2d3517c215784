"""A report is there whole, or not at all; and only earlier reports are written over."""

from __future__ import annotations

import multiprocessing
import os
import resource
import signal
from pathlib import Path

import pytest

from runfree.core.errors import FilmError, OutputError
from runfree.io.motion_file import read_motion, write_motion
from runfree.report import write_report

from .conftest import SceneFactory

ONE = {"index.html", "measures.csv", "measures.json", "measures.parquet", "motion.nc"}


def names(folder: Path) -> set[str]:
    return {f.name for f in folder.iterdir()}


def test_one_film_gives_the_page_and_the_files_beside_it(scene: SceneFactory, tmp_path: Path) -> None:
    made = scene()
    page = write_report(made.analysis, tmp_path / "deep" / "report", film_paths=made.paths)
    assert page == tmp_path / "deep" / "report" / "index.html"
    assert names(page.parent) == ONE
    assert read_motion(page.parent / "motion.nc").identical(made.analysis.films[0].motion)
    assert names(tmp_path / "deep") == {"report"}


def test_further_films_are_numbered_and_drawn_when_asked(scene: SceneFactory, tmp_path: Path) -> None:
    made = scene(("side", "front"))
    told: list[tuple[int, int]] = []
    page = write_report(
        made.analysis, tmp_path / "r", film_paths=made.paths, video=True, progress=lambda *a: told.append(a)
    )
    assert names(page.parent) == ONE | {"motion-2.nc", "film.mp4", "film-2.mp4"}
    assert told == [(i + 1, 48) for i in range(48)]


def test_a_new_report_replaces_the_earlier_one_and_nothing_else(scene: SceneFactory, tmp_path: Path) -> None:
    two, one = scene(("side", "front")), scene()
    folder = tmp_path / "r"
    write_report(two.analysis, folder, film_paths=two.paths, video=True)
    (folder / "diary.txt").write_text("mine")
    write_report(one.analysis, folder, film_paths=one.paths)
    assert names(folder) == ONE | {"diary.txt"}


@pytest.mark.parametrize("own", ["index.html", "measures.json", "film.mp4", "motion-2.nc"])
def test_files_of_our_names_that_we_did_not_write_are_left_alone(
    scene: SceneFactory, tmp_path: Path, own: str
) -> None:
    made = scene()
    folder = tmp_path / "r"
    folder.mkdir()
    (folder / own).write_text("mine")
    with pytest.raises(OutputError, match="not written by Runfree"):
        write_report(made.analysis, folder, film_paths=made.paths)
    assert names(folder) == {own}
    assert (folder / own).read_text() == "mine"


def test_the_film_itself_is_never_written_over(scene: SceneFactory, tmp_path: Path) -> None:
    made = scene()
    folder = tmp_path / "r"
    write_report(made.analysis, folder, film_paths=made.paths)
    inside = made.paths[0].rename(folder / "film.mp4")
    with pytest.raises(OutputError, match="would replace the film"):
        write_report(made.analysis, folder, film_paths=[inside], video=True)
    assert inside.stat().st_size > 1000


def test_a_saved_motion_has_no_pictures(scene: SceneFactory, tmp_path: Path) -> None:
    made = scene()
    write_motion(tmp_path / "saved.nc", made.analysis.films[0].motion)
    page = write_report(made.analysis, tmp_path / "r", film_paths=[tmp_path / "saved.nc"], video=True)
    assert names(page.parent) == ONE
    assert "<img" not in page.read_text()


def test_a_film_that_is_gone_leaves_no_report(scene: SceneFactory, tmp_path: Path) -> None:
    made = scene()
    made.paths[0].unlink()
    with pytest.raises(FilmError):
        write_report(made.analysis, tmp_path / "r", film_paths=made.paths)
    assert names(tmp_path) == set()


def test_a_file_in_the_way_is_refused(scene: SceneFactory, tmp_path: Path) -> None:
    made = scene()
    (tmp_path / "r").write_text("mine")
    with pytest.raises(OutputError, match="in the way"):
        write_report(made.analysis, tmp_path / "r", film_paths=made.paths)


def test_one_path_for_each_film(scene: SceneFactory, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="film_paths"):
        write_report(scene().analysis, tmp_path / "r", film_paths=[])


def _with_small_files(limit: int, analysis, folder: Path, paths: list[Path], video: bool, out) -> None:
    """In a process of its own: no file may grow past the limit, as on a disk that is full."""
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
    try:
        write_report(analysis, folder, film_paths=paths, video=video)
        out.put("written")
    except OutputError as error:
        out.put(str(error))


@pytest.mark.parametrize(("limit", "video"), [(500, False), (8_000, False), (40_000, False), (60_000, True)])
@pytest.mark.parametrize("earlier", [False, True])
def test_a_full_disk_leaves_no_half_report(
    scene: SceneFactory, tmp_path: Path, limit: int, video: bool, earlier: bool
) -> None:
    made = scene()
    folder = tmp_path / "r"
    if earlier:
        write_report(made.analysis, folder, film_paths=made.paths)
    before = {f: f.read_bytes() for f in folder.glob("*")}
    context = multiprocessing.get_context("spawn")
    out = context.Queue()
    process = context.Process(
        target=_with_small_files, args=(limit, made.analysis, folder, made.paths, video, out)
    )
    process.start()
    said = out.get(timeout=120)
    process.join()
    assert "cannot be written" in said or "could not be written" in said
    assert {f: f.read_bytes() for f in folder.glob("*")} == before
    assert names(tmp_path) - {"r"} == {made.paths[0].name}
    assert folder.exists() == earlier


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_that_may_not_be_written_to(scene: SceneFactory, tmp_path: Path) -> None:
    made = scene()
    (tmp_path / "locked").mkdir(mode=0o500)
    with pytest.raises(OutputError, match="cannot be written"):
        write_report(made.analysis, tmp_path / "locked" / "r", film_paths=made.paths)


def test_stopping_half_way_leaves_nothing(scene: SceneFactory, tmp_path: Path) -> None:
    made = scene()

    def stop(done: int, total: int) -> None:
        if done == 10:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_report(made.analysis, tmp_path / "r", film_paths=made.paths, video=True, progress=stop)
    assert names(tmp_path) == {made.paths[0].name}
