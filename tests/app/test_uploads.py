"""Films handed in: cut off anywhere, resumed, whole in the end; and what is refused."""

from __future__ import annotations

import os
import resource
import shutil
import subprocess
import sys
import time
from collections import namedtuple
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from runfree.app import uploads
from runfree.app.uploads import add_piece, begin_upload, clean_name, expire, finish_upload, tidy
from runfree.core.errors import FilmError, InputError, NotHereError, OffsetError, OutputError
from runfree.journal import Journal, open_journal

KILLS = int(os.environ.get("RUNFREE_KILLS", "3"))
LARGE = int(os.environ.get("RUNFREE_LARGE", "64")) * 1_000_000
"""How large a film the memory is measured with; benchmarks/README.md says how to try two gigabytes."""
SERVER = """
import sys; from pathlib import Path
from runfree.app.uploads import add_piece, begin_upload, finish_upload, tidy
from runfree.journal import open_journal
film, data = Path(sys.argv[1]).read_bytes(), Path(sys.argv[2])
with open_journal(None, data) as journal:
    tidy(journal)
    here = journal.clips.uploads()
    done = journal.clips.clips()
    print("ready", flush=True)
    if not done:
        upload = here[0] if here else begin_upload(journal, "a.mp4", len(film))
        at = journal.clips.received(upload)
        while at < len(film):
            at = add_piece(journal, upload, at, film[at : at + 20_000])
        finish_upload(journal, upload)
"""


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    with open_journal(f"sqlite:///{tmp_path / 'data' / 'journal.db'}", tmp_path / "data") as opened:
        yield opened


def send(journal: Journal, data: bytes, name: str = "run.mp4"):
    upload = begin_upload(journal, name, len(data))
    add_piece(journal, upload, 0, data)
    return finish_upload(journal, upload)


def test_a_film_cut_off_twenty_times_arrives_whole(journal: Journal) -> None:
    random = np.random.default_rng(8)
    film = random.bytes(3_000_000)
    upload = begin_upload(journal, "run.mp4", len(film))
    for cut in sorted(random.integers(1, len(film), 20)):
        at = journal.clips.received(upload)
        # The connection breaks: the server has seen some of the piece, the sender does not know how much.
        for end in range(at, int(cut), 60_000):
            add_piece(journal, upload, end, film[end : min(end + 60_000, int(cut))])
    at = journal.clips.received(upload)
    add_piece(journal, upload, at, film[at:])
    clip = finish_upload(journal, upload, sha256(film).hexdigest())
    assert sha256(journal.clips.path(clip).read_bytes()).hexdigest() == sha256(film).hexdigest() == clip.sha256
    assert journal.clips.uploads() == []
    assert [job.kind for job in journal.jobs.jobs(clip=clip.id)] == ["check"]


def test_two_windows_that_send_the_same_film_do_not_mix(journal: Journal) -> None:
    upload = begin_upload(journal, "run.mp4", 6)
    add_piece(journal, upload, 0, b"abc")
    with pytest.raises(OffsetError) as refused:
        add_piece(journal, upload, 0, b"abc")
    assert refused.value.offset == 3
    add_piece(journal, upload, 3, b"def")
    assert journal.clips.path(finish_upload(journal, upload)).read_bytes() == b"abcdef"


def test_more_than_was_said_is_refused_and_less_is_not_kept(journal: Journal) -> None:
    upload = begin_upload(journal, "run.mp4", 4)
    with pytest.raises(OffsetError):
        add_piece(journal, upload, 0, b"abcde")
    add_piece(journal, upload, 0, b"abc")
    with pytest.raises(OffsetError) as short:
        finish_upload(journal, upload)
    assert short.value.offset == 3
    assert journal.clips.clips() == []


def test_a_film_that_arrived_changed_is_given_up(journal: Journal) -> None:
    upload = begin_upload(journal, "run.mp4", 3)
    add_piece(journal, upload, 0, b"abc")
    with pytest.raises(FilmError, match="other than it was sent"):
        finish_upload(journal, upload, sha256(b"abd").hexdigest())
    assert journal.clips.uploads() == journal.clips.clips() == []
    assert list(journal.clips.folder.iterdir()) == []
    with pytest.raises(NotHereError):
        journal.clips.upload(upload.id)


def test_the_same_film_twice_is_one(journal: Journal) -> None:
    assert send(journal, b"film", "a.mp4") == send(journal, b"film", "b.mp4")
    assert len(journal.jobs.jobs("check")) == 1


def test_a_server_killed_at_any_moment_loses_nothing(tmp_path: Path) -> None:
    film = tmp_path / "film"
    film.write_bytes(np.random.default_rng(2).bytes(4_000_000))
    shares = np.random.default_rng(3).uniform(0, 1, KILLS)
    whole_s = _server(film, tmp_path / "whole", None)
    for i, share in enumerate(shares):
        data = tmp_path / f"killed{i}"
        _server(film, data, share * whole_s)
        _server(film, data, None)
        with open_journal(None, data) as journal:
            (clip,) = journal.clips.clips()
            assert journal.clips.path(clip).read_bytes() == film.read_bytes()
            assert journal.clips.uploads() == []
            assert len(journal.jobs.jobs("check", clip.id)) == 1
            assert list(journal.clips.folder.iterdir()) == []
        shutil.rmtree(data)


