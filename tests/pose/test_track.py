from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from importlib import metadata
from pathlib import Path

import numpy as np
import pytest

from runfree.core.errors import FilmError, MissingPartError, MotionError
from runfree.core.motion import KEYPOINTS, REQUIRED, make_motion, points
from runfree.io.film_writer import FilmWriter
from runfree.io.motion_file import write_motion
from runfree.io.video import frames, probe
from runfree.pose import track
from runfree.pose.backend import FileBackend, FrameBackend, load_backend
from runfree.pose.runner import CHUNK_FRAMES, cut, second_looks

needs_mediapipe = pytest.mark.skipif(
    "mediapipe" not in {d.name for d in metadata.distributions()}, reason="mediapipe is not installed here"
)


def excerpt(source: Path, target: Path, n: int) -> Path:
    info = probe(source)
    with FilmWriter(target, width_px=info.width_px, height_px=info.height_px) as film:
        for i, rgb in frames(info, 0, n):
            film.write(rgb, info.time_s[i])
    return target


@pytest.mark.parametrize("n", [1, 10, 239, 240, 241, 300, 900, 7200])
def test_chunks_cover_the_film_once_and_evenly(n) -> None:
    chunks = cut(n)
    assert [i for chunk in chunks for i in range(chunk.start, chunk.stop)] == list(range(n))
    lengths = [chunk.stop - chunk.start for chunk in chunks]
    assert max(lengths) <= CHUNK_FRAMES
    assert max(lengths) - min(lengths) <= 1


@pytest.mark.parametrize(("fps", "seconds"), [(24, 1), (30, 12), (60, 6), (240, 3), (60, 600)])
def test_second_looks_are_few_and_lie_inside_the_film(fps, seconds) -> None:
    time_s = np.arange(fps * seconds) / fps
    looks = second_looks(time_s)
    pictures = [i for look in looks for i in range(look.start, look.stop, look.every)]
    assert all(look.mirrored for look in looks)
    assert len(pictures) == len(set(pictures)) <= 4 * 40
    assert set(pictures) <= set(range(len(time_s)))
    assert max(pictures) - min(pictures) > 0.6 * len(time_s)


@needs_mediapipe
def test_the_second_look_agrees_with_the_first_on_names_and_places(shared_data, tmp_path) -> None:
    """Mirrored and turned back, the network's left knee is still the left knee, within its error."""
    motion = track(excerpt(shared_data / "phantom" / "front_fpa_10_20.mp4", tmp_path / "short.mp4", 60), workers=1)
    apart = np.linalg.norm(motion["second_look"].to_numpy() - motion["position"].to_numpy(), axis=-1)
    looked = np.isfinite(apart).all(axis=1)
    assert looked.sum() > 40
    assert np.median(apart[looked]) < 12
    shoulders = np.linalg.norm(points(motion, "left_shoulder") - points(motion, "right_shoulder"), axis=1)
    assert np.median(shoulders[looked]) > 5 * np.median(apart[looked])


@needs_mediapipe
def test_blazepose_keeps_the_contract(shared_data) -> None:
    backend = load_backend("blazepose")
    assert isinstance(backend, FrameBackend)
    assert set(backend.keypoints) >= REQUIRED
    info = probe(shared_data / "phantom" / "side_base.mp4")
    with backend.session() as session:
        assert session.infer(np.zeros((90, 160, 3), dtype=np.uint8)) is None
        seen = [session.infer(rgb) for _, rgb in frames(info, 0, 3)]
    position, confidence = seen[-1]
    assert position.shape == (len(backend.keypoints), 2)
    assert confidence.shape == (len(backend.keypoints),)
    assert ((confidence >= 0) & (confidence <= 1)).all()


@needs_mediapipe
def test_keypoints_lie_where_the_joints_are(shared_data, tmp_path) -> None:
    """Against the phantom's true pixels, each side by its own name; the picture is 1280 × 720."""
    film = shared_data / "phantom" / "front_fpa_10_20.mp4"
    motion = track(excerpt(film, tmp_path / "short.mp4", 30), workers=1)
    head, *rows = (line.split(",") for line in film.with_suffix(".csv").read_text().splitlines())
    for name, joint in (
        ("left_ankle", "ankle_L"),
        ("right_ankle", "ankle_R"),
        ("left_toe", "big_toe_L"),
        ("nose",) * 2,
    ):
        true = np.array([[row[head.index(f"{joint}_{axis}")] for axis in "uv"] for row in rows[:30]], dtype=float)
        assert np.median(np.linalg.norm(points(motion, name) - true, axis=1)) < 25
    assert motion.attrs["backend"].startswith("blazepose ")
    assert motion.attrs["source"] == "short.mp4"


