"""A film is rendered and its skin lies where its truth says. Needs the dependency group ``phantom``."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import av
import numpy as np
import pytest

pytest.importorskip("pyvista", reason="uv sync --group phantom")

from phantom.clothes import Outfit, dressed
from phantom.film import Film, make
from phantom.footfalls import Gait
from phantom.motion import Motion
from phantom.people import person
from phantom.scene import Filming, Stage, cameras

TOOLS = Path(__file__).resolve().parents[2] / "tools"

pytestmark = pytest.mark.filterwarnings("ignore")


@pytest.mark.parametrize("place", ["hall", "park"])
def test_the_runner_is_where_the_truth_says(tmp_path: Path, place: str) -> None:
    filming = Filming("side", 480, 270, fps=5, yaw=5, roll=2, grain=1, place=place, seed=3)
    make(
        Film(
            "one",
            seconds=2.0,
            gait=Gait(noise=0),
            outfit=Outfit(legs="tights", sleeves="long", seed=1),
            filming=filming,
        ),
        tmp_path,
    )
    with av.open(str(tmp_path / "one.mp4")) as container:
        pictures = np.stack([f.to_ndarray(format="rgb24").astype(float) for f in container.decode(video=0)])
    assert pictures.shape == (10, 270, 480, 3)
    changed = np.abs(pictures - np.median(pictures, axis=0)).sum(3) > 90
    with np.load(tmp_path / "one.npz") as truth:
        ankle = truth["ankle_L_px"]
    hits = [
        changed[i, max(int(v) - 4, 0) : int(v) + 5, int(u) - 4 : int(u) + 5].any()
        for i, (u, v) in enumerate(ankle)
    ]
    assert np.mean(hits) > 0.7
    assert not changed[:, :20].any()


@pytest.mark.parametrize("place", ["hall", "park"])
def test_laying_the_runner_over_what_keeps_still_draws_the_same_picture(place: str) -> None:
    body = person(1.7, 0.5, 0.5)
    clothed, colours = dressed(body, Outfit(seed=1))
    posed = Motion(body, Gait(), 1.0).at(np.array([0.0, 0.15]))
    pictures: list[list[np.ndarray]] = []
    for shake in (0.0, 1e-9):  # a camera that moves has everything drawn anew in each picture
        filming = Filming("side", 320, 180, place=place, shake=shake, seed=3)
        stage, camera = Stage(filming, clothed, colours, 2.8), cameras(filming, 1, 1.7)[0]
        pictures.append([stage.frame(camera, posed.vertices(clothed, k), float(posed.t[k])) for k in (0, 1)])
    for laid_over, drawn_anew in zip(*pictures, strict=True):
        assert (np.abs(laid_over - drawn_anew).max(axis=2) > 40).sum() < 20


def test_the_command_makes_films_at_once(tmp_path: Path) -> None:
    command = [
        sys.executable,
        "-m",
        "phantom",
        "drawn",
        str(tmp_path),
        "--count",
        "2",
        "--jobs",
        "2",
        "--seed",
        "3",
    ]
    subprocess.run(command, cwd=TOOLS, check=True, capture_output=True)
    assert len(list(tmp_path.glob("*.mp4"))) == len(list(tmp_path.glob("*.json"))) == 2
