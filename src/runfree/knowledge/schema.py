"""The shape of the knowledge files. Every file is checked against it when it is read."""

from __future__ import annotations

import re
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from runfree.core import finding
from runfree.core.metrics import METRICS

Text = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]
Id = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=40)]
Question = Annotated[str, StringConstraints(pattern=r"\?$")]
ClaimId = Annotated[str, StringConstraints(pattern=r"^[FKHBG][1-9]\d?$")]
Doi = Annotated[str, StringConstraints(pattern=r"^10\.\d{4,9}/\S+$")]
Verdict = Literal["support", "partial", "mixed", "untested", "contradicted", "not supported", "caution"]
Level = Literal["E", "U", "S", "M"]
ComplaintId = Literal["foot", "knee", "hamstrings", "back"]
Basis = Literal["research", "expert", "tradition"]
Confidence = Literal["medium", "low", "very low", "judgement"]


class File(BaseModel):
    """What every part of a knowledge file is: no unknown field, nothing changed after reading."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Citation(File):
    """One source and how far it was checked.

    ``V`` record and numbers read, ``V-doi`` record read and numbers from memory, ``M`` from memory, ``R`` own
    arithmetic, ``J`` judgement.
    """

    source: Text
    status: Literal["V", "V-doi", "M", "R", "J"]
    doi: Doi | None = None
    note: Text | None = None


class Claim(File):
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


class RedFlag(File):
    """A question asked before anything else, and what to do when the answer is yes.

    Levels: ``E`` emergency now, ``U`` a doctor within 48 hours, ``S`` a physio or sports doctor within one to two
    weeks and no running until then, ``M`` keep an eye on it. ``conditions`` are those that a yes implies for the
    practice, ``practice`` says whether there may be one at all (never at E and U).
    """

    id: Id
    question: Question
    level: Level
    what_to_do: Text
    conditions: tuple[Id, ...] = ()
    practice: bool = True


class RedFlags(File):
    """The red-flag questions of one region."""

    id: Text
    title: Text
    flags: Annotated[tuple[RedFlag, ...], Field(min_length=1)]


class Cue(File):
    """Words to run with, about the world outside (the first is used first), words to leave, the measure they move.

    ``learn`` is the short inner cue to learn the movement with, before the outer words take over.
    """

    id: Id
    goal: Text
    alignment: finding.Alignment | None = None
    say: Annotated[tuple[Text, ...], Field(min_length=1)]
    avoid: Text
    learn: Text | None = None
    metric: str | None = None
    note: Text | None = None
    basis: Basis
    evidence: tuple[ClaimId, ...] = ()

    @model_validator(mode="after")
    def _known_metric(self) -> Cue:
        if self.metric is not None and self.metric not in METRICS:
            raise ValueError(f"metric {self.metric!r} is unknown")
        return self


class AlignmentGuide(File):
    """One of the five alignments, explained."""

    id: finding.Alignment
    title: Text
    one_line: Text
    explanation: Text
    practise_today: Text
    cue: Id
    self_check: Id | None = None
    do_alt: Text
    dont_alt: Text
    evidence: Annotated[tuple[ClaimId, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _self_check_where_needed(self) -> AlignmentGuide:
        if self.id in ("parallel", "belly", "toes") and not self.self_check:
            raise ValueError(f"self_check is missing; {self.id} needs one")
        return self


class Tip(File):
    """One thing to do, with the claims it rests on (the leading one first).

    ``method`` is what the method says to it in our words, or None where research adds it. What research says is the
    leading claim. ``running`` marks advice that changes how somebody runs.
    """

    text: Text
    method: Text | None = None
    running: bool = False
    alignment: finding.Alignment | None = None
    evidence: Annotated[tuple[ClaimId, ...], Field(min_length=1)]


class ComplaintAlignment(File):
    """An alignment that matters for a complaint, with the claims that say how much."""

    alignment: finding.Alignment
    evidence: Annotated[tuple[ClaimId, ...], Field(min_length=1)]


class Branch(File):
    """A kind of the complaint that asks for something of its own: how to tell, what to do, what to leave."""

    id: Id
    title: Text
    tells: Text
    text: Text
    condition: Id
    practise: tuple[Id, ...] = ()
    leave: tuple[Id, ...] = ()
    evidence: Annotated[tuple[ClaimId, ...], Field(min_length=1)]


class Correction(File):
    """Where research disagrees with a sentence of the method: the sentence in our words, and what to say instead."""

    method: Text
    instead: Text
    evidence: Annotated[tuple[ClaimId, ...], Field(min_length=1)]


class Complaint(File):
    """What the method sees in a complaint, corrected by research."""

    id: Text
    title: Text
    red_flags: Annotated[tuple[Text, ...], Field(min_length=1)]
    cause: Text
    what_to_do: Annotated[tuple[Tip, ...], Field(min_length=1)]
    why_it_works: Text
    why_evidence: Annotated[tuple[ClaimId, ...], Field(min_length=1)]
    research: Text
    grade: finding.Grade
    evidence: Annotated[tuple[ClaimId, ...], Field(min_length=1)]
    alignments: Annotated[tuple[ComplaintAlignment, ...], Field(min_length=1)]
    branches: tuple[Branch, ...] = ()
    corrections: tuple[Correction, ...] = ()
    footwear: tuple[Id, ...] = ()

    @model_validator(mode="after")
    def _each_once(self) -> Complaint:
        names = [a.alignment for a in self.alignments]
        if len(set(names)) != len(names):
            raise ValueError("alignments names one twice")
        return self


class Footwear(File):
    """One thing to know about shoes, spacers and bare feet, in both voices."""

    id: Id
    title: Text
    text: Text
    steps: tuple[Text, ...] = ()
    method: Text | None = None
    research: Text
    basis: Basis
    evidence: Annotated[tuple[ClaimId, ...], Field(min_length=1)]


class AtSpeed(File):
    """The mean of a measure at one running speed."""

    kmh: float = Field(gt=0)
    mean: float


class Band(File):
    """Limits set by judgement, in the unit of the measure; ``walking_high`` where walking differs."""

    low: float
    high: float
    walking_high: float | None = None

    @model_validator(mode="after")
    def _ordered(self) -> Band:
        if self.low >= self.high:
            raise ValueError("band: low must lie below high")
        return self


class Reference(File):
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
