"""Worker processes and how they end, in real processes of their own session."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path
from threading import Event

import pytest

from processes import CAN_LOOK, in_group, until

pytestmark = pytest.mark.skipif(not CAN_LOOK, reason="looks at /proc")

HAVING_TWO_AT_WORK = """
import sys, threading
from runfree.core.workers import worker_pool

def long(seconds):
    threading.Event().wait(seconds)
    return seconds

if __name__ == "__main__":
    for _ in range(4):  # As numpy's own: the signal may reach any of them.
        threading.Thread(target=threading.Event().wait, daemon=True).start()
    try:
        with worker_pool(2) as submit:
            print("begin", flush=True)
            for done in [submit(long, float(sys.argv[1])) for _ in range(2)]:
                print(done.result(), flush=True)
    except KeyboardInterrupt:
        print("stopped", flush=True)
        sys.exit(130)
"""


def _started(tmp_path: Path, seconds: float) -> subprocess.Popen[bytes]:
    script = tmp_path / "work.py"
    script.write_text(HAVING_TWO_AT_WORK)
    running = subprocess.Popen(
        [sys.executable, script, str(seconds)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
        # A shell's background job ignores Ctrl-C, and so would its children.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    )
    assert running.stdout is not None
    assert running.stdout.readline() == b"begin\n"
    return running


def test_what_workers_return(tmp_path: Path) -> None:
    running = _started(tmp_path, 0.0)
    assert running.communicate(timeout=60) == (b"0.0\n0.0\n", b"")
    assert running.returncode == 0
    until(lambda: in_group(running.pid) == [])


@pytest.mark.parametrize("wait_s", [0.0, 0.03, 0.1])
def test_ctrl_c_at_any_moment_of_their_start_is_quiet(tmp_path: Path, wait_s: float) -> None:
    running = _started(tmp_path, 60.0)
    Event().wait(wait_s)
    os.killpg(running.pid, signal.SIGINT)
    out, err = running.communicate(timeout=60)
    assert (running.returncode, out, err) == (130, b"stopped\n", b"")
    until(lambda: in_group(running.pid) == [])


@pytest.mark.parametrize("wait_s", [0.0, 0.3])
def test_a_killed_parent_leaves_no_worker(tmp_path: Path, wait_s: float) -> None:
    running = _started(tmp_path, 60.0)
    Event().wait(wait_s)
    running.kill()
    running.communicate(timeout=60)
    until(lambda: in_group(running.pid) == [])
