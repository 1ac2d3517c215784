"""Bland-Altman and per-step plots of docs/accuracy.md, as SVG that is legible on light and dark pages."""

from __future__ import annotations

from pathlib import Path

import altair as alt
import numpy as np
import vl_convert

from runfree.core.metrics import METRICS
from validation.phantom import Row

_GREY, _BLUE, _ORANGE = "#7d8590", "#3f7fbf", "#c77b30"
_SHOWN = 5


def draw(rows: list[Row], folder: Path) -> list[str]:
    """Write a plot a measure; the metrics that have one."""
    folder.mkdir(parents=True, exist_ok=True)
    drawn = []
    for metric in METRICS:
        own = [r for r in rows if r.metric == metric and r.given]
        if len({r.film for r in own}) >= _SHOWN:
            single = [r for r in own if len(r.steps) > 1]
            charts = [_bland_altman(metric, own)] + ([_per_step(metric, single)] if single else [])
            (folder / f"{metric}.svg").write_text(_svg(charts) + "\n")
            drawn.append(metric)
    return drawn


def _bland_altman(metric: str, rows: list[Row]) -> alt.LayerChart:
    unit, error = METRICS[metric].unit, np.array([r.error for r in rows])
    data = [
        {"x": round((r.value + r.truth) / 2, 3), "y": round(r.error, 3), "body": r.body.split(",")[0]}
        for r in rows
    ]
    x = alt.X("x:Q", title=f"mean of measured and true, {unit}", scale=alt.Scale(zero=False))
    y = alt.Y("y:Q", title=f"measured less true, {unit}")
    dots = alt.Chart(alt.Data(values=data)).mark_point(filled=True, size=40, opacity=0.85).encode(
        x=x, y=y, color=alt.Color("body:N", scale=alt.Scale(range=[_BLUE, _ORANGE]), title=None),
        shape=alt.Shape("body:N", title=None),
    )  # fmt: skip
    at = error.mean() + 1.96 * error.std(ddof=1) * np.array([-1, 0, 1])
    lines = [
        alt.Chart(alt.Data(values=[{"y": float(v)}])).mark_rule(color=_GREY, strokeDash=dash).encode(y=y)
        for v, dash in zip(at, ([4, 3], [1, 0], [4, 3]), strict=True)
    ]
    return alt.layer(*lines, dots).properties(width=300, height=200, title=f"{METRICS[metric].title}: films")


def _per_step(metric: str, rows: list[Row]) -> alt.LayerChart:
    """Single steps about their film's mean, to see whether a step that differs reads as one."""
    data = [
        {"x": round(true - float(np.mean(trues)), 3), "y": round(seen - float(np.mean(seens)), 3)}
        for r in rows
        for seens, trues in [tuple(zip(*r.steps, strict=True))]
        for seen, true in r.steps
    ]
    unit = METRICS[metric].unit
    x = alt.X("x:Q", title=f"true, {unit} from the film's mean")
    y = alt.Y("y:Q", title=f"measured, {unit} from the film's mean")
    ends = [{"x": v, "y": v} for v in (-2, 2)]
    same = alt.Chart(alt.Data(values=ends)).mark_line(color=_GREY, strokeDash=[4, 3]).encode(x=x, y=y)
    dots = (
        alt.Chart(alt.Data(values=data))
        .mark_point(filled=True, size=18, opacity=0.6, color=_BLUE)
        .encode(x=x, y=y)
    )
    return alt.layer(same, dots).properties(width=300, height=200, title="Single steps")


def _svg(charts: list[alt.LayerChart]) -> str:
    axis = alt.AxisConfig(
        gridColor=_GREY, gridOpacity=0.25, domainColor=_GREY, tickColor=_GREY, labelColor=_GREY, titleColor=_GREY
    )
    whole = alt.vconcat(*charts).configure(
        background="transparent", font="sans-serif", axis=axis, view=alt.ViewConfig(stroke=None),
        legend=alt.LegendConfig(labelColor=_GREY, orient="top"), title=alt.TitleConfig(color=_GREY, anchor="start", fontWeight="normal"),
    )  # fmt: skip
    return vl_convert.vegalite_to_svg(whole.to_dict())
