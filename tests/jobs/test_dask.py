"""The driver on a real Dask cluster, whose processes are killed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import drive_kit as kit
import pyarrow.parquet as pq
import pytest
from dask_kit import Cluster, cluster, kill

from runfree.core.errors import InputError, OutputError
from runfree.jobs import cluster as client
from runfree.jobs.workers import local_workers

pytestmark = pytest.mark.filterwarnings("ignore")
N = 40


@pytest.fixture
def inputs(tmp_path: Path) -> Path:
    kit.write_inputs(tmp_path / "in", [*(f"{i}" for i in range(N)), "90-crash"])
    return tmp_path / "in"


@pytest.fixture
def dask(tmp_path: Path):
    with cluster(tmp_path / "dask") as started:
        yield started


def run_and_kill(dask: Cluster, inputs: Path, out: Path, do_kill: Callable[[], None]) -> None:
    with client.cluster(dask.address) as (executor, count):
        assert count == 2
        kit.run(inputs, out, executor, after=(5, do_kill))


def same_tables(one: Path, other: Path) -> bool:
    files = sorted(path.relative_to(one) for path in (one / "rows").rglob("*.parquet"))
    assert files
    return all((one / file).read_bytes() == (other / file).read_bytes() for file in files)


def test_a_worker_killed_in_the_midst_loses_nothing_and_the_tables_are_those_of_a_local_run(
    dask: Cluster, inputs: Path, tmp_path: Path
) -> None:
    run_and_kill(dask, inputs, tmp_path / "dask out", lambda: kill(dask.workers[0]))
    with local_workers(2) as executor:
        kit.run(inputs, tmp_path / "local out", executor)
    assert same_tables(tmp_path / "local out", tmp_path / "dask out")
    assert sorted(pq.read_table(tmp_path / "dask out" / "rows")["value"].to_pylist()) == list(range(N))
    # Nothing but what the killed worker was at, or had not yet told, is done again.
    assert len(kit.logged(tmp_path / "dask out")) <= N + 8


def test_a_scheduler_killed_stops_the_batch_with_what_is_done_kept_and_it_goes_on(
    dask: Cluster, inputs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "out"
    monkeypatch.setattr(client, "CONNECT_S", 5)
    with pytest.raises(OutputError, match="run the same command again"):
        run_and_kill(dask, inputs, out, dask.scheduler.kill)
    kept = pq.read_table(out / "rows").num_rows
    assert 5 <= kept < N
    with local_workers(2) as executor:
        tally, told = kit.run(inputs, out, executor)
    assert tally.known == kept
    assert len(told) == N + 1 - kept
    assert sorted(pq.read_table(out / "rows")["value"].to_pylist()) == list(range(N))


def test_a_scheduler_without_workers_is_said_in_one_sentence(
    dask: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    dask.stop_workers()
    monkeypatch.setattr(client, "WORKERS_S", 1)
    with pytest.raises(InputError, match="no worker"), client.cluster(dask.address):
        pass


def test_no_scheduler_at_an_address_is_said_in_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client, "CONNECT_S", 1)
    with pytest.raises(InputError, match="does not answer"), client.cluster("tcp://127.0.0.1:9"):
        pass
