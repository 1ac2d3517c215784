"""A real runner's laboratory trial through virtual cameras: what a film would have said, against force plates and three dimensions."""

from __future__ import annotations

import importlib.util
import sys
from dataclasses import replace
from pathlib import Path
from types import ModuleType

import pytest

VALIDATION = Path(__file__).resolve().parents[2] / "validation" / "laboratory.py"
TRIAL = "fukuchi/RBDS001runT25markers.txt"
BARS = {
    "cadence": 0.5,
    "foot_progression": 4.0,
    "step_width": 1.5,
    "knee_flexion_contact": 4.0,
    "knee_flexion_midstance": 4.0,
    "tibia_angle_contact": 3.0,
    "contact_time": 20.0,
    "duty_factor": 3.0,
}


@pytest.fixture(scope="module")
def validation() -> ModuleType:
    spec = importlib.util.spec_from_file_location("validation_laboratory", VALIDATION)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # dataclasses look their module up
    spec.loader.exec_module(module)
    return module


def test_a_film_of_a_real_runner_says_what_the_laboratory_says(
    shared_data: Path, validation: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(validation, "TRIALS", (TRIAL,))
    monkeypatch.setattr(validation, "RATES_HZ", (60,))
    rows = list(validation.rows_of(shared_data / "lab", noise_px=3.0, seconds=10.0))
    seen = [r for r in rows if r.metric in BARS and not r.scene.hidden]
    assert {r.metric for r in seen} == set(BARS)
    assert [(r.metric, r.side, round(r.error, 2)) for r in seen if abs(r.error) > BARS[r.metric]] == []
    far = [r for r in rows if r.metric == "contact_time" and r.leg == "far"]
    assert far
    assert all(r.held for r in far)
    table = validation.table(rows)
    assert table.count("\n") >= len(BARS)
    worse = [replace(r, error=r.error + 100) for r in rows]
    assert "100%" in table
    assert "| 100% |" not in validation.table(worse)
