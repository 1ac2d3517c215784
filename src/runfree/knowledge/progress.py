"""The shape of what decides the next step: the pain rule, and the way back to running."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from runfree.knowledge.schema import Citation, File, Id, Text


class Light(File):
    """One light: pain from 0 to 10 up to ``pain_max`` during or after, the morning after, the week, what to do."""

    light: Literal["green", "amber", "red"]
    pain_max: int = Field(ge=0, le=10)
    during: Text
    next_morning: Text
    week: Text
    run: Text
    practice: Text


class PainRule(File):
    """The traffic light that decides whether the next dose rises, stays or falls.

    ``no_pain_at`` names the places (of the journal) where no pain at all is tolerated.
    """

    title: Text
    method: Text
    lights: tuple[Light, Light, Light]
    no_pain_at: tuple[Id, ...]
    exceptions: Annotated[tuple[Text, ...], Field(min_length=1)]
    stop: Text
    consult: Text
    see: Annotated[tuple[Text, ...], Field(min_length=1)]
    citations: Annotated[tuple[Citation, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _rising(self) -> PainRule:
        if [x.light for x in self.lights] != ["green", "amber", "red"]:
            raise ValueError("lights go from green over amber to red")
        limits = [x.pain_max for x in self.lights]
        if limits != sorted(set(limits)):
            raise ValueError("pain_max must rise")
        return self


class Stage(File):
    """One stage of the way back: ``repeats`` times running and walking, in minutes."""

    repeats: int = Field(ge=1)
    run_min: float = Field(ge=0)
    walk_min: float = Field(ge=0)


class ReturnToRunning(File):
    """What to be able to do first, and the ladder from walking to thirty minutes of running."""

    title: Text
    before: Annotated[tuple[Text, ...], Field(min_length=1)]
    stages: Annotated[tuple[Stage, ...], Field(min_length=2)]
    rules: Annotated[tuple[Text, ...], Field(min_length=1)]
    citations: Annotated[tuple[Citation, ...], Field(min_length=1)]
