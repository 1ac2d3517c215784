"""Work in a guarded child: whatever it does, its caller learns how it ended and goes on."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import poison_kit as work
import psutil
import pytest

from runfree.core.errors import FilmError
from runfree.jobs.guarded import Guard, Limits

needs_signals = pytest.mark.skipif(sys.platform == "win32", reason="has no such signals")


@pytest.fixture(scope="module")
def guard():
    with Guard(Limits(seconds=60, memory_bytes=400_000_000)) as one:
        yield one


def test_work_is_done_and_the_next_in_the_same_process(guard: Guard) -> None:
    assert guard.run(pow, 2, 10).value == 1024
    pids = {guard.run(work.pid).value for _ in range(3)}
    assert len(pids) == 1
    assert pids != {os.getpid()}


def test_progress_comes_back_in_order(guard: Guard) -> None:
    seen: list[tuple[object, ...]] = []
    outcome = guard.run(work.count, 50, progress=lambda *said: seen.append(said))
    assert outcome.end == "done"
    assert seen == [("counting", i, 50) for i in range(50)]


def test_a_refusal_keeps_its_sentence_and_the_process(guard: Guard) -> None:
    before = guard.run(work.pid).value
    outcome = guard.run(work.refuse)
    assert (outcome.end, outcome.why) == ("refused", "The film x: it is no film. Give a film.")
    assert isinstance(outcome.error, FilmError)
    assert guard.run(work.pid).value == before


@pytest.mark.parametrize(
    ("name", "arguments", "end", "word"),
    [
        pytest.param("crash", (), "crashed", "SIGSEGV", marks=needs_signals),
        ("leave", (), "crashed", "code 7"),
        ("fail", (), "failed", "ZeroDivisionError: a bug"),
        ("eat", (3,), "too much memory", "0.4 GB"),
        ("claim", (1e9,), "too much memory", "more memory than there is"),
        ("eat_in_a_child", (3,), "too much memory", "0.4 GB"),
    ],
)
def test_bad_work_costs_itself_only(guard: Guard, name: str, arguments: tuple, end: str, word: str) -> None:
    outcome = guard.run(getattr(work, name), *arguments)
    assert outcome.end == end
    assert word in outcome.why
    assert guard.run(pow, 2, 10).value == 1024


@pytest.mark.parametrize("name", ["hang", pytest.param("hang_in_native_code", marks=needs_signals)])
def test_work_that_hangs_is_ended(name: str) -> None:
    with Guard(Limits(seconds=1)) as guard:
        outcome = guard.run(getattr(work, name))
    assert outcome.end == "too slow"
    assert "1 s" in outcome.why


def test_work_is_cancelled_from_another_thread() -> None:
    cancel = threading.Event()
    with Guard() as guard:
        outcome = guard.run(work.count, 10**9, progress=lambda *_: cancel.set(), cancel=cancel)
        assert outcome.end == "cancelled"
        assert guard.run(pow, 2, 10).end == "done"


def test_what_libraries_print_disturbs_nothing(guard: Guard, capfd: pytest.CaptureFixture[str]) -> None:
    assert guard.run(work.noise).value == "quiet"
    assert capfd.readouterr() == ("", "")


@needs_signals
def test_it_is_deaf_to_interrupts(guard: Guard) -> None:
    assert guard.run(work.interrupted).value == "went on"


def test_a_caller_interrupted_in_the_midst_ends_the_work() -> None:
    pids: list[int] = []

    def stop(pid: int) -> None:
        pids.append(pid)
        raise KeyboardInterrupt

    with Guard() as guard:
        with pytest.raises(KeyboardInterrupt):
            guard.run(work.say_pid_then_hang, progress=stop)
        assert not psutil.pid_exists(pids[0])


def test_libraries_are_told_how_many_threads() -> None:
    with Guard(threads=1) as guard:
        assert guard.run(work.threads).value == "1"


def test_what_cannot_be_sent_is_the_callers_error(guard: Guard) -> None:
    with pytest.raises(AttributeError, match="local object"):
        guard.run(lambda: 1)


PARENT = """
import sys
sys.path.insert(0, sys.argv[1])
import poison_kit
from runfree.jobs.guarded import Guard
Guard().run(poison_kit.say_then_hang, sys.argv[2])
"""


@needs_signals
def test_it_ends_with_a_parent_that_was_killed(tmp_path: Path) -> None:
    told = tmp_path / "pid"
    parent = subprocess.Popen([sys.executable, "-c", PARENT, Path(__file__).parent, told])
    while not told.exists() or not told.read_text():
        assert parent.poll() is None
    child = psutil.Process(int(told.read_text()))
    parent.send_signal(signal.SIGKILL)
    parent.wait()
    child.wait(60)
