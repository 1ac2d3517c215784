"""A batch of short films on two workers, against one worker on one core and a loop of ordinary analyze; and the driver alone.

Run: python benchmarks/bench_batch.py [--films 40] [--rows 10000] [--skip-films]
The films are the phantom's small ones, each with other bytes at its end, so that none is known from another.
"""

from __future__ import annotations

import argparse
import os
import resource
import shutil
import struct
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any

import psutil

ROOT = Path(__file__).resolve().parents[1]
PHANTOM = sorted((ROOT / "tests" / "films" / "phantom").glob("*.mp4"))
BATCH = "import sys; from runfree.cli import main; sys.exit(main(sys.argv[1:]))"
LOOP = """
import sys, runfree
if __name__ == "__main__":
    for film in sys.argv[1:]:
        runfree.analyze(film, height_m=1.7)
"""


def make_films(folder: Path, count: int) -> list[Path]:
    """Copies with a box of their own number at the end, which every player skips."""
    films = []
    for i in range(count):
        film = folder / f"{i:03}.mp4"
        film.write_bytes(PHANTOM[i % len(PHANTOM)].read_bytes() + struct.pack(">I4sQ", 16, b"free", i))
        films.append(film)
    return films


def timed(command: list[str], *, one_core: bool = False) -> tuple[float, float]:
    """Wall time of a process, and processor time of it and its children."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    begun = time.perf_counter()
    cores = {min(os.sched_getaffinity(0))} if one_core else os.sched_getaffinity(0)
    subprocess.run(
        command, check=True, preexec_fn=lambda: os.sched_setaffinity(0, cores), stdout=subprocess.DEVNULL
    )
    wall_s = time.perf_counter() - begun
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return wall_s, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def films_bench(folder: Path, count: int) -> None:
    films = make_films(folder, count)
    python = sys.executable

    def batch(workers: int, **how: Any) -> tuple[float, float]:
        out = folder.parent / f"out{workers}"
        words = ["batch", str(folder), "--out", str(out), "--height", "170cm", "--workers", str(workers)]
        return timed([python, "-c", BATCH, *words], **how)

    loop_file = folder.parent / "loop.py"
    loop_file.write_text(LOOP)
    two = batch(2)
    one = batch(1, one_core=True)
    loop = timed([python, str(loop_file), *map(str, films)])
    for name, (wall_s, cpu_s) in (("two workers", two), ("one worker, one core", one), ("loop of analyze", loop)):
        print(f"{name}: {wall_s:.1f} s, {cpu_s:.1f} s of processor, {3600 * count / wall_s:.0f} films an hour")
    print(f"two workers: {one[0] / two[0]:.2f} x one worker on one core, {loop[0] / two[0]:.2f} x the loop")


def packed_rows() -> bytes:
    """The rows of an analysis as a worker hands them over."""
    from runfree.jobs.dataset import pack

    row = {
        "metric": "cadence",
        "side": "both",
        "value": 170.0,
        "low": 169.0,
        "high": 171.0,
        "unit": "spm",
        "n": 20,
    }
    tables = {key: [] for key in ("analyses", "not_assessable", "steps", "findings")}
    return pack(tables | {"estimates": [row] * 20})


def rows_bench(folder: Path, rows: int) -> None:
    import runfree.app.batch as app

    folder.mkdir()
    with (folder / "list.csv").open("w") as out:
        print("film,runner,group", file=out)
        for i in range(rows):
            (folder / f"{i}.mp4").write_text(str(i))
            print(f"{i}.mp4,R{i % 500},{'ab'[i % 2]}", file=out)
    workers, seconds = 64, 0.01
    peaks: list[int] = []
    driver = psutil.Process()

    def watch(ended: app.Ended) -> None:
        if (ended.done + ended.failed) % (rows // 10) == 0:
            peaks.append(driver.memory_info().rss // 1_000_000)

    def run(progress: Callable[[app.Ended], None] | None) -> tuple[float, float, float]:
        begun, cpu, own = time.perf_counter(), time.process_time(), time.thread_time()
        with ThreadPoolExecutor(workers) as pool:
            app.batch(folder / "list.csv", folder.parent / "rows out", executor=pool, progress=progress)
        return time.perf_counter() - begun, time.process_time() - cpu, time.thread_time() - own

    app.analyze_one = partial(fake, seconds, packed_rows())  # type: ignore[assignment]
    wall_s, cpu_s, own_s = run(watch)
    ideal_s = rows * seconds / workers
    print(
        f"{rows} rows of 10 ms: {wall_s:.1f} s, {cpu_s:.1f} s of processor, with {workers} threads ({ideal_s:.1f} s at best)"
    )
    print(
        f"the driver: {1000 * own_s / rows:.2f} ms of processor a row (with the threads that work: {1000 * cpu_s / rows:.2f})"
    )
    print("its memory at every tenth, MB:", *peaks)
    wall_s, cpu_s, _ = run(None)
    print(f"nothing new: {wall_s:.2f} s, {cpu_s:.2f} s of processor")


def fake(seconds: float, payload: bytes, *_: Any, **__: Any) -> tuple[Any, dict[str, bytes]]:
    """An analysis that only takes its time."""
    from runfree.jobs.state import Result

    time.sleep(seconds)
    return Result("done", payload=payload), {}


def main() -> None:
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--films", type=int, default=40)
    words.add_argument("--rows", type=int, default=10_000)
    words.add_argument("--skip-films", action="store_true")
    asked = words.parse_args()
    print(f"{len(os.sched_getaffinity(0))} cores, load {os.getloadavg()[0]:.1f}")
    with tempfile.TemporaryDirectory() as place:
        rows_bench(Path(place) / "rows", asked.rows)
        if not asked.skip_films:
            (Path(place) / "films").mkdir()
            films_bench(Path(place) / "films", asked.films)
        shutil.rmtree(place, ignore_errors=True)
    print(f"load {os.getloadavg()[0]:.1f}")


if __name__ == "__main__":
    main()
