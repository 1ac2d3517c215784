"""A driver with work that needs no film: inputs are small files, and what is done with one is written into a log."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Iterable
from concurrent.futures import Executor
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import Any

import poison_kit
import pyarrow as pa

from runfree.jobs.cluster import is_lost
from runfree.jobs.dataset import pack, publish
from runfree.jobs.drive import Tally, Work, drive
from runfree.jobs.guarded import Limits
from runfree.jobs.state import Item, Result, open_state
from runfree.jobs.workers import guarded, local_workers

SCHEMAS = {"rows": pa.schema([("key", pa.string()), ("digest", pa.string()), ("value", pa.int64())])}
LIMITS = Limits(seconds=10, memory_bytes=400_000_000)


def write_inputs(folder: Path, names: Iterable[str]) -> None:
    folder.mkdir(exist_ok=True)
    for name in names:
        (folder / name).write_text(name)


def stamp(source: str) -> str:
    seen = Path(source).stat()
    return f"{seen.st_size}:{seen.st_mtime_ns}"


def digest(source: str) -> str:
    return sha256(Path(source).read_bytes()).hexdigest()


def provenance(item: Item, found: str) -> dict[str, Any]:
    return {"digest": found}


def key(about: dict[str, Any]) -> str:
    return about["digest"][:16]


def log(folder: str, name: str) -> int:
    """Note that this was done, in one write; some take a while."""
    time.sleep(0.02)
    with (Path(folder) / "log").open("ab", buffering=0) as out:
        out.write(f"{name}\n".encode())
    return int(name.split("-")[0])


def logged(folder: Path) -> list[str]:
    path = folder / "log"
    return path.read_text().split() if path.exists() else []


def do(source: str, name: str, about: dict[str, Any], *, folder: str) -> tuple[Result, dict[str, bytes]]:
    """What the name says: ``7-crash``, ``7-hang``, or else the number."""
    word = name.split("-")[-1]
    arguments = {"eat": (3,), "claim": (1e9,)}.get(word, ())
    if hasattr(poison_kit, word):
        outcome, tries = guarded(LIMITS, getattr(poison_kit, word), *arguments)
    else:
        outcome, tries = guarded(LIMITS, log, folder, name)
    payload = pack({"rows": [{"value": outcome.value}]}) if outcome.end == "done" else None
    return Result(outcome.end, outcome.why, tries, payload=payload), {}


def do_here(source: str, name: str, about: dict[str, Any], *, folder: str) -> tuple[Result, dict[str, bytes]]:
    """The same without a child process."""
    return Result("done", payload=pack({"rows": [{"value": log(folder, name)}]})), {}


def run(
    inputs: Path,
    folder: Path,
    executor: Executor,
    work: Callable[..., Any] = do,
    *,
    after: tuple[int, Callable[[], None]] | None = None,
    **options: Any,
) -> tuple[Tally, list[tuple[str, str]]]:
    """Drive everything in a folder of inputs; how it went, and how each new item ended.

    ``after`` so many have ended, something is done in the midst.
    """
    told: list[tuple[str, str]] = []

    def tell(item: Item, end: str, why: str, tally: Tally) -> None:
        told.append((item.name, end))
        if after is not None and len(told) == after[0]:
            after[1]()

    with open_state(folder) as state:
        names = sorted(path.name for path in inputs.iterdir())
        total = state.enrol(Item(str(inputs / name), name, {}, {}) for name in names)
        jobs = Work(
            stamp,
            digest,
            provenance,
            key,
            partial(work, folder=str(folder)),
            lambda key, files: None,
            lambda: publish(state, folder, SCHEMAS),
            "v1",
            **options,
        )
        tally = drive(state, jobs, executor, total, tell, window=8, lost=partial(is_lost, executor))
    return tally, told


def main(inputs: str, folder: str) -> None:
    """As a process of its own: say when it begins, and in the end how it went."""
    print("ready", flush=True)
    with local_workers(2) as executor:
        tally, _ = run(Path(inputs), Path(folder), executor)
    print(json.dumps({"done": tally.done, "known": tally.known, "failed": tally.failed, "pid": os.getpid()}))
