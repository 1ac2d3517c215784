"""The quick look at a film, on films with and without a runner."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from runfree.app.film_check import check_film
from runfree.app.picture import blur_of, brightness
from runfree.core.errors import InputError
from runfree.io.film_writer import FilmWriter
from runfree.io.video import frames, probe

pytest.importorskip("mediapipe")


def _changed(source: Path, target: Path, change, *, every: int = 1, slower: float = 1.0) -> Path:
    info = probe(source)
    first = change(next(frames(info, 0, 1))[1])
    with FilmWriter(target, width_px=first.shape[1], height_px=first.shape[0]) as film:
        for i, rgb in frames(info, 0, min(240, len(info.pts))):
            if i % every == 0:
                film.write(change(rgb), float(info.time_s[i]) * slower)
    return target


def test_a_good_film_from_the_side(shared_data: Path) -> None:
    check = check_film(shared_data / "phantom" / "side_base.mp4")
    assert (check.view, check.activity, check.usable) == ("side", "running", True)
    assert check.cadence_spm == pytest.approx(170, abs=3)
    grades = {point.name: point.grade for point in check.points}
    assert all(grades[name] == "good" for name in ("runner", "whole body", "view", "light", "sharpness", "frames"))
    assert "Bounce" in check.shows
    assert check.cannot_show["Foot angle"] == "needs a film from the front"


def test_the_worst_fault_is_the_one_thing_to_change(shared_data: Path, tmp_path: Path) -> None:
    source = shared_data / "phantom" / "side_base.mp4"
    dark = check_film(
        _changed(source, tmp_path / "dark.mp4", lambda rgb: (rgb[::2, ::2] * 0.08).astype(np.uint8), every=2)
    )
    assert dark.points[0].name in ("light", "runner")
    assert "light" in (dark.change or "")
    cut = check_film(_changed(source, tmp_path / "cut.mp4", lambda rgb: rgb[:560:2, ::2], every=2))
    assert next(p.grade for p in cut.points if p.name == "whole body") == "poor"
    assert "shoes" in (cut.change or "")


def test_a_slowed_film_is_asked_about(shared_data: Path, tmp_path: Path) -> None:
    film = _changed(
        shared_data / "phantom" / "front_fpa_m5_0.mp4", tmp_path / "slow.mp4", lambda rgb: rgb[::2, ::2], slower=4
    )
    check = check_film(film)
    assert check.slowmo[4.0] == pytest.approx(170, abs=4)
    assert not check.usable
    assert "--slowmo 4" in (check.change or "")


def test_nobody_in_the_street(shared_data: Path) -> None:
    check = check_film(shared_data / "no_runner" / "street_traffic_nobody.mp4")
    assert (check.usable, check.shows) == (False, ())
    assert next(point.grade for point in check.points if point.name == "runner") == "poor"


def test_a_motion_file_is_no_film(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="motion file"):
        check_film(tmp_path / "motion.nc")


def test_blur_grows_and_brightness_follows_the_light() -> None:
    rng = np.random.default_rng(0)
    picture = np.kron(rng.integers(0, 255, (20, 20, 3)), np.ones((8, 8, 1))).astype(np.uint8)
    smooth = picture.copy()
    values = [blur_of(picture)]
    for _ in range(3):
        smooth = ((smooth.astype(int) + np.roll(smooth, 3, 0) + np.roll(smooth, 3, 1)) // 3).astype(np.uint8)
        values.append(blur_of(smooth))
    assert values == sorted(values)
    assert brightness(picture // 4, picture)[0] < 0.3 < brightness(picture, picture)[1]
