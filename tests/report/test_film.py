"""The drawn film: real times, even size, lines where the body is."""

from __future__ import annotations

from pathlib import Path

import av
import numpy as np

from runfree.report.film import write_film

from .conftest import FRAMES, TIMES, SceneFactory, body, noise_frame


def test_the_film_keeps_the_times_of_the_original(scene: SceneFactory, tmp_path: Path) -> None:
    made = scene(("side",))
    seen: list[tuple[int, int]] = []
    write_film(
        tmp_path / "drawn.mp4",
        made.analysis.films[0],
        made.paths[0],
        blur_face=False,
        progress=lambda done, total: seen.append((done, total)),
    )
    with av.open(str(tmp_path / "drawn.mp4")) as film:
        stream = film.streams.video[0]
        assert (stream.codec_context.name, stream.codec_context.pix_fmt) == ("h264", "yuv420p")
        times = [f.time for f in film.decode(video=0)]
    np.testing.assert_allclose(np.diff(times), np.diff(TIMES), atol=2e-4)
    assert seen == [(i + 1, FRAMES) for i in range(FRAMES)]


def test_the_lines_lie_on_the_body(scene: SceneFactory, tmp_path: Path) -> None:
    made = scene(("front",))
    write_film(tmp_path / "drawn.mp4", made.analysis.films[0], made.paths[0], blur_face=False)
    with av.open(str(tmp_path / "drawn.mp4")) as film:
        drawn = next(film.decode(video=0)).to_ndarray(format="rgb24").astype(float)
    at = body(0)
    x, y = ((a + b) / 2 for a, b in zip(at["left_hip"], at["left_knee"], strict=True))
    red, _, blue = drawn[round(y) - 1 : round(y) + 2, round(x) - 1 : round(x) + 2].mean(axis=(0, 1))
    assert blue - red > 40
    plain = noise_frame(0).astype(float)
    assert np.abs(drawn[:, :40] - plain[:, :40]).mean() < 12
