"""Plots as SVG text that follows the page's colours, in light and dark.

Each ink is a marker colour; the page's style sheet maps it to the colour of the scheme at hand.
"""

from __future__ import annotations

from collections.abc import Sequence

import altair as alt
import numpy as np
import vl_convert

from runfree.core.analysis import Measured, Series
from runfree.report.words import UNITS

INK, SOFT, GRID, LEFT, RIGHT = "#010101", "#020202", "#030303", "#040404", "#050505"
_COLOURS = {"left": LEFT, "right": RIGHT, "both": INK}
_SHAPES = {"left": "circle", "right": "triangle-up", "both": "circle"}
_WINDOW_S = 4.0
_WIDTH = 320


def bounce_chart(measured: Measured) -> str | None:
    """Plot up to four seconds from the middle of the film of the bounce curve, with the mid-stances; None without one."""
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
    return _svg(layers, height_px=150)


def steps_chart(series: Sequence[Series]) -> str:
    """Plot one measure step by step: left and right in their own colour and shape, the median of each as a line.

    Parameters
    ----------
    series : sequence of Series
        The same measure and unit, one a side; at least one value.
    """
    first = series[0]
    x = alt.X("x:Q", title="seconds", scale=alt.Scale(zero=False))
    title = UNITS.get(first.unit, first.unit)
    y = alt.Y("y:Q", title=title, scale=alt.Scale(zero=False, padding=8), axis=alt.Axis(tickCount=4))
    layers: list[alt.Chart] = []
    for one in series:
        middle = alt.Data(values=[{"y": float(np.median(one.value))}])
        rule = alt.Chart(middle).mark_rule(color=_COLOURS[one.side], strokeDash=[4, 3], strokeWidth=1.2)
        layers += [rule.encode(y=y), _dots(_rows(one.time_s, one.value), one.side).encode(x=x, y=y)]
    return _svg(layers, height_px=96)


def _rows(x: Sequence[float] | np.ndarray, y: Sequence[float] | np.ndarray) -> list[dict[str, float]]:
    return [{"x": round(float(a), 4), "y": round(float(b), 4)} for a, b in zip(x, y, strict=True)]


def _dots(rows: list[dict[str, float]], side: str) -> alt.Chart:
    return alt.Chart(alt.Data(values=rows)).mark_point(
        color=_COLOURS[side], fill=_COLOURS[side], shape=_SHAPES[side], size=42, opacity=1
    )


def _svg(layers: list[alt.Chart], *, height_px: int) -> str:
    axis = alt.AxisConfig(
        domainColor=GRID, gridColor=GRID, tickColor=GRID, labelColor=SOFT, titleColor=SOFT, labelFontSize=12,
        titleFontSize=12, titleFontWeight="normal",
    )  # fmt: skip
    chart = alt.layer(*layers).properties(width=_WIDTH, height=height_px)
    styled = chart.configure(
        background="transparent", font="sans-serif", axis=axis, view=alt.ViewConfig(stroke=None)
    )
    return vl_convert.vegalite_to_svg(styled.to_dict())
