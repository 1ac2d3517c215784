"""The command line from end to end, on motions of known truth and on a film."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest

import runfree
from processes import CAN_LOOK, in_group, until
from runfree.cli import main
from runfree.io.film_writer import FilmWriter
from runfree.io.motion_file import write_motion
from runfree.testing.camera import Camera
from runfree.testing.film import synthetic

SIDE = synthetic(camera=Camera(view="side"), seconds=6)


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working folder with one motion of a runner from the side."""
    monkeypatch.chdir(tmp_path)
    write_motion(tmp_path / "side.nc", SIDE.motion)
    return tmp_path


def test_a_report_and_a_summary(here: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert main(["analyze", "side.nc", "--height", "178cm", "--complaint", "low back"]) == 0
    out, err = capfd.readouterr()
    assert err == ""
    own = {"index.html", "measures.json", "measures.csv", "measures.parquet", "motion.nc"}
    practice = {"practice.html", "practice.ics", "practice.json"}
    assert {p.name for p in (here / "report").iterdir()} == own | practice
    assert 'href="practice.html"' in (here / "report" / "index.html").read_text(encoding="utf-8")
    waiting = json.loads((here / "report" / "practice.json").read_text())
    assert (waiting["complaint"], waiting["triage"]["answered"]) == ("back", False)
    line = next(line for line in out.splitlines() if "Cadence" in line)
    low, high = map(float, re.findall(r"([\d.]+) to ([\d.]+)", line)[0])
    assert low <= SIDE.truth["cadence_spm"] <= high
    assert "report/index.html" in out
    assert "A film from the front would show" in out
    assert "needs the running speed (--speed 10.5kmh)" in out
    assert out.isascii()
    assert out.count("\n") < 60


def test_where_a_warning_sign_fits_the_report_has_no_practice(
    here: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    assert main(["analyze", "side.nc", "--complaint", "knee", "--triage", "hot-joint-fever"]) == 0
    assert 'href="practice.html"' not in (here / "report" / "index.html").read_text(encoding="utf-8")
    assert json.loads((here / "report" / "practice.json").read_text())["practice"] is None
    assert not (here / "report" / "practice.ics").exists()


def test_json_is_the_file_and_nothing_else(here: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert main(["analyze", "side.nc", "--json", "--out", "out"]) == 0
    out, err = capfd.readouterr()
    assert json.loads(out) == json.loads((here / "out" / "measures.json").read_text())
    assert err == ""


def test_one_of_two_films_is_partly_done(here: Path, capfd: pytest.CaptureFixture[str]) -> None:
    (here / "front.mp4").write_text("no film")
    assert main(["analyze", "side.nc", "front.mp4", "--json"]) == 1
    out, err = capfd.readouterr()
    assert [film["film"] for film in json.loads(out)["films"]] == ["side.nc"]
    assert err.startswith("front.mp4 was left out: ")
    assert len(err.splitlines()) == 1


def test_a_second_report_takes_the_place_of_the_first(here: Path) -> None:
    assert main(["analyze", "side.nc"]) == 0
    (here / "report" / "notes.txt").write_text("mine")
    first = (here / "report" / "measures.json").read_text()
    assert main(["analyze", "side.nc", "--height", "150cm", "--earlier", "report/measures.json"]) == 0
    assert (here / "report" / "measures.json").read_text() != first
    assert (here / "report" / "notes.txt").read_text() == "mine"


def test_the_report_s_own_motion_gives_the_same_numbers(here: Path) -> None:
    assert main(["analyze", "side.nc", "--height", "178cm"]) == 0
    assert main(["analyze", "report/motion.nc", "--height", "178cm", "--out", "again"]) == 0
    first, again = (json.loads((here / name / "measures.json").read_text()) for name in ("report", "again"))
    assert first["estimates"] == again["estimates"]


def test_python_and_command_line_agree(here: Path) -> None:
    assert main(["analyze", "side.nc", "--height", "178cm", "--speed", "3m/s"]) == 0
    analysis = runfree.analyze("side.nc", height_m=1.78, speed_mps=3.0)
    written = json.loads((here / "report" / "measures.json").read_text())["estimates"]
    assert [e["value"] for e in written] == pytest.approx([e.value for e in analysis.estimates], abs=0.006)


def _python(*words: str, cwd: Path, **options: object) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "runfree", *words]
    return subprocess.Popen(command, cwd=cwd, stdout=subprocess.PIPE, stderr=subprocess.PIPE, **options)  # type: ignore[call-overload]


def test_a_closed_pipe_is_quiet(here: Path) -> None:
    with _python("analyze", "side.nc", cwd=here) as running:
        assert running.stdout is not None
        assert running.stderr is not None
        running.stdout.close()
        assert running.stderr.read() == b""
    assert running.returncode == 0
    assert (here / "report" / "index.html").exists()


def test_a_name_that_the_terminal_cannot_spell(here: Path) -> None:
    (here / "läufer 🏃.nc").write_bytes((here / "side.nc").read_bytes())
    running = _python("analyze", "läufer 🏃.nc", cwd=here, env={**os.environ, "PYTHONIOENCODING": "ascii"})
    out, err = running.communicate()
    assert (running.returncode, err) == (0, b"")
    assert rb"\U0001f3c3.nc" in out


@pytest.mark.skipif(not CAN_LOOK, reason="looks at /proc")
@pytest.mark.skipif(find_spec("mediapipe") is None, reason="the default backend is not available here")
def test_ctrl_c_leaves_nothing_and_nobody(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    with FilmWriter(tmp_path / "run.mp4", width_px=640, height_px=480) as film:
        for i in range(1200):
            film.write(np.kron(rng.integers(0, 255, (6, 8, 3), np.uint8), np.ones((80, 80, 1), np.uint8)), i / 60)
    running = _python("analyze", "run.mp4", "--workers", "2", cwd=tmp_path, start_new_session=True)
    until(lambda: len(in_group(running.pid)) >= 3 or running.poll() is not None)
    os.killpg(running.pid, signal.SIGINT)
    out, err = running.communicate()
    assert running.returncode == 130
    assert out == b""
    assert err.decode() == "Stopped. Nothing was written.\n"
    assert [path.name for path in tmp_path.iterdir()] == ["run.mp4"]
    until(lambda: in_group(running.pid) == [])


def test_film_check_says_why_a_film_is_refused(here: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert main(["film-check", "side.nc"]) == 2
    assert "motion file" in capfd.readouterr().err


def test_film_check_in_words_and_as_json(
    shared_data: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    pytest.importorskip("mediapipe")
    film = str(shared_data / "phantom" / "side_contact200.mp4")
    assert main(["film-check", film, "--json"]) == 0
    checked = json.loads(capfd.readouterr().out)
    assert (checked["view"], checked["activity"]) == ("side", "running")
    assert main(["film-check", film]) == 0
    said = capfd.readouterr().out
    assert "It can show: Cadence" in said
    assert checked["change"] in said
