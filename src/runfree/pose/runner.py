"""The one runner: a film cut into chunks that follow the film alone, looked at on all cores."""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Callable
from concurrent.futures import Future, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from runfree.core.errors import FilmError
from runfree.core.motion import Motion, make_motion, other_side
from runfree.core.workers import worker_pool
from runfree.io.video import FilmInfo, frames, probe
from runfree.pose.backend import FileBackend, FrameBackend, Session, load_backend
from runfree.pose.cuts import THUMBNAIL, cut_times, thumbnail
from runfree.pose.sides import put_sides_right

CHUNK_FRAMES = 240
RUN_IN_FRAMES = 10
LONGEST_PX = 1280
SECOND_LOOKS = 4
SECOND_LOOK_S = 0.6
SECOND_LOOK_HZ = 60
MAX_UNDECODED = 0.05

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Stretch:
    """Frames for one worker: ``start`` to ``stop``, every ``every``-th, as they are or mirrored."""

    start: int
    stop: int
    every: int = 1
    mirrored: bool = False


@dataclass(frozen=True)
class _Seen:
    """What a backend saw in one stretch: frame indices (n,), pixels (n, K, 2), confidence (n, K), thumbnails (n, 18, 32).

    A mirrored stretch has no thumbnails.
    """

    stretch: Stretch
    index: NDArray[np.int64]
    position_px: NDArray[np.float32]
    confidence: NDArray[np.float32]
    thumbnails: NDArray[np.uint8]


def track(
    path: str | Path,
    *,
    backend: str = "blazepose",
    weights: Path | None = None,
    workers: int | None = None,
    slowmo: float | None = None,
    progress: Progress | None = None,
) -> Motion:
    """Find a runner's keypoints in every frame of a film.

    The same film gives the same bytes whatever the number of workers. Frames with nobody, and frames that cannot
    be decoded, are NaN with confidence 0. Exchanged legs are put right, see :func:`runfree.pose.sides.put_sides_right`.
    A few short stretches are looked at a second time, mirrored (``second_look``): what the network then says differently
    is its own left–right error, which gait takes into account.

    Parameters
    ----------
    path : str or Path
        A film, or a motion file (``.nc``), which is returned as it is.
    backend : str
        Entry-point name in the group ``runfree.pose``.
    weights : Path, optional
        Network for a backend that takes one, see :func:`runfree.pose.rtmpose.backend.backend`.
    workers : int, optional
        Worker processes; by default one for each core this process may use. 1 works in this process.
        A script that calls this with several workers needs ``if __name__ == "__main__":``.
    slowmo : float, optional
        How many times slower than life the film plays; by default what its metadata tells. Times are the runner's.
    progress : callable, optional
        Called with frames done and frames in all.

    Returns
    -------
    Motion
        With counts ``swapped_frames``, ``uncertain_frames``, ``undecoded_frames``, ``repeated_frames`` in ``attrs``, and
        ``slowmo`` with ``slowmo_told`` of :class:`runfree.io.video.FilmInfo`.

    Raises
    ------
    FilmError, MotionError
        If the file cannot be read or trusted.
    MissingPartError
        If the backend is not available here.
    InputError
        If the weights cannot be used.
    """
    file = Path(path)
    part = load_backend("replay") if file.suffix.lower() == ".nc" else load_backend(backend, weights)
    if isinstance(part, FileBackend):
        return part.motion(file)
    info = probe(file, slowmo=slowmo)
    stretches = [*cut(len(info.pts)), *second_looks(info.time_s)]
    count = min(workers or usable_cores(), len(stretches))
    report = progress or (lambda done, total: None)
    look = _in_this_process if count == 1 else _in_workers
    return _assemble(info, part, look(info, part, stretches, count, report))


