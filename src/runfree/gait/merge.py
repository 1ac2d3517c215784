"""Several films of one runner, one set of numbers: each measure from the film that shows it best."""

from __future__ import annotations

from collections.abc import Sequence

from runfree.core.analysis import Measured
from runfree.core.estimate import Estimate, NotAssessable


def merge(measured: Sequence[Measured]) -> tuple[tuple[Estimate, ...], tuple[NotAssessable, ...]]:
    """Take each measure and side from the film with the narrowest interval; centimetres before body heights.

    A measure counts as not assessable only if no film shows it. Films are not averaged: their errors are systematic
    and would not shrink.
    """
    best: dict[tuple[str, str], Estimate] = {}
    for one in measured:
        for e in one.estimates:
            held = best.get((e.metric, e.side))
            if held is None or _rank(e) < _rank(held):
                best[e.metric, e.side] = e
    missing: dict[tuple[str, str], NotAssessable] = {}
    for one in measured:
        for n in one.not_assessable:
            held = best.get((n.metric, n.side))
            if held is None or (held.unit == "body heights" and "height" in n.reason):
                missing.setdefault((n.metric, n.side), n)
    return tuple(best.values()), tuple(missing.values())


def _rank(estimate: Estimate) -> tuple[bool, float]:
    return estimate.unit == "body heights", estimate.high - estimate.low
