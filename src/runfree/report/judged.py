"""A trial with its verdict, gathered for a page or a terminal."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from runfree.core.trial import Trial
from runfree.trials.blocks import BlockValue
from runfree.trials.verdict import Verdict


@dataclass(frozen=True, slots=True)
class Judged:
    """A trial with its verdict, what it rests on, and what is to be said beside it.

    Attributes
    ----------
    named : str
        What it is judged by (``knee pain``).
    digits : int
        Decimals to say it with.
    notes : tuple of str
        Plain sentences: changes of the plan, what moved since the last look, missing days.
    days : dict
        Daily values of a slow trial and of the four weeks before.
    blocks : dict
        Values of the blocks of a fast trial.
    judged_on : date
        The day of the verdict.
    """

    trial: Trial
    verdict: Verdict
    named: str
    digits: int
    notes: tuple[str, ...]
    days: dict[date, float]
    blocks: dict[int, BlockValue]
    judged_on: date
