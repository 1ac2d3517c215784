"""The guide: triage first, then what the method and the research say to a complaint. Command line and web share it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from runfree.app.complaint import parse_place
from runfree.coach.self_check import FeetCue
from runfree.coach.triage import ELSEWHERE, URGENCY_WORDS, Triage, triage
from runfree.core.errors import InputError
from runfree.knowledge.exercise import Exercise
from runfree.knowledge.loader import load
from runfree.knowledge.schema import Complaint, RedFlag, Tip

WAITING = "What to do waits until the questions are answered."
NO_RUNNING = "Advice that changes how you run waits until somebody with training has looked at it."
NONE_OF_FOUR = (
    "This is none of the four places that Runfree speaks about (foot, knee, hamstrings, low back), so it gives no advice and no practice "
    "for it. The questions come first here too; then a physio, sports doctor or teacher who can see you is the way on."
)
_GENERAL = ("G1", "G2", "G3")
_FEET: dict[FeetCue, str] = {
    "parallel": "Your kneecaps-forward check was clear, so this may be tried, as far as it stays easy.",
    "own": "Your kneecaps-forward check says that your feet keep their own angle; the knee is in charge. So leave this one out.",
    "ask": "First the kneecaps-forward check: it shows whether parallel feet and knees that look ahead fit together in your body.",
}


def overview() -> dict[str, Any]:
    """Return the four complaints and the five alignments, as JSON-ready values."""
    knowledge = load()
    return {
        "schema": 1,
        "complaints": [{"id": c.id, "title": c.title} for c in knowledge.complaints.values()],
        "alignments": [
            {"id": a.id, "title": a.title, "one_line": a.one_line} for a in knowledge.alignments.values()
        ],
        "claims": len(knowledge.evidence),
        "poses": len(knowledge.poses),
    }


def guide(complaint: str, fits: Sequence[str] | None, *, feet: FeetCue = "ask") -> dict[str, Any]:
    """Return the guide to a complaint, as JSON-ready values; what triage holds back is not in it.

    Parameters
    ----------
    complaint : str
        A complaint in everyday words, or another place that hurts (``hip``).
    fits : sequence of str or None
        Ids of the red-flag questions answered with yes, or None if nobody has answered.
    feet : {"parallel", "own", "ask"}
        What the kneecaps-forward check says to the feet-parallel cue.

    Raises
    ------
    InputError
        If the complaint or an answer is unknown.
    """
    place = parse_place(complaint)
    asked = triage(place, fits)
    out: dict[str, Any] = {"schema": 1, "complaint": place, "title": _title(place), "triage": _triage(asked)}
    if asked.stop:
        return out
    if place == ELSEWHERE:
        return {**out, "says": NONE_OF_FOUR, **_ending()}
    known = load().complaints[place]
    return {**out, **_explained(known, feet), **_to_do(known, asked, feet), **_ending(), "claims": _claims(known)}


def poses(name: str | None = None) -> list[dict[str, Any]]:
    """Return every pose, drill and breath, or the one of this id or name, as JSON-ready values.

    Raises
    ------
    InputError
        If there is none of that name.
    """
    known = load().exercises
    if name is None:
        return [_exercise(exercise) for exercise in known.values()]
    clean = "-".join(name.lower().split())
    found = [e for e in known.values() if clean in (e.id, "-".join(e.name.lower().split()))]
    if not found:
        from difflib import get_close_matches

        near = get_close_matches(clean, known, n=3, cutoff=0.6)
        hint = f"Did you mean {', '.join(near)}?" if near else "Run `runfree poses` for the list."
        raise InputError(f"Pose {name!r}", "there is none of that name", hint)
    return [_exercise(found[0])]


def _title(place: str) -> str:
    return "Another place" if place == ELSEWHERE else load().complaints[place].title


def _triage(asked: Triage) -> dict[str, Any]:
    return {
        "answered": asked.answered,
        "level": asked.level,
        "stop": asked.stop,
        "running": asked.running,
        "practice": asked.practice,
        "fits": [_flag(flag) for flag in asked.fits],
        "questions": [_flag(flag) for flag in asked.asked],
    }


def _flag(flag: RedFlag) -> dict[str, Any]:
    return {
        "id": flag.id,
        "question": flag.question,
        "level": flag.level,
        "urgency": URGENCY_WORDS[flag.level],
        "what_to_do": flag.what_to_do,
    }


def _explained(known: Complaint, feet: FeetCue) -> dict[str, Any]:
    return {
        "cause": known.cause,
        "why_it_works": known.why_it_works,
        "why_evidence": list(known.why_evidence),
        "research": known.research,
        "grade": known.grade,
        "corrections": [correction.model_dump(mode="json") for correction in known.corrections],
        "alignments": [
            {
                **load().alignments[a.alignment].model_dump(mode="json"),
                "evidence": list(a.evidence),
                **({"practise_today": _FEET[feet]} if a.alignment == "parallel" and feet != "parallel" else {}),
            }
            for a in known.alignments
        ],
    }


def _to_do(known: Complaint, asked: Triage, feet: FeetCue) -> dict[str, Any]:
    if not asked.answered:
        return {"waiting": WAITING}
    tips = [tip for tip in known.what_to_do if (asked.running if tip.running else asked.practice)]
    out: dict[str, Any] = {"what_to_do": [_tip(tip, feet) for tip in tips]}
    if not asked.running:
        out["held_back"] = NO_RUNNING
    else:
        out["cues"] = [
            _cue(a.alignment) for a in known.alignments if a.alignment != "parallel" or feet == "parallel"
        ]
    if asked.practice:
        out |= _practised(known, asked)
    return out


def _practised(known: Complaint, asked: Triage) -> dict[str, Any]:
    knowledge = load()
    plan = knowledge.plans[known.id]
    fitting = {
        name: e for name, e in knowledge.exercises.items() if not e.draft and not e.left_out_for(asked.conditions)
    }
    return {
        "branches": [
            {
                **branch.model_dump(mode="json"),
                "practise": [_brief(fitting[name]) for name in branch.practise if name in fitting],
                "leave": [_brief(knowledge.exercises[name]) for name in branch.leave],
            }
            for branch in known.branches
        ],
        "plan": {
            **plan.model_dump(mode="json"),
            "session": [_brief(fitting[name]) for name in plan.session if name in fitting],
            "daily": [_brief(fitting[name]) for name in plan.daily if name in fitting],
            "left_out": [
                {**_brief(knowledge.exercises[name]), "why": caution.text}
                for name in dict.fromkeys((*plan.session, *plan.daily))
                for caution in knowledge.exercises[name].left_out_for(asked.conditions)[:1]
            ],
        },
        "self_checks": [
            c.model_dump(mode="json")
            for c in knowledge.self_checks.values()
            if c.alignment in {a.alignment for a in known.alignments} and not asked.conditions & set(c.leave_if)
        ],
        "footwear": [knowledge.footwear[name].model_dump(mode="json") for name in known.footwear],
    }


def _tip(tip: Tip, feet: FeetCue) -> dict[str, Any]:
    """One tip in both voices: the method's, or that research adds it, and the leading claim."""
    claim = load().evidence[tip.evidence[0]]
    return {
        "text": tip.text,
        "method": tip.method,
        "research": claim.finding,
        "verdict": claim.verdict if tip.method else None,
        "grade": claim.grade,
        "grade_note": claim.grade_note,
        "evidence": list(tip.evidence),
        "feet": _FEET[feet] if tip.alignment == "parallel" else None,
    }


