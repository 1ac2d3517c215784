"""The one runner: a film cut into chunks that follow the film alone, looked at on all cores."""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Callable, Iterator
from concurrent.futures import Future, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
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
from runfree.pose.backend import FileBackend, FrameBackend, Seen, load_backend
from runfree.pose.camera import background, camera_path, measure_every, mostly_told
from runfree.pose.cuts import THUMBNAIL, cut_times, thumbnail
from runfree.pose.follow import LONGEST_PX, astray, looking, not_theirs, runner_among
from runfree.pose.persons import Look, Person, look_at, look_every, persons
from runfree.pose.sides import put_sides_right

CHUNK_FRAMES = 240
RUN_IN_FRAMES = 10
SECOND_LOOKS = 4
SECOND_LOOK_S = 0.6
SECOND_LOOK_HZ = 60
MAX_UNDECODED = 0.05

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Stretch:
    """Frames for one worker: ``start`` to ``stop``, every ``every``-th, as they are or mirrored.

    With a ``person`` only they are looked at; else the network chooses, and the stretch is searched for people.
    """

    start: int
    stop: int
    every: int = 1
    mirrored: bool = False
    person: Person | None = None


@dataclass(frozen=True)
class _Seen:
    """What a backend saw in one stretch: frame indices (n,), pixels (n, K, 2), confidence (n, K).

    A stretch seen for the first time also has thumbnails (n, 18, 32), looks for people, and how far the background moved since the
    frame measured before (x, y, turn; NaN where it does not tell), by frame.
    """

    stretch: Stretch
    index: NDArray[np.int64]
    position_px: NDArray[np.float32]
    confidence: NDArray[np.float32]
    thumbnails: NDArray[np.uint8]
    looks: list[Look]
    camera: dict[int, NDArray[np.float64]]


def track(
    path: str | Path,
    *,
    backend: str = "blazepose",
    weights: Path | None = None,
    workers: int | None = None,
    slowmo: float | None = None,
    person: int | None = None,
    progress: Progress | None = None,
) -> Motion:
    """Find a runner's keypoints in every frame of a film.

    The same film gives the same bytes whatever the number of workers. Frames with nobody, and frames that cannot
    be decoded, are NaN with confidence 0. Exchanged legs are put right, see :func:`runfree.pose.sides.put_sides_right`.
    A few short stretches are looked at a second time, mirrored (``second_look``): what the network then says differently
    is its own left–right error, which gait takes into account. The film is searched for people three times a second: where the
    network followed somebody else than the person meant it looks again; what is still not theirs is left out.

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
    person : int, optional
        Number of the person to follow, from 1, in the order of :func:`runfree.pose.follow.people_in`; by default the first who runs.
    progress : callable, optional
        Called with frames done and frames in all.

    Returns
    -------
    Motion
        With counts ``swapped_frames``, ``uncertain_frames``, ``undecoded_frames``, ``repeated_frames``, ``other_frames`` (of
        somebody else, left out) and ``people`` in ``attrs``, and ``slowmo`` with ``slowmo_told`` of
        :class:`runfree.io.video.FilmInfo`. Where the camera moved, with ``camera``.

    Raises
    ------
    FilmError, MotionError
        If the file cannot be read or trusted.
    MissingPartError
        If the backend is not available here.
    InputError
        If the weights cannot be used, or there is no person of that number.
    """
    file = Path(path)
    part = load_backend("replay") if file.suffix.lower() == ".nc" else load_backend(backend, weights)
    if isinstance(part, FileBackend):
        return part.motion(file)
    info = probe(file, slowmo=slowmo)
    report = progress or (lambda done, total: None)

    def look(stretches: list[Stretch]) -> list[_Seen]:
        count = min(workers or usable_cores(), len(stretches))
        return (_in_this_process if count == 1 else _in_workers)(info, part, stretches, count, report)

    seen = look([*cut(len(info.pts)), *second_looks(info.time_s)])
    people = persons(info.time_s, [one for part_seen in seen for one in part_seen.looks])
    motion = _assemble(info, part, seen)
    if people or person is not None:
        who = runner_among(info, part, people, person)
        again = _again(astray(motion, people, who), people[who])
        if again:
            _put_in(motion, look(again))
        _leave_out(motion, not_theirs(motion, people, who))
    motion.attrs["people"] = len(people)
    return put_sides_right(motion)[0]


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
    first = max(0, stretch.start - max(RUN_IN_FRAMES * stretch.every, measure_every(info.time_s)))
    out = _Noted(info, backend, stretch)
    path = None if stretch.person is None else stretch.person.at(info.time_s)
    with out.opened(), looking(info, backend, path) as look:
        for i, rgb in frames(info, first, stretch.stop, longest_px=LONGEST_PX, threads=threads):
            if (i - stretch.start) % stretch.every:
                continue
            seen = _seen_mirrored(look, i, rgb, info, backend.keypoints) if stretch.mirrored else look(i, rgb)
            out.note(i, rgb, seen)
            if i >= stretch.start:
                count_frame()
    return out.seen()


