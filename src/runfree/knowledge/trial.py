"""The shape of what may be tried on one body, and of what it is judged by."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from runfree.core.metrics import METRICS
from runfree.core.trial import Better
from runfree.knowledge.schema import Basis, Citation, ClaimId, ComplaintId, File, Id, Text


class Moves(File):
    """A measure that a change moves within a run, and which way is meant."""

    metric: str
    better: Better

    @model_validator(mode="after")
    def _known(self) -> Moves:
        if self.metric not in METRICS:
            raise ValueError(f"metric {self.metric!r} is unknown")
        return self


class Watch(File):
    """Places that a change may load more: new pain there ends the trial."""

    sites: Annotated[tuple[Text, ...], Field(min_length=1)]
    why: Text


class TrialChange(File):
    """One change that may be tried: with it and without it, in turns.

    Only what is over soon after it is left off can be told apart this way, so nothing that builds strength is here.
    ``also`` are other names; ``cue``, ``footwear`` or ``exercise`` is what is tried. ``running`` marks what
    changes how somebody runs, ``feet`` what turns the feet (only where the kneecaps-forward check is clear). ``onset_days`` is
    after how many days it is fully there, and fully gone, for pain.
    """

    id: Id
    title: Text
    also: tuple[Text, ...] = ()
    cue: Id | None = None
    footwear: Id | None = None
    exercise: Id | None = None
    with_it: Text
    without_it: Text
    complaints: tuple[ComplaintId, ...] = ()
    moves: tuple[Moves, ...] = ()
    running: bool = False
    feet: bool = False
    onset_days: int = Field(ge=1, le=7)
    onset: Text
    watch: Watch | None = None
    basis: Basis
    evidence: tuple[ClaimId, ...] = ()

    @model_validator(mode="after")
    def _one_thing(self) -> TrialChange:
        if sum(x is not None for x in (self.cue, self.footwear, self.exercise)) != 1:
            raise ValueError("one of cue, footwear and exercise is what is tried")
        if not self.complaints and not self.moves:
            raise ValueError("complaints or moves is missing: what is it tried for?")
        if self.feet and not (self.running and self.watch):
            raise ValueError("what turns the feet changes running and has places to watch")
        return self


class Outcome(File):
    """What a trial is judged by, and the smallest change of it that matters.

    ``important`` is in ``unit``; with ``share`` it is that share of the runner's own baseline, between ``least`` and
    ``important``. ``usual_sd`` is how much single days (or, in a fast trial, blocks of a minute or two) differ by themselves.
    """

    id: Text
    title: Text
    unit: Text
    kind: Literal["pain", "form", "measure"]
    better: Better | None = None
    important: float = Field(gt=0)
    share: float | None = Field(default=None, gt=0, lt=1)
    least: float | None = Field(default=None, gt=0)
    digits: int = Field(ge=0, le=2)
    usual_sd: float = Field(gt=0)
    citations: Annotated[tuple[Citation, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _whole(self) -> Outcome:
        if (self.share is None) != (self.least is None):
            raise ValueError("share and least go together")
        if self.kind == "measure" and self.id not in METRICS:
            raise ValueError(f"measure {self.id!r} is unknown")
        if (self.better is None) != (self.kind == "measure"):
            raise ValueError("better is said by pain and forms; for a measure the change says it")
        return self
