"""The guide to a complaint: red flags first, then cause, advice, reasons, research."""

from __future__ import annotations

import subprocess
import sys

import pytest

from runfree.coach import complaint_guide
from runfree.core.errors import InputError
from runfree.knowledge import load


@pytest.mark.parametrize(
    ("complaint", "region"), [("foot", "foot"), ("knee", "knee"), ("hamstrings", "thigh"), ("back", "back")]
)
def test_red_flags_of_everybody_then_of_the_region(complaint: str, region: str) -> None:
    flags = load().red_flags
    expected = flags["any"].flags + flags["about-you"].flags + flags[region].flags
    assert complaint_guide(complaint).red_flags == expected


@pytest.mark.parametrize("complaint", ["foot", "knee", "hamstrings", "back"])
def test_every_tip_carries_its_grade(complaint: str) -> None:
    guide = complaint_guide(complaint)
    assert guide.cause
    assert guide.why_it_works
    assert guide.research
    for tip in guide.what_to_do:
        assert tip.grade == load().evidence[tip.evidence[0]].grade


def test_what_nobody_tested_is_said() -> None:
    guide = complaint_guide("hamstrings")
    assert guide.grade == "none"
    assert "Nobody has tested" in guide.research
    assert guide.alignments[0] == "parallel"


def test_another_complaint_is_refused_with_the_remedy() -> None:
    with pytest.raises(InputError) as caught:
        complaint_guide("elbow")
    assert "back, foot, hamstrings, knee" in caught.value.remedy


def test_importing_the_coach_reads_nothing() -> None:
    code = "import sys, runfree.coach, runfree.knowledge; print(any(m in sys.modules for m in ('pydantic', 'ruamel.yaml')))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
