"""The driver: everything once, whatever is killed; each failure one row with its reason."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import drive_kit as kit
import pyarrow.parquet as pq
import pytest

from runfree.core.errors import InputError, OutputError
from runfree.jobs.state import FOLDER, Item, open_state
from runfree.jobs.workers import local_workers

KILLS = int(os.environ.get("RUNFREE_KILLS", "3"))
DRIVER = "import sys; sys.path.insert(0, sys.argv[1]); import drive_kit; drive_kit.main(*sys.argv[2:])"


def values(folder: Path) -> list[int]:
    if not (folder / "rows").exists():
        return []
    return sorted(pq.read_table(folder / "rows")["value"].to_pylist())


def started(inputs: Path, folder: Path) -> subprocess.Popen[str]:
    driver = subprocess.Popen(
        [sys.executable, "-c", DRIVER, Path(kit.__file__).parent, inputs, folder],
        stdout=subprocess.PIPE,
        text=True,
    )
    assert driver.stdout is not None
    assert driver.stdout.readline() == "ready\n"
    return driver


def ended(driver: subprocess.Popen[str]) -> dict[str, int]:
    out, _ = driver.communicate()
    assert driver.returncode == 0
    return json.loads(out)


@pytest.fixture
def inputs(tmp_path: Path) -> Path:
    kit.write_inputs(tmp_path / "in", (f"{i}" for i in range(40)))
    return tmp_path / "in"


def test_everything_once_and_a_second_run_does_only_what_is_new(inputs: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    with ThreadPoolExecutor(4) as executor:
        first, told = kit.run(inputs, out, executor, kit.do_here)
        assert (first.total, first.done, first.failed, len(told)) == (40, 40, 0, 40)
        kit.write_inputs(inputs, ["77"])
        (inputs / "3").write_text("another content")
        (inputs / "5").rename(inputs / "5 renamed")
        second, told = kit.run(inputs, out, executor, kit.do_here)
    assert (second.known, sorted(told)) == (39, [("3", "done"), ("77", "done")])
    assert values(out) == sorted([*range(40), 3, 77])
    assert len(kit.logged(out)) == 42


@pytest.mark.parametrize("executor", [ThreadPoolExecutor, ProcessPoolExecutor])
def test_any_executor_gives_the_same_tables(executor: type[Executor], inputs: Path, tmp_path: Path) -> None:
    for name, pool in (("one", ThreadPoolExecutor(1)), ("many", executor(3))):
        with pool:
            kit.run(inputs, tmp_path / name, pool, kit.do_here)
    files = [sorted(path.relative_to(tmp_path / n) for path in (tmp_path / n / "rows").rglob("*.parquet")) for n in ("one", "many")]  # fmt: skip
    assert files[0] == files[1]
    assert all((tmp_path / "one" / f).read_bytes() == (tmp_path / "many" / f).read_bytes() for f in files[0])


def test_poison_costs_itself_only_and_is_tried_again_next_time(tmp_path: Path) -> None:
    names = ["1", "2-crash", "3", "4-hang", "5-eat", "6-claim", "7-refuse", "8", "9-fail", "10"]
    kit.write_inputs(tmp_path / "in", names)
    with local_workers(2) as executor:
        tally, told = kit.run(tmp_path / "in", tmp_path / "out", executor)
        again, _ = kit.run(tmp_path / "in", tmp_path / "out", executor)
    assert dict(told) == {
        "1": "done",
        "2-crash": "crashed",
        "3": "done",
        "4-hang": "too slow",
        "5-eat": "too much memory",
        "6-claim": "too much memory",
        "7-refuse": "refused",
        "8": "done",
        "9-fail": "failed",
        "10": "done",
    }
    assert (tally.done, tally.failed, again.known, again.failed) == (4, 6, 4, 6)
    assert values(tmp_path / "out") == [1, 3, 8, 10]
    with closing(sqlite3.connect(tmp_path / "out" / FOLDER / "state.db")) as base:
        tries = dict(base.execute("SELECT end, max(tries) FROM result GROUP BY end"))
        assert base.execute("SELECT count(*) FROM result").fetchone() == (10,)
    assert (tries["crashed"], tries["refused"]) == (2, 1)


def test_two_drivers_share_the_work_and_do_nothing_twice(inputs: Path, tmp_path: Path) -> None:
    kit.write_inputs(inputs, ["90-crash", "91-refuse"])
    out = tmp_path / "out"
    reports = [ended(driver) for driver in [started(inputs, out), started(inputs, out)]]
    assert sorted(kit.logged(out), key=int) == [str(i) for i in range(40)]
    assert all(report["done"] + report["known"] == 40 and report["failed"] == 2 for report in reports)
    assert values(out) == list(range(40))


def test_a_driver_killed_at_any_moment_loses_nothing(inputs: Path, tmp_path: Path) -> None:
    cut_short = 0
    for i in range(KILLS):
        out = tmp_path / f"out{i}"
        driver = started(inputs, out)
        while len(kit.logged(out)) < 5 + 10 * i / KILLS:
            assert driver.poll() is None
            time.sleep(0.01)
        driver.send_signal(signal.SIGKILL)
        driver.communicate()
        before = kit.logged(out)
        cut_short += len(set(before)) < 40
        assert set(values(out)) <= set(map(int, before))
        report = ended(started(inputs, out))
        assert report["done"] + report["known"] == 40
        assert values(out) == list(range(40))
        # Only what was at work at the moment of the kill may have been begun again.
        assert len(kit.logged(out)) <= 40 + 4
        assert [p.name for p in (out / FOLDER / "drivers").iterdir() if p.suffix == ".db"] == []
    assert cut_short


def test_a_claim_of_a_dead_driver_is_taken_over_that_of_a_live_one_waited_for(
    inputs: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    first = started(inputs, out)
    while not kit.logged(out):
        time.sleep(0.01)
    second = started(inputs, out)
    while len(kit.logged(out)) < 10:
        time.sleep(0.01)
    first.send_signal(signal.SIGKILL)
    first.communicate()
    report = ended(second)
    assert report["done"] + report["known"] == 40
    assert values(out) == list(range(40))


def test_two_inputs_of_equal_bytes_are_one_piece_of_work(tmp_path: Path) -> None:
    kit.write_inputs(tmp_path / "in", ["1"])
    (tmp_path / "in" / "2").write_text("1")
    with ThreadPoolExecutor(2) as executor:
        tally, _ = kit.run(tmp_path / "in", tmp_path / "out", executor, kit.do_here)
    assert (tally.done, tally.known) == (1, 1)
    assert len(kit.logged(tmp_path / "out")) == 1


class Losing(ThreadPoolExecutor):
    """Loses the first ``count`` pieces of work."""

    def __init__(self, count: int, *, by: Exception | None) -> None:
        super().__init__(2)
        self.count, self.by = count, by

    def submit(self, fn, /, *args, **kwargs):
        if self.count == 0:
            return super().submit(fn, *args, **kwargs)
        self.count -= 1
        future: Future[object] = Future()
        if self.by is None:
            future.cancel()
            future.set_running_or_notify_cancel()
        else:
            future.set_exception(self.by)
        return future


@pytest.mark.parametrize("by", [None, OSError("worker gone")])
def test_work_lost_with_its_worker_is_handed_out_again(by: Exception | None, inputs: Path, tmp_path: Path) -> None:
    with Losing(2, by=by) as executor:
        tally, _ = kit.run(inputs, tmp_path / "out", executor, kit.do_here)
    assert (tally.done, tally.failed) == (40, 0)


def test_an_executor_that_is_gone_stops_the_batch_in_one_sentence_and_it_goes_on_later(
    inputs: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    gone = ThreadPoolExecutor(1)
    gone.shutdown()
    for executor in (gone, Losing(10**6, by=None)):
        with pytest.raises(OutputError, match="run the same command again"):
            kit.run(inputs, out, executor, kit.do_here)
    with ThreadPoolExecutor(2) as executor:
        assert kit.run(inputs, out, executor, kit.do_here)[0].done == 40


def test_an_interrupt_keeps_what_is_done(inputs: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"

    class Interrupted(ThreadPoolExecutor):
        left = 60

        def submit(self, fn, /, *args, **kwargs):
            self.left -= 1
            if not self.left:
                raise KeyboardInterrupt
            return super().submit(fn, *args, **kwargs)

    with Interrupted(2) as executor, pytest.raises(KeyboardInterrupt):
        kit.run(inputs, out, executor, kit.do_here)
    assert 0 < len(values(out)) < 40
    with ThreadPoolExecutor(2) as executor:
        tally, _ = kit.run(inputs, out, executor, kit.do_here)
    assert tally.known > 0
    assert values(out) == list(range(40))


def test_the_driver_holds_few_futures_and_adds_little_to_each_item(tmp_path: Path) -> None:
    kit.write_inputs(tmp_path / "in", (f"{i}" for i in range(300)))
    most = 0

    class Counting(ThreadPoolExecutor):
        out = 0

        def submit(self, fn, /, *args, **kwargs):
            nonlocal most
            self.out += 1
            most = max(most, self.out)
            future = super().submit(fn, *args, **kwargs)
            future.add_done_callback(lambda _: setattr(self, "out", self.out - 1))
            return future

    with Counting(4) as executor:
        kit.run(tmp_path / "in", tmp_path / "out", executor, kit.do_here)
    assert 4 <= most <= 9


def test_parts_fill_up_and_are_never_half_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("runfree.jobs.dataset.PART_ITEMS", 10)
    out = tmp_path / "out"
    for batch in range(3):
        kit.write_inputs(tmp_path / "in", (f"{i}" for i in range(batch * 8, batch * 8 + 8)))
        with ThreadPoolExecutor(4) as executor:
            kit.run(tmp_path / "in", out, executor, kit.do_here, publish_every_s=0.0)
    parts = sorted((out / "rows").rglob("*.parquet"))
    assert [pq.read_metadata(part).num_rows for part in parts] == [10, 10, 4]
    assert values(out) == list(range(24))
    assert list((out / FOLDER).glob("*.part")) == []


def test_one_source_twice_is_refused_and_nothing_taken_in(tmp_path: Path) -> None:
    with open_state(tmp_path / "out") as state:
        with pytest.raises(InputError, match="there twice"):
            state.enrol([Item("/a", "a", {}, {}), Item("/a", "a again", {}, {})])
        assert state.base.execute("SELECT count(*) FROM item").fetchone() == (0,)


def test_a_folder_of_other_files_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("dear")
    with pytest.raises(OutputError, match="other files"), open_state(tmp_path):
        pass
    assert [path.name for path in tmp_path.iterdir()] == ["letter.txt"]


@pytest.mark.parametrize("damage", ["bytes", "schema"])
def test_bookkeeping_that_cannot_be_used_is_said_in_one_sentence(damage: str, tmp_path: Path) -> None:
    place = tmp_path / "out" / FOLDER
    place.mkdir(parents=True)
    if damage == "bytes":
        (place / "state.db").write_bytes(b"no database at all" * 100)
    else:
        with closing(sqlite3.connect(place / "state.db")) as base:
            base.execute("PRAGMA user_version = 99")
    with pytest.raises(OutputError, match="new folder"), open_state(tmp_path / "out"):
        pass
