"""The shape of a self-check: what to do, what to ask, and what the answers say."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from runfree.core.finding import Alignment
from runfree.knowledge.schema import Basis, ClaimId, File, Id, Question, Text

Means = Literal["clear", "work_on", "unsure"]


class Choice(File):
    """One answer to choose, and what it means."""

    id: Id
    text: Text
    means: Means


class Number(File):
    """A number to answer with: its unit, the range that is possible, and from where it is clear.

    Below ``clear_from`` (where given), or with sides further apart than ``gap`` (in the unit, or as a share of the
    larger side in ``gap_share``), there is something to work on.
    """

    unit: Text
    low: float
    high: float
    clear_from: float | None = None
    gap: float | None = Field(default=None, gt=0)
    gap_share: float | None = Field(default=None, gt=0, lt=1)

    @model_validator(mode="after")
    def _ordered(self) -> Number:
        if self.low >= self.high:
            raise ValueError("low must lie below high")
        return self


class Ask(File):
    """One question of a self-check, of the whole body or of each side."""

    id: Id
    question: Question
    sides: Literal["both", "each"] = "both"
    choices: tuple[Choice, ...] = ()
    number: Number | None = None

    @model_validator(mode="after")
    def _one_kind(self) -> Ask:
        if bool(self.choices) == (self.number is not None):
            raise ValueError("a question has choices or a number")
        if len({c.id for c in self.choices}) != len(self.choices):
            raise ValueError("choices names an answer twice")
        return self


class Outcome(File):
    """What a result says, and what to practise next."""

    headline: Text
    text: Text
    practise: tuple[Id, ...] = ()


class SelfCheck(File):
    """Something no film shows, seen or felt by the runner.

    ``alignment`` is the one it informs, if any; ``leave_if`` names conditions in which it is left out.
    """

    id: Id
    title: Text
    alignment: Alignment | None = None
    why: Text
    steps: Annotated[tuple[Text, ...], Field(min_length=2)]
    asks: Annotated[tuple[Ask, ...], Field(min_length=1)]
    leave_if: tuple[Id, ...] = ()
    props: tuple[Id, ...] = ()
    clear: Outcome
    work_on: Outcome
    unsure: Outcome
    repeat_days: int = Field(default=14, ge=1)
    basis: Basis
    evidence: tuple[ClaimId, ...] = ()
    alt: Text
