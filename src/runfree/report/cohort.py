"""A cohort as one page, and as lines of text: no script, no request to anywhere."""

from __future__ import annotations

import json
from collections.abc import Sequence
from importlib.resources import files
from pathlib import Path

import altair as alt
import numpy as np
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

import runfree
from runfree.core.cohort import Cohort, CohortMeasure, Difference
from runfree.core.flags import FLAGS
from runfree.core.metrics import METRICS
from runfree.core.wording import decimals, number, seen_how, unit_suffix
from runfree.io.whole_file import whole_file
from runfree.report.charts import INK, LEFT, SOFT, svg_of
from runfree.report.words import AXES

SURE = 0.05
MOST_POINTS = 600
MOST_NAMES = 30
_GOLDEN = 0.618034


def write_cohort_page(path: Path, seen: Cohort) -> None:
    """Write the page; it appears only when it is whole.

    Raises
    ------
    OutputError
        If it cannot be written.
    """
    text = render_cohort(seen)
    with whole_file(path, "page", "Choose another place.") as part:
        part.write_text(text, encoding="utf-8")


def render_cohort(seen: Cohort) -> str:
    """Return the page; everything a person typed is escaped."""
    environment = Environment(
        loader=PackageLoader("runfree.report"), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )  # fmt: skip
    levels = [level for level, *_ in seen.levels]
    clear = [(m, d) for m in seen.measures for d in m.comparison.differences if is_clear(d)]
    return environment.get_template("cohort.html.j2").render(
        css=Markup((files("runfree.report") / "templates" / "style.css").read_text(encoding="utf-8")),
        version=runfree.__version__,
        seen=seen,
        clear=clear,
        measures=[(m, Markup(strip_chart(m, levels))) for m in seen.measures],
        titles={m.metric: METRICS[m.metric] for m in seen.measures},
        say=say,
        with_unit=with_unit,
        is_clear=is_clear,
        p_text=p_text,
        spreads=spreads,
        how={m.metric: _how(m) for m in seen.measures},
        flags=[(FLAGS.get(code, code), count) for code, count in seen.flags],
        outliers=[(m, film) for m in seen.measures for film in m.outliers][:MOST_NAMES],
        most=MOST_NAMES,
        compared=[m for m in seen.measures if m.comparison.differences],
        uncompared=_why_not(seen),
    )


def is_clear(difference: Difference) -> bool:
    """Whether it stands out from chance even among all the differences looked at."""
    return difference.p_adjusted < SURE


def say(measure: CohortMeasure, value: float, *, signed: bool = False) -> str:
    """A number of a measure, with as many places as its error of measurement supports."""
    text = number(value, max(1, decimals(measure.error_sd)) if measure.error_sd < 10 else 0)
    return f"+{text}" if signed and value > 0 else text


def with_unit(measure: CohortMeasure, value: float, *, signed: bool = False) -> str:
    """The same with its unit."""
    return say(measure, value, signed=signed) + unit_suffix(measure.unit)


def p_text(p: float) -> str:
    """A p value as it is written."""
    return "< 0.001" if p < 0.001 else f"{p:.3f}" if p < 0.1 else f"{p:.2f}"


def spreads(measure: CohortMeasure) -> list[tuple[str, float, float]]:
    """Standard deviations that belong beside each other, each with its length as a bar in percent of the largest."""
    comparison = measure.comparison
    found: list[tuple[str, float]] = []
    if comparison.between_sd is not None:
        found.append(("between runners", comparison.between_sd))
    if comparison.film_sd is not None:
        repeated = comparison.between_sd is not None
        found.append(("between films of one runner" if repeated else "between runners", comparison.film_sd))
    elif len(measure.films) > 1:
        found.append(("between films", float(np.std([film.value for film in measure.films], ddof=1))))
    found.append(("error of measurement", measure.error_sd))
    largest = max(sd for _, sd in found) or 1.0
    return [(what, sd, round(100 * sd / largest, 1)) for what, sd in found]


