"""A practice as JSON."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

from runfree.coach.triage import Triage
from runfree.practice import Item, Practice

SCHEMA = 1
WAITS = "The practice waits behind the red-flag questions: answer them with --triage."


def practice_json(practice: Practice | None, triage: Triage, complaint: str, pain: str | None = None) -> str:
    """Return the text of practice.json: strict JSON, indented by two; times in seconds.

    Until the red-flag questions are answered it names no exercise: who reads it may show it without them.
    """
    out: dict[str, Any] = {
        "schema": SCHEMA,
        "complaint": complaint,
        "triage": {
            "answered": triage.answered,
            "fits": [{"id": f.id, "level": f.level, "what_to_do": f.what_to_do} for f in triage.fits],
            "practice": triage.practice,
            "running": triage.running,
        },
        "waits": None if triage.answered else WAITS,
        "pain": pain,
        "practice": None if practice is None or not triage.answered else _practice(practice),
    }
    return json.dumps(out, indent=2, allow_nan=False) + "\n"


def _practice(practice: Practice) -> dict[str, Any]:
    wishes = practice.wishes
    return {
        "title": practice.title,
        "minutes": wishes.minutes,
        "seconds": practice.seconds,
        "level": wishes.level,
        "when": wishes.when,
        "have": sorted(wishes.have),
        "avoid": sorted(wishes.avoid),
        "conditions": sorted(wishes.conditions),
        "work_on": list(wishes.work_on),
        "parallel": wishes.parallel,
        "seed": wishes.seed,
        "items": [_item(item) for item in practice.items],
        "daily": [_item(item) for item in practice.daily],
        "left_out": [asdict(item) for item in practice.left_out],
        "notes": list(practice.notes),
    }


def _item(item: Item) -> dict[str, Any]:
    return {
        "exercise": item.exercise.id,
        "name": item.exercise.name,
        "phase": item.phase,
        "form": item.form,
        "dose": item.dose.model_dump(exclude_none=True),
        "seconds": item.seconds,
        "sides": list(item.sides),
        "segments": [asdict(segment) for segment in item.segments()],
        "why": item.why,
        "changes": list(item.changes),
        "feet_parallel": item.feet_parallel,
    }
