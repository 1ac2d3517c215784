"""Red flags before anything else: what is asked, and what the answers hold back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from runfree.coach.guide import find_complaint
from runfree.core.errors import InputError
from runfree.core.finding import Finding
from runfree.knowledge.loader import load
from runfree.knowledge.schema import Level, RedFlag

ELSEWHERE = "elsewhere"
_EVERYBODY = ("any", "about-you", ELSEWHERE)
_URGENCY: tuple[Level, ...] = ("E", "U", "S", "M")
URGENCY_WORDS: dict[Level, str] = {
    "E": "Emergency: now",
    "U": "A doctor within two days",
    "S": "A physio or sports doctor within one to two weeks",
    "M": "Keep an eye on it",
}


@dataclass(frozen=True, slots=True)
class Triage:
    """What was asked, what fits, and what that holds back. It asks; it never names an illness.

    Attributes
    ----------
    asked : tuple of RedFlag
        Every question for this place.
    fits : tuple of RedFlag
        Those answered with yes, the most urgent first.
    answered : bool
        False until somebody has answered: no practice and no running advice before that.
    """

    asked: tuple[RedFlag, ...]
    fits: tuple[RedFlag, ...]
    answered: bool

    @property
    def level(self) -> Level | None:
        """The most urgent level that fits, or None."""
        return self.fits[0].level if self.fits else None

    @property
    def stop(self) -> bool:
        """Whether everything else waits: an emergency, or a doctor within two days."""
        return self.level in ("E", "U")

    @property
    def running(self) -> bool:
        """Whether advice on running may be given."""
        return self.answered and self.level in (None, "M")

    @property
    def practice(self) -> bool:
        """Whether a practice may be given, without what :attr:`conditions` rule out."""
        return self.answered and not self.stop and all(flag.practice for flag in self.fits)

    @property
    def conditions(self) -> frozenset[str]:
        """What the answers say about the body: ids in the knowledge files."""
        return frozenset(condition for flag in self.fits for condition in flag.conditions)


HELD_BACK = (
    "What was seen can wait: no change of how you run until somebody with training has looked at the warning sign."
)


def hold_back(findings: Sequence[Finding], asked: Triage) -> tuple[Finding, ...]:
    """Return the findings without their advice where an answer stops advice on running."""
    if asked.running or not asked.answered:
        return tuple(findings)
    return tuple(replace(finding, text=HELD_BACK, work_on=False, see_instead=None) for finding in findings)


def questions(complaint: str) -> tuple[RedFlag, ...]:
    """Return every red-flag question for a complaint, those for everybody first.

    Parameters
    ----------
    complaint : str
        ``foot``, ``knee``, ``hamstrings``, ``back``, or ``elsewhere`` for any other place.

    Raises
    ------
    InputError
        If the complaint is not one of them.
    """
    names = _EVERYBODY if complaint == ELSEWHERE else find_complaint(complaint).red_flags
    return tuple(flag for name in names for flag in load().red_flags[name].flags)


def triage(complaint: str, fits: Sequence[str] | None) -> Triage:
    """Return what the answers hold back.

    Parameters
    ----------
    complaint : str
        As in :func:`questions`.
    fits : sequence of str or None
        Ids of the questions answered with yes (none: all clear), or None if nobody has answered.

    Raises
    ------
    InputError
        If an id is not one of the questions.
    """
    asked = questions(complaint)
    known = {flag.id: flag for flag in asked}
    unknown = [name for name in fits or () if name not in known]
    if unknown:
        raise InputError(
            f"Triage {unknown[0]!r}",
            "it is none of the questions for this place",
            f"Use clear, or those that fit of: {', '.join(known)}.",
        )
    yes = sorted((known[name] for name in dict.fromkeys(fits or ())), key=lambda flag: _URGENCY.index(flag.level))
    return Triage(asked, tuple(yes), answered=fits is not None)
