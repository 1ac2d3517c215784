"""The pain in the journal eases the next practice, or asks for a consult in its place."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from runfree.cli import main
from runfree.knowledge import load

NOW = datetime.now().astimezone()


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder of the test's own."""
    monkeypatch.setenv("RUNFREE_DATA", str(tmp_path / "data"))
    monkeypatch.delenv("RUNFREE_DATABASE_URL", raising=False)
    return tmp_path / "data"


def log(score: float, *, days_ago: int = 0, site: str = "knee", when: str = "during") -> None:
    at = (NOW - timedelta(days=days_ago, minutes=5)).isoformat(timespec="seconds")
    assert main(["log", "pain", str(score), "--site", site, "--when", when, "--at", at]) == 0


def practised(tmp_path: Path, capsys, *, code: int = 0, complaint: str = "knee", level: str = "strong") -> dict:
    capsys.readouterr()
    words = [
        "practice",
        "--complaint",
        complaint,
        "--level",
        level,
        "--when",
        "before",
        "--triage",
        "clear",
        "--json",
    ]
    assert main([*words, "--have", "wall,block", "--out", str(tmp_path / "p")]) == code
    return json.loads(capsys.readouterr().out)


def test_without_a_journal_none_is_made(tmp_path: Path, capsys, home: Path) -> None:
    told = practised(tmp_path, capsys)
    assert (told["pain"], told["practice"]["level"]) == (None, "strong")
    assert not (home / "journal.db").exists()


@pytest.mark.parametrize(
    ("score", "asked", "level"),
    [
        (2, "strong", "strong"),
        (4, "strong", "medium"),
        (4, "easy", "easy"),
        (7, "strong", "easy"),
        (7, "medium", "easy"),
    ],
)
def test_the_light_decides_the_dose(tmp_path: Path, capsys, score: float, asked: str, level: str) -> None:
    log(score)
    told = practised(tmp_path, capsys, level=asked)
    assert told["practice"]["level"] == level
    page = (tmp_path / "p" / "practice.html").read_text(encoding="utf-8")
    assert (told["pain"] is None) == (score <= 2) == ("Your pain of the last days" not in page)
    jumps = {e.id for e in load().exercises.values() if "impact" in e.load}
    assert score <= 5 or not jumps & {i["exercise"] for i in told["practice"]["items"]}


def test_pain_elsewhere_is_another_matter(tmp_path: Path, capsys) -> None:
    log(8, site="back")
    assert practised(tmp_path, capsys)["practice"]["level"] == "strong"
    log(8, site="thigh")
    assert practised(tmp_path, capsys, complaint="hamstrings")["practice"]["level"] == "easy"


def test_two_red_days_in_a_week_are_for_a_consult(tmp_path: Path, capsys) -> None:
    log(7, days_ago=4)
    log(6, days_ago=1)
    told = practised(tmp_path, capsys, code=1)
    assert told["practice"] is None
    assert "no practice" in told["pain"]
    page = (tmp_path / "p" / "practice.html").read_text(encoding="utf-8")
    assert "ask a teacher or clinician" in page
    assert 'class="poses"' not in page
    assert not (tmp_path / "p" / "practice.ics").exists()


def test_a_level_that_is_none_is_still_answered_in_one_line(tmp_path: Path, capsys) -> None:
    log(7)
    capsys.readouterr()
    assert (
        main(
            [
                "practice",
                "--complaint",
                "knee",
                "--level",
                "mad",
                "--triage",
                "clear",
                "--out",
                str(tmp_path / "p"),
            ]
        )
        == 2
    )
    assert capsys.readouterr().err.count("\n") == 1


def test_until_the_questions_are_answered_json_names_no_exercise(tmp_path: Path, capsys) -> None:
    assert main(["practice", "--complaint", "knee", "--json", "--out", str(tmp_path / "p")]) == 0
    text = capsys.readouterr().out
    assert text == (tmp_path / "p" / "practice.json").read_text(encoding="utf-8")
    told = json.loads(text)
    assert told["practice"] is None
    assert "--triage" in told["waits"]
    assert not any(exercise.id in text for exercise in load().poses.values())
