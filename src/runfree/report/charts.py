"""Plots as SVG text that follows the page's colours, in light and dark.

Each ink is a marker colour; the page's style sheet maps it to the colour of the scheme at hand.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import vl_convert

from runfree.core.analysis import Measured, Series
from runfree.core.estimate import Estimate
from runfree.report.words import AXES

if TYPE_CHECKING:
    import altair as alt

INK, SOFT, GRID, LEFT, RIGHT = "#010101", "#020202", "#030303", "#040404", "#050505"
_COLOURS = {"left": LEFT, "right": RIGHT, "both": INK}
_SHAPES = {"left": "circle", "right": "triangle-up", "both": "circle"}
_WINDOW_S = 4.0
_WIDTH = 320


def bounce_chart(measured: Measured) -> str | None:
    """Plot up to four seconds from the middle of the film of the bounce curve, with the mid-stances; None without one."""
    import altair as alt

    curve = measured.bounce
    if curve is None or not curve.time_s:
        return None
    time, value = np.array(curve.time_s), np.array(curve.value)
    middle = (time[0] + time[-1]) / 2
    shown = np.abs(time - middle) <= _WINDOW_S / 2
    line = _rows(time[shown], value[shown])
    x = alt.X("x:Q", title="seconds", scale=alt.Scale(zero=False, nice=False))
    y = alt.Y("y:Q", title=f"hip height, {curve.unit}", scale=alt.Scale(zero=False))
    layers: list[alt.Chart] = [
        alt.Chart(alt.Data(values=line)).mark_line(color=INK, strokeWidth=1.8).encode(x=x, y=y)
    ]
    for side in ("left", "right"):
        stances = [s.mid_stance_s for s in measured.steps if s.side == side and s.left_out is None]
        inside = [t for t in stances if time[shown][0] <= t <= time[shown][-1]]
        if inside:
            layers.append(_dots(_rows(inside, np.interp(inside, time, value)), side).encode(x=x, y=y))
    return svg_of(layers, height_px=150)


def steps_chart(series: Sequence[Series], estimates: Sequence[Estimate]) -> str:
    """Plot one measure step by step, left and right in their own colour and shape.

    The median of each foot is a dashed line, and the interval of each estimate a band, so that the axis never makes
    much of a difference that the film cannot show.

    Parameters
    ----------
    series : sequence of Series
        The same measure and unit, one a side; at least one value.
    estimates : sequence of Estimate
        Of the same measure and film.
    """
    import altair as alt

    unit = series[0].unit
    x = alt.X("x:Q", title="seconds", scale=alt.Scale(zero=False), axis=alt.Axis(tickCount=6))
    y_scale, y_axis = alt.Scale(zero=False, padding=8), alt.Axis(tickCount=4)
    y = alt.Y("y:Q", title=AXES.get(unit, unit), scale=y_scale, axis=y_axis)
    layers: list[alt.Chart] = []
    for estimate in (e for e in estimates if e.unit == unit):
        ends = alt.Data(values=[{"y": estimate.low, "y2": estimate.high}])
        band = alt.Chart(ends).mark_rect(color=_COLOURS[estimate.side], opacity=0.14)
        layers.append(band.encode(y=y, y2="y2:Q"))
    for one in series:
        middle = alt.Data(values=[{"y": float(np.nanmedian(one.value))}])
        rule = alt.Chart(middle).mark_rule(color=_COLOURS[one.side], strokeDash=[4, 3], strokeWidth=1.2)
        layers += [rule.encode(y=y), _dots(_rows(one.time_s, one.value), one.side).encode(x=x, y=y)]
    return svg_of(layers, height_px=110)


def _rows(x: Sequence[float] | np.ndarray, y: Sequence[float] | np.ndarray) -> list[dict[str, float | None]]:
    """Rows for a plot; a value that is missing breaks the line."""
    return [
        {"x": round(float(a), 4), "y": round(float(b), 4) if np.isfinite(b) else None}
        for a, b in zip(x, y, strict=True)
    ]


def _dots(rows: list[dict[str, float | None]], side: str) -> alt.Chart:
    import altair as alt

    return alt.Chart(alt.Data(values=rows)).mark_point(
        color=_COLOURS[side], fill=_COLOURS[side], shape=_SHAPES[side], size=42, opacity=1
    )


def svg_of(layers: list[alt.Chart], *, height_px: int, least_axis_px: int = 0) -> str:
    """Draw layers in the report's style, as wide as a phone; ``least_axis_px`` lines up the left edges of several plots."""
    import altair as alt

    axis = alt.AxisConfig(
        labelOverlap=True,
        domainColor=GRID, gridColor=GRID, tickColor=GRID, labelColor=SOFT, titleColor=SOFT, labelFontSize=12,
        titleFontSize=12, titleFontWeight="normal", minExtent=least_axis_px,
    )  # fmt: skip
    chart = alt.layer(*layers).properties(width=_WIDTH, height=height_px)
    styled = chart.configure(
        background="transparent", font="sans-serif", axis=axis, view=alt.ViewConfig(stroke=None)
    )
    return vl_convert.vegalite_to_svg(styled.to_dict(validate=False))
