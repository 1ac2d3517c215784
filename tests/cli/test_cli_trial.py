"""The commands of a trial and of the consult, as a runner types them."""

from __future__ import annotations

import base64
import io
import sys
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from icalendar import Calendar
from PIL import Image

from runfree.cli import main
from runfree.report.page import GENERATOR


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("RUNFREE_DATA", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)
    return tmp_path


NEW = [
    "trial",
    "new",
    "--change",
    "less-bounce",
    "--for",
    "pain",
    "--site",
    "knee",
    "--triage",
    "clear",
    "--seed",
    "3",
]


def test_from_plan_to_page_and_pack(home: Path, capsys: pytest.CaptureFixture[str]):
    assert main([*NEW, "--dry-run"]) == 0
    assert "Nothing was locked" in capsys.readouterr().out
    assert main([*NEW, "--out", "plan"]) == 0
    assert "is locked since" in capsys.readouterr().out
    events = Calendar.from_ical((home / "plan" / "trial.ics").read_bytes()).walk("VEVENT")
    assert len(events) == 17
    days = [(e["dtstart"].dt, e["dtend"].dt) for e in events]
    assert all(a[1] == b[0] for a, b in pairwise(days))
    assert days[0][0] == date.today() + timedelta(days=1)
    assert main(["trial", "today"]) == 0
    assert "begins on" in capsys.readouterr().out
    assert main(NEW) == 2
    assert "still running" in capsys.readouterr().err
    assert main(["log", "pain", "4", "--site", "knee"]) == 0
    assert main(["trial", "verdict", "--html", "v.html"]) == 0
    page = (home / "v.html").read_text(encoding="utf-8")
    assert "Cannot tell yet" in page
    assert "<script" not in page
    assert main(["trial", "stop", "--why", "moved"]) == 0
    assert main(["trial", "list"]) == 0
    assert "ended early" in capsys.readouterr().out
    assert (
        main(["consult", "knee", "--triage", "clear", "--story", "<b>since May</b>", "--leave-out", "load,films"])
        == 0
    )
    pack = (home / "consult.html").read_text(encoding="utf-8")
    assert "&lt;b&gt;since May" in pack
    assert "Less bounce" in pack
    assert "Running load" not in pack
    assert "How I run" not in pack


def test_laps_of_a_fast_trial(home: Path):
    assert (
        main(
            ["trial", "new", "--change", "low-ceiling cue", "--for", "glide", "--triage", "clear", "--out", "plan"]
        )
        == 0
    )
    lines = (home / "plan" / "laps.txt").read_text(encoding="utf-8").splitlines()
    assert sum("WITH" in line for line in lines) == sum("without" in line for line in lines) == 6


@pytest.mark.parametrize(
    "words",
    [
        ["trial", "verdict"],
        ["trial", "today"],
        ["trial", "today", "--trial", "7"],
        [*NEW, "--start", "soon"],
        ["consult", "knee", "--triage", "clear", "--leave-out", "everything"],
        ["consult", "knee", "--triage", "clear", "--weeks", "0"],
        ["consult", "knee", "--triage", "clear", "--report", "nowhere"],
        ["consult", "spaceship", "--triage", "clear"],
    ],
    ids=" ".join,
)
def test_what_cannot_be_is_said_in_one_sentence(words: list[str], capsys: pytest.CaptureFixture[str]):
    assert main(words) == 2
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert "Traceback" not in said


def test_a_pdf_of_the_pack(home: Path):
    pytest.importorskip("weasyprint")
    assert main(["consult", "hip", "--triage", "clear", "--out", "pack.pdf"]) == 0
    assert (home / "pack.pdf").read_bytes().startswith(b"%PDF")


def test_without_weasyprint_the_word_is_clear(
    home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    monkeypatch.setitem(sys.modules, "weasyprint", None)
    assert main(["consult", "knee", "--triage", "clear", "--out", "pack.pdf"]) == 2
    assert "pip install 'runfree[pdf]'" in capsys.readouterr().err
    assert list(home.glob("*pack*")) == []


def test_stills_of_a_report_are_written_anew_and_nothing_else_comes_along(home: Path):
    picture = io.BytesIO()
    Image.new("RGB", (40, 60), "teal").save(picture, "PNG")
    good = base64.b64encode(picture.getvalue()).decode()
    bad = base64.b64encode(b"no picture").decode()
    (home / "report").mkdir()
    (home / "report" / "index.html").write_text(
        f'<head>{GENERATOR}</head><img src="data:image/png;base64,{good}" alt="a &quot;still&quot;">'
        f'<img src="data:image/png;base64,{bad}"><img src="http://example.org/x.png"><script>alert(1)</script>',
        encoding="utf-8",
    )
    assert main(["consult", "knee", "--triage", "clear", "--report", "report"]) == 0
    pack = (home / "consult.html").read_text(encoding="utf-8")
    assert pack.count("<img") == 1
    assert "data:image/jpeg;base64," in pack
    assert "example.org" not in pack
    assert "alert" not in pack
