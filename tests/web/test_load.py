"""Twenty readers and three senders at once while a film is analysed: nobody is turned away."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from benchmarks.bench_web import measure


def test_many_at_once_are_all_answered(tmp_path: Path) -> None:
    # The browser of other tests keeps an event loop in this thread.
    with ThreadPoolExecutor(1) as own_thread:
        load, analysis, _ = own_thread.submit(measure, tmp_path, seconds=3, megabytes=5).result()
    assert load.errors == []
    assert load.sent > 0
    assert analysis.startswith(("waiting", "running", "done"))
