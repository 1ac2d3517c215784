"""The shape of what is practised: poses, foot drills and breath, with their doses, cautions, props and plans."""

from __future__ import annotations

from typing import Annotated, Literal, get_args

from pydantic import Field, model_validator

from runfree.core.finding import Alignment
from runfree.knowledge.schema import Basis, ClaimId, ComplaintId, File, Id, Text

Effort = Literal["easy", "medium", "strong"]
Position = Literal["standing", "all_fours", "kneeling", "seated", "prone", "supine"]
Phase = Literal["warm_up", "main", "cool_down"]
Role = Literal["strength", "length", "mobility", "balance", "breath", "rest"]
Part = Literal[
    "foot", "calf", "ankle", "thigh", "hamstrings", "inner_thigh", "hip", "gluteals", "belly", "back", "shoulders"
]
Load = Literal[
    "kneeling",
    "hands",
    "inverted",
    "balance",
    "single_leg",
    "impact",
    "deep_knee",
    "deep_fold",
    "backbend",
    "twist",
    "bent_toes",
]
EFFORTS: tuple[Effort, ...] = get_args(Effort)
LOADS: tuple[Load, ...] = get_args(Load)
BREATH_S = 6.0


class Prop(File):
    """A thing to practise with, what can stand in for it, and what to mind."""

    id: Id
    name: Text
    instead: Text
    caution: Text | None = None
    evidence: tuple[ClaimId, ...] = ()


class Condition(File):
    """Something about a body that makes some exercises unsuitable, as the runner would say it of themselves."""

    id: Id
    name: Text
    says: Text


class Caution(File):
    """What to do with an exercise in a body with this condition: leave it out, or change it as the text says."""

    condition: Id
    do: Literal["leave_out", "change"]
    text: Text


class Dose(File):
    """How much of an exercise, for one side: sets of repetitions, of breaths, or of a hold.

    ``rep_s`` is the length of one repetition, ``hold_s`` of one hold and ``rest_s`` of the rest between sets, in
    seconds. A breath counts as six seconds.
    """

    sets: int = Field(default=1, ge=1, le=6)
    reps: int | None = Field(default=None, ge=1, le=60)
    rep_s: float = Field(default=5.0, gt=0, le=30)
    breaths: int | None = Field(default=None, ge=1, le=60)
    hold_s: float | None = Field(default=None, gt=0, le=1800)
    rest_s: float = Field(default=0.0, ge=0, le=120)

    @model_validator(mode="after")
    def _one_measure(self) -> Dose:
        if sum(x is not None for x in (self.reps, self.breaths, self.hold_s)) != 1:
            raise ValueError("a dose has reps, breaths or hold_s: exactly one of them")
        return self

    @property
    def set_s(self) -> float:
        """Length of one set on one side, in seconds."""
        if self.reps is not None:
            return self.reps * self.rep_s
        return self.breaths * BREATH_S if self.breaths is not None else self.hold_s or 0.0

    @property
    def seconds(self) -> float:
        """Length on one side with the rests between sets, in seconds."""
        return self.sets * self.set_s + (self.sets - 1) * self.rest_s


class Form(File):
    """One way to do an exercise, and its dose by level."""

    how: Text
    easy: Dose
    medium: Dose
    strong: Dose

    @model_validator(mode="after")
    def _rising(self) -> Form:
        if not self.easy.seconds <= self.medium.seconds <= self.strong.seconds:
            raise ValueError("doses must not shrink from easy to strong")
        return self

    def dose(self, level: Effort) -> Dose:
        """Return the dose of a level."""
        return {"easy": self.easy, "medium": self.medium, "strong": self.strong}[level]


class Variant(File):
    """An easier or harder way: in words, and the exercise it is where it has a file of its own."""

    text: Text
    exercise: Id | None = None


class ForComplaint(File):
    """Why an exercise is of use for a complaint."""

    complaint: ComplaintId
    why: Text


class ForAlignment(File):
    """Why an exercise is of use for an alignment."""

    alignment: Alignment
    why: Text