def _cue(alignment: Any) -> dict[str, Any]:
    guide = load().alignments[alignment]
    return {**load().cues[guide.cue].model_dump(mode="json"), "title": guide.title}


def _brief(exercise: Exercise) -> dict[str, Any]:
    return {"id": exercise.id, "name": exercise.name, "alt": exercise.alt}


def _exercise(exercise: Exercise) -> dict[str, Any]:
    conditions, claims = load().conditions, load().evidence
    return {
        **exercise.model_dump(mode="json"),
        "cautions": [
            {**caution.model_dump(mode="json"), "name": conditions[caution.condition].name}
            for caution in exercise.cautions
        ],
        "claims": {name: claims[name].model_dump(mode="json") for name in exercise.evidence},
    }


def _ending() -> dict[str, Any]:
    """When to stop and whom to see: no guide ends without it."""
    rule = load().pain_rule
    return {
        "pain_rule": rule.model_dump(mode="json"),
        "return_to_running": load().return_to_running.model_dump(mode="json"),
    }


def _claims(known: Complaint) -> dict[str, Any]:
    footwear, plan = load().footwear, load().plans[known.id]
    used: Iterable[str] = (
        *_GENERAL,
        *plan.evidence,
        *(claim for name in known.footwear for claim in footwear[name].evidence),
        *(claim for branch in known.branches for claim in branch.evidence),
        *known.evidence,
        *known.why_evidence,
        *(claim for tip in known.what_to_do for claim in tip.evidence),
        *(claim for correction in known.corrections for claim in correction.evidence),
        *(claim for a in known.alignments for claim in a.evidence),
    )
    return {name: load().evidence[name].model_dump(mode="json") for name in sorted(set(used))}
