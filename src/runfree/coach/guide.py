"""What the method sees in a complaint, what to do, and what research says."""

from __future__ import annotations

from dataclasses import dataclass

from runfree.core.errors import InputError
from runfree.core.finding import Alignment, Grade
from runfree.knowledge.loader import load
from runfree.knowledge.schema import Complaint, RedFlag


@dataclass(frozen=True, slots=True)
class GradedTip:
    """One thing to do, how well research supports it, the claims it rests on, and whether it changes how one runs."""

    text: str
    grade: Grade
    evidence: tuple[str, ...]
    running: bool = False


@dataclass(frozen=True, slots=True)
class ComplaintGuide:
    """Everything to say to a complaint; the red flags are asked before anything else.

    Attributes
    ----------
    complaint, title : str
        Id (``knee``) and name for people.
    red_flags : tuple of RedFlag
        Questions with level and what to do: those for everybody, then those of the region.
    cause : str
        What the method sees in it, with what research says to that.
    what_to_do : tuple of GradedTip
        In the order to try.
    why_it_works, research : str
        The reasoning, and what is known and not known.
    grade : Grade
        How well research supports the advice as a whole.
    evidence : tuple of str
        Ids of claims in the knowledge files.
    alignments : tuple of Alignment
        Those that matter here, in order.
    """

    complaint: str
    title: str
    red_flags: tuple[RedFlag, ...]
    cause: str
    what_to_do: tuple[GradedTip, ...]
    why_it_works: str
    research: str
    grade: Grade
    evidence: tuple[str, ...]
    alignments: tuple[Alignment, ...]


def complaint_guide(complaint: str) -> ComplaintGuide:
    """Return the guide to a complaint.

    Parameters
    ----------
    complaint : str
        ``foot``, ``knee``, ``hamstrings`` or ``back``.

    Raises
    ------
    InputError
        If the complaint is not one of them.
    """
    knowledge = load()
    known = find_complaint(complaint)
    return ComplaintGuide(
        complaint=known.id,
        title=known.title,
        red_flags=tuple(flag for name in known.red_flags for flag in knowledge.red_flags[name].flags),
        cause=known.cause,
        what_to_do=tuple(
            GradedTip(tip.text, knowledge.evidence[tip.evidence[0]].grade, tip.evidence, tip.running)
            for tip in known.what_to_do
        ),
        why_it_works=known.why_it_works,
        research=known.research,
        grade=known.grade,
        evidence=known.evidence,
        alignments=tuple(a.alignment for a in known.alignments),
    )


def find_complaint(complaint: str) -> Complaint:
    """Return the knowledge file of a complaint, or raise InputError naming those that exist."""
    complaints = load().complaints
    if complaint not in complaints:
        raise InputError(
            f"Complaint {complaint!r}",
            "it is not one Runfree knows",
            f"Use one of: {', '.join(sorted(complaints))}.",
        )
    return complaints[complaint]
