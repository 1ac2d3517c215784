"""A Dask cluster as a standard executor; however it was deployed."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from concurrent.futures import Executor
from contextlib import contextmanager
from typing import Any

from runfree.core.errors import InputError, MissingPartError

CONNECT_S = 20
WORKERS_S = 60


@contextmanager
def cluster(address: str) -> Iterator[tuple[Executor, int]]:
    """Connect to a scheduler; give its executor, and how many pieces of work its workers do at once.

    Raises
    ------
    MissingPartError
        If dask.distributed is not installed.
    InputError
        If there is no scheduler at that address, or it has no workers.
    """
    try:
        from distributed import Client
    except ImportError as error:
        raise MissingPartError(
            "A cluster", "dask.distributed is not installed", f"Run: {sys.executable} -m pip install distributed"
        ) from error
    try:
        client: Any = Client(address, timeout=CONNECT_S, set_as_default=False)
    except (OSError, ValueError) as error:
        raise InputError(
            f"The scheduler {address}",
            f"it does not answer ({error})",
            "Start one with: dask scheduler; its address looks like tcp://host:8786.",
        ) from error
    with client:
        try:
            client.wait_for_workers(1, timeout=WORKERS_S)
        except TimeoutError as error:
            raise InputError(
                f"The scheduler {address}",
                f"no worker has come to it in {WORKERS_S} s",
                f"Start some with: dask worker {address} --nthreads 1; one for each core.",
            ) from error
        yield client.get_executor(pure=False), sum(client.nthreads().values())


def is_lost(executor: Executor) -> bool:
    """Whether an executor is a Dask client's that has given up its scheduler: it may leave its futures open for ever."""
    client = getattr(executor, "_client", None)
    return getattr(client, "status", "running") == "closed"
