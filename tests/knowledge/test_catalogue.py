"""The catalogue of what is practised: complete, safe to compose from, in both voices."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from runfree.knowledge import figure, load
from runfree.knowledge.exercise import Dose, Exercise, Form, Pose

ROOT = Path(__file__).resolve().parents[2]
EXERCISES = list(load().exercises.values())
IDS = [e.id for e in EXERCISES]
# what the evidence review asks to be inside each minimum plan
LEAST = {
    "foot": {"toe-spread-mountain", "heel-raise-mountain", "walking-dog", "toe-tuck-kneel", "garland"},
    "knee": {"chair", "tree", "bridge", "side-plank", "warrior-2", "reclined-figure-4", "barefoot-ladder", "step-down"},
    "hamstrings": {
        "bridge", "heel-walk-out-bridge", "reclined-strap-leg", "half-forward-fold", "warrior-3", "low-lunge",
    },
    "back": {"cat-cow", "bird-dog", "side-plank", "locust", "low-lunge", "bridge", "supine-twist", "heel-raise-mountain"},
    "new-runner": {"chair", "tree", "half-moon", "bridge", "bird-dog", "side-plank"},
}  # fmt: skip


def test_all_poses_drills_and_rungs_are_there() -> None:
    knowledge = load()
    assert len(knowledge.poses) == 45
    assert len(knowledge.drills) == 13
    assert sorted(b.rung for b in knowledge.breath.values()) == [1, 2, 3, 4, 5, 6]
    assert not {"headstand", "shoulderstand", "lotus"} & set(knowledge.poses)


@pytest.mark.parametrize("plan", LEAST)
def test_the_minimum_plans_hold_what_they_need(plan: str) -> None:
    assert set(load().plans[plan].session) >= LEAST[plan]


def test_nothing_planned_is_a_draft_and_everything_fits_the_complaint() -> None:
    for plan in load().plans.values():
        for name in (*plan.session, *plan.daily):
            assert not load().exercises[name].draft, name
    assert load().breath["preparatory-lift"].draft


def test_hamstrings_get_two_strong_for_one_long() -> None:
    plan = load().plans["hamstrings"]
    first = [load().exercises[name].roles[0] for name in plan.session[:3]]
    assert sorted(first) == ["length", "strength", "strength"]
    assert plan.strength_per_length == 2


@pytest.mark.parametrize("exercise", EXERCISES, ids=IDS)
def test_an_exercise_is_whole(exercise: Exercise) -> None:
    assert exercise.easier.text
    assert exercise.harder.text
    assert exercise.toes
    assert exercise.method
    assert exercise.research
    assert exercise.evidence or exercise.basis in ("expert", "tradition")
    assert exercise.complaints
    if isinstance(exercise, Pose):
        assert exercise.cautions
    for level in ("easy", "medium", "strong"):
        for form in (exercise.moving, exercise.hold):
            assert form is None or 3 <= form.dose(level).seconds <= 900


@pytest.mark.parametrize("exercise", EXERCISES, ids=IDS)
def test_what_an_exercise_asks_of_the_body_has_its_caution(exercise: Exercise) -> None:
    conditions = {c.condition for c in exercise.cautions}
    needed = {
        "inverted": {"eye-pressure"},
        "balance": {"dizziness"},
        "backbend": {"backbend-pain"},
        "hands": {"wrist-pain"},
        "impact": {"bone-stress"},
        "single_leg": {"bone-stress"},
        "deep_knee": {"knee-swelling"},
    }
    for load_ in exercise.load:
        if load_ in needed and exercise.id not in LIGHT:
            assert conditions & needed[load_], (load_, conditions)


LIGHT = {"high-lunge", "bridge"}
"""Balance on two feet; a bend of the hips more than of the back: their cautions name it all the same."""


def test_deep_folds_of_the_hip_spare_the_sit_bone() -> None:
    for exercise in EXERCISES:
        if "deep_fold" in exercise.load and "hamstrings" in exercise.parts:
            found = {c.condition: c.do for c in exercise.cautions}
            assert "sit-bone-pain" in found, exercise.id


def test_prone_and_belly_work_is_left_out_in_pregnancy() -> None:
    prone = [e for e in EXERCISES if e.position == "prone"]
    belly = [breath for breath in load().breath.values() if breath.rung > 1]
    for exercise in (*prone, *belly):
        assert exercise.left_out_for(frozenset({"pregnancy"})), exercise.id


def test_nothing_goes_without_a_picture() -> None:
    knowledge = load()
    shown = (*knowledge.exercises, *knowledge.self_checks, *knowledge.alignments)
    assert [name for name in shown if figure(name) is None] == []
    assert figure("no-such-pose") is None


def test_standing_poses_of_parallel_feet_say_so() -> None:
    assert load().poses["mountain"].feet_parallel
    assert not load().poses["warrior-2"].feet_parallel


def test_easier_leads_down_and_never_in_a_circle() -> None:
    for exercise in EXERCISES:
        seen, at = {exercise.id}, exercise
        while at.easier.exercise:
            assert at.easier.exercise not in seen, seen
            seen.add(at.easier.exercise)
            at = load().exercises[at.easier.exercise]


@given(st.sampled_from(EXERCISES), st.sets(st.sampled_from(sorted(load().conditions))))
def test_more_conditions_never_allow_more(exercise: Exercise, conditions: set[str]) -> None:
    some = exercise.left_out_for(frozenset(conditions))
    assert set(some) >= set(exercise.left_out_for(frozenset(sorted(conditions)[:1])))


@pytest.mark.parametrize(
    "dose",
    [
        {},
        {"reps": 3, "breaths": 3},
        {"reps": 0},
        {"hold_s": -1},
        {"sets": 99, "reps": 3},
        {"hold_s": float("inf")},
    ],
)
def test_doses_that_make_no_sense_are_refused(dose: dict[str, float]) -> None:
    with pytest.raises(ValidationError):
        Dose.model_validate(dose)


def test_a_dose_counts_sets_and_rests() -> None:
    assert Dose(sets=3, reps=10, rep_s=5, rest_s=20).seconds == 3 * 50 + 2 * 20
    assert Dose(breaths=5).seconds == 30


def test_doses_that_shrink_are_refused() -> None:
    with pytest.raises(ValidationError, match="shrink"):
        Form(how="x", easy=Dose(breaths=5), medium=Dose(breaths=4), strong=Dose(breaths=6))


@pytest.mark.parametrize(
    ("changes", "word"),
    [
        ({"moving": None, "hold": None}, "moving or hold"),
        ({"cautions": ()}, "cautions"),
        ({"basis": "research", "evidence": ()}, "needs evidence"),
        ({"props": ("wall",), "props_optional": ("wall",)}, "not both"),
        ({"easier": {"text": ""}}, "at least 1 character"),
        ({"toes": ""}, "at least 1 character"),
    ],
)
def test_a_pose_with_a_gap_is_refused(changes: dict[str, object], word: str) -> None:
    with pytest.raises(ValidationError, match=word):
        Pose.model_validate({**load().poses["chair"].model_dump(), **changes})


def test_the_schemas_for_editors_are_those_of_the_models() -> None:
    spec = importlib.util.spec_from_file_location("knowledge_schemas", ROOT / "tools" / "knowledge_schemas.py")
    assert spec is not None
    assert spec.loader is not None
    tool = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(tool)
    for name, text in tool.schemas().items():
        kept = (ROOT / "docs" / "schemas" / name).read_text(encoding="utf-8")
        assert json.loads(kept) == json.loads(text), f"run: python tools/knowledge_schemas.py ({name})"
