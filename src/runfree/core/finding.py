"""A rule's verdict on one alignment."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Alignment = Literal["parallel", "tracking", "glide", "belly", "toes"]
Verdict = Literal["present", "absent", "not_assessable"]
Grade = Literal["high", "moderate", "low", "very low", "none", "good practice"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One alignment, judged.

    Attributes
    ----------
    alignment : Alignment
        Which of the five.
    verdict : Verdict
        ``present`` = the alignment is there.
    headline, text : str
        Plain words: one line, and a short paragraph with the numbers.
    basis : tuple of str
        What it was compared with: ``measurement error``, ``own earlier film``, ``runners at this speed``,
        ``runners from 8 to 15 km/h``.
    metrics : tuple of str
        The measures it rests on.
    evidence : tuple of str
        Ids of claims in the knowledge files.
    grade : Grade
        How well research supports acting on it.
    see_instead : str or None
        What would show it: ``film:front``, ``self_check:belly``.
    work_on : bool
        One of the (at most three) things proposed to work on.
    """

    alignment: Alignment
    verdict: Verdict
    headline: str
    text: str
    basis: tuple[str, ...]
    metrics: tuple[str, ...]
    evidence: tuple[str, ...]
    grade: Grade
    see_instead: str | None = None
    work_on: bool = False
