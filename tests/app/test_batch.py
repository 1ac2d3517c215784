"""A batch of motions of known truth, and of what is no film, from the command line and from Python."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import polars as pl
import pytest

import runfree
from runfree.app.analyze import analyze
from runfree.cli import main
from runfree.core.errors import InputError
from runfree.io.motion_file import write_motion
from runfree.testing.camera import Camera
from runfree.testing.film import synthetic
from runfree.testing.runner import Gait

CADENCES = (162, 170, 178)


@pytest.fixture(scope="module")
def films(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("films")
    for cadence in CADENCES:
        shown = synthetic(gait=Gait(cadence_spm=cadence), camera=Camera(view="side"), seconds=6)
        write_motion(folder / f"{cadence}.nc", shown.motion)
    (folder / "text.mp4").write_text("this is no film")
    (folder / "empty.mov").touch()
    rows = [f"{cadence}.nc,R{cadence},a,178cm" for cadence in CADENCES]
    (folder / "list.csv").write_text(
        "\n".join(["film,runner,group,height", *rows, "text.mp4,X,b,", "empty.mov,,b,", "gone.mp4,Y,b,"])
    )
    return folder


@pytest.fixture(scope="module")
def done(films: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("batch") / "cohort"
    batch = runfree.batch(films / "list.csv", out, workers=2, motions=True)
    assert (batch.total, batch.done, batch.known, batch.failed) == (6, 3, 0, 3)
    return out


def test_the_tables_hold_what_analyze_says(films: Path, done: Path) -> None:
    table = pl.read_parquet(done / "estimates" / "**" / "*.parquet").join(
        pl.read_parquet(done / "films" / "*.parquet"), on="key"
    )
    for cadence in CADENCES:
        own = table.filter(film=f"{cadence}.nc")
        expected = analyze(films / f"{cadence}.nc", height_m=1.78).films[0].measured.estimates
        assert own["metric"].to_list() == [e.metric for e in expected]
        assert own["value"].to_list() == [round(e.value, 2) for e in expected]
        assert own["runner"].unique().to_list() == [f"R{cadence}"]
    assert table["runfree"].unique().to_list() == [runfree.__version__]
    assert table["backend"][0].startswith("blazepose ")
    assert len(list((done / "motions").glob("*.nc"))) == 3


def test_every_failure_is_one_row_with_its_reason(done: Path) -> None:
    failures = pl.read_parquet(done / "failures" / "*.parquet")
    why = dict(failures.select("film", "why").iter_rows())
    assert set(why) == {"text.mp4", "empty.mov", "gone.mp4"}
    assert "text" in why["text.mp4"]
    assert "empty" in why["empty.mov"]
    assert "no such file" in why["gone.mp4"]


def test_a_second_run_looks_only_at_what_failed(
    films: Path, done: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = {path: path.read_bytes() for path in done.rglob("*.parquet")}
    assert main(["batch", str(films / "list.csv"), "--out", str(done), "--json"]) == 1
    *lines, last = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert {line["film"] for line in lines} == {"text.mp4", "empty.mov", "gone.mp4"}
    assert (last["done"], last["known"], last["failed"]) == (0, 3, 3)
    assert {path: path.read_bytes() for path in done.rglob("*.parquet")} == before


def test_any_executor_gives_the_same_bytes(films: Path, done: Path, tmp_path: Path) -> None:
    with ThreadPoolExecutor(1) as executor:
        runfree.batch(films / "list.csv", tmp_path / "out", executor=executor)
    for table in ("estimates", "steps", "findings", "not_assessable", "analyses"):
        (one,), (other,) = ((place / table).rglob("*.parquet") for place in (done, tmp_path / "out"))
        assert one.read_bytes() == other.read_bytes()


def test_what_cannot_be_begun_is_refused_before_any_work(films: Path, tmp_path: Path) -> None:
    (tmp_path / "nothing").mkdir()
    for place, word in ((tmp_path / "nothing", "there is none"), (tmp_path / "gone", "no such folder")):
        with pytest.raises(InputError, match=word):
            runfree.batch(place, tmp_path / "out")
    with pytest.raises(InputError, match="at least one"):
        runfree.batch(films, tmp_path / "out", workers=0)
    assert not (tmp_path / "out").exists()
