"""``runfree guide``, ``poses`` and ``check`` end to end."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest

from runfree.cli import main


@pytest.fixture(autouse=True)
def _own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RUNFREE_DATA", str(tmp_path / "data"))


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_guide_alone_lists_the_complaints(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["guide"]) == 0
    assert "runfree guide hamstrings" in capsys.readouterr().out


def test_without_a_terminal_the_questions_come_first(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["guide", "knee"]) == 0
    said = capsys.readouterr().out
    assert said.index("chest pain") < said.index("Where it comes from")
    assert "What to do\n" not in said
    assert "--triage clear" in said


def test_on_a_terminal_it_asks_until_it_understands(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", Terminal("\nperhaps\n99\nnone\n"))
    monkeypatch.setattr("sys.stderr", Terminal())
    assert main(["guide", "knee"]) == 0
    assert "What to do\n" in capsys.readouterr().out


def test_a_number_typed_on_the_terminal_is_the_question_that_fits(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", Terminal("1\n"))
    monkeypatch.setattr("sys.stderr", Terminal())
    assert main(["guide", "knee", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert [flag["id"] for flag in told["triage"]["fits"]] == ["chest-pain"]
    assert "what_to_do" not in told


def test_a_page_is_written_and_another_file_is_left_alone(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    page, other = tmp_path / "knee.html", tmp_path / "other.html"
    other.write_text("mine")
    for _ in range(2):
        assert main(["guide", "knee", "--triage", "clear", "--html", str(page)]) == 0
    assert "Kneecap over second toe" in page.read_text()
    assert main(["guide", "knee", "--triage", "clear", "--html", str(other)]) == 2
    assert other.read_text() == "mine"
    assert "something else is there" in capsys.readouterr().err
    assert sorted(p.name for p in tmp_path.iterdir() if p.is_file()) == ["knee.html", "other.html"]


@pytest.mark.parametrize(
    "words",
    [
        ["guide", "elbow-ish", "--triage", "clear"],
        ["guide", "knee", "--triage", "clear,chest-pain"],
        ["guide", "knee", "--triage", ""],
        ["guide", "knee", "--triage", "chest"],
        ["poses", "spaceship"],
        ["check", "spaceship"],
        ["check", "knee-to-wall", "--answers", "distance-left"],
        ["check", "knee-to-wall", "--answers", "distance-left=400,distance-right=1"],
    ],
)
def test_what_cannot_be_used_ends_in_one_sentence(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(words) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert len(said.err.strip().splitlines()) == 1


def test_poses_lists_all_and_explains_one(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["poses"]) == 0
    assert "Utkatasana" in capsys.readouterr().out
    assert main(["poses", "chair"]) == 0
    said = capsys.readouterr().out
    for part in ("Steps", "Toes:", "Easier:", "Harder:", "Swollen knee: leave it out", "Research says"):
        assert part in said


def test_a_check_is_kept_and_decides_the_cue(capsys: pytest.CaptureFixture[str]) -> None:
    answers = "points-left=out,points-right=near,alike=no,history=no,rolls=yes"
    assert main(["check", "kneecaps-forward", "--answers", answers]) == 0
    assert "self-observed" in capsys.readouterr().out
    assert main(["guide", "knee", "--triage", "clear"]) == 0
    assert "the knee is in charge" in " ".join(capsys.readouterr().out.split())
    assert main(["check"]) == 0
    assert "Your feet keep their own angle" in capsys.readouterr().out


def test_a_check_can_be_answered_on_a_terminal(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", Terminal("40\n12\n11\n"))
    monkeypatch.setattr("sys.stderr", Terminal())
    assert main(["check", "knee-to-wall", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["means"] == "clear"


@pytest.mark.parametrize("place", ["knee", "hip"])
def test_the_light_never_stands_without_its_exceptions(place: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Pain at hip or groin, a bone, numbness and swelling allow no pain at all: green up to 2 is not for them."""
    assert main(["guide", place]) == 0
    said = " ".join(capsys.readouterr().out.split())
    assert "the limit is 0 of 10" in said
    assert said.index("Green:") < said.index("the limit is 0 of 10")
