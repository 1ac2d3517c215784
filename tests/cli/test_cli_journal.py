"""Import, log, journal, export, erase and db, as a runner types them."""

from __future__ import annotations

import csv
import io
import json
import re
import sqlite3
import zipfile
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from runfree.cli import main
from runfree.io.motion_file import write_motion
from runfree.io.watch_file import read_watch_file
from runfree.journal import open_journal
from runfree.journal.database import HEAD
from runfree.testing import watch
from runfree.testing.camera import Camera
from runfree.testing.film import synthetic

SCHEMAS = Path(__file__).resolve().parents[1] / "journal" / "schemas"
TODAY = datetime.now(UTC).replace(hour=0, minute=1, second=0, microsecond=0)


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder of the test's own."""
    monkeypatch.setenv("RUNFREE_DATA", str(tmp_path / "data"))
    monkeypatch.delenv("RUNFREE_DATABASE_URL", raising=False)
    return tmp_path / "data"


@pytest.fixture
def runs(tmp_path: Path) -> Path:
    """A folder with three weeks of runs."""
    folder = tmp_path / "Activity"
    folder.mkdir()
    for week in range(3):
        start = TODAY - timedelta(days=7 * week + 1)
        run = watch.Run(start, 900 + 100 * week, 3.0, 168.0, 8.5, 252)
        (folder / f"week{week}.fit").write_bytes(watch.fit_file(run))
    return folder


