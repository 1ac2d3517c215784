"""The web app under load: readers and uploads at once while a film is analysed.

``uv run python benchmarks/bench_web.py [SECONDS] [MEGABYTES]``
"""

from __future__ import annotations

import asyncio
import os
import re
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from hashlib import sha256
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import numpy as np
import psutil

READERS, SENDERS = 20, 3
PAGES = ("/", "/show", "/films", "/practise", "/run", "/guide/knee", "/settings")
PIECE = 4 << 20
FILM = Path(__file__).resolve().parents[1] / "examples" / "side.mp4"


class Load:
    """What happened, and until when it goes on."""

    def __init__(self, until: float) -> None:
        self.until = until
        self.times: dict[str, list[float]] = defaultdict(list)
        self.errors: list[str] = []
        self.sent = 0

    async def ask(self, client: httpx.AsyncClient, kind: str, method: str, path: str, **more) -> httpx.Response:
        begun = time.perf_counter()
        answer = await client.request(method, path, **more)
        self.times[kind].append(time.perf_counter() - begun)
        if answer.status_code >= 400:
            self.errors.append(f"{answer.status_code} {path}")
        return answer


async def read(load: Load, client: httpx.AsyncClient, seed: int, pages: tuple[str, ...]) -> None:
    """Look at pages, with a moment of reading in between."""
    random = np.random.default_rng(seed)
    while time.perf_counter() < load.until:
        await load.ask(client, "page", "GET", pages[random.integers(len(pages))])
        await asyncio.sleep(random.uniform(0.2, 1.0))


async def send(load: Load, client: httpx.AsyncClient, seed: int, megabytes: int) -> None:
    """Send films one after the other, each checked as a whole. They are made beside, so that no reader waits for it."""
    count = 0
    while time.perf_counter() < load.until:
        film, digest = await asyncio.to_thread(made, seed, count, megabytes)
        count += 1
        begun = await load.ask(
            client, "upload", "POST", "/api/uploads", json={"name": f"{seed}-{count}.mp4", "size": len(film)}
        )
        upload = begun.json()["id"]
        for at in range(0, len(film), PIECE):
            headers = {"Upload-Offset": str(at)}
            await load.ask(
                client, "piece", "PATCH", f"/api/uploads/{upload}", content=film[at : at + PIECE], headers=headers
            )
        await load.ask(client, "whole", "POST", f"/api/uploads/{upload}/whole", json={"sha256": digest})
        load.sent += len(film)


def made(seed: int, count: int, megabytes: int) -> tuple[bytes, str]:
    """Bytes that are no other film's, and their digest."""
    film = np.random.default_rng([seed, count]).bytes(megabytes * 1_000_000)
    return film, sha256(film).hexdigest()


async def run(launch: str, seconds: float, megabytes: int) -> tuple[Load, str]:
    """Put the load on a server; return what happened, and how far the analysis came."""
    root = "http://" + urlsplit(launch).netloc
    headers = {"Origin": root, "Accept": "text/html,application/json"}
    limits = httpx.Limits(max_connections=100)
    async with httpx.AsyncClient(base_url=root, headers=headers, timeout=120, limits=limits) as client:
        await client.get(launch)
        form = {"film": ("side.mp4", FILM.read_bytes(), "video/mp4")}
        film = (await client.post("/films", files=form)).headers["location"]
        asked = await client.post("/analyses", data={"film": film.rpartition("/")[2]})
        job = asked.headers["location"]
        load = Load(time.perf_counter() + seconds)
        pages = (*PAGES, film, job)
        await asyncio.gather(
            *(read(load, client, i, pages) for i in range(READERS)),
            *(send(load, client, i, megabytes) for i in range(SENDERS)),
        )
        state = (await client.get(f"/api/jobs/{job.split('/')[2]}")).json()
    return load, f"{state['state']} {state['doing']} {state['progress']:.0%}"


def measure(folder: Path, seconds: float, megabytes: int) -> tuple[Load, str, int]:
    """Start a server and put the load on it; also its memory in the end."""
    command = [sys.executable, "-m", "runfree", "serve", "--no-browser"]
    environment = os.environ | {"RUNFREE_DATA": str(folder)}
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        try:
            found = re.search(r"http://\S+", server.stdout.readline())
            assert found is not None
            load, analysis = asyncio.run(run(found[0], seconds, megabytes))
            return load, analysis, psutil.Process(server.pid).memory_info().rss
        finally:
            server.terminate()


def main() -> None:
    """Measure and say."""
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 60.0
    megabytes = int(sys.argv[2]) if len(sys.argv) > 2 else 40
    with tempfile.TemporaryDirectory() as folder:
        load, analysis, peak = measure(Path(folder), seconds, megabytes)
    print(
        f"{seconds:.0f} s, {READERS} readers, {SENDERS} senders, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}"
    )
    for kind, times in load.times.items():
        middle, most = (1000 * float(np.quantile(times, q)) for q in (0.5, 0.95))
        print(f"{kind:>7}: {len(times):5} requests, median {middle:6.0f} ms, p95 {most:6.0f} ms")
    print(f"sent {load.sent / 1e6:.0f} MB; server {peak / 1e6:.0f} MB at the end; analysis: {analysis}")
    print(f"errors: {len(load.errors)} {load.errors[:5]}")


if __name__ == "__main__":
    main()
