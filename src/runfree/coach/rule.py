"""What a rule is, and how its verdict becomes a finding."""

from __future__ import annotations

from typing import ClassVar, Protocol

from runfree.coach.seen import MEASUREMENT_ERROR, OWN_EARLIER, Seen, backing
from runfree.core.finding import Alignment, Finding, Verdict
from runfree.knowledge.usual import usual_range


class Rule(Protocol):
    """One alignment's rule: its title, the measures it needs (first choice first), its claims, its verdict."""

    title: ClassVar[str]
    alignment: ClassVar[Alignment]
    needs: ClassVar[tuple[str, ...]]
    sources: ClassVar[tuple[str, ...]]

    def judge(self, seen: Seen) -> Finding:
        """Return the verdict on what was seen."""
        ...


def make_finding(
    rule: Rule,
    seen: Seen,
    verdict: Verdict,
    headline: str,
    text: str,
    *,
    used: tuple[str, ...] = (),
    see_instead: str | None = None,
    work_on: bool = False,
) -> Finding:
    """Put a verdict together with its basis, its claims and their grade.

    ``used`` are the measures compared with the usual; empty when there was nothing to compare.
    """
    evidence, grade = backing(rule.alignment, seen.complaint)
    return Finding(
        alignment=rule.alignment,
        verdict=verdict,
        headline=headline,
        text=text,
        basis=_basis(seen, used),
        metrics=rule.needs,
        evidence=evidence,
        grade=grade,
        see_instead=see_instead,
        work_on=work_on,
    )


def _basis(seen: Seen, used: tuple[str, ...]) -> tuple[str, ...]:
    if not used:
        return ()
    compared = any(e.metric in used and seen.before(e) is not None for e in seen.estimates)
    usual = [usual_range(metric, speed_mps=seen.speed_mps, gait=seen.gait) for metric in used]
    names = dict.fromkeys(limits.basis for limits in usual if limits is not None)
    return (MEASUREMENT_ERROR, *((OWN_EARLIER,) if compared else ()), *names)
