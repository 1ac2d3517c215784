"""Every sentence of advice in the method's article is there, in our words, and what research corrects is corrected."""

from __future__ import annotations

import re

import pytest

from runfree.knowledge import load

# the place, words that must stand together in the method's voice there, the claim that grades it
ADVICE = [
    ("foot", r"downward pressure and impact on weak muscles of the sole", "F1"),
    ("foot", r"neuroma", "F2"),
    ("foot", r"plantar fasciitis", "F3"),
    ("foot", r"lifting and spreading your toes always, whenever barefoot and in every yoga pose", "F5"),
    ("foot", r"passive stretch with toe spacers", "F7"),
    ("foot", r"feet parallel.*evenly on the inner and the outer foot", "F8"),
    ("foot", r"support for the arch and enough padding", "F9"),
    ("foot", r"Toss old shoes every few months", "F10"),
    ("foot", r"Barefoot running is a fine idea, and few", "F12"),
    ("foot", r"made to bear your weight", "F11"),
    ("foot", r"Years of shoes on hard flat floors", "F11"),
    ("foot", r"wakes the muscles of foot and ankle", "F4"),
    ("knee", r"sees tracking", "K1"),
    ("knee", r"kneecap should line up with the second toe", "K2"),
    ("knee", r"bone meets bone", "K6"),
    ("knee", r"Walk and run with your feet parallel", "K3"),
    ("knee", r"gliding rather than bouncing", "K4"),
    ("knee", r"not made to turn", "K5"),
    ("knee", r"your knees will follow", "K3"),
    ("knee", r"lowers the downward pressure on the cartilage", "K6"),
    ("hamstrings", r"Not an injury.*touch the toes", "H1"),
    ("hamstrings", r"not the running but running with feet turned out", "H1"),
    ("hamstrings", r"Walk and run with your feet parallel", "H2"),
    ("hamstrings", r"hold the knee on its inner and outer side", "H2"),
    ("hamstrings", r"keeps the hamstrings from tightening", "H2"),
    ("back", r"pressing the upper body down on the low back", "B1"),
    ("back", r"up to four times your body weight", "B1"),
    ("back", r"men even more, with more upper-body mass and narrower hips", "B2"),
    ("back", r"walk and run with your feet parallel", "B4"),
    ("back", r"Lift your low belly in and up", "B5"),
    ("back", r"Glide rather than bounce", "B6"),
    ("back", r"take away its natural spring", "B4"),
    ("back", r"parallel feet bring the curve back", "B4"),
    ("back", r"no longer sinks onto the low back", "B5"),
    ("back", r"gliding lowers the thrust", "B6"),
]
CORRECTED = [
    ("foot", "under the second toe", "third space"),
    ("foot", "every few months", "Months say little"),
    ("knee", "Tracking is the reason", "No single reason"),
    ("knee", "bone meets bone", "less knee osteoarthritis"),
    ("hamstrings", "tighten the hamstrings", "No study"),
    ("back", "four times your body weight", "pull of its own muscles"),
    ("back", "men even more", "more common in women"),
]


def said(place: str) -> str:
    complaint = load().complaints[place]
    voices = [complaint.cause, complaint.why_it_works, *(b.text for b in complaint.branches)]
    voices += [tip.method for tip in complaint.what_to_do if tip.method]
    voices += [correction.method for correction in complaint.corrections]
    return " ".join(" ".join(voices).split())


def graded(place: str) -> set[str]:
    complaint = load().complaints[place]
    parts = (*complaint.what_to_do, *complaint.corrections, *complaint.branches)
    return {*complaint.evidence, *complaint.why_evidence, *(claim for part in parts for claim in part.evidence)}


@pytest.mark.parametrize(("place", "words", "claim"), ADVICE)
def test_each_sentence_of_advice_is_there_with_its_claim(place: str, words: str, claim: str) -> None:
    assert re.search(words, said(place)), said(place)
    assert claim in graded(place)


@pytest.mark.parametrize(("place", "method", "instead"), CORRECTED)
def test_what_research_corrects_is_corrected(place: str, method: str, instead: str) -> None:
    found = [c for c in load().complaints[place].corrections if method in c.method]
    assert len(found) == 1
    assert instead in found[0].instead


def test_what_nobody_tested_is_never_called_proven() -> None:
    for complaint in load().complaints.values():
        for tip in complaint.what_to_do:
            claim = load().evidence[tip.evidence[0]]
            if claim.verdict in ("untested", "contradicted"):
                assert not re.search(r"\b(proven|shown to|will help)\b", tip.text)


def test_the_way_to_a_consult_and_trial_and_error_are_kept() -> None:
    knowledge = load()
    assert knowledge.evidence["G1"].verdict == "support"
    assert "yoga teacher" in knowledge.pain_rule.see[0]
    assert all(complaint.what_to_do[-1].evidence for complaint in knowledge.complaints.values())
