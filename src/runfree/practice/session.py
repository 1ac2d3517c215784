"""What a practice is: its items in order, how long each part of them lasts, and what was left out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal, get_args

from runfree.core.finding import Alignment
from runfree.knowledge.exercise import Dose, Effort, Exercise, Form, Phase

READY_S = 10.0
CHANGE_S = 6.0
"""Time to read an exercise and get into it, and to change the side."""

When = Literal["before", "after", "apart"]
WHENS: tuple[When, ...] = get_args(When)
Kind = Literal["ready", "work", "rest", "change"]
Side = Literal["both", "left", "right"]
PHASES: tuple[Phase, ...] = get_args(Phase)


@dataclass(frozen=True, slots=True)
class Wishes:
    """What a practice is made for.

    Attributes
    ----------
    complaint : str
        ``foot``, ``knee``, ``hamstrings`` or ``back``.
    minutes : float
        How long it may take, changes and pauses included.
    have : frozenset of str
        Props at hand (ids); an exercise that needs another one is left out.
    avoid : frozenset of str
        Loads (``kneeling``) and exercises (``boat``) to leave out.
    conditions : frozenset of str
        What is so of the body (ids); exercises that do not suit them are left out or changed.
    level : {"easy", "medium", "strong"}
        The largest dose.
    when : {"before", "after", "apart"}
        Before a run everything moves; after one, poses are held; apart from runs strength moves and length is held.
    work_on : tuple of Alignment
        Alignments that a measurement proposed to work on.
    parallel : bool
        Whether the kneecaps-forward self-check came out clear. Without that nothing asks for parallel feet.
    running : bool
        Whether running advice may be given; without it nothing jumps.
    seed : int
        Chooses among practices that are as good.
    """

    complaint: str
    minutes: float = 15.0
    have: frozenset[str] = frozenset()
    avoid: frozenset[str] = frozenset()
    conditions: frozenset[str] = frozenset()
    level: Effort = "medium"
    when: When = "apart"
    work_on: tuple[Alignment, ...] = ()
    parallel: bool = False
    running: bool = True
    seed: int = 0


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of time in one item: get ready, work, rest between sets, or change the side."""

    kind: Kind
    seconds: float
    side: Side = "both"
    set_nr: int = 1


@dataclass(frozen=True, slots=True)
class Item:
    """One exercise in a practice.

    ``why`` is the line that explains the choice, ``changes`` what to do differently in this body.
    """

    exercise: Exercise
    phase: Phase
    form: Literal["moving", "hold"]
    dose: Dose
    why: str
    changes: tuple[str, ...] = ()
    feet_parallel: bool = False

    @property
    def how(self) -> str:
        """How this form is done."""
        return form_of(self.exercise, self.form).how

    @property
    def sides(self) -> tuple[Side, ...]:
        """The sides in the order they are done."""
        return ("both",) if self.exercise.sides == "both" else ("left", "right")

    @property
    def seconds(self) -> float:
        """Length with getting ready, both sides and rests."""
        return item_seconds(self.exercise, self.dose)

    def segments(self) -> Iterator[Segment]:
        """The stretches of time in order; they add up to :attr:`seconds`, each side the same."""
        for i, side in enumerate(self.sides):
            yield Segment("change" if i else "ready", CHANGE_S if i else READY_S, side)
            for nr in range(1, self.dose.sets + 1):
                if nr > 1 and self.dose.rest_s:
                    yield Segment("rest", self.dose.rest_s, side, nr)
                yield Segment("work", self.dose.set_s, side, nr)


@dataclass(frozen=True, slots=True)
class LeftOut:
    """An exercise of the smallest practice that is not in this one, and why."""

    exercise: str
    name: str
    why: str


@dataclass(frozen=True, slots=True)
class Practice:
    """A practice: its items in order, the daily few minutes beside it, what was left out, and notes.

    ``items`` is empty only if ``notes`` says why.
    """

    wishes: Wishes
    title: str
    why: str
    items: tuple[Item, ...]
    daily: tuple[Item, ...] = ()
    left_out: tuple[LeftOut, ...] = ()
    notes: tuple[str, ...] = field(default=())

    @property
    def seconds(self) -> float:
        """Length of the whole practice."""
        return sum(item.seconds for item in self.items)

    @property
    def props(self) -> tuple[str, ...]:
        """Props that it uses, of those at hand."""
        used = {p for item in self.items for p in (*item.exercise.props, *item.exercise.props_optional)}
        return tuple(sorted(used & self.wishes.have))


def form_of(exercise: Exercise, name: Literal["moving", "hold"]) -> Form:
    """Return a form that the exercise has."""
    form = exercise.moving if name == "moving" else exercise.hold
    if form is None:
        raise ValueError(f"{exercise.id} has no form {name!r}")
    return form


def item_seconds(exercise: Exercise, dose: Dose) -> float:
    """Length of an exercise with getting ready and both sides, in seconds."""
    if exercise.sides == "each":
        return READY_S + CHANGE_S + 2 * dose.seconds
    return READY_S + dose.seconds
