"""Tracking a 30-s film against the plain loop "decode a frame, call mediapipe", by turns in one run.

Run: python benchmarks/bench_track.py FILM [FILM ...]
The films (720p, H.264) are strung together and repeated until 30 s are full. Start-up is left out on both
sides: the clocks start when the first frame is done.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from itertools import cycle
from pathlib import Path

import av
import numpy as np
from mediapipe.python.solutions.pose import Pose
from numpy.typing import NDArray

from runfree.io.film_writer import FilmWriter
from runfree.io.video import frames, probe
from runfree.pose import track

SECONDS = 30
RATE = 30
ROUNDS = 2


def pictures(paths: list[Path]) -> Iterator[NDArray[np.uint8]]:
    for path in cycle(paths):
        info = probe(path)
        for _, rgb in frames(info, 0, len(info.pts)):
            yield rgb


def make_film(paths: list[Path], target: Path, seconds: float) -> Path:
    source = pictures(paths)
    first = next(source)
    with FilmWriter(target, width_px=first.shape[1], height_px=first.shape[0]) as film:
        for i in range(round(seconds * RATE)):
            film.write(next(source), i / RATE)
    return target


def plain_loop_s(path: Path) -> float:
    with av.open(str(path)) as film, Pose() as pose:
        start = None
        for frame in film.decode(video=0):
            pose.process(frame.to_ndarray(format="rgb24"))
            start = start or time.perf_counter()
    return time.perf_counter() - start


def track_s(path: Path) -> float:
    start = 0.0

    def note_first(done: int, total: int) -> None:
        nonlocal start
        if done and not start:
            start = time.perf_counter()

    track(path, progress=note_first)
    return time.perf_counter() - start


def main(paths: list[Path]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        film = make_film(paths, Path(folder) / "film.mp4", SECONDS)
        ratios = []
        for _ in range(ROUNDS):
            ours, loop = track_s(film), plain_loop_s(film)
            ratios.append(loop / ours)
            print(f"loop {loop:.1f} s, track {ours:.1f} s: {ratios[-1]:.2f} times as fast", flush=True)
        print(f"median {statistics.median(ratios):.2f}")


if __name__ == "__main__":
    main([Path(p) for p in sys.argv[1:]])
