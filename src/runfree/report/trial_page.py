"""A verdict as one page: the sentence, every value in its block, the difference with its interval."""

from __future__ import annotations

from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

import runfree
from runfree.core.trial import Plan
from runfree.io.whole_file import whole_file
from runfree.knowledge.loader import load
from runfree.report.judged import Judged
from runfree.report.trial_charts import difference_chart, values_chart
from runfree.trials.words import HEADINGS, UNITS, mattering


def write_trial_page(judged: Judged, path: Path) -> None:
    """Write the page; it appears only when it is whole.

    Raises
    ------
    OutputError
        If it cannot be written.
    """
    page = render_trial(judged)
    with whole_file(path, "page", "Choose another place.") as part:
        part.write_text(page, encoding="utf-8")


def render_trial(judged: Judged) -> str:
    """Return the page; everything a person typed is escaped."""
    plan = judged.trial.plan
    return (
        environment()
        .get_template("trial.html.j2")
        .render(
            **figures(judged),
            heading=heading(judged),
            judged=judged,
            change=load().trial_changes[plan.change],
            when=when(plan),
        )
    )


def figures(judged: Judged) -> dict[str, Any]:
    """Return the plots of a trial as SVG, and words for its unit and for what matters."""
    values, difference = values_chart(judged), difference_chart(judged)
    return {
        "values": None if values is None else Markup(values),
        "difference": None if difference is None else Markup(difference),
        "unit": UNITS[judged.trial.plan.unit],
        "matters": mattering(judged.trial.plan.important, judged.trial.plan.unit),
    }


def heading(judged: Judged) -> str:
    """Return the verdict in two to five words."""
    if judged.verdict.code == "unknown" and judged.verdict.final:
        return "Cannot tell"
    return HEADINGS[judged.verdict.code]


def when(plan: Plan) -> str:
    """Say when the blocks are."""
    if plan.pace == "fast":
        runs = f"{plan.sessions} {'run' if plan.sessions == 1 else 'runs'}"
        return f"{runs} from {plan.start}: {plan.warm_up_s // 60} minutes of warm-up, then {2 * plan.pairs_per_run} blocks of {plan.block} seconds; the first {plan.skip} of each do not count."
    skipped = "first day of each does" if plan.skip == 1 else f"first {plan.skip} of each do"
    usual = f"{plan.baseline_days} days as usual, then " if plan.baseline_days else ""
    return f"{plan.start} to {plan.last}: {usual}{plan.pairs} pairs of blocks of {plan.block} days; the {skipped} not count."


@lru_cache(maxsize=1)
def environment() -> Environment:
    """Return where the pages of trials and consults come from."""
    made = Environment(
        loader=PackageLoader("runfree.report"), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )  # fmt: skip
    css = (files("runfree.report") / "templates" / "style.css").read_text(encoding="utf-8")
    made.globals |= {"css": Markup(css), "version": runfree.__version__}
    return made
