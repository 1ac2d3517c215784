"""What may be prescribed to this body, here and now, and why the rest may not."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from runfree.knowledge.exercise import Exercise
from runfree.knowledge.loader import Knowledge
from runfree.practice.session import Wishes

LOAD_WORDS: Mapping[str, str] = {
    "kneeling": "kneeling",
    "hands": "weight on the hands",
    "inverted": "the head below the hips",
    "balance": "balance",
    "single_leg": "standing on one leg",
    "impact": "jumping or running",
    "deep_knee": "a deep bend of the knee",
    "deep_fold": "a deep fold",
    "backbend": "a backbend",
    "twist": "a twist",
    "bent_toes": "bent toes",
}


def pool(knowledge: Knowledge, wishes: Wishes) -> tuple[dict[str, Exercise], dict[str, str]]:
    """Return the exercises that may be prescribed, and for each other one the reason why not, both by id."""
    left_in_branches = {
        name
        for complaint in knowledge.complaints.values()
        for branch in complaint.branches
        if branch.condition in wishes.conditions
        for name in branch.leave
    }
    allowed: dict[str, Exercise] = {}
    refused: dict[str, str] = {}
    for name, exercise in knowledge.exercises.items():
        why = _why_not(exercise, wishes, knowledge)
        if why is None and name in left_in_branches:
            why = "it does not suit this kind of the complaint for now"
        if why is None:
            allowed[name] = exercise
        else:
            refused[name] = why
    return allowed, refused


def _why_not(exercise: Exercise, wishes: Wishes, knowledge: Knowledge) -> str | None:
    if exercise.draft:
        return "it is not ready to be prescribed"
    if cautions := exercise.left_out_for(wishes.conditions):
        return cautions[0].text[0].lower() + cautions[0].text[1:].rstrip(".")
    if exercise.id in wishes.avoid:
        return "you asked to leave it out"
    if loads := [LOAD_WORDS[load] for load in exercise.load if load in wishes.avoid]:
        return f"it asks for {' and '.join(loads)}"
    if "impact" in exercise.load and (not wishes.running or wishes.level != "strong" or wishes.when != "before"):
        return "jumping belongs to a strong practice before a run"
    if missing := [knowledge.props[p] for p in exercise.props if p not in wishes.have]:
        return (
            f"{missing[0].name.lower()} is not at hand; {missing[0].instead} can stand in (--have {missing[0].id})"
        )
    if _only_parallel(exercise) and not wishes.parallel:
        return "the kneecaps-forward self-check comes first"
    if form_for(exercise, wishes) is None:
        return "it is held still, which suits after a run better than before"
    return None


def _only_parallel(exercise: Exercise) -> bool:
    """Whether turning the feet parallel is all that it is for."""
    return (
        exercise.feet_parallel and [a.alignment for a in exercise.alignments] == ["parallel"] and not exercise.load
    )


def form_for(exercise: Exercise, wishes: Wishes) -> Literal["moving", "hold"] | None:
    """Return the form that suits the time of the practice: moving before a run, held after, by its use apart from runs."""
    if wishes.when == "before":
        return "moving" if exercise.moving else None
    if exercise.hold is None:
        return "moving"
    strengthens = exercise.roles[0] == "strength" and wishes.when == "apart"
    return "moving" if exercise.moving and strengthens else "hold"