def cut(n_frames: int) -> list[Stretch]:
    """Cut a film into stretches of nearly equal length, an even number of them if more than one."""
    count = -(-n_frames // CHUNK_FRAMES)
    count += count % 2 if count > 1 else 0
    bounds = [round(i * n_frames / count) for i in range(count + 1)]
    return [Stretch(start, stop) for start, stop in pairwise(bounds)]


def second_looks(time_s: NDArray[np.float64]) -> list[Stretch]:
    """Choose the stretches to look at mirrored: four of 0.6 s, spread evenly, at up to about 60 pictures a second."""
    frame_s = float(np.median(np.diff(time_s)))
    every = max(1, round(1 / (frame_s * SECOND_LOOK_HZ)))
    length = min(round(SECOND_LOOK_S / frame_s), len(time_s) // SECOND_LOOKS)
    centres = [(i + 0.5) * len(time_s) / SECOND_LOOKS for i in range(SECOND_LOOKS)]
    starts = [int(centre - length / 2) for centre in centres]
    return [Stretch(start, start + length, every, mirrored=True) for start in starts]


def usable_cores() -> int:
    """Return the number of cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _look(
    info: FilmInfo, backend: FrameBackend, stretch: Stretch, threads: int, count_frame: Callable[[], None]
) -> _Seen:
    """Look at one stretch, with a few frames before it so that the network has found the runner when it starts."""
    first = max(0, stretch.start - RUN_IN_FRAMES * stretch.every)
    points = len(backend.keypoints)
    index: list[int] = []
    position: list[NDArray[np.float32]] = []
    confidence: list[NDArray[np.float32]] = []
    small: list[NDArray[np.uint8]] = []
    with backend.session() as session:
        for i, rgb in frames(info, first, stretch.stop, longest_px=LONGEST_PX, threads=threads):
            if (i - stretch.start) % stretch.every:
                continue
            seen = _seen_mirrored(session, rgb, backend.keypoints) if stretch.mirrored else session.infer(rgb)
            if i < stretch.start:
                continue
            scale = np.array([info.width_px / rgb.shape[1], info.height_px / rgb.shape[0]], dtype=np.float32)
            index.append(i)
            if not stretch.mirrored:
                small.append(thumbnail(rgb))
            position.append(seen[0] * scale if seen else np.full((points, 2), np.nan, dtype=np.float32))
            confidence.append(seen[1] if seen else np.zeros(points, dtype=np.float32))
            count_frame()
    n = len(index)
    return _Seen(
        stretch,
        np.array(index, dtype=np.int64),
        np.array(position, dtype=np.float32).reshape(n, points, 2),
        np.array(confidence, dtype=np.float32).reshape(n, points),
        np.array(small, dtype=np.uint8).reshape(len(small), *THUMBNAIL),
    )


def _seen_mirrored(
    session: Session, rgb: NDArray[np.uint8], keypoints: tuple[str, ...]
) -> tuple[NDArray[np.float32], NDArray[np.float32]] | None:
    seen = session.infer(np.ascontiguousarray(rgb[:, ::-1]))
    if seen is None:
        return None
    order = other_side(keypoints)
    position, confidence = seen[0][order].copy(), seen[1][order]
    position[:, 0] = rgb.shape[1] - position[:, 0]
    return position, confidence


def _assemble(info: FilmInfo, backend: FrameBackend, seen: list[_Seen]) -> Motion:
    shape = len(info.pts), len(backend.keypoints)
    position = np.full((*shape, 2), np.nan, dtype=np.float32)
    confidence = np.zeros(shape, dtype=np.float32)
    second = np.full((*shape, 2), np.nan, dtype=np.float32)
    for part in seen:
        if part.stretch.mirrored:
            second[part.index] = part.position_px
        else:
            position[part.index], confidence[part.index] = part.position_px, part.confidence
    undecoded = shape[0] - sum(len(part.index) for part in seen if not part.stretch.mirrored)
    if undecoded > MAX_UNDECODED * shape[0]:
        raise FilmError(
            f"The film {info.path.name}",
            f"{undecoded} of its {shape[0]} pictures cannot be decoded",
            "Copy the whole file from the phone again, or export it again as MP4 (H.264).",
        )
    motion = make_motion(
        info.time_s,
        position,
        confidence,
        backend.keypoints,
        width_px=info.width_px,
        height_px=info.height_px,
        source=info.path.name,
        backend=f"{backend.name} {backend.version}",
        second_look_px=second,
    )
    plain = [part for part in seen if not part.stretch.mirrored]
    index = np.concatenate([part.index for part in plain])
    cuts_s = cut_times(info.time_s[index], np.concatenate([part.thumbnails for part in plain]))
    if cuts_s.size:
        motion.attrs["cuts_s"] = cuts_s
    motion.attrs["undecoded_frames"] = undecoded
    motion.attrs["repeated_frames"] = info.repeated_frames
    motion.attrs["slowmo"] = info.slowmo
    motion.attrs["slowmo_told"] = info.slowmo_told
    return put_sides_right(motion)[0]


def _in_this_process(
    info: FilmInfo, backend: FrameBackend, stretches: list[Stretch], count: int, report: Progress
) -> list[_Seen]:
    done, total = 0, _pictures(stretches)

    def count_frame() -> None:
        nonlocal done
        done += 1
        report(done, total)

    return [_look(info, backend, stretch, 0, count_frame) for stretch in stretches]


def _pictures(stretches: list[Stretch]) -> int:
    return sum(len(range(s.start, s.stop, s.every)) for s in stretches)


def _in_workers(
    info: FilmInfo, backend: FrameBackend, stretches: list[Stretch], count: int, report: Progress
) -> list[_Seen]:
    """Share the stretches out."""
    done = multiprocessing.get_context("spawn").Value("q", 0)
    try:
        with worker_pool(count, _start_worker, (done,)) as submit:
            futures = [submit(_work, info, backend, stretch) for stretch in stretches]
            _follow(futures, done, _pictures(stretches), report)
            return [future.result() for future in futures]
    except BrokenProcessPool as error:
        raise FilmError(
            f"The film {info.path.name}",
            "a worker process ended before its time (too little memory, stopped from outside, or a script "
            'without if __name__ == "__main__":)',
            "Close other programs, or use one worker.",
        ) from error


def _follow(futures: list[Future[_Seen]], done: Any, total: int, report: Progress) -> None:
    """Report progress until all is done or something failed."""
    pending = set(futures)
    while pending:
        finished, pending = wait(pending, timeout=0.2)
        for future in finished:
            future.result()
        report(done.value, total)


_done: Any = None


def _start_worker(done: Any) -> None:
    global _done
    _done = done
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)


def _work(info: FilmInfo, backend: FrameBackend, stretch: Stretch) -> _Seen:
    def count_frame() -> None:
        with _done.get_lock():
            _done.value += 1

    return _look(info, backend, stretch, 1, count_frame)
