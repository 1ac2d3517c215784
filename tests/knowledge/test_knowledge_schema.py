"""Each rule of the schema and the loader has an input it refuses."""

from __future__ import annotations

import shutil
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel, ValidationError

from runfree.core.errors import InputError
from runfree.knowledge import load, read
from runfree.knowledge.schema import AlignmentGuide, Claim, Complaint, Cue, RedFlags, Reference


def dumped(thing: BaseModel, **changes: Any) -> dict[str, Any]:
    return {**thing.model_dump(), **changes}


def claim(**changes: Any) -> dict[str, Any]:
    return dumped(load().evidence["K4"], **changes)


def reference(**changes: Any) -> dict[str, Any]:
    return dumped(load().references["cadence"], **changes)


SOURCE = {"source": "x", "status": "V"}

REFUSED: dict[str, tuple[type[BaseModel], dict[str, Any], str]] = {
    "a field nobody knows": (Claim, claim(colour="red"), "Extra inputs"),
    "an id of no series": (Claim, claim(id="X1"), "pattern"),
    "an unknown grade": (Claim, claim(grade="excellent"), "grade"),
    "an unknown verdict": (Claim, claim(verdict="true"), "verdict"),
    "four sentences": (Claim, claim(finding="One. Two. Three. Four."), "three at most"),
    "no source": (Claim, claim(citations=()), "citations are missing"),
    "a broken DOI": (Claim, claim(citations=({**SOURCE, "doi": "doi.org/10.1"},)), "doi"),
    "a source of unknown status": (Claim, claim(citations=({**SOURCE, "status": "sure"},)), "status"),
    "an empty text": (Claim, claim(claim="  "), "at least 1 character"),
    "a red flag that asks nothing": (
        RedFlags,
        {"id": "any", "title": "x", "flags": [{"id": "a", "question": "Pain", "level": "E", "what_to_do": "Go"}]},
        "pattern",
    ),
    "an unknown level": (
        RedFlags,
        {"id": "any", "title": "x", "flags": [{"id": "a", "question": "Pain?", "level": "X", "what_to_do": "Go"}]},
        "level",
    ),
    "no red flag at all": (RedFlags, {"id": "any", "title": "x", "flags": []}, "at least 1 item"),
    "a cue that moves no measure": (
        Cue,
        dumped(load().cues["less-bounce"], metric="bounciness"),
        "unknown",
    ),
    "toes without a self-check": (
        AlignmentGuide,
        dumped(load().alignments["toes"], self_check=None),
        "self_check",
    ),
    "an alignment named twice": (
        Complaint,
        dumped(load().complaints["knee"], alignments=[{"alignment": "glide", "evidence": ["K4"]}] * 2),
        "names one twice",
    ),
    "a sixth alignment": (
        Complaint,
        dumped(load().complaints["knee"], alignments=[{"alignment": "aura", "evidence": ["K4"]}]),
        "alignment",
    ),
    "a tip without a claim": (
        Complaint,
        dumped(load().complaints["knee"], what_to_do=[{"text": "Rest", "evidence": []}]),
        "at least 1 item",
    ),
    "a unit of another measure": (Reference, reference(unit="cm"), "unit"),
    "an unknown measure": (Reference, reference(id="bounciness"), "unit"),
    "no value": (Reference, reference(by_speed=()), "missing"),
    "no spread": (Reference, reference(sd=None), "sd is missing"),
    "a negative spread": (Reference, reference(sd=-1), "greater than 0"),
    "speeds out of order": (
        Reference,
        reference(by_speed=[{"kmh": 9, "mean": 1}, {"kmh": 8, "mean": 1}]),
        "must rise",
    ),
    "limits out of order": (Reference, reference(band={"low": 3, "high": 3}), "low must lie below"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_the_schema_refuses(case: str) -> None:
    model, content, word = REFUSED[case]
    with pytest.raises(ValidationError, match=word):
        model.model_validate(content)


def test_what_is_refused_is_accepted_without_the_flaw() -> None:
    Claim.model_validate(claim())
    Reference.model_validate(reference())


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    with as_file(files("runfree.knowledge") / "data") as data:
        return Path(shutil.copytree(data, tmp_path / "data"))


def refusal(folder: Path) -> str:
    with pytest.raises(InputError) as caught:
        read(folder)
    return str(caught.value)


def test_a_copy_reads_the_same(copy: Path) -> None:
    assert read(copy) == load()


def test_all_problems_are_named_at_once(copy: Path) -> None:
    (copy / "evidence" / "K4.yaml").unlink()
    with (copy / "red_flags" / "any.yaml").open("a") as file:
        file.write("colour: red\n")
    said = refusal(copy)
    assert "complaints/knee.yaml: evidence: 'K4' is not known" in said
    assert "alignments/glide.yaml: evidence: 'K4' is not known" in said
    assert "red_flags/any.yaml: colour" in said


def test_a_complaint_whose_red_flags_are_missing_is_refused(copy: Path) -> None:
    (copy / "red_flags" / "thigh.yaml").unlink()
    assert "complaints/hamstrings.yaml: red_flags: 'thigh' is not known" in refusal(copy)


@pytest.mark.parametrize(
    ("content", "word"),
    [
        ("- a\n- b\n", "must hold fields"),
        ("a: [1\n", "not readable"),
        ("a: 1\na: 2\n", "duplicate"),
        ("\x00", "not readable"),
    ],
)
def test_files_that_are_no_fields_are_refused(copy: Path, content: str, word: str) -> None:
    (copy / "references" / "cadence.yaml").write_text(content)
    said = refusal(copy)
    assert "references/cadence.yaml" in said
    assert word in said


def test_bytes_that_are_no_text_are_refused(copy: Path) -> None:
    (copy / "references" / "cadence.yaml").write_bytes(b"\xff\xfe\x00a")
    assert "references/cadence.yaml: not readable" in refusal(copy)


def test_a_file_that_would_be_left_unread_is_refused(copy: Path) -> None:
    (copy / "evidence" / "K7.yml").write_text("claim: x\n")
    assert "evidence/K7.yml: only .yaml files" in refusal(copy)


def test_a_missing_folder_is_named(copy: Path) -> None:
    shutil.rmtree(copy / "references")
    assert "references: the folder is missing" in refusal(copy)


def test_yaml_1_2_keeps_no_as_a_word(copy: Path) -> None:
    path = copy / "references" / "cadence.yaml"
    path.write_text(path.read_text() + "note: no\n")
    assert read(copy).references["cadence"].note == "no"
