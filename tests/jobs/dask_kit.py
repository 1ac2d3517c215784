"""A real Dask cluster on this machine: a scheduler and two workers, each a process of its own."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
from distributed import Client

HERE = str(Path(__file__).parent)


class Cluster:
    """Its processes, to be killed."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.scheduler = self.start_scheduler()
        self.workers = [self.start_worker(i) for i in range(2)]

    @property
    def address(self) -> str:
        return f"tcp://127.0.0.1:{self.port}"

    def _start(self, name: str, *words: str) -> subprocess.Popen[bytes]:
        with (self.folder / f"{name}.log").open("ab") as log:
            return subprocess.Popen(
                [sys.executable, "-m", *words],
                stdout=log,
                stderr=log,
                cwd=self.folder,
                env=os.environ | {"PYTHONPATH": HERE},
            )

    def start_scheduler(self) -> subprocess.Popen[bytes]:
        return self._start(
            "scheduler", "distributed.cli.dask_scheduler", "--host", "127.0.0.1", "--port", str(self.port), "--no-dashboard"
        )  # fmt: skip

    def start_worker(self, i: int) -> subprocess.Popen[bytes]:
        return self._start(
            f"worker{i}",
            "distributed.cli.dask_worker",
            self.address,
            *(
                "--nthreads",
                "1",
                "--host",
                "127.0.0.1",
                "--no-dashboard",
                "--name",
                f"w{i}",
                "--death-timeout",
                "120",
            ),
            *("--local-directory", str(self.folder)),
        )

    def stop_workers(self) -> None:
        while self.workers:
            kill(self.workers.pop())

    def stop(self) -> None:
        self.stop_workers()
        kill(self.scheduler)


def kill(process: subprocess.Popen[bytes]) -> None:
    """Kill a process and all below it, with signal 9."""
    if process.poll() is None:
        for one in [*psutil.Process(process.pid).children(recursive=True), process]:
            one.kill()
    process.wait()


@contextmanager
def cluster(folder: Path) -> Iterator[Cluster]:
    folder.mkdir()
    started = Cluster(folder)
    try:
        with Client(started.address, timeout=120, set_as_default=False) as client:
            client.wait_for_workers(2, timeout=120)
        yield started
    finally:
        started.stop()
