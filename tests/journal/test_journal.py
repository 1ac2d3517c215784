"""The journal: one run once, one person alone, corrections visible, erased means gone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import permutations
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import text

from runfree.app.importing import import_files
from runfree.core.entry import Entry
from runfree.core.errors import InputError, OutputError
from runfree.journal import Journal
from runfree.journal.database import HEAD, connect, schema_of
from runfree.journal.tables import Base
from runfree.testing import watch

START = datetime(2026, 5, 3, 7, 30, tzinfo=UTC)
RUN = watch.Run(START, 700, 3.0, 170.0, 8.0, 250)
OTHER_WATCH = watch.Run(START + timedelta(seconds=3), 690, 3.05, 171.0, product=999, maker=watch.COROS)


def write(folder: Path, **files: bytes) -> list[Path]:
    folder.mkdir(exist_ok=True)
    out = []
    for name, data in files.items():
        out.append(folder / name.replace("_", "."))
        out[-1].write_bytes(data)
    return out


def state(journal: Journal):
    """All that a journal says of its runs, without the numbers of rows."""
    return [replace(run, id=0) for run in journal.runs()], [(d, s) for d, _, s in journal.stretches()]


def test_the_tables_are_those_of_the_migrations(url: str, journal: Journal, tmp_path: Path):
    engine = connect(url, tmp_path / "data")
    with engine.connect() as connection:
        unlike = compare_metadata(MigrationContext.configure(connection), Base.metadata)
        if engine.dialect.name == "sqlite":
            # SQLAlchemy does not read a key that was added with its column; SQLite itself tells of it.
            keys = connection.execute(text("PRAGMA foreign_key_list(film)")).mappings().all()
            assert ("job", "job_id", "CASCADE") in [(k["table"], k["from"], k["on_delete"]) for k in keys]
            unlike = [
                (what, key) for what, key in unlike if not (what.endswith("_fk") and "job_id" in key.columns)
            ]
        assert unlike == []
    assert schema_of(engine) == HEAD
    engine.dispose()


def test_the_same_file_twice_is_one_run(journal: Journal, tmp_path: Path):
    files = write(tmp_path / "in", a_fit=watch.fit_file(RUN), b_fit=watch.fit_file(RUN))
    assert [f.status for f in import_files(files, journal, workers=1)] == ["new", "known"]
    before = state(journal)
    assert [f.status for f in import_files(files, journal, workers=1)] == ["known", "known"]
    assert state(journal) == before
    assert len(before[0]) == 1


def test_two_watches_are_one_run_whatever_comes_first(journal_of: Callable[..., Journal], tmp_path: Path):
    pieces = [
        watch.fit_file(RUN),
        watch.fit_file(OTHER_WATCH),
        watch.fit_file(watch.Run(START, 200, 3.0)),
        watch.gpx_file(watch.Run(START + timedelta(seconds=400), 290, 3.0)),
    ]
    ends = []
    for i, order in enumerate(list(permutations(pieces))[::5]):
        journal = journal_of(f"person {i}")
        files = [
            write(tmp_path / f"in{i}", **{f"{n}_{'gpx' if b'<gpx' in p else 'fit'}": p})[0]
            for n, p in enumerate(order)
        ]
        list(import_files(files, journal, workers=1))
        (run,) = journal.runs()
        assert len(run.sources) == 4
        ends.append((run.start, run.distance_m, run.timer_s, run.cadence_spm, sorted(run.devices)))
    assert all(end == ends[0] for end in ends)
    assert ends[0][2] == 700


def test_the_next_run_is_another(journal: Journal, tmp_path: Path):
    later = watch.Run(START + timedelta(seconds=800), 600)
    files = write(tmp_path / "in", a_fit=watch.fit_file(RUN), b_fit=watch.fit_file(later))
    list(import_files(files, journal, workers=1))
    assert [run.start for run in journal.runs()] == [START, START + timedelta(seconds=800)]


def test_a_recording_with_a_broken_clock_swallows_nobody(journal: Journal, tmp_path: Path):
    points = "".join(
        f'<trkpt lat="50.{i}" lon="8"><time>{year}-05-01T08:00:00Z</time></trkpt>'
        for i, year in enumerate((2020, 2030))
    )
    long = f"<gpx><trk><type>running</type><trkseg>{points}</trkseg></trk></gpx>".encode()
    later = watch.Run(START + timedelta(days=1), 600)
    files = write(tmp_path / "in", a_fit=watch.fit_file(RUN), b_fit=watch.fit_file(later), c_gpx=long)
    assert [f.status for f in import_files(files, journal, workers=1)] == ["new", "new", "no run"]
    assert len(journal.runs()) == 2


def test_damage_and_nonsense_do_not_stop_the_others(journal: Journal, tmp_path: Path):
    good = watch.fit_file(RUN)
    files = write(tmp_path / "in", a_fit=b"no watch wrote this", b_fit=good[: len(good) // 2], c_fit=watch.fit_file(watch.Run(START + timedelta(days=1), 400)))  # fmt: skip
    found = list(import_files(files, journal, workers=2))
    assert [f.status for f in found] == ["refused", "new", "new"]
    assert found[1].damage
    assert len(journal.runs()) == 2


def test_health_exports_of_two_days_share_their_runs(journal: Journal, tmp_path: Path):
    first, second = RUN, watch.Run(START + timedelta(days=1), 500)
    (a,) = write(tmp_path / "one", export_xml=watch.health_file([first]))
    (b,) = write(tmp_path / "two", export_xml=watch.health_file([first, second]))
    assert [(f.runs, f.joined) for f in import_files([a], journal)] == [(1, 0)]
    assert [(f.runs, f.joined) for f in import_files([b], journal)] == [(1, 0)]
    assert [f.status for f in import_files([b], journal)] == ["known"]
    assert len(journal.runs()) == 2


def test_nobody_reaches_anothers_rows(journal_of: Callable[..., Journal], tmp_path: Path):
    mine, theirs = journal_of("me"), journal_of("them")
    files = write(tmp_path / "in", a_fit=watch.fit_file(RUN))
    list(import_files(files, mine, workers=1))
    said = mine.log(Entry("pain", "knee", START, "during", 3))
    (run,) = mine.runs()
    assert (theirs.runs(), theirs.stretches(), theirs.entries(), theirs.run_files(run.id)) == ([], [], [], [])
    for deed in (lambda: theirs.delete_run(run.id), lambda: theirs.delete_entry(said.number), lambda: theirs.revise(said.number, said)):  # fmt: skip
        with pytest.raises(InputError):
            deed()
    list(import_files(files, theirs, workers=1))
    theirs.erase()
    (digest, _, _) = mine.run_files(run.id)[0]
    assert mine.media.read(digest) == watch.fit_file(RUN)
    assert len(mine.runs()) == 1


def test_a_correction_leaves_what_was_said(journal: Journal):
    first = journal.log(Entry("pain", "knee", START, "during", 6, note="steep"))
    journal.log(Entry("pain", "foot", START, "during", 1))
    journal.revise(first.number, replace(first, score=4))
    (now,) = journal.entries("pain", what="knee", moment="during")
    assert (now.score, now.revision) == (4, 2)
    history = journal.entries("pain", what="knee", history=True)
    assert [(e.revision, e.score) for e in history] == [(1, 6), (2, 4)]
    assert all(e.recorded_at is not None and e.recorded_at > e.at for e in history)
    # Corrected to another place, it is no outcome of the first any more.
    journal.revise(first.number, replace(first, what="hip"))
    assert journal.entries("pain", what="knee") == []


def test_the_local_day_is_the_persons_own(journal: Journal):
    late = datetime.fromisoformat("2026-05-03T23:30:00-07:00")
    journal.log(Entry("pain", "knee", late, "after", 2))
    (said,) = journal.entries()
    assert said.local_date == date(2026, 5, 3)
    assert said.at == late
    assert journal.entries(since=date(2026, 5, 4)) == []


def test_a_run_and_an_entry_can_be_deleted(journal: Journal, tmp_path: Path):
    files = write(tmp_path / "in", a_fit=watch.fit_file(RUN), b_fit=watch.fit_file(OTHER_WATCH))
    list(import_files(files, journal, workers=1))
    (run,) = journal.runs()
    kept = [journal.media.path(digest) for digest, _, _ in journal.run_files(run.id)]
    assert all(path.exists() for path in kept)
    journal.delete_run(run.id)
    assert journal.runs() == journal.stretches() == []
    assert not any(path.exists() for path in kept)
    said = journal.log(Entry("note", "", START, note="x"))
    journal.delete_entry(said.number)
    assert journal.entries(history=True) == []
    # Deleted is not forbidden: it may come back.
    assert [f.status for f in import_files(files, journal, workers=1)] == ["new", "new"]


def test_erased_is_gone_from_every_file(journal: Journal, tmp_path: Path):
    list(import_files(write(tmp_path / "in", secretname_fit=watch.fit_file(RUN)), journal, workers=1))
    for i in range(50):
        journal.log(Entry("note", "", START, note=f"a very private sentence {i}"))
    journal.erase()
    journal.close()
    left = b"".join(p.read_bytes() for p in (tmp_path / "data").rglob("*") if p.is_file())
    assert b"private sentence" not in left
    assert b"secretname" not in left
    assert watch.fit_file(RUN)[:100] not in left


def test_a_changed_file_is_not_believed(journal: Journal, tmp_path: Path):
    list(import_files(write(tmp_path / "in", a_fit=watch.fit_file(RUN)), journal, workers=1))
    (digest, _, _) = journal.run_files(journal.runs()[0].id)[0]
    journal.media.path(digest).write_bytes(b"other")
    with pytest.raises(OutputError, match="changed"):
        journal.media.read(digest)


def test_the_shared_recordings(journal: Journal, shared_data: Path):
    found = list(import_files([shared_data / "fit", shared_data / "gps"], journal))
    assert not [f for f in found if f.status == "refused"]
    runs = journal.runs()
    twins = [r for r in runs if r.local_date in (date(2021, 5, 7), date(2021, 6, 4))]
    assert [len(r.sources) for r in twins] == [2, 2]
    assert [r.cadence_spm for r in twins] == pytest.approx([181.8, 176.5], abs=1)
    assert sum("clock_not_set" in r.flags and r.local_date is None for r in runs) == 2
    assert len(runs) == 18
