"""The drawing tools: poses come out as written, faults are seen, pictures and paths keep their areas."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest
from figures import draw, raster, trace
from figures.scene import build, figure
from figures.solver import parts
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.spatial import cKDTree

from runfree.knowledge import figure as committed
from runfree.knowledge import load

KNOWLEDGE = load()
EVERY = draw.read()
DRAWN = sorted(n for n in EVERY if not n.startswith("_"))
STAND: dict[str, Any] = draw.inherit(EVERY["mountain"], EVERY)


@pytest.mark.parametrize("name", DRAWN)
def test_each_entry_is_drawn_with_its_words(name: str) -> None:
    spec, svg = draw.inherit(EVERY[name], EVERY), committed(name) or ""
    assert spec["title"] in svg
    assert spec["alt"] in svg.replace("&quot;", '"')


def test_a_sound_pose_has_no_faults_and_its_wanted_angles() -> None:
    scene = build({**STAND, "want": {"knee.L": 40, "ankle.L": 15}, "free": ["pelvis.z", "pelvis.x"]})
    assert scene.faults == []
    assert scene.placed.measures["knee.L"] == pytest.approx(40, abs=3)
    assert scene.placed.measures["ankle.L"] == pytest.approx(15, abs=3)


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"legs": {"hip": [0, 0, 0], "knee": 0}, "pelvis": {"z": 0.7}, "free": []}, "under the floor"),
        ({"legs": {"hip": [0, 0, 0], "knee": 0}, "pelvis": {"z": 1.2}, "free": []}, "above the floor"),
        ({"legs": {"hip": [0, 0, 0], "knee": 170}, "free": []}, "beyond"),
        ({"legs": {"foot": [0.9, 0.1]}, "free": [], "pelvis": {"z": 0.9}}, "out of reach"),
        ({"R.arm": {"at": ["hip.L", 0, 0.05, -0.2]}}, "inside"),
        ({"rests": ["hand.L"]}, "hand.L is"),
        ({"walls": [[[0.0, 0.3, 0], [0.0, 0.3, 1.8]]]}, "through the wall"),
        ({"walls": [[[0.4, 0.3, 0], [0.4, 0.3, 1.8]]], "at_wall": ["knee.L"]}, "knee.L is"),
        ({"want": {"knee.L": 4, "ankle.L": 30}}, "ankle.L misses 30"),
    ],
)
def test_what_a_picture_must_not_show_is_seen(change: dict[str, Any], fault: str) -> None:
    assert any(fault in f for f in build({**STAND, **change}).faults)


@pytest.mark.parametrize("name", ["corpse", "knee-to-wall", "thunderbolt", "half-moon"])
def test_heads_hands_and_knees_are_where_they_are_said_to_be(name: str) -> None:
    assert build(draw.inherit(EVERY[name], EVERY)).faults == []


@pytest.mark.parametrize("body", ["woman", "man"])
def test_a_hand_laid_on_a_thigh_touches_it(body: str) -> None:
    laid = {
        "on": ["kn", -0.15, 0.0, 0.1],
        "palm": [-0.6, 0, -0.8],
        "point": [0.8, -0.1, -0.6],
        "elbow_to": [-1, 1, 0],
    }
    bent = {"legs": {"hip": [70, 0, 0], "knee": 70}, "pelvis": {"z": 0.8, "pitch": 20}}
    scene = build({"body": body, "arms": laid, **bent})
    where = parts(scene.placed.body)
    hand, thigh = scene.vertices[where["hand.L"]], scene.vertices[where["thigh.L"]]
    assert cKDTree(thigh).query(hand)[0].min() < 0.03  # between vertices, which lie about 2 cm apart
    assert not [f for f in scene.faults if "hand" in f]


THINGS = ("strap", "block", "wall", "towel", "wedge", "low step")


@pytest.mark.parametrize("name", sorted({*KNOWLEDGE.exercises, *KNOWLEDGE.self_checks}))
def test_what_the_words_name_is_drawn(name: str) -> None:
    """The alternative text and the pose files do not part: a strap in the words is a strap in the picture."""
    spec = draw.inherit(EVERY[name], EVERY)
    stages = [spec, *spec.get("stages", [])]
    there = [thing for stage in stages for thing in (*stage.get("props", []), *stage.get("walls", []))]
    told = (KNOWLEDGE.exercises.get(name) or KNOWLEDGE.self_checks[name]).alt
    for words in (told, spec["alt"]):
        assert there or not any(thing in words for thing in THINGS)


@pytest.mark.parametrize("body", ["woman", "man"])
def test_both_sides_mirror_each_other(body: str) -> None:
    placed = figure(body).rig.place(
        {"legs": {"hip": [30, 12, 8], "knee": 50}, "arms": {"elev": 70, "plane": 40, "elbow": 60}}
    )
    for joint in ("kn", "an", "el", "wr", "toe"):
        left, right = placed.joint(f"{joint}.L"), placed.joint(f"{joint}.R")
        np.testing.assert_allclose(left * [1, -1, 1], right, atol=2e-3)


POINT = st.tuples(st.floats(5, 95), st.floats(5, 95))


@given(st.tuples(POINT, POINT, POINT))
@settings(max_examples=40)
def test_a_triangle_covers_its_area(corners: tuple[tuple[float, float], ...]) -> None:
    points = np.column_stack([np.array(corners), np.zeros(3)])
    _, _, owner = raster.draw(points, np.array([[0, 1, 2]]), np.zeros((3, 1)), (100, 100))
    (ax, ay), (bx, by), (cx, cy) = corners
    area = abs((bx - ax) * (cy - ay) - (cx - ax) * (by - ay)) / 2
    around = sum(np.hypot(*np.subtract(p, q)) for p, q in zip(corners, corners[1:] + corners[:1], strict=True))
    assert abs((owner >= 0).sum() - area) <= around + 3


def test_the_nearer_triangle_hides_the_farther() -> None:
    flat = np.array([[0, 0], [20, 0], [0, 20]])
    points = np.vstack([np.column_stack([flat, np.full(3, 2.0)]), np.column_stack([flat, np.full(3, 1.0)])])
    _, depth, owner = raster.draw(points, np.array([[0, 1, 2], [3, 4, 5]]), np.zeros((6, 1)), (20, 20))
    assert set(owner[owner >= 0]) == {0}
    assert depth[2, 2] == pytest.approx(2)


def test_a_traced_disc_keeps_its_size() -> None:
    y, x = np.mgrid[:200, :200]
    path = trace.path(np.hypot(x - 100, y - 100) < 60, 1.0)
    assert path.count("M") == 1
    numbers = [float(v) for v in re.findall(r"-?\d*\.?\d+", path)]
    steps = np.array(numbers[2:]).reshape(-1, 3, 2)[:, 2]
    corners = np.array(numbers[:2]) + np.cumsum(steps, 0)
    shifted = np.roll(corners, -1, 0)
    area = abs((corners[:, 0] * shifted[:, 1] - corners[:, 1] * shifted[:, 0]).sum()) / 2
    assert area == pytest.approx(np.pi * 60**2, rel=0.05)
