"""Passes: a film in which the runner leaves and comes back, or that was cut, is measured part by part and joined."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from runfree.core.analysis import Measured, Series
from runfree.core.estimate import Estimate
from runfree.gait.body import LEGS, Body, cut_body
from runfree.gait.cycle import Stride, stride_of

Array = NDArray[np.float64]

_AS_GOOD = 1.25
_FEWEST_STRIDES = 4.0
_JUMP, _OVER_USUAL = 0.12, 2.2
_PARTS = ("knee", "ankle", "heel", "toe")


def uncut(body: Body) -> list[Body]:
    """Part a body where the rhythm jumps: a cut between two shots that look alike, or a piece taken out.

    In steady running every frame looks like the one a stride before. After a cut the frames of one whole stride do not, and those
    before and after it do. Such a stride must differ by 0.12 trunk lengths a point, and by 2.2 times what strides of the film
    usually differ.
    """
    stride = stride_of(body)
    if stride is None or stride.phase[-1] - stride.phase[0] < _FEWEST_STRIDES:
        return [body]
    jump_s = _jump_s(body, stride)
    if jump_s is None:
        return [body]
    halves = (
        cut_body(body, -np.inf, jump_s - body.frame_s / 2),
        cut_body(body, jump_s - body.frame_s / 2, np.inf),
    )
    return [part for half in halves if len(half.time_s) >= 10 for part in uncut(half)]


def _jump_s(body: Body, stride: Stride) -> float | None:
    """Time of the first frame after the clearest jump; None where there is none."""
    period, time = 1 / stride.hz, body.time_s
    unlike = _unlike_a_stride_before(body, period)
    start = np.flatnonzero((time >= time[0] + period) & (time <= time[-1] - 0.6 * period))
    if start.size < 3:
        return None
    stop = np.searchsorted(time, time[start] + period)
    mean = np.array(
        [
            np.nanmean(unlike[a:b]) if np.isfinite(unlike[a:b]).sum() > 3 else 0.0
            for a, b in zip(start, stop, strict=True)
        ]
    )
    best = int(mean.argmax())
    away = np.abs(time[start] - time[start[best]]) > 1.1 * period
    usual = float(np.median(mean[away])) if away.any() else float(np.median(mean))
    return float(time[start[best]]) if mean[best] > max(_JUMP, _OVER_USUAL * usual) else None


def _unlike_a_stride_before(body: Body, period_s: float) -> Array:
    """Median distance of the legs' points (against mid-hip) from where they were a stride before, in trunk lengths, (T,)."""
    legs = np.stack([body.at[f"{leg}_{part}"] - body.hips for leg in LEGS for part in _PARTS], axis=1)
    flat = (legs / body.trunk_px[:, None, None]).reshape(len(legs), -1)
    seen = np.isfinite(flat).all(axis=1)
    earlier, known_s = body.time_s - period_s, body.time_s[seen]
    before: Array = np.stack([np.interp(earlier, known_s, flat[seen, i]) for i in range(flat.shape[1])], axis=1)
    away = np.linalg.norm((flat - before).reshape(legs.shape), axis=2)
    return np.where(earlier < body.time_s[0], np.nan, np.median(away, axis=1))


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
