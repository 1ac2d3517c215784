"""A blurred face stays blurred: in every frame, where the head was lost or looked for in the wrong place."""

from __future__ import annotations

import av
import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from runfree.core.motion import KEYPOINTS, REQUIRED, Motion, make_motion, points
from runfree.report.face import circles, heads, hide
from runfree.report.film import write_film

from .conftest import FRAMES, HEIGHT, TIMES, WIDTH, SceneFactory, body, noise_frame, stick_motion


def contrast(rgb: NDArray[np.uint8], row: int) -> float:
    """Grey-level spread of neighbouring 4-pixel blocks in the face of one frame."""
    x, y = (int(v) for v in body(row)["nose"])
    face = rgb[y - 16 : y + 16, x - 16 : x + 16].astype(float).mean(axis=2)
    return float(np.abs(np.diff(face[::4, ::4], axis=0)).mean())


def hidden(motion: Motion, row: int) -> NDArray[np.uint8]:
    return np.asarray(hide(Image.fromarray(noise_frame(row)), circles(heads(motion), row)))


def test_the_scene_has_a_face_to_hide() -> None:
    assert min(contrast(noise_frame(r), r) for r in range(FRAMES)) > 60


@pytest.mark.parametrize("lost", [(), (0, 1, 2), (5, 6, 7, 8), (FRAMES - 1,), tuple(range(1, FRAMES))])
def test_every_frame_is_hidden_also_where_the_head_was_not_found(lost: tuple[int, ...]) -> None:
    motion = stick_motion(head_lost=lost)
    assert max(contrast(hidden(motion, r), r) for r in range(FRAMES)) < 12


def test_a_head_looked_for_in_the_wrong_place_for_one_frame_is_still_hidden() -> None:
    good = stick_motion()
    position = good["position"].to_numpy().copy()
    position[9, :3] += (90, 180)
    motion = make_motion(
        TIMES, position, good["confidence"].to_numpy(), KEYPOINTS, width_px=WIDTH, height_px=HEIGHT
    )
    assert contrast(hidden(motion, 9), 9) < 12


def test_without_any_head_the_whole_picture_is_hidden() -> None:
    good = stick_motion()
    kept = tuple(sorted(REQUIRED))
    position = np.stack([points(good, k) for k in kept], axis=1)
    motion = make_motion(TIMES, position, np.ones((FRAMES, len(kept))), kept, width_px=WIDTH, height_px=HEIGHT)
    out = hidden(motion, 4).astype(float)
    assert np.abs(np.diff(out[::4, ::4, 0], axis=0)).mean() < 12


def test_nothing_of_the_face_is_left_to_recover() -> None:
    """Two faces of the same mean colours give the same blurred picture."""
    motion = stick_motion()
    one = noise_frame(3)
    flat = np.full_like(one, 125)
    circle = circles(heads(motion), 3)
    blurred = np.asarray(hide(Image.fromarray(one), circle)).astype(float)
    plain = np.asarray(hide(Image.fromarray(flat), circle)).astype(float)
    x, y = (int(v) for v in body(3)["nose"])
    patch = (slice(y - 16, y + 16), slice(x - 16, x + 16))
    assert np.abs(blurred[patch] - plain[patch]).std() < 30


def test_the_rest_of_the_picture_stays() -> None:
    before = noise_frame(2)
    assert np.array_equal(hidden(stick_motion(), 2)[200:], before[200:])


def test_every_frame_of_the_drawn_film_is_blurred(scene: SceneFactory, tmp_path) -> None:
    made = scene(head_lost=(4, 5, 6))
    target = tmp_path / "drawn.mp4"
    write_film(target, made.analysis.films[0], made.paths[0], blur_face=True)
    with av.open(str(target)) as film:
        contrasts = [contrast(f.to_ndarray(format="rgb24"), i) for i, f in enumerate(film.decode(video=0))]
    assert len(contrasts) == FRAMES
    assert max(contrasts) < 15
