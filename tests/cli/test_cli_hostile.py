"""What people really give a program: one clear sentence, the right exit code, no number, nothing left behind."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from runfree.cli import main
from runfree.io.film_writer import FilmWriter
from runfree.io.motion_file import write_motion
from runfree.testing.film import synthetic

NO_RUNNER = (
    "cut_off_download.mp4",
    "empty.mp4",
    "jpeg_named_mp4.mp4",
    "stick_figure_walking.mp4",
    "street_traffic_nobody.mp4",
)


def _folder(at: Path) -> None:
    at.mkdir()


def _text(at: Path) -> None:
    at.write_text("dear diary, 178 cm, cadence 180\n")


def _empty(at: Path) -> None:
    at.touch()


def _noise(at: Path) -> None:
    at.write_bytes(np.random.default_rng(1).bytes(50_000))


def _black(at: Path) -> None:
    with FilmWriter(at, width_px=320, height_px=240) as film:
        for i in range(40):
            film.write(np.zeros((240, 320, 3), np.uint8), i / 30)


def _missing(at: Path) -> None:
    assert not at.exists()


@pytest.fixture
def refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> Callable[..., str]:
    """Run a command that must fail; return its one sentence."""
    monkeypatch.chdir(tmp_path)

    def run(*argv: str | Path, codes: tuple[int, ...] = (2,)) -> str:
        before = set(tmp_path.rglob("*"))
        code = main([str(word) for word in argv])
        out, err = capfd.readouterr()
        assert code in codes, err
        assert out == ""
        assert len(err.splitlines()) == 1
        assert err.rstrip()[-1] in ".):" or "See: runfree --help" in err
        assert "Traceback" not in err
        assert "Error" not in err
        assert set(tmp_path.rglob("*")) == before
        return err

    return run


@pytest.mark.parametrize("make", [_folder, _text, _empty, _noise, _missing])
@pytest.mark.parametrize("name", ["run.mp4", "run.nc"])
def test_what_is_no_film(
    refused: Callable[..., str], tmp_path: Path, make: Callable[[Path], None], name: str
) -> None:
    make(tmp_path / name)
    assert name in refused("analyze", name, "--height", "178cm")


def test_a_black_film(refused: Callable[..., str], tmp_path: Path) -> None:
    _black(tmp_path / "black.mp4")
    refused("analyze", "black.mp4", "--workers", "1", codes=(2, 3))


@pytest.mark.parametrize("name", NO_RUNNER)
def test_films_of_no_runner(refused: Callable[..., str], shared_data: Path, name: str) -> None:
    refused("analyze", shared_data / "no_runner" / name, "--height", "178cm", codes=(2, 3))


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--complaint", "elbow"], "foot, knee, hamstrings and back"),
        (["--height", "tall"], "178cm"),
        (["--height", "1780"], "Check the unit"),
        (["--height", "-178"], "178cm"),
        (["--speed", "fast"], "10.5kmh"),
        (["--workers", "0"], "at least one"),
        (["--workers", "many"], "--workers"),
        (["--backend", "crystal-ball"], "blazepose"),
        (["--heigth", "178"], "--height"),
        (["--height"], "--height"),
        (["--earlier", "none.json"], "none.json"),
        (["--out", "run.nc"], "file of this name"),
        (["--out", "run.nc/report"], "run.nc"),
    ],
)
def test_what_cannot_be_understood(
    refused: Callable[..., str], tmp_path: Path, words: list[str], said: str
) -> None:
    film = "run.mp4" if "--backend" in words else "run.nc"
    _black(tmp_path / "run.mp4")
    write_motion(tmp_path / "run.nc", synthetic(seconds=4).motion)
    assert said in refused("analyze", film, *words)


def test_no_film_at_all(refused: Callable[..., str]) -> None:
    assert "FILM" in refused("analyze")


def test_an_unknown_command(refused: Callable[..., str]) -> None:
    assert "analyze" in refused("analyse-me")


def test_the_same_film_twice(refused: Callable[..., str], tmp_path: Path) -> None:
    write_motion(tmp_path / "run.nc", synthetic(seconds=4).motion)
    assert "twice" in refused("analyze", "run.nc", "run.nc")


def test_a_folder_of_others_is_left_alone(refused: Callable[..., str], tmp_path: Path) -> None:
    write_motion(tmp_path / "run.nc", synthetic(seconds=4).motion)
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / "index.html").write_text("my home page")
    assert "index.html" in refused("analyze", "run.nc", "--out", "site")


def test_every_film_unusable_is_said_at_once(refused: Callable[..., str], tmp_path: Path) -> None:
    _text(tmp_path / "one.mp4")
    _empty(tmp_path / "two.mp4")
    said = refused("analyze", "one.mp4", "two.mp4", "three.mp4")
    assert all(name in said for name in ("one.mp4", "two.mp4", "three.mp4"))


def _without_rights(*argv: str | Path, cwd: Path) -> subprocess.CompletedProcess[str]:
    """Run runfree so that file permissions count, for root too."""
    command: list[str | Path] = [sys.executable, "-m", "runfree", *argv]
    if hasattr(sys, "getwindowsversion"):
        pytest.skip("POSIX permissions")
    if (setpriv := shutil.which("setpriv")) is not None:
        command = [setpriv, "--bounding-set=-dac_override,-dac_read_search", "--inh-caps=-all", *command]
    return subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False)


def test_a_film_without_permission(tmp_path: Path) -> None:
    _black(tmp_path / "run.mp4")
    (tmp_path / "run.mp4").chmod(0)
    if shutil.which("setpriv") is None and (tmp_path / "run.mp4").open("rb"):
        pytest.skip("this user may read everything")
    done = _without_rights("analyze", "run.mp4", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert "run.mp4" in done.stderr
    assert "ermission" in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_a_place_without_permission(tmp_path: Path) -> None:
    write_motion(tmp_path / "run.nc", synthetic(seconds=4).motion)
    (tmp_path / "closed").mkdir(mode=0o500)
    done = _without_rights("analyze", "run.nc", "--out", "closed/report", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert "closed" in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_a_full_disk(tmp_path: Path) -> None:
    write_motion(tmp_path / "run.nc", synthetic(seconds=4).motion)
    (tmp_path / "small").mkdir()
    script = 'mount -t tmpfs -o size=48k tmpfs small && "$0" -m runfree analyze run.nc --out small/report; echo $?; ls -A small'
    if shutil.which("unshare") is None or subprocess.run(["unshare", "-rm", "true"], check=False).returncode:
        pytest.skip("no small disk can be made here")
    done = subprocess.run(
        ["unshare", "-rm", "sh", "-c", script, sys.executable],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout.split() == ["2"], done.stdout + done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert "space" in done.stderr
