"""The guide: triage first, both voices on every tip, and nothing that triage holds back."""

from __future__ import annotations

import json
import re

import pytest

from runfree.app.guide import guide, overview, poses
from runfree.core.errors import InputError
from runfree.knowledge import load
from runfree.report.guide import render_guide

PLACES = ("foot", "knee", "hamstrings", "back")


def test_the_overview_names_four_complaints_and_five_alignments() -> None:
    told = overview()
    assert len(told["complaints"]) == 4
    assert len(told["alignments"]) == 5


@pytest.mark.parametrize("place", PLACES)
def test_a_clear_guide_has_everything(place: str) -> None:
    told = guide(place, ())
    for part in ("cause", "what_to_do", "why_it_works", "research", "corrections", "plan", "pain_rule", "claims"):
        assert told[part], part
    for tip in told["what_to_do"]:
        assert tip["research"]
        assert tip["grade"]
    assert any(tip["method"] for tip in told["what_to_do"])
    json.dumps(told)


def test_every_claim_is_shown_somewhere() -> None:
    shown = {claim for place in PLACES for claim in guide(place, ())["claims"]}
    assert shown == set(load().evidence)


@pytest.mark.parametrize("place", PLACES)
def test_unanswered_begins_with_the_questions_and_advice_waits(place: str) -> None:
    told = guide(place, None)
    assert told["triage"]["questions"]
    assert "waiting" in told
    assert not {"what_to_do", "plan", "cues", "branches"} & set(told)
    page = render_guide(told)
    assert page.index("chest pain") < page.index("Where it comes from")


@pytest.mark.parametrize("flag", ["chest-pain", "no-weight"])
def test_an_emergency_says_only_what_to_do(flag: str) -> None:
    told = guide("knee", [flag])
    assert set(told) == {"schema", "complaint", "title", "triage"}
    assert told["triage"]["fits"][0]["what_to_do"] in render_guide(told)
    assert "What to do" not in render_guide(told)


def test_running_advice_is_held_back_and_the_practice_stays() -> None:
    told = guide("foot", ["heel-squeeze"])
    assert "held_back" in told
    assert "cues" not in told
    assert not any(tip["feet"] for tip in told["what_to_do"])
    assert "heel-raise-mountain" not in [e["id"] for e in told["plan"]["session"]]
    assert "heel-raise-mountain" in [e["id"] for e in told["plan"]["left_out"]]


def test_under_18_gets_the_explanation_and_the_way_to_a_consult() -> None:
    told = guide("knee", ["under-18"])
    assert told["what_to_do"] == []
    assert "plan" not in told
    assert "physio" in told["triage"]["fits"][0]["what_to_do"]


@pytest.mark.parametrize("place", ["hip", "Achilles", "shin splints", "elsewhere"])
def test_another_place_is_said_plainly_with_triage_and_consult(place: str) -> None:
    told = guide(place, ())
    assert "none of the four" in told["says"]
    assert told["pain_rule"]["see"]
    assert any(question["id"] == "elsewhere-shin-spot" for question in told["triage"]["questions"])


@pytest.mark.parametrize("text", ["knie", "", "🦵"])
def test_no_place_at_all_is_refused(text: str) -> None:
    with pytest.raises(InputError, match="foot, knee, hamstrings and back"):
        guide(text, ())


@pytest.mark.parametrize(
    ("feet", "word"), [("ask", "First the"), ("own", "leave this one out"), ("parallel", "may be tried")]
)
def test_the_kneecap_check_decides_on_parallel_feet(feet: str, word: str) -> None:
    told = guide("knee", (), feet=feet)  # type: ignore[arg-type]
    said = [tip["feet"] for tip in told["what_to_do"] if tip["feet"]]
    assert len(said) == 1
    assert word in said[0]
    today = next(a["practise_today"] for a in told["alignments"] if a["id"] == "parallel")
    assert ("Walk ten steps" in today) == (feet == "parallel")
    assert any(cue["id"] == "laces" for cue in told["cues"]) == (feet == "parallel")


@pytest.mark.parametrize("place", [*PLACES, "hip"])
@pytest.mark.parametrize("fits", [(), None, ("pregnant",), ("under-18",), ("chest-pain",)])
def test_a_page_asks_nothing_of_the_network(place: str, fits: tuple[str, ...] | None) -> None:
    page = render_guide(guide(place, fits))
    assert "<script" not in page
    assert not re.search(r'(?:src|srcset|action)="(?!data:)', page)
    assert "@import" not in page
    assert set(re.findall(r'href="(?!#)([^"]{0,16})', page)) <= {"https://doi.org/"[:16]}


def test_every_pose_can_be_looked_up_by_id_and_by_name() -> None:
    for known in load().exercises.values():
        assert poses(known.id)[0]["id"] == known.id
        assert poses(known.name.upper())[0]["name"] == known.name


def test_a_slip_gets_a_hint() -> None:
    with pytest.raises(InputError, match="chair"):
        poses("chiar")
