"""Compose a practice: choose, order, and explain each choice in a line."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace

from runfree.core.errors import InputError
from runfree.core.finding import Alignment
from runfree.knowledge.exercise import EFFORTS, Effort, Exercise, Plan, Role
from runfree.knowledge.loader import Knowledge, load
from runfree.practice.choose import STEPS, Option, Strictness, options, solve
from runfree.practice.order import in_order
from runfree.practice.pool import LOAD_WORDS, form_for, pool
from runfree.practice.session import WHENS, Item, LeftOut, Practice, When, Wishes

MINUTES = (5.0, 45.0)
ROLE_WORDS: Mapping[Role, str] = {
    "strength": "strength",
    "length": "room",
    "mobility": "movement",
    "balance": "balance",
    "breath": "breath",
    "rest": "rest",
}


def compose(
    complaint: str,
    *,
    minutes: float = 15.0,
    have: Collection[str] = (),
    avoid: Collection[str] = (),
    conditions: Collection[str] = (),
    level: Effort = "medium",
    when: When = "apart",
    work_on: Sequence[Alignment] = (),
    parallel: bool = False,
    running: bool = True,
    seed: int = 0,
) -> Practice:
    """Return a practice for a complaint; the same input gives the same practice.

    Red flags come first: ask :func:`runfree.coach.triage`, and give its conditions here.

    Parameters
    ----------
    complaint, minutes, have, conditions, level, when, work_on, parallel, running, seed
        As in :class:`runfree.practice.Wishes`; 5 to 45 minutes.
    avoid : collection of str
        Loads (``kneeling``), conditions of the body (``neuroma``) or exercises (``boat``).

    Returns
    -------
    Practice
        Within 10 % of the time, or shorter with a note that says why.

    Raises
    ------
    InputError
        If something asked for is not known, or the time lies outside 5 to 45 minutes.
    """
    knowledge = load()
    wishes = Wishes(
        complaint=_one_of("Complaint", complaint, knowledge.complaints),
        minutes=_minutes(minutes),
        have=frozenset(_known("Prop", have, knowledge.props)),
        avoid=frozenset(_avoided(avoid, knowledge)),
        conditions=frozenset(_known("Condition", conditions, knowledge.conditions)),
        level=EFFORTS[EFFORTS.index(_one_of("Level", level, EFFORTS))],  # type: ignore[arg-type]
        when=WHENS[WHENS.index(_one_of("Time", when, WHENS))],  # type: ignore[arg-type]
        work_on=tuple(dict.fromkeys(work_on)),
        parallel=parallel,
        running=running,
        seed=seed,
    )
    bodies = wishes.avoid & set(knowledge.conditions)
    wishes = replace(wishes, conditions=wishes.conditions | bodies, avoid=wishes.avoid - bodies)
    return _compose(knowledge, wishes)


def _compose(knowledge: Knowledge, wishes: Wishes) -> Practice:
    plan = next(p for p in knowledge.plans.values() if p.complaint == wishes.complaint)
    allowed, refused = pool(knowledge, wishes)
    choices = options(allowed, plan.session, wishes)
    chosen, how = _first(choices, wishes, plan)
    ordered = in_order(chosen, plan.session, wishes.when)
    items = tuple(_item(option, wishes, plan) for option in ordered)
    return Practice(
        wishes=wishes,
        title=plan.title,
        why=plan.why,
        items=items,
        daily=_daily(allowed, plan, wishes),
        left_out=_left_out(knowledge, plan, items, refused, wishes),
        notes=tuple(_notes(items, how, wishes)),
    )


def _first(choices: Sequence[Option], wishes: Wishes, plan: Plan) -> tuple[list[Option], Strictness]:
    for how in STEPS:
        chosen = solve(choices, wishes, ratio=plan.strength_per_length, how=how)
        if chosen is not None:
            return chosen, how
    return [], STEPS[-1]


def _daily(allowed: dict[str, Exercise], plan: Plan, wishes: Wishes) -> tuple[Item, ...]:
    """The few minutes of every day: the named exercises that fit into them, each in its smallest dose or a little more."""
    set_of_feet = {name: allowed[name] for name in plan.daily if name in allowed}
    short = replace(wishes, minutes=plan.daily_minutes, level="easy")
    choices = [o for o in options(set_of_feet, plan.daily, short) if o.phase == o.exercise.phases[0]]
    chosen = solve(choices, short, ratio=None, how=STEPS[-1]) or []
    ordered = sorted(chosen, key=lambda o: plan.daily.index(o.exercise.id))
    return tuple(replace(_item(o, wishes, plan), why="Part of the daily few minutes.") for o in ordered)


def _item(option: Option, wishes: Wishes, plan: Plan) -> Item:
    exercise = option.exercise
    form = form_for(exercise, wishes)
    if form is None:
        raise ValueError(f"{exercise.id} has no form for this practice")
    return Item(
        exercise=exercise,
        phase=option.phase,
        form=form,
        dose=option.dose,
        why=_why(exercise, wishes, plan),
        changes=tuple(c.text for c in exercise.cautions if c.do == "change" and c.condition in wishes.conditions),
        feet_parallel=exercise.feet_parallel and wishes.parallel,
    )


def _why(exercise: Exercise, wishes: Wishes, plan: Plan) -> str:
    reason = next((c.why for c in exercise.complaints if c.complaint == wishes.complaint), None)
    measured = next((a.why for a in exercise.alignments if a.alignment in wishes.work_on), None)
    if exercise.id in plan.session:
        return f"One of the few that matter most here. {reason or measured or plan.why}"
    if measured is not None:
        return f"For what your film showed. {measured}"
    return (
        reason
        or f"Rounds the practice off: {ROLE_WORDS[exercise.roles[0]]} for the {exercise.parts[0].replace('_', ' ')}."
    )


def _left_out(
    knowledge: Knowledge, plan: Plan, items: Iterable[Item], refused: dict[str, str], wishes: Wishes
) -> tuple[LeftOut, ...]:
    inside = {item.exercise.id for item in items}
    late = f"{wishes.minutes:g} minutes hold the more important part first"
    return tuple(
        LeftOut(name, knowledge.exercises[name].name, refused.get(name, late))
        for name in plan.session
        if name not in inside
    )


def _notes(items: Sequence[Item], how: Strictness, wishes: Wishes) -> Iterable[str]:
    total_min = sum(item.seconds for item in items) / 60
    if not items:
        yield "Nothing is left that suits you and your props. Leave out less, or ask a teacher or clinician for a practice."
    elif total_min < 0.9 * wishes.minutes:
        yield f"Shorter than the {wishes.minutes:g} minutes asked for: no more exercises suit you and your props."
    elif not how.parts:
        yield "The parts are not balanced as usual, as few exercises suit you and your props."
    if wishes.when == "before":
        yield "It ends standing, warm and without still holds: your run comes next."
    if not wishes.parallel:
        yield (
            "Feet keep their own angle here, and the kneecap follows the second toe. The kneecaps-forward self-check decides "
            "whether parallel feet may be tried."
        )


def _minutes(minutes: float) -> float:
    if not MINUTES[0] <= minutes <= MINUTES[1]:
        raise InputError(
            f"{minutes:g} minutes",
            f"a practice takes {MINUTES[0]:g} to {MINUTES[1]:g} minutes",
            "The daily few minutes come with every practice.",
        )
    return float(minutes)


def _one_of(what: str, name: str, known: Collection[str]) -> str:
    if name not in known:
        raise InputError(f"{what} {name!r}", "it is not known", f"Use one of: {', '.join(known)}.")
    return name


def _avoided(names: Collection[str], knowledge: Knowledge) -> list[str]:
    """Loads, conditions and exercises by name; a load also with hyphens, as it is typed."""
    out = [name.replace("-", "_") if name.replace("-", "_") in LOAD_WORDS else name for name in names]
    for name in out:
        if name not in LOAD_WORDS and name not in knowledge.conditions and name not in knowledge.exercises:
            loads, bodies = ", ".join(LOAD_WORDS).replace("_", "-"), ", ".join(knowledge.conditions)
            raise InputError(
                f"Avoid {name!r}",
                "it is no load, condition or exercise",
                f"Use {loads}; what is so of your body: {bodies}; or the name of an exercise.",
            )
    return out


def _known(what: str, names: Collection[str], known: Collection[str]) -> list[str]:
    return [_one_of(what, name, sorted(known)) for name in names]