class _Noted:
    """What is noted while looking at one stretch."""

    def __init__(self, info: FilmInfo, backend: FrameBackend, stretch: Stretch) -> None:
        self._info, self._backend, self._stretch = info, backend, stretch
        self._first_time = not stretch.mirrored and stretch.person is None
        points = len(backend.keypoints)
        self._nobody = np.full((points, 2), np.nan, np.float32), np.zeros(points, np.float32)
        self._index: list[int] = []
        self._found: list[Seen] = []
        self._small: list[NDArray[np.uint8]] = []
        self._looks: list[Look] = []
        self._camera: dict[int, NDArray[np.float64]] = {}

    @contextmanager
    def opened(self) -> Iterator[None]:
        if not self._first_time:
            yield
            return
        self._background = background()
        with self._backend.people_finder() as self._find:
            yield

    def note(self, i: int, rgb: NDArray[np.uint8], seen: Seen | None) -> None:
        """Note one frame; of those before the stretch only how the camera moved."""
        scale = self._info.width_px / rgb.shape[1]
        inside = i >= self._stretch.start
        if self._first_time and self._background and i % measure_every(self._info.time_s) == 0:
            step = self._background.step(rgb, seen[0] / scale if seen else None)
            if inside:
                self._camera[i] = np.full(3, np.nan) if step is None else step * (scale, scale, 1)
        if not inside:
            return
        self._index.append(i)
        self._found.append(seen or self._nobody)
        if self._first_time:
            self._small.append(thumbnail(rgb))
            if i % look_every(self._info.time_s) == 0:
                self._looks.append(look_at(i, rgb, self._find(rgb), scale))

    def seen(self) -> _Seen:
        n, points = len(self._index), len(self._backend.keypoints)
        return _Seen(
            self._stretch,
            np.array(self._index, dtype=np.int64),
            np.array([f[0] for f in self._found], dtype=np.float32).reshape(n, points, 2),
            np.array([f[1] for f in self._found], dtype=np.float32).reshape(n, points),
            np.array(self._small, dtype=np.uint8).reshape(len(self._small), *THUMBNAIL),
            self._looks,
            self._camera,
        )


def _seen_mirrored(
    look: Callable[[int, NDArray[np.uint8]], Seen | None],
    i: int,
    rgb: NDArray[np.uint8],
    info: FilmInfo,
    keypoints: tuple[str, ...],
) -> Seen | None:
    seen = look(i, np.ascontiguousarray(rgb[:, ::-1]))
    if seen is None:
        return None
    order = other_side(keypoints)
    position, confidence = seen[0][order].copy(), seen[1][order]
    position[:, 0] = info.width_px - position[:, 0]
    return position, confidence


def _again(wrong: NDArray[np.bool_], person: Person) -> list[Stretch]:
    """Stretches to look at once more for a person: the frames that are not theirs, and two at each side."""
    index = np.flatnonzero(np.convolve(wrong, np.ones(5), "same") > 0)
    if not index.size:
        return []
    runs = np.split(index, np.flatnonzero(np.diff(index) > RUN_IN_FRAMES) + 1)
    return [
        Stretch(run[0] + part.start, run[0] + part.stop, person=person)
        for run in runs
        for part in cut(int(run[-1] - run[0]) + 1)
    ]


def _put_in(motion: Motion, seen: list[_Seen]) -> None:
    position, confidence = motion["position"].to_numpy(), motion["confidence"].to_numpy()
    for part in seen:
        position[part.index], confidence[part.index] = part.position_px, part.confidence


def _leave_out(motion: Motion, rows: NDArray[np.bool_]) -> None:
    motion["position"].to_numpy()[rows] = np.nan
    motion["confidence"].to_numpy()[rows] = 0
    motion["second_look"].to_numpy()[rows] = np.nan
    motion.attrs["other_frames"] = int(rows.sum())


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
    steps = {i: step for part in plain for i, step in part.camera.items()}
    path = camera_path(steps, shape[0], max(info.width_px, info.height_px))
    if path is not None:
        motion["camera"] = ("time", "move"), path
    motion.attrs["camera_unmeasured"] = int(not mostly_told(steps))
    motion.attrs["undecoded_frames"] = undecoded
    motion.attrs["repeated_frames"] = info.repeated_frames
    motion.attrs["slowmo"] = info.slowmo
    motion.attrs["slowmo_told"] = info.slowmo_told
    return motion


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
