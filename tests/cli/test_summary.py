"""The lines on the terminal: whole, aligned, in any width."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from runfree.app.analyze import analyze
from runfree.cli.summary import summary
from runfree.core.analysis import Analysis
from runfree.io.motion_file import write_motion
from runfree.testing.camera import Camera
from runfree.testing.film import synthetic

OUT = Path("report")


@pytest.fixture(scope="module")
def front(tmp_path_factory: pytest.TempPathFactory) -> Analysis:
    path = tmp_path_factory.mktemp("s") / "front.nc"
    write_motion(path, synthetic(camera=Camera(view="front"), seconds=6).motion)
    return analyze(path, height_m=1.75)


@pytest.mark.parametrize("width", [44, 60, 80, 100])
@pytest.mark.parametrize("plain", [True, False])
def test_nothing_runs_over_the_edge(front: Analysis, width: int, plain: bool) -> None:
    text = summary(front, OUT, width=width, plain=plain)
    first, *lines = text.splitlines()
    assert first == "front.nc: running, filmed from the front"
    numbers = lines.index("Your numbers, each with its 95 % range of measurement")
    verdicts = [line for line in lines[:numbers] if line]
    assert max(map(len, verdicts)) <= width
    assert all(line == line.rstrip() for line in lines)
    assert text.isascii() == plain


def test_verdicts_and_both_feet_stand_in_columns(front: Analysis) -> None:
    lines = summary(front, OUT, width=100, plain=True).splitlines()
    words = ("there  ", "unusual  ", "cannot be seen  ")
    places = {
        line.index(word) for line in lines for word in words if line.startswith("  ") and f"  {word}" in line
    }
    assert len(places) == 1
    both = [line for line in lines if " left " in line and " right " in line]
    assert len(both) >= 4
    assert len({line.index(" right ") for line in both}) == 1


def test_at_most_three_to_work_on_stand_first(front: Analysis) -> None:
    todo = tuple(replace(f, work_on=i < 3) for i, f in enumerate(front.findings))
    lines = summary(replace(front, findings=todo), OUT).splitlines()
    start = lines.index("To try first, one at a time")
    assert [
        line[:5] for line in lines[start + 1 : lines.index("The five alignments") - 1] if line[2].isdigit()
    ] == [
        "  1. ",
        "  2. ",
        "  3. ",
    ]
    assert "To try first" not in summary(replace(front, findings=()), OUT)


def test_a_change_is_named_only_beyond_both_errors(front: Analysis) -> None:
    cadence, width = front.estimate("cadence"), front.estimate("step_width")
    assert cadence is not None
    assert width is not None
    slower = replace(cadence, value=150.0, low=149.0, high=151.0)
    text = summary(replace(front, earlier=(slower, width)), OUT, width=100)
    assert "Changed since your earlier film by more than the errors: 1 of 2 numbers" in text
    assert "before 150 steps/min (149 to 151)" in text
    assert "earlier film" not in summary(front, OUT)