def measure_lines(measure: CohortMeasure) -> list[str]:
    """A measure as text for the terminal."""
    values = [film.value for film in measure.films]
    title = METRICS[measure.metric].title
    ranged = f"median {with_unit(measure, float(np.median(values)))}, {say(measure, min(values))} to {say(measure, max(values))}"
    lines = [f"{title}: {len(values)} films, {ranged}"]
    lines.append("  SD " + ", ".join(f"{what} {say(measure, sd)}" for what, sd, _ in spreads(measure)))
    for d in measure.comparison.differences:
        interval = f"{say(measure, d.low)} to {say(measure, d.high)}"
        verdict = "a clear difference" if is_clear(d) else "no clear difference"
        lines.append(
            f"  {d.level} − {d.reference}: {with_unit(measure, d.value, signed=True)} ({interval}), "
            f"p {p_text(d.p_adjusted)} after Holm: {verdict}"
        )
    if measure.outliers:
        lines.append("  far from the others: " + ", ".join(film.film for film in measure.outliers[:5]))
    return lines


def strip_chart(measure: CohortMeasure, levels: Sequence[str]) -> str:
    """Every film as a point, a row for each group, with its median and the width of the error of measurement."""
    films = measure.films[:: max(1, len(measure.films) // MOST_POINTS)]
    points = [
        {"x": round(film.value, 4), "y": round(levels.index(film.level) + 0.5 * (i * _GOLDEN % 1 - 0.5), 3)}
        for i, film in enumerate(films)
    ]
    reach = 1.96 * measure.error_sd
    middles = [
        {"x": middle, "low": middle - reach, "high": middle + reach, "top": row - 0.32, "foot": row + 0.32}
        for row, level in enumerate(levels)
        if (own := [film.value for film in measure.films if film.level == level])
        and (middle := float(np.median(own))) is not None
    ]
    at, title = alt.Data(values=middles), AXES.get(measure.unit, measure.unit)
    x = alt.X("x:Q", title=title, scale=alt.Scale(zero=False, padding=6), axis=alt.Axis(tickCount=5))
    names = alt.Axis(
        values=list(range(len(levels))),
        labelExpr=f"{json.dumps(levels)}[datum.value]",
        labelLimit=90,
        labels=len(levels) > 1,
        ticks=False,
        grid=False,
    )
    scale = alt.Scale(domain=[-0.5, len(levels) - 0.5], reverse=True, nice=False)
    y = alt.Y("y:Q", title=None, scale=scale, axis=names)
    band = alt.Chart(at).mark_rect(color=INK, opacity=0.16)
    dots = alt.Chart(alt.Data(values=points)).mark_point(
        shape="circle", size=26, opacity=0.75, color=LEFT, fill=LEFT
    )
    tick = alt.Chart(at).mark_rule(color=SOFT, strokeWidth=2.5)
    edges = {"y": alt.Y("top:Q", title=None, scale=scale, axis=names), "y2": "foot:Q"}
    layers = [
        band.encode(x=alt.X("low:Q", title=title), x2="high:Q", **edges),
        dots.encode(x=x, y=y),
        tick.encode(x=x, **edges),
    ]
    return svg_of(layers, height_px=44 * len(levels) + 12)


def _how(measure: CohortMeasure) -> str:
    """From where it was filmed, and how its groups were compared, in one sentence."""
    parts = [seen_how(measure.view)]  # type: ignore[arg-type]
    if measure.comparison.design:
        parts.append(f"groups compared {measure.comparison.design}")
    if measure.comparison.at_equal_speed:
        parts.append("at equal speed")
    if measure.other_view:
        parts.append(f"{measure.other_view} films seen from elsewhere or without a scale are left out here")
    return "; ".join(parts)


def _why_not(seen: Cohort) -> dict[str, list[str]]:
    """Measures without a comparison, by the reason."""
    reasons: dict[str, list[str]] = {}
    for measure in seen.measures:
        if measure.comparison.why_not and seen.by is not None:
            reasons.setdefault(measure.comparison.why_not, []).append(METRICS[measure.metric].title)
    return reasons
