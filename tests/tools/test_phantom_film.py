"""A film is rendered and its skin lies where its truth says. Needs the dependency group ``phantom``."""

from __future__ import annotations

from pathlib import Path

import av
import numpy as np
import pytest

pytest.importorskip("pyvista", reason="uv sync --group phantom")

from phantom.clothes import Outfit
from phantom.film import Film, make
from phantom.footfalls import Gait
from phantom.scene import Filming

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
