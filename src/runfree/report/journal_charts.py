"""Plots of the journal: bounce and cadence by speed; load and pain on one axis of time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from runfree.core.entry import Entry
from runfree.core.run import Stretch
from runfree.report.charts import INK, LEFT, RIGHT, SOFT, svg_of

if TYPE_CHECKING:
    import altair as alt

_AXIS_PX = 34
"""Room for the numbers of the upright axis: load and pain stand above each other on one axis of time."""
_MOST = 600


def by_speed(
    stretches: Sequence[tuple[date, int, Stretch]], measure: str, title: str, since: date, until: date
) -> str | None:
    """Plot one measure of one sensor against speed, the last four weeks apart; None without enough."""
    import altair as alt

    seen = [(day, s.speed_mps, getattr(s, measure)) for day, _, s in stretches if since < day <= until]
    seen = [row for row in seen if row[2] is not None]
    if len(seen) < 3:
        return None
    recent = until - timedelta(days=28)
    old = [{"x": round(3.6 * v, 2), "y": y} for day, v, y in seen if day <= recent]
    new = [{"x": round(3.6 * v, 2), "y": y} for day, v, y in seen if day > recent]
    x = alt.X("x:Q", title="km/h", scale=alt.Scale(zero=False))
    y = alt.Y("y:Q", title=title, scale=alt.Scale(zero=False, padding=8), axis=alt.Axis(tickCount=5))
    layers = [
        _points(_thinned(old), SOFT, "circle", 14).encode(x=x, y=y),
        _points(new, RIGHT, "triangle-up", 48).encode(x=x, y=y),
    ]
    return svg_of(layers, height_px=220, least_axis_px=_AXIS_PX)


def load(runs: Sequence[tuple[date, float]], limits: Sequence[tuple[date, float]], first: date, last: date) -> str:
    """Plot the distance of each run as a bar and 110 % of the longest of the 30 days before as a line; by week if many."""
    import altair as alt

    rows = [{"x": _day(day), "y": round(metres / 1000, 2), "z": 0} for day, metres in _longest(runs)]
    line = [{"x": _day(day), "y": round(metres / 1000, 2)} for day, metres in _longest(limits)]
    x, y = _time(first, last), alt.Y("y:Q", title="km in one run", axis=alt.Axis(tickCount=5))
    bars = alt.Chart(alt.Data(values=rows)).mark_rule(color=LEFT, strokeWidth=2.4).encode(x=x, y=y, y2="z:Q")
    usual = (
        alt.Chart(alt.Data(values=line))
        .mark_line(color=RIGHT, strokeWidth=1.6, interpolate="step-after")
        .encode(x=x, y=y)
    )
    return svg_of([bars, usual], height_px=170, least_axis_px=_AXIS_PX)


def pain(pains: Sequence[Entry], practices: Sequence[date], films: Sequence[date], first: date, last: date) -> str:
    """Plot pain by day, with practices as ticks and films as diamonds below, on the same axis of time as the load."""
    import altair as alt

    x = _time(first, last)
    y = alt.Y(
        "y:Q", title="pain, 0 to 10", scale=alt.Scale(domain=[-2.2, 10]), axis=alt.Axis(values=[0, 2, 5, 10])
    )
    felt = [{"x": e.local_time.isoformat(), "y": e.score} for e in pains if e.score is not None]
    layers = [
        _points(felt[-_MOST:], INK, "circle", 40).encode(x=x, y=y),
        _points([{"x": _day(d), "y": -0.8} for d in practices[-_MOST:]], LEFT, "stroke", 60).encode(x=x, y=y),
        _points([{"x": _day(d), "y": -1.7} for d in films[-_MOST:]], RIGHT, "diamond", 60).encode(x=x, y=y),
    ]
    return svg_of(layers, height_px=150, least_axis_px=_AXIS_PX)


def _longest(days: Sequence[tuple[date, float]]) -> list[tuple[date, float]]:
    """One value a day, or one a week where the days would not be told apart."""
    step = 1 if len(days) <= _MOST else 7
    best: dict[date, float] = {}
    for day, value in days:
        slot = day - timedelta(days=day.toordinal() % step)
        best[slot] = max(best.get(slot, 0.0), value)
    return sorted(best.items())


def _thinned(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Every n-th, so that the page stays small."""
    return rows[:: max(1, len(rows) // _MOST)]


def _day(day: date) -> str:
    return datetime.combine(day, time(12)).isoformat()


def _time(first: date, last: date) -> alt.X:
    import altair as alt

    ends = [{"year": d.year, "month": d.month, "date": d.day} for d in (first, last + timedelta(days=1))]
    return alt.X(
        "x:T",
        title=None,
        scale=alt.Scale(domain=ends),
        axis=alt.Axis(tickCount=8, grid=False, format="%b" if (last - first).days > 70 else "%d %b"),
    )


def _points(rows: list[dict[str, Any]], colour: str, shape: str, size: int) -> alt.Chart:
    import altair as alt

    mark: dict[str, Any] = {
        "shape": shape,
        "size": size,
        "opacity": 0.5 if colour == SOFT else 0.85,
        "stroke": colour,
    }
    if shape != "stroke":
        mark["fill"] = colour
    return alt.Chart(alt.Data(values=rows)).mark_point(**mark)
