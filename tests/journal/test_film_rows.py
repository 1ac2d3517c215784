"""Films handed in and the work on them: rows and files that belong together, and go together."""

from __future__ import annotations

import json
import sqlite3
import zipfile
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from runfree.core.errors import FilmError, InputError, NotHereError
from runfree.core.estimate import Estimate
from runfree.core.kept_film import KeptFilm
from runfree.journal import Journal, open_journal
from runfree.journal.database import connect, upgrade
from runfree.journal.export import export

MOMENT = datetime(2026, 5, 3, 7, 30, tzinfo=UTC)
CADENCE = Estimate("cadence", "both", 170.0, "spm", 169.0, 171.0, 20, "good", "folded", ())
FILM = KeptFilm("run.mp4", MOMENT, MOMENT, "side", "running", None, (CADENCE,))


def clip_of(journal: Journal, data: bytes, name: str = "run.mp4"):
    upload = journal.clips.begin(name, len(data))
    journal.clips.write(upload, 0, data)
    return journal.clips.keep(upload, journal.clips.digest(upload))


def files(journal: Journal) -> set[str]:
    kept = ("media", "clips", "uploads", "reports")
    return {p.name for folder in kept for p in (journal.folder / folder).rglob("*") if p.is_file()}


def test_an_older_journal_keeps_its_films_and_their_numbers(tmp_path: Path) -> None:
    dump = (Path(__file__).parent / "schemas" / "0003.sql").read_text(encoding="utf-8")
    with closing(sqlite3.connect(tmp_path / "journal.db")) as db:
        db.executescript(dump)
        db.execute(
            "INSERT INTO film VALUES (1, 1, 'a.mp4', '2026-05-03 07:30:00.000000', 0, '2026-05-03', "
            "'2026-05-03 07:30:00.000000', 'side', 'running', NULL, '')"
        )
        db.execute(
            "INSERT INTO estimate VALUES (1, 1, 'cadence', 'both', 170, 'spm', 169, 171, 20, 'good', 'm', '[]')"
        )
        db.commit()
    engine = connect(None, tmp_path)
    upgrade(engine, tmp_path)
    engine.dispose()
    with open_journal(None, tmp_path) as journal:
        (film,) = journal.films()
        assert [e.value for e in film.estimates] == [170.0]


def test_a_deleted_film_is_gone_with_all_that_hangs_on_it(journal: Journal) -> None:
    clip, other = clip_of(journal, b"film"), clip_of(journal, b"other")
    job = journal.jobs.add("analysis", [clip.id, other.id])
    alone = journal.jobs.add("check", [other.id])
    claimed = journal.jobs.claim("analysis", "w", 10)
    assert claimed is not None
    journal.jobs.report(job.id).mkdir(parents=True)
    (journal.jobs.report(job.id) / "index.html").touch()
    assert journal.jobs.finish(claimed, "w", {"x": 1}, [(FILM, b"motion")])
    assert len(journal.films()) == 1
    journal.jobs.delete_clip(clip.id)
    assert journal.films() == []
    assert [j.id for j in journal.jobs.jobs()] == [alone.id]
    assert files(journal) == {other.sha256}
    with pytest.raises(NotHereError):
        journal.jobs.delete_clip(clip.id)


def test_a_film_that_was_erased_by_its_number_takes_no_other_with_it(journal: Journal) -> None:
    clip = clip_of(journal, b"film")
    journal.jobs.add("analysis", [clip.id])
    claimed = journal.jobs.claim("analysis", "w", 10)
    assert claimed is not None
    journal.jobs.finish(claimed, "w", {}, [(FILM, b"motion")])
    (kept,) = journal.films()
    journal.delete_film(kept.id)
    journal.add_film(FILM, b"another motion")
    journal.jobs.delete_clip(clip.id)
    (left,) = journal.films()
    with pytest.raises(InputError, match="none of this number"):
        journal.delete_film(left.id + 1)