def _server(film: Path, data: Path, after_s: float | None) -> float:
    with subprocess.Popen([sys.executable, "-c", SERVER, film, data], stdout=subprocess.PIPE) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == b"ready\n"
        begun = time.perf_counter()
        try:
            assert child.wait(after_s) == 0
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()
    return time.perf_counter() - begun


@pytest.mark.parametrize("step", ["written down", "moved"])
def test_killed_between_two_steps_of_keeping_it_goes_on_from_there(
    journal: Journal, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    upload = begin_upload(journal, "run.mp4", 4)
    add_piece(journal, upload, 0, b"film")
    with monkeypatch.context() as killed:
        move = journal.clips._move

        def dies(*arguments):
            if step == "moved":
                move(*arguments)
            raise KeyboardInterrupt

        killed.setattr(journal.clips, "_move", dies)
        with pytest.raises(KeyboardInterrupt):
            finish_upload(journal, upload)
    assert journal.clips.received(journal.clips.upload(upload.id)) == 4
    tidy(journal)
    (clip,) = journal.clips.clips()
    assert journal.clips.path(clip).read_bytes() == b"film"
    assert len(journal.jobs.jobs("check", clip.id)) == 1


def test_what_a_kill_left_is_swept_and_what_is_young_or_known_stays(journal: Journal) -> None:
    clip = send(journal, b"film")
    upload = begin_upload(journal, "b.mp4", 9)
    old = [journal.clips.folder / "ff.part", journal.clips.store.path("ab" * 32)]
    young = journal.clips.folder / "ee.part"
    for path in (*old, young):
        path.parent.mkdir(exist_ok=True)
        path.touch()
    for path in (*old, journal.clips.path(clip), journal.clips.folder / f"{upload.id}.part"):
        os.utime(path, (time.time(), time.time() - uploads.LEFT_S - 1))
    gone = journal.jobs.report("0" * 32)
    gone.mkdir(parents=True)
    tidy(journal)
    assert not any(path.exists() for path in (*old, gone))
    assert young.exists()
    assert journal.clips.path(clip).exists()
    assert journal.clips.uploads() == [upload]


def test_an_upload_that_nobody_goes_on_with_is_given_up(journal: Journal) -> None:
    old, new = (begin_upload(journal, name, 9) for name in ("old.mp4", "new.mp4"))
    os.utime(journal.clips.folder / f"{old.id}.part", (0, time.time() - uploads.EXPIRES_S - 60))
    expire(journal)
    assert journal.clips.uploads() == [new]
    assert len(list(journal.clips.folder.iterdir())) == 1


def test_what_cannot_be_taken_is_said_before_a_byte_is_sent(
    journal: Journal, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(InputError, match="empty"):
        begin_upload(journal, "a.mp4", 0)
    with pytest.raises(InputError, match="are taken"):
        begin_upload(journal, "a.mp4", uploads.MAX_BYTES + 1)
    for i in range(uploads.MAX_UPLOADS):
        begin_upload(journal, f"{i}.mp4", 10)
    with pytest.raises(InputError, match="on their way already"):
        begin_upload(journal, "a.mp4", 10)
    journal.clips.drop(journal.clips.uploads()[0])
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage(0, 0, uploads.SPARE_BYTES + 100))
    with pytest.raises(OutputError, match="too little"):
        begin_upload(journal, "a.mp4", 100)


@given(st.text(max_size=300))
def test_a_name_is_only_for_people_to_read(name: str) -> None:
    clean = clean_name(name)
    assert 0 < len(clean) <= 120
    assert not set(clean) & set("/\\\n\r\t\0")


@pytest.mark.parametrize(
    ("name", "clean"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\fakepath\\run.mov", "run.mov"),
        ("a\u202egpm.exe", "agpm.exe"),
        ("..", ".."),
        ("/", "film"),
        ("<b>run</b>.mp4", "b>.mp4"),
    ],
)
def test_names_that_try_something(journal: Journal, name: str, clean: str) -> None:
    clip = send(journal, b"film", name)
    assert clip.name == clean
    assert journal.clips.path(clip).is_relative_to(journal.folder / "clips")


MEMORY = """
import resource, sys; from pathlib import Path
from runfree.app.uploads import add_piece, begin_upload, finish_upload
from runfree.journal import open_journal
size, piece = int(sys.argv[2]), bytes(1 << 16)
with open_journal(None, Path(sys.argv[1])) as journal:
    upload, at = begin_upload(journal, "a.mp4", size), 0
    while at < size:
        at = add_piece(journal, upload, at, piece[: size - at])
    finish_upload(journal, upload)
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""


@pytest.mark.skipif(not hasattr(resource, "RUSAGE_SELF"), reason="memory is told by Unix")
def test_a_large_film_takes_no_more_memory_than_a_small_one(tmp_path: Path) -> None:
    def peak(size: int) -> int:
        command = [sys.executable, "-c", MEMORY, tmp_path / str(size), str(size)]
        return int(subprocess.run(command, capture_output=True, check=True).stdout)

    assert peak(LARGE) < 1.1 * peak(1000)
