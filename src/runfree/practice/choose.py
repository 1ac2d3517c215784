"""Choose the exercises and their doses: a small integer programme with a stated objective."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from random import Random

import numpy as np

from runfree.knowledge.exercise import EFFORTS, Dose, Exercise, Phase, Position
from runfree.practice.pool import form_for
from runfree.practice.session import Wishes, form_of, item_seconds

RESTS = 2
PLAN_WEIGHT = 100.0
PLAN_RATIO = 1.5
COMPLAINT_WEIGHT = 8.0
WORK_ON_WEIGHT = 8.0
RESEARCH_WEIGHT = 2.0
REST_WEIGHT = 14.0
ITEM_COST = 12.0
DOSE_WEIGHT = 10.0
SHARES: Mapping[Phase, tuple[float, float]] = {
    "warm_up": (0.06, 0.3),
    "main": (0.45, 1.0),
    "cool_down": (0.06, 0.35),
}
"""Least and greatest share of the time for each part."""
LEVEL: Mapping[Position, int] = {
    "standing": 2,
    "all_fours": 1,
    "kneeling": 1,
    "prone": 0,
    "seated": 0,
    "supine": 0,
}
"""Height of a position: standing, kneeling, floor."""
CHANGE_COST: Mapping[tuple[Phase, int], float] = {
    ("warm_up", 0): 12.0,
    ("warm_up", 1): 6.0,
    ("cool_down", 2): 60.0,
    ("cool_down", 1): 8.0,
}
_LEGS = {"thigh", "calf", "gluteals", "hamstrings"}


@dataclass(frozen=True, slots=True)
class Option:
    """One way to use an exercise: in which part, in which form, with which dose."""

    exercise: Exercise
    phase: Phase
    dose: Dose
    worth: float

    @property
    def seconds(self) -> float:
        """Its length with both sides and getting ready."""
        return item_seconds(self.exercise, self.dose)


@dataclass(frozen=True, slots=True)
class Strictness:
    """What is asked of a solution: the length as shares of the time, and whether the parts must be there."""

    low: float
    high: float
    parts: bool


STEPS = (
    Strictness(0.95, 1.04, True),
    Strictness(0.9, 1.1, True),
    Strictness(0.9, 1.1, False),
    Strictness(0.0, 1.1, False),
)
"""Tried in this order until one can be met."""


def options(allowed: Mapping[str, Exercise], plan: Sequence[str], wishes: Wishes) -> list[Option]:
    """Return every way to use the exercises, with its worth.

    The worth grows with: being in the smallest practice (the earlier the more, so that the most important part stays
    when time is short), helping the complaint, helping what was measured, research behind it, the asked dose, and rest
    at the end. Each exercise costs a little, so that few are done well.
    """
    random = Random(wishes.seed)
    out: list[Option] = []
    for exercise in allowed.values():
        worth = _worth(exercise, plan, wishes) + random.random()
        form = form_for(exercise, wishes)
        if form is None:
            continue
        for dose, share in _doses(exercise, form_of(exercise, form).dose, wishes):
            for phase in _phases(exercise, wishes):
                rest = REST_WEIGHT * (phase == "cool_down" and exercise.roles[0] == "rest")
                out.append(Option(exercise, phase, dose, worth + DOSE_WEIGHT * share + rest))
    return out


def _phases(exercise: Exercise, wishes: Wishes) -> list[Phase]:
    """Before a run the run itself follows: nothing winds down."""
    return [p for p in exercise.phases if p != "cool_down" or wishes.when != "before"]


def _worth(exercise: Exercise, plan: Sequence[str], wishes: Wishes) -> float:
    worth = -ITEM_COST
    if exercise.id in plan:
        worth += PLAN_WEIGHT * PLAN_RATIO ** (len(plan) - 1 - plan.index(exercise.id))
    if any(c.complaint == wishes.complaint for c in exercise.complaints):
        worth += COMPLAINT_WEIGHT
    worth += WORK_ON_WEIGHT * sum(a.alignment in wishes.work_on for a in exercise.alignments)
    return worth + RESEARCH_WEIGHT * (exercise.basis == "research")


def _doses(exercise: Exercise, dose: Callable[..., Dose], wishes: Wishes) -> list[tuple[Dose, float]]:
    """Doses up to the asked level with the share of it they are; rest is no effort and may always be long."""
    rests = exercise.roles[0] == "rest"
    levels = EFFORTS if rests else EFFORTS[: EFFORTS.index(wishes.level) + 1]
    found = {d.seconds: (d, (i + 1) / len(levels)) for i, d in enumerate(map(dose, levels))}
    most = dose(levels[-1])
    if not rests and most.sets <= 3:
        twice = most.model_copy(update={"sets": 2 * most.sets, "rest_s": max(most.rest_s, 10.0)})
        found.setdefault(twice.seconds, (twice, 0.7))
    return list(found.values())


def solve(choices: Sequence[Option], wishes: Wishes, *, ratio: int | None, how: Strictness) -> list[Option] | None:
    """Return the options of greatest worth that fit, or None if none do.

    Maximises the worth less a cost for each level (floor, kneeling, standing) that warm-up and cool-down add, under: each
    exercise once; the length; the shares of the parts; ``ratio`` strengthening exercises to one that lengthens; for backs
    one that strengthens the legs.
    """
    from scipy.optimize import Bounds, LinearConstraint, milp

    if not choices:
        return None
    rules = list(_rules(choices, wishes, ratio, how))
    after_run = wishes.when != "before"
    groups = [g for g in CHANGE_COST if after_run and any(_group(o) == g for o in choices)]
    rows = [[value(o) for o in choices] + [0.0] * len(groups) for value, _, _ in rules]
    low, high = [r[1] for r in rules], [r[2] for r in rules]
    for i, group in enumerate(groups):
        members = [float(_group(o) == group) for o in choices]
        rows.append(members + [-sum(members) * (i == j) for j in range(len(groups))])
        low.append(-np.inf)
        high.append(0.0)
    found = milp(
        [-o.worth for o in choices] + [CHANGE_COST[g] for g in groups],
        constraints=LinearConstraint(np.array(rows), low, high),
        integrality=np.ones(len(choices) + len(groups), dtype=np.int64),
        bounds=Bounds(0, 1),
        options={"mip_rel_gap": 0.002, "node_limit": 3000},
    )
    taken: list[float] = [] if found.x is None else [float(x) for x in found.x[: len(choices)]]
    return [o for o, x in zip(choices, taken, strict=True) if x > 0.5] if taken else None


def _rules(
    choices: Sequence[Option], wishes: Wishes, ratio: int | None, how: Strictness
) -> Iterator[tuple[Callable[[Option], float], float, float]]:
    """Each as a value of an option, and the least and greatest sum of it over the practice."""
    total_s = 60 * wishes.minutes
    for name in dict.fromkeys(o.exercise.id for o in choices):
        yield (lambda o, name=name: float(o.exercise.id == name)), 0, 1
    yield (lambda o: o.seconds), how.low * total_s, how.high * total_s
    if ratio is not None:
        yield (lambda o: _leads(o, "strength") - ratio * _leads(o, "length")), 0, np.inf
    if not how.parts:
        return
    yield (lambda o: _leads(o, "rest")), 0, RESTS
    if wishes.complaint == "back" and any(_strong_legs(o) for o in choices):
        yield _strong_legs, 1, np.inf
    for phase, (least, most) in SHARES.items():
        if phase != "cool_down" or wishes.when != "before":
            yield (lambda o, phase=phase: o.seconds * (o.phase == phase)), least * total_s, most * total_s


def _group(option: Option) -> tuple[Phase, int]:
    return option.phase, LEVEL[option.exercise.position]


def _leads(option: Option, role: str) -> int:
    return int(option.exercise.roles[0] == role)


def _strong_legs(option: Option) -> int:
    exercise = option.exercise
    return int(
        exercise.roles[0] == "strength" and exercise.position == "standing" and bool(_LEGS & {*exercise.parts})
    )
