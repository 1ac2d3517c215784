"""Plots of a trial: every value in its block, and the difference with its interval."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

import numpy as np

from runfree.core.trial import Plan
from runfree.report.charts import GRID, INK, LEFT, RIGHT, SOFT, svg_of
from runfree.report.judged import Judged
from runfree.trials.blocks import block_of
from runfree.trials.words import UNITS

_AXIS_PX = 34


def values_chart(judged: Judged) -> str | None:
    """Plot every day's (or block's) value, blocks with the change shaded, block means as lines; None without a value."""
    import altair as alt

    plan = judged.trial.plan
    rows = _day_rows(judged) if plan.pace == "slow" else _block_rows(judged)
    if not rows:
        return None
    slow = plan.pace == "slow"
    kind = "T" if slow else "Q"
    scale = alt.Scale(domain=_ends(judged)) if slow else alt.Scale(domain=[0, 2 * plan.pairs], nice=False)
    axis = alt.Axis(grid=False, tickCount=6, format="%d %b") if slow else alt.Axis(grid=False, tickMinStep=1)
    x = alt.X(f"x:{kind}", title=None if slow else "block", scale=scale, axis=axis)
    y = alt.Y(
        "y:Q",
        title=f"{judged.named}, {UNITS[plan.unit]}",
        scale=alt.Scale(domain=[0, 10]) if plan.outcome == "pain" else alt.Scale(zero=False, padding=10),
        axis=alt.Axis(tickCount=5),
    )
    spans = [_span(plan, i) for i in range(2 * plan.pairs)]
    shaded = [{"x": a, "x2": b} for i, (a, b) in enumerate(spans) if plan.is_on(i)]
    means = [
        {"x": a, "x2": b, "y": round(m, 3)}
        for (a, b), m in zip(spans, judged.verdict.means, strict=True)
        if np.isfinite(m)
    ]
    band = alt.Chart(alt.Data(values=shaded)).mark_rect(color=RIGHT, opacity=0.1)
    line = alt.Chart(alt.Data(values=means)).mark_rule(color=SOFT, strokeWidth=1.6)
    layers = [band.encode(x=x, x2="x2"), line.encode(x=x, x2="x2", y=y)]
    for state, colour, shape in (
        ("usual", SOFT, "circle"),
        ("without", LEFT, "circle"),
        ("with", RIGHT, "triangle-up"),
    ):
        mine = [row for row in rows if row["state"] == state]
        if mine:
            point = alt.Chart(alt.Data(values=mine)).mark_point(color=colour, fill=colour, shape=shape, size=26)
            layers.append(point.encode(x=x, y=y, opacity=alt.Opacity("o:Q", scale=None)))
    return svg_of(layers, height_px=190, least_axis_px=_AXIS_PX)


def difference_chart(judged: Judged) -> str | None:
    """Plot each pair's difference, the mean with its interval, and the band that would not be noticed; None before a test."""
    import altair as alt

    test, plan = judged.verdict.test, judged.trial.plan
    if test is None:
        return None
    pairs = [round(d, 3) for d in judged.verdict.differences if np.isfinite(d)]
    widest = 1.15 * max(plan.important, *(abs(v) for v in (*pairs, test.low, test.high)))
    x = alt.X(
        "x:Q",
        title=f"with minus without, {UNITS[plan.unit]}",
        scale=alt.Scale(domain=[-widest, widest], nice=False),
        axis=alt.Axis(tickCount=5),
    )
    y = alt.Y("y:Q", title=None, scale=alt.Scale(domain=[0, 2.4]), axis=None)
    band = alt.Chart(alt.Data(values=[{"x": -plan.important, "x2": plan.important}]))
    zero = alt.Chart(alt.Data(values=[{"x": 0}]))
    range_ = alt.Chart(alt.Data(values=[{"x": round(test.low, 4), "x2": round(test.high, 4), "y": 0.8}]))
    middle = alt.Chart(alt.Data(values=[{"x": round(test.estimate, 4), "y": 0.8}]))
    dots = alt.Chart(alt.Data(values=[{"x": d, "y": 1.8} for d in pairs]))
    layers = [
        band.mark_rect(color=SOFT, opacity=0.12).encode(x=x, x2="x2"),
        zero.mark_rule(color=GRID, strokeWidth=1.5).encode(x=x),
        dots.mark_point(color=LEFT, fill=LEFT, size=34, opacity=0.75).encode(x=x, y=y),
        range_.mark_rule(color=INK, strokeWidth=4).encode(x=x, x2="x2", y=y),
        middle.mark_point(color=INK, fill=INK, shape="diamond", size=150, opacity=1).encode(x=x, y=y),
    ]
    return svg_of(layers, height_px=90, least_axis_px=_AXIS_PX)


def _day_rows(judged: Judged) -> list[dict[str, Any]]:
    plan = judged.trial.plan
    out: list[dict[str, Any]] = []
    for day, value in sorted(judged.days.items()):
        found = block_of(plan, day)
        state = "usual" if found is None else "with" if plan.is_on(found[0]) else "without"
        counts = found is None or found[1]
        noon = datetime.combine(day, time(12)).isoformat()
        out.append({"x": noon, "y": round(value, 3), "state": state, "o": 0.9 if counts else 0.35})
    return out


def _block_rows(judged: Judged) -> list[dict[str, Any]]:
    plan = judged.trial.plan
    return [
        {"x": i + 0.5, "y": round(b.value, 3), "state": "with" if plan.is_on(i) else "without", "o": 0.9}
        for i, b in sorted(judged.blocks.items())
    ]


def _span(plan: Plan, block: int) -> tuple[Any, Any]:
    if plan.pace == "fast":
        return block, block + 1
    first = plan.start + timedelta(days=plan.baseline_days + block * plan.block)
    return _midnight(first), _midnight(first + timedelta(days=plan.block))


def _midnight(day: date) -> str:
    return datetime.combine(day, time()).isoformat()


def _ends(judged: Judged) -> list[dict[str, int]]:
    plan = judged.trial.plan
    first = min([plan.start, *judged.days])
    return [{"year": d.year, "month": d.month, "date": d.day} for d in (first, plan.last + timedelta(days=1))]
