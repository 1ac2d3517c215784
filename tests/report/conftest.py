"""A small film of a stick runner on a noisy background, with its motion, steps and made-up measures."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from runfree.core.analysis import Analysis, FilmAnalysis, Measured, Series, Step
from runfree.core.estimate import Estimate, NotAssessable
from runfree.core.finding import Finding
from runfree.core.metrics import View
from runfree.core.motion import KEYPOINTS, Motion, make_motion
from runfree.io.film_writer import FilmWriter

WIDTH, HEIGHT, FRAMES = 240, 320, 24
TIMES = np.cumsum(np.tile([0.030, 0.041], FRAMES // 2))
HOSTILE = 'a <script>alert("x")</script> & "run".mp4'


def body(row: int) -> dict[str, tuple[float, float]]:
    """Pixels of every keypoint in one frame: a runner on the spot, bobbing."""
    bob = 4 * np.sin(row / 2)
    out = {"nose": (120.0, 62 + bob), "left_ear": (132.0, 58 + bob), "right_ear": (108.0, 58 + bob)}
    heights = {
        "shoulder": 96,
        "elbow": 130,
        "wrist": 150,
        "hip": 170,
        "knee": 225,
        "ankle": 275,
        "heel": 284,
        "toe": 292,
    }
    widths = {"shoulder": 24, "elbow": 32, "wrist": 30, "hip": 14, "knee": 13, "ankle": 11, "heel": 10, "toe": 15}
    for part, y in heights.items():
        out[f"left_{part}"] = (120.0 + widths[part], y + bob)
        out[f"right_{part}"] = (120.0 - widths[part], y + bob)
    return out


def noise_frame(row: int) -> NDArray[np.uint8]:
    """Strong 4-pixel noise: any part left unblurred keeps its contrast."""
    blocks = np.random.default_rng(row).integers(0, 2, (HEIGHT // 4, WIDTH // 4, 1), dtype=np.uint8) * 220 + 15
    return np.repeat(np.kron(blocks[..., 0], np.ones((4, 4), dtype=np.uint8))[..., None], 3, axis=2)


def stick_motion(*, head_lost: tuple[int, ...] = ()) -> Motion:
    position = np.array([[body(r)[k] for k in KEYPOINTS] for r in range(FRAMES)])
    confidence = np.full((FRAMES, len(KEYPOINTS)), 0.9)
    for row in head_lost:
        position[row, :3] = np.nan
        confidence[row, :3] = 0
    return make_motion(TIMES, position, confidence, KEYPOINTS, width_px=WIDTH, height_px=HEIGHT, source="stick")


@dataclass(frozen=True)
class Scene:
    analysis: Analysis
    paths: list[Path]


SceneFactory = Callable[..., Scene]


@pytest.fixture
def scene(tmp_path: Path) -> SceneFactory:
    """``scene(views=("front",), complaint=None, head_lost=(), name=HOSTILE)``: an analysis and its real films."""

    def make(
        views: tuple[View, ...] = ("front",),
        *,
        complaint: str | None = None,
        head_lost: tuple[int, ...] = (),
        name: str = HOSTILE,
    ) -> Scene:
        films: list[FilmAnalysis] = []
        paths: list[Path] = []
        for i, view in enumerate(views):
            path = tmp_path / f"source-{i}.mp4"
            with FilmWriter(path, width_px=WIDTH, height_px=HEIGHT) as out:
                for row, time_s in enumerate(TIMES):
                    out.write(noise_frame(row), float(time_s))
            films.append(FilmAnalysis(name, stick_motion(head_lost=head_lost), measured(view)))
            paths.append(path)
        first = films[0].measured
        return Scene(
            Analysis(tuple(films), first.estimates, first.not_assessable, findings(), complaint, 1.75, 2.9), paths
        )

    return make


def measured(view: View) -> Measured:
    steps = (
        Step("left", float(TIMES[3]), float(TIMES[1]), float(TIMES[5])),
        Step("right", float(TIMES[8]), float(TIMES[6]), float(TIMES[10])),
        Step("left", float(TIMES[13]), left_out="The foot left the picture <b>."),
        Step("right", float(TIMES[18])),
    )
    estimates = (
        Estimate("cadence", "both", 168.7049, "spm", 168.1, 169.3, 34, "good", "Period of the hips.", ()),
        Estimate(
            "vertical_oscillation", "both", 7.8, "cm", 7.4, 8.2, 33, "good", "=HYPERLINK(1)", ("stature_scale",)
        ),
        Estimate("foot_progression", "left", -1.0, "deg", -3.4, 1.4, 9, "fair", "Heel to toe.", ("few_steps",)),
    )
    missing = (NotAssessable("trunk_lean", "both", "The front does not show it.", "side"),)
    per_step = (
        Series("foot_progression", "left", "deg", (float(TIMES[3]),), (-1.0,)),
        Series("cadence", "both", "spm", (0.2, 0.4), (168.0, 169.0)),
    )
    bounce = Series("vertical_oscillation", "both", "cm", tuple(TIMES), tuple(np.sin(TIMES * 9)))
    facing = "left" if view == "side" else None
    return Measured(view, facing, "running", "treadmill", 180.0, steps, estimates, missing, per_step, bounce)


def findings() -> tuple[Finding, ...]:
    glide = Finding("glide", "absent", "More bounce than usual", "7.8 cm.", ("measurement error",),
                    ("vertical_oscillation",), ("K6",), "moderate", None, True)  # fmt: skip
    rest = (
        Finding("parallel", "present", "Near straight", "Fine.", (), ("foot_progression",), ("F8",), "very low"),
        Finding("tracking", "not_assessable", "Not seen", "Film it.", (), (), ("K1",), "low", "film:front"),
        Finding("belly", "not_assessable", "Not seen", "Check it.", (), (), ("B5",), "low", "self_check:belly"),
        Finding("toes", "not_assessable", "Not seen", "Check it.", (), (), ("F4",), "low", "self_check:toes"),
    )
    return (glide, *rest)