class Exercise(File):
    """What poses, drills and breath have in common.

    Attributes
    ----------
    id : str
        The file's name; its picture is ``figures/ID.svg``.
    sides : {"both", "each"}
        Done once for both sides, or once on each.
    roles, parts
        What it trains and where, the main one first.
    phases
        Where in a practice it may stand.
    load
        What it asks of the body; names that a runner may ask to avoid.
    moving, hold : Form or None
        The form in motion (before a run) and the still one (after); at least one.
    feet_parallel : bool
        Whether the feet-parallel cue belongs here (given only where the torsion self-check allows it).
    basis : {"research", "expert", "tradition"}
        What its use for the complaints rests on; ``evidence`` names the claims.
    draft : bool
        Not to be prescribed yet.
    """

    id: Id
    name: Text
    sides: Literal["both", "each"]
    position: Position
    roles: Annotated[tuple[Role, ...], Field(min_length=1)]
    parts: Annotated[tuple[Part, ...], Field(min_length=1)]
    phases: Annotated[tuple[Phase, ...], Field(min_length=1)]
    load: tuple[Load, ...] = ()
    props: tuple[Id, ...] = ()
    props_optional: tuple[Id, ...] = ()
    complaints: tuple[ForComplaint, ...] = ()
    alignments: tuple[ForAlignment, ...] = ()
    cautions: tuple[Caution, ...] = ()
    moving: Form | None = None
    hold: Form | None = None
    easier: Variant
    harder: Variant
    steps: Annotated[tuple[Text, ...], Field(min_length=2, max_length=7)]
    cues: Annotated[tuple[Text, ...], Field(min_length=1, max_length=4)]
    toes: Text
    feet_parallel: bool = False
    method: Text
    research: Text
    basis: Basis
    evidence: tuple[ClaimId, ...] = ()
    alt: Text
    draft: bool = False

    @model_validator(mode="after")
    def _whole(self) -> Exercise:
        if self.moving is None and self.hold is None:
            raise ValueError("moving or hold is missing")
        if self.basis == "research" and not self.evidence:
            raise ValueError("basis research needs evidence")
        if set(self.props) & set(self.props_optional):
            raise ValueError("a prop is needed or optional, not both")
        conditions = [c.condition for c in self.cautions]
        if len(set(conditions)) != len(conditions):
            raise ValueError("cautions names a condition twice")
        return self

    def left_out_for(self, conditions: frozenset[str]) -> tuple[Caution, ...]:
        """Return the cautions that rule this exercise out in a body with these conditions."""
        return tuple(c for c in self.cautions if c.do == "leave_out" and c.condition in conditions)


class Pose(Exercise):
    """A yoga pose. Its use is a yoga teacher's judgement unless ``basis`` says more."""

    sanskrit: Text

    @model_validator(mode="after")
    def _cautious(self) -> Pose:
        if not self.cautions:
            raise ValueError("cautions are missing")
        return self


class Drill(Exercise):
    """A drill for feet, ankles and steps."""


class Breath(Exercise):
    """A rung of the breath and belly ladder, counted from 1."""

    rung: int = Field(ge=1)


class Plan(File):
    """The smallest practice worth doing for a complaint (or before one), most important first.

    ``session`` is done ``per_week`` times in ``minutes`` (least, most); ``daily`` every day. ``strength_per_length``
    is how many strengthening exercises there are to a lengthening one, ``keep`` the roles or parts that a shorter
    practice keeps.
    """

    id: Id
    title: Text
    complaint: ComplaintId | None = None
    session: Annotated[tuple[Id, ...], Field(min_length=1)]
    daily: tuple[Id, ...] = ()
    daily_minutes: int = Field(default=3, ge=1, le=10)
    per_week: int = Field(default=3, ge=1, le=7)
    minutes: tuple[int, int] = (15, 25)
    strength_per_length: int | None = Field(default=None, ge=1)
    why: Text
    basis: Basis
    evidence: tuple[ClaimId, ...] = ()
