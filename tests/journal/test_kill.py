"""Killed at any moment, an import and a migration leave nothing half-written and lose nothing."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from runfree.journal import open_journal
from runfree.journal.database import connect, schema_of, upgrade
from runfree.testing import watch

KILLS = int(os.environ.get("RUNFREE_KILLS", "3"))
"""How many moments; benchmarks/README.md says how to try fifty."""
START = datetime(2026, 5, 3, 7, 30, tzinfo=UTC)
IMPORT = """
import sys; from pathlib import Path
import runfree.app.read_runs
from runfree.app.importing import import_files
from runfree.journal import open_journal
print("ready", flush=True)
with open_journal(None, Path(sys.argv[2])) as journal:
    for done in import_files([Path(sys.argv[1])], journal, workers=1):
        pass
"""
MIGRATE = """
import sys; from pathlib import Path
import alembic.command, alembic.config
from runfree.journal.database import connect, upgrade
print("ready", flush=True)
upgrade(connect(None, Path(sys.argv[2])), Path(sys.argv[2]))
"""


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Thirty runs, every third recorded twice."""
    folder = tmp_path_factory.mktemp("runs")
    for i in range(30):
        run = watch.Run(START + timedelta(days=i), 500, 3.0, 168.0, 8.0)
        (folder / f"{i:02}.fit").write_bytes(watch.fit_file(run))
        if i % 3 == 0:
            (folder / f"{i:02}b.fit").write_bytes(watch.fit_file(replace(run, product=4, seconds=480)))
    return folder


def _killed(script: str, runs: Path, data: Path, after_s: float | None) -> float:
    """Run a script, and kill it ``after_s`` seconds after it is ready; how long it worked."""
    with subprocess.Popen([sys.executable, "-c", script, runs, data], stdout=subprocess.PIPE) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == b"ready\n"
        begun = time.perf_counter()
        try:
            child.wait(after_s)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()
        else:
            assert child.returncode == 0
    return time.perf_counter() - begun


def _state(data: Path):
    with open_journal(None, data) as journal:
        runs = [replace(run, id=0) for run in journal.runs()]
        stretches = [(day, s) for day, _, s in journal.stretches()]
        kept = sorted(journal.kept_files())
        assert all(journal.media.read(digest) for digest, _ in kept)
    with closing(sqlite3.connect(data / "journal.db")) as db:
        assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert db.execute("PRAGMA foreign_key_check").fetchall() == []
        assert db.execute("SELECT count(*) FROM run WHERE id NOT IN (SELECT run_id FROM source)").fetchone() == (
            0,
        )
    files = sorted(p.name for p in (data / "media").rglob("*") if p.is_file())
    return runs, stretches, kept, files


def test_an_import_killed_at_any_moment(runs: Path, tmp_path: Path):
    first_s = _killed(IMPORT, runs, tmp_path / "whole", None)
    whole = _state(tmp_path / "whole")
    whole_s = min(first_s, _killed(IMPORT, runs, tmp_path / "again", None))
    assert len(whole[0]) == 30
    cut_short = 0
    for i, within in enumerate(np.random.default_rng(5).uniform(0, 1, KILLS)):
        share = (i + within) / KILLS
        data = tmp_path / f"killed{i}"
        _killed(IMPORT, runs, data, share * whole_s)
        cut_short += len(_state(data)[0]) < 30
        _killed(IMPORT, runs, data, None)
        assert _state(data) == whole
        shutil.rmtree(data)
    assert cut_short


def test_a_migration_killed_at_any_moment(tmp_path: Path):
    dump = (Path(__file__).parent / "schemas" / "0001.sql").read_text(encoding="utf-8")
    old = tmp_path / "old"
    old.mkdir()
    with closing(sqlite3.connect(old / "journal.db")) as db:
        db.executescript(dump)
    first = tmp_path / "first"
    shutil.copytree(old, first)
    whole_s = _killed(MIGRATE, old, first, None)
    for i, share in enumerate(np.random.default_rng(6).uniform(0, 1, KILLS)):
        data = tmp_path / f"killed{i}"
        shutil.copytree(old, data)
        _killed(MIGRATE, old, data, share * whole_s)
        engine = connect(None, data)
        assert schema_of(engine) is not None
        upgrade(engine, data)
        engine.dispose()
        with open_journal(None, data) as journal:
            assert len(journal.entries(history=True)) == 3
            assert len(journal.runs()) == 1
            assert journal.films() == []
        assert not list((data / "backups").glob("*.part"))