@needs_mediapipe
def test_any_number_of_workers_gives_equal_bytes(shared_data, tmp_path, monkeypatch) -> None:
    monkeypatch.setattr("runfree.pose.runner.CHUNK_FRAMES", 12)
    film = excerpt(shared_data / "phantom" / "side_base.mp4", tmp_path / "short.mp4", 40)
    seen: list[tuple[int, int]] = []
    one, three = track(film, workers=1), track(film, workers=3, progress=lambda *counts: seen.append(counts))
    for name in ("time", "position", "confidence", "second_look"):
        assert one[name].to_numpy().tobytes() == three[name].to_numpy().tobytes()
    assert seen[-1] == (80, 80)
    assert [done for done, _ in seen] == sorted(done for done, _ in seen)


@needs_mediapipe
def test_a_film_of_nobody_is_empty_not_invented(film) -> None:
    motion = track(film(n=12), workers=1)
    assert np.isnan(motion["position"].to_numpy()).all()
    assert (motion["confidence"].to_numpy() == 0).all()


@needs_mediapipe
def test_the_terminal_stays_quiet(shared_data, tmp_path) -> None:
    film = excerpt(shared_data / "phantom" / "side_base.mp4", tmp_path / "short.mp4", 15)
    code = f"from runfree.pose import track; track({str(film)!r}, workers=1)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert (done.stdout, done.stderr) == ("", "")


SCRIPT = """
import sys
from runfree.pose import runner
runner.CHUNK_FRAMES = 30
if __name__ == "__main__":
    def say(done, total):
        if done:
            print("started", flush=True)
    try:
        runner.track(sys.argv[1], workers=2, progress=say)
    except KeyboardInterrupt:
        sys.exit(130)
"""


def members(group: int) -> list[int]:
    """Processes of a process group that are not yet gone (Linux)."""
    found = []
    for entry in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = entry.read_text().rpartition(")")[2].split()
        except (FileNotFoundError, ProcessLookupError):
            continue
        if int(fields[2]) == group and fields[0] != "Z":
            found.append(int(entry.parent.name))
    return found


@needs_mediapipe
@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="looks for processes in /proc")
@pytest.mark.parametrize(("sign", "code"), [(signal.SIGINT, 130), (signal.SIGKILL, -signal.SIGKILL)])
def test_ended_from_outside_no_worker_is_left(shared_data, tmp_path, sign, code) -> None:
    script = tmp_path / "script.py"
    script.write_text(SCRIPT)
    film = shared_data / "phantom" / "side_base.mp4"
    with subprocess.Popen(
        [sys.executable, str(script), str(film)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        assert process.stdout.readline() == "started\n"
        if sign == signal.SIGINT:
            os.killpg(process.pid, sign)
        else:
            process.send_signal(sign)
        process.stdout.read()
        assert "Traceback" not in process.stderr.read()
    assert process.returncode == code
    deadline = time.monotonic() + 20
    while members(process.pid) and time.monotonic() < deadline:
        pass
    assert members(process.pid) == []


@needs_mediapipe
@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="looks for processes in /proc")
def test_a_worker_that_dies_is_a_clear_error(shared_data) -> None:
    def kill_one(done: int, total: int) -> None:
        for entry in Path("/proc").glob("[0-9]*/stat"):
            fields = entry.read_text().rpartition(")")[2].split() if entry.exists() else ["", "0"]
            if done and int(fields[1]) == os.getpid() and b"spawn_main" in (entry.parent / "cmdline").read_bytes():
                os.kill(int(entry.parent.name), signal.SIGKILL)
                return

    with pytest.raises(FilmError, match="worker"):
        track(shared_data / "phantom" / "side_base.mp4", workers=2, progress=kill_one)


def test_replay_keeps_the_contract_and_gives_back_what_was_saved(tmp_path) -> None:
    assert isinstance(load_backend("replay"), FileBackend)
    position = np.random.default_rng(0).normal(300, 50, (20, len(KEYPOINTS), 2))
    saved = make_motion(
        np.arange(20) / 30, position, np.ones(position.shape[:2]), KEYPOINTS, width_px=720, height_px=1280
    )
    write_motion(tmp_path / "motion.nc", saved)
    replayed = track(tmp_path / "motion.nc")
    assert replayed.equals(saved)


def test_replay_refuses_what_is_no_motion(tmp_path) -> None:
    (tmp_path / "motion.nc").write_bytes(b"\x89HDF\r\n\x1a\n" + bytes(99))
    with pytest.raises(MotionError):
        track(tmp_path / "motion.nc")


def test_a_backend_that_is_not_there_names_those_that_are(tmp_path) -> None:
    with pytest.raises(MissingPartError, match="blazepose, replay"):
        track(tmp_path / "film.mp4", backend="crystal_ball")


def test_without_mediapipe_the_exact_command_is_given(monkeypatch) -> None:
    def nothing(name: str) -> str:
        raise metadata.PackageNotFoundError(name)

    monkeypatch.setattr(metadata, "version", nothing)
    with pytest.raises(MissingPartError) as caught:
        load_backend("blazepose")
    assert "mediapipe==0.10.21" in f"{caught.value}"
    monkeypatch.setattr(sys, "version_info", (3, 13, 0, "final", 0))
    with pytest.raises(MissingPartError, match=r"3\.11 and 3\.12.*this is 3\.13"):
        load_backend("blazepose")
