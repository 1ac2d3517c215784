"""The shape of the knowledge files. Every file is checked against it when it is read."""

from __future__ import annotations

import re
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from runfree.core import finding
from runfree.core.metrics import METRICS

Text = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]
Question = Annotated[str, StringConstraints(pattern=r"\?$")]
ClaimId = Annotated[str, StringConstraints(pattern=r"^[FKHBG][1-9]\d?$")]
Doi = Annotated[str, StringConstraints(pattern=r"^10\.\d{4,9}/\S+$")]
Verdict = Literal["support", "partial", "mixed", "untested", "contradicted", "not supported", "caution"]
Level = Literal["E", "U", "S", "M"]
Confidence = Literal["medium", "low", "very low", "judgement"]


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Citation(_File):
    """One source and how far it was checked.

    ``V`` record and numbers read, ``V-doi`` record read and numbers from memory, ``M`` from memory, ``R`` own
    arithmetic, ``J`` judgement.
    """

    source: Text
    status: Literal["V", "V-doi", "M", "R", "J"]
    doi: Doi | None = None
    note: Text | None = None


class Claim(_File):
    """One claim of the method (or beside it), and what research says.

    ``grade`` is how sure research is of the claim for runners; where it differs by question the lower one
    stands and ``grade_note`` says so.
    """

    id: ClaimId
    claim: Text
    verdict: Verdict
    grade: finding.Grade
    finding: Text
    grade_note: Text | None = None
    citations: tuple[Citation, ...] = ()

    @model_validator(mode="after")
    def _short_and_sourced(self) -> Claim:
        sentences = len(re.findall(r"[.!?](?=\s|$)", self.finding))
        if sentences > 3:
            raise ValueError(f"finding has {sentences} sentences; three at most")
        if not self.citations and self.verdict != "untested":
            raise ValueError("citations are missing; only an untested claim goes without")
        return self


class RedFlag(_File):
    """A question asked before anything else, and what to do when the answer is yes.

    Levels: ``E`` emergency now, ``U`` a doctor within 48 hours, ``S`` a physio or sports doctor within one to two
    weeks and no running until then, ``M`` keep an eye on it.
    """

    question: Question
    level: Level
    what_to_do: Text


class RedFlags(_File):
    """The red-flag questions of one region."""

    id: Text
    title: Text
    flags: Annotated[tuple[RedFlag, ...], Field(min_length=1)]


class Cue(_File):
    """Words to run with (about the world outside), words to leave, and the measure they move."""

    say: Text
    avoid: Text
    metric: str | None = None

    @model_validator(mode="after")
    def _known_metric(self) -> Cue:
        if self.metric is not None and self.metric not in METRICS:
            raise ValueError(f"metric {self.metric!r} is unknown")
        return self


class AlignmentGuide(_File):
    """One of the five alignments, explained."""

    id: finding.Alignment
    title: Text
    one_line: Text
    explanation: Text
    practise_today: Text
    cue: Cue
    self_check: tuple[Text, ...] = ()
    evidence: Annotated[tuple[ClaimId, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _self_check_where_needed(self) -> AlignmentGuide:
        if self.id in ("parallel", "belly", "toes") and not self.self_check:
            raise ValueError(f"self_check is missing; {self.id} needs one")
        return self


class Tip(_File):
    """One thing to do, with the claims it rests on (the leading one first)."""

    text: Text
    evidence: Annotated[tuple[ClaimId, ...], Field(min_length=1)]


class ComplaintAlignment(_File):
    """An alignment that matters for a complaint, with the claims that say how much."""

    alignment: finding.Alignment
    evidence: Annotated[tuple[ClaimId, ...], Field(min_length=1)]


class Complaint(_File):
    """What the method sees in a complaint, corrected by research."""

    id: Text
    title: Text
    red_flags: Annotated[tuple[Text, ...], Field(min_length=1)]
    cause: Text
    what_to_do: Annotated[tuple[Tip, ...], Field(min_length=1)]
    why_it_works: Text
    research: Text
    grade: finding.Grade
    evidence: Annotated[tuple[ClaimId, ...], Field(min_length=1)]
    alignments: Annotated[tuple[ComplaintAlignment, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _each_once(self) -> Complaint:
        names = [a.alignment for a in self.alignments]
        if len(set(names)) != len(names):
            raise ValueError("alignments names one twice")
        return self


class AtSpeed(_File):
    """The mean of a measure at one running speed."""

    kmh: float = Field(gt=0)
    mean: float


class Band(_File):
    """Limits set by judgement, in the unit of the measure; ``walking_high`` where walking differs."""

    low: float
    high: float
    walking_high: float | None = None

    @model_validator(mode="after")
    def _ordered(self) -> Band:
        if self.low >= self.high:
            raise ValueError("band: low must lie below high")
        return self


class Reference(_File):
    """Usual values of one measure: a mean, means by speed, or a band; ``sd`` is between runners.

    ``mdc`` is the smallest difference that published methods can detect, in the same unit.
    """

    id: str
    unit: Text
    confidence: Confidence
    citations: Annotated[tuple[Citation, ...], Field(min_length=1)]
    mean: float | None = None
    by_speed: tuple[AtSpeed, ...] = ()
    band: Band | None = None
    sd: float | None = Field(default=None, gt=0)
    mdc: float | None = Field(default=None, gt=0)
    note: Text | None = None

    @model_validator(mode="after")
    def _usable(self) -> Reference:
        if self.id not in METRICS or self.unit != METRICS[self.id].unit:
            raise ValueError(f"unit {self.unit!r} of {self.id!r} is not that of a known measure")
        if self.mean is None and not self.by_speed and self.band is None:
            raise ValueError("mean, by_speed or band is missing")
        if self.sd is None and self.band is None:
            raise ValueError("sd is missing")
        speeds = [row.kmh for row in self.by_speed]
        if speeds != sorted(set(speeds)):
            raise ValueError("by_speed: speeds must rise")
        return self
