"""What the rules look at: the numbers of now and earlier, and what backs a verdict."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from runfree.coach.guide import find_complaint
from runfree.core.estimate import Estimate, NotAssessable
from runfree.core.finding import Alignment, Grade
from runfree.core.metrics import METRICS, Gait, Side
from runfree.knowledge.loader import load

Place = Literal["inside", "above", "below", "unclear"]

MEASUREMENT_ERROR = "measurement error"
OWN_EARLIER = "own earlier film"


@dataclass(frozen=True, slots=True)
class Seen:
    """All that a rule may look at.

    Attributes
    ----------
    estimates, not_assessable
        Of the film judged.
    earlier : tuple of Estimate
        Of the runner's own earlier film; empty without one.
    gait, complaint, speed_mps
        As given to :func:`runfree.coach.judge`.
    """

    estimates: tuple[Estimate, ...]
    not_assessable: tuple[NotAssessable, ...]
    earlier: tuple[Estimate, ...]
    gait: Gait
    complaint: str | None
    speed_mps: float | None

    def estimate(self, metric: str, side: Side) -> Estimate | None:
        """Return one measure of this film, or None."""
        return _find(self.estimates, metric, side)

    def before(self, now: Estimate) -> Estimate | None:
        """Return the same measure of the earlier film, or None."""
        found = _find(self.earlier, now.metric, now.side)
        return found if found is not None and found.unit == now.unit else None

    def why_missing(self, metric: str, side: Side | None = None) -> tuple[str, str]:
        """Return the reason why a measure (of a side) is missing, and what would show it (``film:front``)."""
        best = METRICS[metric].views[0]
        for item in self.not_assessable:
            if item.metric == metric and side in (None, item.side):
                return item.reason, f"film:{item.film_instead or best}"
        return f"it was not measured in this film; a film from the {best} shows it best", f"film:{best}"


def _find(estimates: tuple[Estimate, ...], metric: str, side: Side) -> Estimate | None:
    return next((e for e in estimates if e.metric == metric and e.side == side), None)


def place(estimate: Estimate, low: float, high: float) -> Place:
    """Say where an estimate lies against limits in its unit; ``unclear`` when its interval spans one."""
    if estimate.low > high:
        return "above"
    if estimate.high < low:
        return "below"
    return "inside" if low <= estimate.low and estimate.high <= high else "unclear"


def backing(alignment: Alignment, complaint: str | None) -> tuple[tuple[str, ...], Grade]:
    """Return the claims behind an alignment, those for the complaint first, and the grade of the leading one."""
    knowledge = load()
    for_complaint: tuple[str, ...] = ()
    if complaint is not None:
        for_complaint = next(
            (a.evidence for a in find_complaint(complaint).alignments if a.alignment == alignment), ()
        )
    claims = tuple(dict.fromkeys(for_complaint + knowledge.alignments[alignment].evidence))
    return claims, knowledge.evidence[claims[0]].grade


def matters(alignment: Alignment, complaint: str | None) -> bool:
    """Say whether the method links an alignment with the complaint."""
    return complaint is not None and any(a.alignment == alignment for a in find_complaint(complaint).alignments)
