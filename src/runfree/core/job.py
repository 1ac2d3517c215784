"""Work on films that a person waits for: looked at in seconds, or analysed in minutes."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

JobKind = Literal["check", "analysis"]
JobState = Literal["waiting", "running", "done", "failed", "cancelled"]
ENDED: tuple[JobState, ...] = ("done", "failed", "cancelled")
TRIES = 2
"""A job whose worker was killed is tried once more; then it has failed."""


@dataclass(frozen=True, slots=True)
class Job:
    """One piece of work.

    Attributes
    ----------
    id : str
        Cannot be guessed, and is never used again.
    kind, state
        What it is, and how far it came.
    clips : tuple of str
        The films it is about.
    asked : dict
        What the person said: height_m, speed_mps, complaint, triage, slowmo, blur_face.
    made_at, ended_at : datetime
        When it was asked for and when it ended.
    tries : int
        How often it was begun.
    doing : str
        What it does now, in a word or two.
    progress : float
        Share of that which is done, 0 to 1.
    result : dict
        What came out; empty until it is done.
    failure : dict
        What, why and remedy of an error; empty unless it failed.
    """

    id: str
    kind: JobKind
    state: JobState
    clips: tuple[str, ...]
    asked: dict[str, Any]
    made_at: datetime
    ended_at: datetime | None = None
    tries: int = 0
    doing: str = ""
    progress: float = 0.0
    result: dict[str, Any] = field(default_factory=dict[str, Any])
    failure: dict[str, str] = field(default_factory=dict[str, str])

    @property
    def ended(self) -> bool:
        """Whether nothing more will happen to it."""
        return self.state in ENDED
