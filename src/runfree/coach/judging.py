"""The five alignments judged, those that matter for the complaint first."""

from __future__ import annotations

from collections.abc import Sequence

from runfree.coach.felt import Belly, Toes
from runfree.coach.glide import Glide
from runfree.coach.guide import find_complaint
from runfree.coach.parallel import Parallel
from runfree.coach.rule import Rule
from runfree.coach.seen import Seen
from runfree.coach.tracking import Tracking
from runfree.core.estimate import Estimate, NotAssessable
from runfree.core.finding import Finding
from runfree.core.metrics import Gait

RULES: tuple[Rule, ...] = (Parallel(), Tracking(), Glide(), Belly(), Toes())


def judge(
    estimates: Sequence[Estimate],
    not_assessable: Sequence[NotAssessable],
    *,
    gait: Gait,
    complaint: str | None = None,
    speed_mps: float | None = None,
    earlier: Sequence[Estimate] = (),
) -> tuple[Finding, ...]:
    """Judge the five alignments from the measures of one runner.

    A verdict is given only where the measurement interval is clear of the limit. A change since the
    earlier film is called only where both intervals do not meet.

    Parameters
    ----------
    estimates, not_assessable : sequence
        What was measured, and what could not be.
    gait : Gait
        Running or walking; bounce does not apply to walking.
    complaint : str or None
        ``foot``, ``knee``, ``hamstrings`` or ``back``: decides the order and which claims lead.
    speed_mps : float or None
        Running speed; without it, the bounce is compared with runners from 8 to 15 km/h.
    earlier : sequence of Estimate
        Of the runner's own earlier film.

    Returns
    -------
    tuple of Finding
        Always five; at most three with ``work_on``.

    Raises
    ------
    InputError
        If the complaint is not known.
    """
    seen = Seen(tuple(estimates), tuple(not_assessable), tuple(earlier), gait, complaint, speed_mps)
    first = [] if complaint is None else [a.alignment for a in find_complaint(complaint).alignments]
    order = {name: rank for rank, name in enumerate(first)}
    rules = sorted(RULES, key=lambda rule: order.get(rule.alignment, len(order)))
    return tuple(rule.judge(seen) for rule in rules)
