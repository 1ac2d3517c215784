"""Work on films: killed at any moment it leaves nothing half done, and nothing stuck."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import psutil
import pytest

from runfree.app import worker
from runfree.app.uploads import add_piece, begin_upload, finish_upload
from runfree.app.worker import do_next, working
from runfree.core.job import Job
from runfree.io import video
from runfree.io.film_writer import FilmWriter
from runfree.journal import Journal, open_journal
from runfree.journal.journal import ME, open_journals

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
KILLS = int(os.environ.get("RUNFREE_KILLS", "2"))
SERVER = """
import sys, threading; from pathlib import Path
from runfree.app.worker import working
from runfree.journal import open_journal
with open_journal(None, Path(sys.argv[1])) as journal:
    with working(lambda: journal, stale_s=float(sys.argv[2])):
        print("ready", flush=True)
        while not all(job.ended for job in journal.jobs.jobs()):
            threading.Event().wait(0.05)
"""


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """Two and a half seconds of a runner."""
    info = video.probe(EXAMPLES / "side.mp4")
    path = tmp_path_factory.mktemp("run") / "run.mp4"
    with FilmWriter(path, width_px=640, height_px=360) as out:
        for index, rgb in video.frames(info, 0, 150, longest_px=640):
            out.write(rgb, float(info.time_s[index]))
    return path.read_bytes()


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    with open_journal(None, tmp_path / "data") as opened:
        yield opened


def handed_in(journal: Journal, film: bytes, name: str = "run.mp4") -> str:
    upload = begin_upload(journal, name, len(film))
    add_piece(journal, upload, 0, film)
    return finish_upload(journal, upload).id


def until(true: Callable[[], object]) -> None:
    while not true():
        threading.Event().wait(0.2)


def kill_the_worker(begun: Callable[[], object]) -> None:
    """Kill -9 this process's worker once something is true."""
    until(begun)
    for child in psutil.Process().children():
        if "runfree.jobs.child" in child.cmdline():
            child.kill()


def left_behind(journal: Journal) -> list[str]:
    return sorted(p.name for p in journal.jobs.folder.glob("work-*"))


def whole(journal: Journal, job: Job) -> bool:
    names = {p.name for p in journal.jobs.report(job.id).iterdir()}
    return {"index.html", "measures.json", "player.json", "film-1.webm", "motion.nc"} <= names


def test_a_film_of_nobody_is_looked_at_and_says_so(journal: Journal, film) -> None:
    clip = handed_in(journal, film().read_bytes(), "cat.mov")
    assert do_next(journal, "check", threading.Event())
    (job,) = journal.jobs.jobs("check", clip)
    assert (job.state, job.result["film"], job.result["usable"]) == ("done", "cat.mov", False)
    assert not do_next(journal, "check", threading.Event())


@pytest.mark.parametrize("data", [b"no film at all" * 100, b"\0" * 5000, b"\xff\xd8\xff" + b"x" * 500])
def test_what_is_no_film_is_refused_in_its_own_name(journal: Journal, data: bytes) -> None:
    clip = handed_in(journal, data, "holiday.mp4")
    do_next(journal, "check", threading.Event())
    (job,) = journal.jobs.jobs("check", clip)
    assert job.state == "failed"
    assert "holiday.mp4" in job.failure["what"]
    assert journal.clips.clip(clip).sha256[:8] not in " ".join(job.failure.values())
    assert left_behind(journal) == []


def test_a_worker_killed_again_and_again(journal: Journal, run: bytes) -> None:
    clip = handed_in(journal, run)
    journal.jobs.add("analysis", [clip])
    moments = np.random.default_rng(4).uniform(0, 1, KILLS)
    stop = threading.Event()
    for i, share in enumerate(moments):
        (job, *_) = journal.jobs.jobs("analysis")

        def begun(job: Job = job, share: float = share) -> bool:
            now = journal.jobs.job(job.id)
            return now.state == "running" and now.doing.startswith("following") and now.progress >= 0.9 * share

        killer = threading.Thread(target=kill_the_worker, args=(begun,))
        killer.start()
        assert do_next(journal, "analysis", stop)
        killer.join()
        assert not journal.jobs.report(job.id).exists()
        assert left_behind(journal) == []
        assert journal.films() == []
        assert journal.clips.path(journal.clips.clip(clip)).read_bytes() == run
        if i % 2:
            assert journal.jobs.job(job.id).state == "failed"
            assert "interrupted" in journal.jobs.job(job.id).failure["why"]
            journal.jobs.add("analysis", [clip])
        else:
            assert journal.jobs.job(job.id).state == "waiting"
    assert do_next(journal, "analysis", stop)
    done = [job for job in journal.jobs.jobs("analysis") if job.state == "done"]
    assert len(done) == 1
    assert whole(journal, done[0])
    assert len(journal.films()) == 1


def test_a_server_killed_in_the_midst_of_it_goes_on_where_it_can(tmp_path: Path, run: bytes) -> None:
    with open_journal(None, tmp_path) as journal:
        clip = handed_in(journal, run)
        job = journal.jobs.add("analysis", [clip])
        with subprocess.Popen([sys.executable, "-c", SERVER, tmp_path, "60"], stdout=subprocess.PIPE) as server:
            until(lambda: journal.jobs.job(job.id).doing.startswith("drawing"))
            workers = psutil.Process(server.pid).children(recursive=True)
            server.kill()
        psutil.wait_procs(workers)
        assert journal.jobs.job(job.id).state == "running"
        assert not journal.jobs.report(job.id).exists()
        done = subprocess.run([sys.executable, "-c", SERVER, tmp_path, "0.5"], check=True, stdout=subprocess.PIPE)
        assert done.stdout == b"ready\n"
        ended = journal.jobs.job(job.id)
        assert (ended.state, ended.tries) == ("done", 2)
        assert whole(journal, ended)
        assert left_behind(journal) == []
        assert len(journal.films()) == 1


def test_a_cancelled_or_deleted_film_stops_its_worker(
    journal: Journal, run: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker, "BEAT_S", 0.05)
    for end in (lambda job, clip: journal.jobs.cancel(job), lambda job, clip: journal.jobs.delete_clip(clip)):
        clip = handed_in(journal, run)
        job = journal.jobs.add("analysis", [clip])
        at_it = threading.Thread(target=do_next, args=(journal, "analysis", threading.Event()))
        at_it.start()
        until(lambda: journal.jobs.job(job.id).state == "running")  # noqa: B023
        end(job.id, clip)
        at_it.join()
        assert not any(j.state in ("waiting", "running", "done") for j in journal.jobs.jobs("analysis"))
        assert not journal.jobs.report(job.id).exists()
        assert left_behind(journal) == []


def test_closing_the_server_puts_work_back_at_once(journal: Journal, run: bytes) -> None:
    clip = handed_in(journal, run)
    job = journal.jobs.add("analysis", [clip])
    with working(lambda: journal):
        until(lambda: journal.jobs.job(job.id).state == "running")
    assert (journal.jobs.job(job.id).state, journal.jobs.job(job.id).tries) == ("waiting", 0)
    assert left_behind(journal) == []


def test_a_film_sent_after_everything_was_erased_is_looked_at(tmp_path: Path) -> None:
    journals = open_journals(None, tmp_path / "data")
    # Where another row follows, the number of an erased one is not given again.
    journals.of(ME)
    journals.of("the next")
    with working(lambda: journals.of(ME)):
        journals.of(ME).erase()
        journal = journals.of(ME)
        handed_in(journal, b"no film at all" * 100)
        until(lambda: all(job.ended for job in journal.jobs.jobs("check")))
    journals.close()
