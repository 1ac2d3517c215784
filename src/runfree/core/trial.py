"""A trial: its plan, fixed before the first day, and what happened in it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from datetime import date, datetime, timedelta
from typing import Any, Literal

Pace = Literal["slow", "fast"]
Better = Literal["lower", "higher"]
TrialEntryKind = Literal["result", "missed", "change", "look"]
Ending = Literal["", "done", "stopped", "left"]
"""Of a trial: running, judged at its end, stopped by a rule, left by the runner."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What will be tried, how, and in which order that was drawn by lot. Nothing of it changes after the lock.

    Attributes
    ----------
    change, title : str
        Id of the change in the knowledge files, and its name.
    complaint : str
        For which of the four complaints.
    pace : {"slow", "fast"}
        Blocks of days, or blocks of minutes within runs.
    outcome, site : str
        ``pain``, a measure or a form; where the pain is ("" otherwise).
    unit, better
        Of the outcome, and which way is better.
    important : float
        The smallest change that matters, above zero, in ``unit``.
    start : date
        First day (of the baseline, if there is one).
    baseline_days : int
        Days before the first block.
    order : tuple of bool
        One for each pair of blocks: whether the block with the change comes first.
    block : int
        Length of a block: days (slow) or seconds (fast).
    skip : int
        Days or seconds at the start of each block that do not count: the change sets in, or wears off.
    pairs_per_run, warm_up_s : int
        Fast only: pairs within one run, and seconds before the first block.
    seed : int
        The order was drawn with it.
    promised : float
        The chance to see a change that matters, worked out before the start, 0 to 1.
    alpha : float
        The error that all looks together may make.
    """

    change: str
    title: str
    complaint: str
    pace: Pace
    outcome: str
    site: str
    unit: str
    better: Better
    important: float
    start: date
    baseline_days: int
    order: tuple[bool, ...]
    block: int
    skip: int
    pairs_per_run: int = 0
    warm_up_s: int = 0
    seed: int = 0
    promised: float = 0.0
    alpha: float = 0.05

    @property
    def pairs(self) -> int:
        """How many pairs of blocks."""
        return len(self.order)

    @property
    def last(self) -> date:
        """The last day of a slow trial."""
        return self.start + timedelta(days=self.baseline_days + 2 * self.pairs * self.block - 1)

    @property
    def sessions(self) -> int:
        """How many runs a fast trial has."""
        return self.pairs // self.pairs_per_run if self.pairs_per_run else 0

    def session_day(self, session: int) -> date:
        """The planned day of a run of a fast trial, counted from 0: every second day."""
        return self.start + timedelta(days=2 * session)

    def is_on(self, block: int) -> bool:
        """Whether a block, counted from 0, is one with the change."""
        return self.order[block // 2] == (block % 2 == 0)


@dataclass(frozen=True, slots=True)
class Trial:
    """A plan as it was locked, and how the trial ended.

    ``sha256`` is that of :func:`plan_text`; ``number`` counts the person's trials.
    """

    number: int
    plan: Plan
    locked_at: datetime
    sha256: str
    ended_at: datetime | None = None
    ending: Ending = ""
    why: str = ""

    @property
    def intact(self) -> bool:
        """Whether the plan still is the one that was locked."""
        return plan_hash(self.plan) == self.sha256


@dataclass(frozen=True, slots=True)
class TrialEntry:
    """Something that happened in a trial, in one of its revisions.

    Attributes
    ----------
    kind : TrialEntryKind
        ``result``: a value for a block; ``missed``: the block's instruction was not followed that day; ``change``: something
        was done differently from the plan; ``look``: a verdict was read, with what it rested on in ``data``.
    at : datetime
        Aware, on the runner's own clock: when it was.
    block : int or None
        Counted from 0.
    value, speed_mps : float or None
        Of a result.
    """

    kind: TrialEntryKind
    at: datetime
    block: int | None = None
    value: float | None = None
    speed_mps: float | None = None
    data: dict[str, Any] = field(default_factory=dict[str, Any])
    note: str = ""
    recorded_at: datetime | None = None
    number: int = 0
    revision: int = 0

    @property
    def local_date(self) -> date:
        """The day on the person's own clock."""
        return self.at.date()


def plan_text(plan: Plan) -> str:
    """Return a plan as JSON text, always the same for the same plan."""
    return json.dumps(plan_data(plan), sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def plan_data(plan: Plan) -> dict[str, Any]:
    """Return a plan as JSON-ready values."""
    return asdict(plan) | {"start": plan.start.isoformat(), "order": list(plan.order)}


def plan_of(data: Mapping[str, Any]) -> Plan:
    """Return the plan that :func:`plan_data` wrote down."""
    known = {f.name for f in fields(Plan)}
    kept: dict[str, Any] = {key: value for key, value in data.items() if key in known}
    kept |= {"start": date.fromisoformat(data["start"]), "order": tuple(data["order"])}
    return Plan(**kept)


def plan_hash(plan: Plan) -> str:
    """Return the SHA-256 of a plan's text."""
    return hashlib.sha256(plan_text(plan).encode()).hexdigest()
