"""The files that come with the package: complete, resolvable, and worded as they should be."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import fields
from typing import get_args

import pytest
from pydantic import BaseModel

from runfree.core.finding import Alignment
from runfree.core.metrics import METRICS
from runfree.knowledge import load

BANNED = re.compile(
    r"\bwrong|\bdamag|\bcaus(e|es|ed|ing)\b|\bprevent|\berod|\bcure|\bguarantee|\bfix(es|ed)?\b|\bdanger|\bbad form"
    r"|\bwear(s|ing)? (out|away|down)|bone on bone|(?<!do )\byou have (a|an) |\bmust\b|wears cartilage|asymmetr",
    re.IGNORECASE,
)


def texts(thing: object, where: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(thing, str):
        yield where, thing
    elif isinstance(thing, BaseModel):
        for name, value in thing:
            yield from texts(value, f"{where}.{name}")
    elif isinstance(thing, Mapping):
        for name, value in thing.items():
            yield from texts(value, f"{where}/{name}")
    elif isinstance(thing, tuple):
        for item in thing:
            yield from texts(item, where)


def all_texts() -> list[tuple[str, str]]:
    knowledge = load()
    return [pair for f in fields(knowledge) for pair in texts(getattr(knowledge, f.name), f.name)]


def test_every_claim_of_the_review_is_there() -> None:
    series = {"F": 13, "K": 6, "H": 4, "B": 8, "G": 3}
    expected = {f"{letter}{n}" for letter, last in series.items() for n in range(1, last + 1)}
    assert set(load().evidence) == expected


def test_the_four_complaints_and_five_alignments_are_there() -> None:
    assert set(load().complaints) == {"foot", "knee", "hamstrings", "back"}
    assert set(load().alignments) == set(get_args(Alignment))


def test_no_text_breaks_the_wording_laws() -> None:
    found = [f"{where}: {text!r}" for where, text in all_texts() if BANNED.search(text)]
    assert found == []


@pytest.mark.parametrize(
    "text", ["It wears cartilage.", "That is wrong.", "Turned-out feet cause pain.", "It prevents pain."]
)
def test_the_wording_test_can_fail(text: str) -> None:
    assert BANNED.search(text)


def test_no_text_names_a_cadence_of_180() -> None:
    assert [pair for pair in all_texts() if re.search(r"180 (steps|spm|a minute)|to 180\b", pair[1])] == []


def test_every_complaint_asks_everybodys_red_flags_first() -> None:
    assert all(c.red_flags[0] == "any" and len(c.red_flags) > 1 for c in load().complaints.values())


def test_the_emergencies_that_do_not_wait_are_asked() -> None:
    emergencies = {
        name: " ".join(f.question for f in r.flags if f.level == "E") for name, r in load().red_flags.items()
    }
    assert "chest pain" in emergencies["any"]
    assert "bladder" in emergencies["back"]
    assert "pop at the back of the ankle" in emergencies["foot"]
    assert "lift the straight leg" in emergencies["knee"]


def test_dois_are_kept_whole() -> None:
    dois = {c.source: c.doi for claim in load().evidence.values() for c in claim.citations}
    assert dois["Uhlrich 2025, Lancet Rheumatol 7:e708"] == "10.1016/S2665-9913(25)00151-1"


def test_references_are_of_known_measures() -> None:
    assert set(load().references) <= set(METRICS)


def test_what_is_loaded_cannot_be_changed() -> None:
    with pytest.raises(TypeError):
        load().evidence["K9"] = load().evidence["K1"]  # type: ignore[index]
    with pytest.raises(ValueError, match="frozen"):
        load().evidence["K1"].claim = "x"  # type: ignore[misc]
