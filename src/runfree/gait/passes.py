"""Passes: a film in which the runner leaves and comes back, or that was cut, is measured part by part and joined."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace

import numpy as np

from runfree.core.analysis import Measured, Series
from runfree.core.estimate import Estimate

_AS_GOOD = 1.25


def joined(parts: list[Measured]) -> Measured:
    """Join what the passes of one film show.

    Parameters
    ----------
    parts : list of Measured
        In order of time. Those of the view and gait of the one with most steps are joined, the others left out.

    Returns
    -------
    Measured
        Each measure and side is the mean of the passes that show it about as well as the best (half-width within a quarter), weighted by
        their steps; its interval is that of the best: what is systematic does not shrink with passes.
    """
    main = max(parts, key=lambda p: len(p.steps))
    alike = [p for p in parts if (p.view, p.gait) == (main.view, main.gait)]
    if len(parts) == 1:
        return main
    found: dict[tuple[str, str], list[Estimate]] = defaultdict(list)
    for part in alike:
        for estimate in part.estimates:
            found[estimate.metric, estimate.side].append(estimate)
    flags = tuple(dict.fromkeys([f for p in alike for f in p.flags if f != "steady_part"]))
    left_out = ("other_view_left_out",) if len(alike) < len(parts) else ()
    return replace(
        main,
        steps=tuple(sorted((s for p in alike for s in p.steps), key=lambda s: s.mid_stance_s)),
        estimates=tuple(_mean(group) for group in found.values()),
        not_assessable=tuple(
            n for n in main.not_assessable if (n.metric, n.side) not in found or "height" in n.reason
        ),
        per_step=_series(alike),
        flags=(*flags, "passes", *left_out) if len(alike) > 1 else (*main.flags, *left_out),
    )


def _mean(group: list[Estimate]) -> Estimate:
    best = min(group, key=lambda e: e.high - e.low)
    good = [e for e in group if e.unit == best.unit and e.high - e.low <= _AS_GOOD * (best.high - best.low)]
    value = float(np.average([e.value for e in good], weights=[e.n for e in good]))
    shift = value - best.value
    return replace(best, value=value, low=best.low + shift, high=best.high + shift, n=sum(e.n for e in good))


def _series(parts: list[Measured]) -> tuple[Series, ...]:
    by_key: dict[tuple[str, str, str], list[Series]] = defaultdict(list)
    for part in parts:
        for one in part.per_step:
            by_key[one.metric, one.side, one.unit].append(one)
    return tuple(
        replace(
            group[0],
            time_s=tuple(t for one in group for t in one.time_s),
            value=tuple(v for one in group for v in one.value),
        )
        for group in by_key.values()
    )