def test_nobody_reaches_the_films_of_somebody_else(journal_of: Callable[..., Journal]) -> None:
    mine, yours = journal_of("me"), journal_of("you")
    clip, same = clip_of(mine, b"film"), clip_of(yours, b"film")
    job = mine.jobs.add("analysis", [clip.id])
    upload = mine.clips.begin("b.mp4", 10)
    assert [c.id for c in yours.clips.clips()] == [same.id]
    assert yours.jobs.jobs() == yours.clips.uploads() == []
    assert yours.jobs.claim("analysis", "w", 10) is None
    for reach in (
        lambda: yours.clips.clip(clip.id),
        lambda: yours.clips.upload(upload.id),
        lambda: yours.jobs.job(job.id),
        lambda: yours.jobs.cancel(job.id),
        lambda: yours.jobs.delete_clip(clip.id),
    ):
        with pytest.raises(NotHereError):
            reach()
    mine.jobs.delete_clip(clip.id)
    assert yours.clips.path(same).read_bytes() == b"film"
    yours.erase()
    assert files(mine) == {f"{upload.id}.part"}


def test_erasing_leaves_nothing(journal: Journal) -> None:
    clip = clip_of(journal, b"film")
    job = journal.jobs.add("analysis", [clip.id])
    journal.clips.begin("b.mp4", 10)
    journal.jobs.report(job.id).mkdir(parents=True)
    (journal.jobs.report(job.id) / "index.html").touch()
    journal.erase()
    assert files(journal) == set()


def test_a_worker_that_lost_its_job_cannot_end_it(journal: Journal) -> None:
    journal.jobs.add("analysis", ["c"])
    first = journal.jobs.claim("analysis", "first", 10)
    assert first is not None
    assert journal.jobs.claim("analysis", "second", 10) is None
    again = journal.jobs.claim("analysis", "second", -1)
    assert again is not None
    assert (again.id, again.tries) == (first.id, 2)
    assert not journal.jobs.beat(first, "first", "", 0.5)
    assert not journal.jobs.finish(first, "first", {"late": 1}, [(FILM, b"motion")])
    assert not journal.jobs.fail(first, "first", FilmError("a", "b", "c"))
    assert journal.films() == []
    assert journal.jobs.finish(again, "second", {"good": 1})
    assert journal.jobs.job(first.id).result == {"good": 1}


def test_a_job_whose_worker_died_is_tried_once_more_and_then_has_a_reason(journal: Journal) -> None:
    journal.jobs.add("analysis", ["c"])
    for state in ("waiting", "failed"):
        job = journal.jobs.claim("analysis", "w", 10)
        assert job is not None
        journal.jobs.give_back(job, "w", counts=True)
        assert journal.jobs.job(job.id).state == state
    assert "interrupted" in journal.jobs.jobs()[0].failure["why"]
    assert journal.jobs.claim("analysis", "w", -1) is None


def test_closing_the_server_costs_no_try(journal: Journal) -> None:
    journal.jobs.add("analysis", ["c"])
    for _ in range(3):
        job = journal.jobs.claim("analysis", "w", 10)
        assert job is not None
        journal.jobs.give_back(job, "w", counts=False)
    assert (journal.jobs.jobs()[0].state, journal.jobs.jobs()[0].tries) == ("waiting", 0)


def test_a_cancelled_job_stays_cancelled(journal: Journal) -> None:
    job = journal.jobs.add("analysis", ["c"])
    claimed = journal.jobs.claim("analysis", "w", 10)
    assert claimed is not None
    assert journal.jobs.cancel(job.id).state == "cancelled"
    assert not journal.jobs.beat(claimed, "w", "", 0.1)
    journal.jobs.give_back(claimed, "w", counts=True)
    assert journal.jobs.cancel(job.id).state == "cancelled"
    assert journal.jobs.claim("analysis", "w", -1) is None


def test_an_export_takes_the_films_along(journal: Journal, tmp_path: Path) -> None:
    clip, odd = clip_of(journal, b"film", "run.MOV"), clip_of(journal, b"other", "evil.sh")
    export(journal, tmp_path / "all.zip", {})
    with zipfile.ZipFile(tmp_path / "all.zip") as archive:
        assert archive.read(f"clips/{clip.sha256}.mov") == b"film"
        assert archive.read(f"clips/{odd.sha256}") == b"other"
        told = json.loads(archive.read("journal.json"))["clips"]
    assert {one["name"] for one in told} == {"run.MOV", "evil.sh"}