def test_a_year_begins(runs: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    assert main(["import", str(runs), "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert (said["runs"], said["partly"]) == (3, False)
    assert main(["import", str(runs)]) == 0
    assert "0 new runs" in capsys.readouterr().out
    for words in (
        ["pain", "4", "--site", "Knee", "--when", "during", "--note", "<script>alert(1)</script>"],
        ["practice", "knee-15min", "--done"],
        ["shoes", "Ghost & Co", "--since", (TODAY - timedelta(days=30)).date().isoformat()],
        ["form", "ostrc", "1,1,0,2"],
        ["note", "wind"],
    ):
        assert main(["log", *words]) == 0
    out = capsys.readouterr().out
    assert "Ease" in out
    assert "33" in out
    assert main(["journal"]) == 0
    out = capsys.readouterr().out
    assert "up to 3.6 km" in out
    assert "Ghost & Co: 9 km" in out
    page = tmp_path / "journal.html"
    assert main(["journal", "--html", str(page)]) == 0
    html = page.read_text(encoding="utf-8")
    assert "Up to 3.6 km" in html
    assert "Ghost &amp; Co" in html
    assert "<script" not in html
    assert not re.search(r"(src|href)=\"http", html)
    assert html.count("<svg") >= 4


def test_a_part_of_it_is_exit_one_and_nothing_is_two(runs: Path, capsys: pytest.CaptureFixture[str]):
    (runs / "broken.fit").write_bytes(b"\x0e\x10 no watch wrote this at all")
    assert main(["import", str(runs)]) == 1
    said = capsys.readouterr()
    assert "3 new runs" in said.out
    assert "broken.fit was refused" in said.err
    assert main(["import", str(runs / "broken.fit")]) == 2
    assert main(["import", str(runs / "none.fit")]) == 2


@pytest.mark.parametrize(
    ("words", "hint"),
    [
        (["pain", "11", "--site", "knee"], "0 to 10"),
        (["pain", "nan", "--site", "knee"], "0 to 10"),
        (["pain", "3", "--site", "kne"], "Did you mean knee"),
        (["pain", "3", "--site", "knee", "--when", "someday"], "none of"),
        (["pain", "3", "--site", "knee", "--at", "2199-01-01"], "future"),
        (["pain", "3", "--site", "knee", "--at", "yesterdayish"], "no time"),
        (["form", "ostrc", "1,1,0"], "4 answers"),
        (["form", "ostrc", "1,x,0,1"], "not numbers"),
        (["note", "  "], "empty"),
        (["shoes", "x" * 500], "long"),
        (["practice", "a", "--done", "--skipped"], "both"),
    ],
)
def test_what_cannot_be_logged_is_one_sentence(words: list[str], hint: str, capsys: pytest.CaptureFixture[str]):
    assert main(["log", *words]) == 2
    said = capsys.readouterr()
    assert hint in said.err
    assert said.err.count("\n") == 1


def test_the_weekly_questions(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]):
    monkeypatch.setattr("sys.stdin", io.StringIO("2\n2\n1\n2\n"))
    assert main(["log", "week"]) == 0
    assert "59" in capsys.readouterr().out
    monkeypatch.setattr("sys.stdin", io.StringIO("0\n"))
    assert main(["log", "week"]) == 0
    monkeypatch.setattr("sys.stdin", io.StringIO("7\n"))
    assert main(["log", "week"]) == 2


def test_an_export_opens_without_us(runs: Path, tmp_path: Path):
    main(["import", str(runs)])
    main(["log", "note", "=1+1 is a formula"])
    target = tmp_path / "everything.zip"
    assert main(["export", str(target)]) == 0
    assert main(["export", str(target)]) == 2
    with zipfile.ZipFile(target) as archive:
        whole = json.loads(archive.read("journal.json"))
        assert len(whole["runs"]) == 3
        table = list(csv.DictReader(io.StringIO(archive.read("runs.csv").decode())))
        assert [float(row["distance_m"]) for row in table] == [run["distance_m"] for run in whole["runs"]]
        entries = list(csv.DictReader(io.StringIO(archive.read("entries.csv").decode())))
        assert entries[0]["note"].startswith("'=")
        for run in whole["runs"]:
            for file in run["files"]:
                data = archive.read(f"recordings/{file['sha256']}.fit")
                assert read_watch_file(data, "x").activities[file["part"]].attrs["distance_m"] == run["distance_m"]


def test_erase_asks_and_then_erases(runs: Path, home: Path, capsys: pytest.CaptureFixture[str]):
    main(["import", str(runs)])
    main(["log", "note", "a private sentence"])
    assert main(["erase"]) == 2
    assert main(["erase", "run:1", "--yes-really"]) == 0
    assert main(["erase", "run:1", "--yes-really"]) == 2
    assert main(["erase", "all", "--yes-really"]) == 2
    capsys.readouterr()
    main(["journal"])
    assert capsys.readouterr().out.count(" min") == 2
    assert main(["erase", "--yes-really"]) == 0
    left = b"".join(p.read_bytes() for p in home.rglob("*") if p.is_file())
    assert b"private sentence" not in left
    assert not [p for p in (home / "media").rglob("*") if p.is_file()]
    capsys.readouterr()
    assert main(["journal"]) == 0
    assert " min" not in capsys.readouterr().out


@pytest.mark.parametrize("dump", sorted(SCHEMAS.glob("*.sql")), ids=lambda p: p.stem)
def test_every_released_schema_can_be_upgraded(dump: Path, home: Path, capsys: pytest.CaptureFixture[str]):
    home.mkdir()
    with closing(sqlite3.connect(home / "journal.db")) as old:
        old.executescript(dump.read_text(encoding="utf-8"))
    assert main(["journal"]) == (0 if dump.stem == HEAD else 2)
    assert main(["db", "upgrade"]) == 0
    assert main(["db", "upgrade"]) == 0
    with open_journal() as journal:
        (run,) = journal.runs()
        assert len(run.sources) == 2
        assert len(journal.entries(history=True)) == 3
        assert [e.score for e in journal.entries("pain")] == [2]
        assert journal.films() == []
        assert [trial.intact for trial in journal.trials()] == ([True] if dump.stem >= "0003" else [])
    backups = list((home / "backups").glob("*.db"))
    assert len(backups) == (0 if dump.stem == HEAD else 1)
    for backup in backups:
        with closing(sqlite3.connect(backup)) as kept:
            assert kept.execute("SELECT count(*) FROM entry").fetchone() == (3,)


def test_film_and_watch_stand_side_by_side(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    monkeypatch.chdir(tmp_path)
    shown = synthetic(camera=Camera(view="side"), seconds=8)
    write_motion(tmp_path / "side.nc", shown.motion)
    run = watch.Run(TODAY - timedelta(days=1), 500, 3.0, 150.0, 8.5, 252)
    (tmp_path / "run.fit").write_bytes(watch.fit_file(run))
    words = ["analyze", "side.nc", "--height", "178cm", "--watch", "run.fit", "--journal"]
    assert main(words) == 0
    out = capsys.readouterr().out
    assert "Kept in your journal" in out
    assert "they disagree" in out
    told = json.loads((tmp_path / "report" / "watch.json").read_text())["side.nc"]
    (cadence,) = (m for m in told["measures"] if m["metric"] == "cadence")
    assert cadence["watch"] == pytest.approx(150, abs=0.5)
    assert main(words) == 0
    with open_journal() as journal:
        (film,) = journal.films()
        assert {e.metric for e in film.estimates} >= {"cadence", "vertical_oscillation"}
        assert journal.media.read(film.motion)
        target = tmp_path / "all.zip"
        assert main(["export", str(target)]) == 0
        with zipfile.ZipFile(target) as archive:
            assert f"motions/{film.motion}.nc" in archive.namelist()
        journal.delete_film(film.id)
        assert not journal.media.path(film.motion).exists()


def test_a_watch_file_that_cannot_be_used_stops_before_the_film(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "run.fit").write_bytes(b"nothing of the kind, only some words")
    assert main(["analyze", "film.mp4", "--watch", "run.fit"]) == 2
    assert "run.fit" in capsys.readouterr().err
    assert not (tmp_path / "report").exists()


def test_a_newer_journal_is_left_alone(home: Path, capsys: pytest.CaptureFixture[str]):
    main(["journal"])
    with closing(sqlite3.connect(home / "journal.db")) as db:
        db.execute("UPDATE alembic_version SET version_num = '9999'")
        db.commit()
    capsys.readouterr()
    assert main(["journal"]) == 2
    assert "newer" in capsys.readouterr().err


def test_a_file_that_is_no_database_is_one_sentence(home: Path, capsys: pytest.CaptureFixture[str]):
    home.mkdir()
    (home / "journal.db").write_bytes(b"no database" * 1000)
    assert main(["journal"]) == 2
    assert capsys.readouterr().err.count("\n") == 1


@pytest.mark.parametrize("url", ["nonsense", "mysql+nothing://x/y", "postgresql+psycopg://u@127.0.0.1:1/none"])
def test_a_database_that_cannot_be_used_is_one_sentence(
    url: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    monkeypatch.setenv("RUNFREE_DATABASE_URL", url)
    assert main(["journal"]) == 2
    assert capsys.readouterr().err.count("\n") == 1
