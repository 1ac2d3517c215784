"""The page: everything known, put into words and pictures, in the order a runner in pain needs it."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

import runfree
from runfree.coach import ComplaintGuide, complaint_guide
from runfree.coach.triage import URGENCY_WORDS, triage
from runfree.core.analysis import Analysis, FilmAnalysis
from runfree.core.errors import OutputError
from runfree.core.flags import FLAGS
from runfree.core.metrics import METRICS
from runfree.core.wording import VIEW_WORDS, seen_how
from runfree.knowledge import load
from runfree.report.beside import clocks, rows
from runfree.report.charts import bounce_chart, steps_chart
from runfree.report.numbers import cards
from runfree.report.stills import Still
from runfree.report.words import unseen
from runfree.watch.witness import Beside

GENERATOR = '<meta name="generator" content="Runfree">'


def render(
    analysis: Analysis,
    *,
    stills: Sequence[tuple[Still, ...]],
    drawn_films: Sequence[str | None],
    blur_face: bool = False,
    practice: bool = False,
    beside: Beside | None = None,
) -> str:
    """Return the report as one self-contained HTML page: no script, no request to anywhere.

    Parameters
    ----------
    analysis : Analysis
        What to show. Names of films are not trusted and are escaped.
    stills : sequence of tuple of Still
        The pictures of each film.
    drawn_films : sequence of str or None
        File name of each drawn film beside the page, or None.
    blur_face : bool
        Whether the runner's face was made unrecognisable in them.
    practice : bool
        Whether a practice for the complaint lies beside the page.
    beside : Beside, optional
        What a watch said of the same seconds.
    """
    knowledge = load()
    guide = None if analysis.complaint is None else complaint_guide(analysis.complaint)
    asked = None if analysis.complaint is None else triage(analysis.complaint, analysis.triage)
    shown = zip(analysis.films, stills, drawn_films, strict=True)
    return (
        environment()
        .get_template("index.html.j2")
        .render(
            generator=Markup(GENERATOR),
            css=Markup((files("runfree.report") / "templates" / "style.css").read_text(encoding="utf-8")),
            version=runfree.__version__,
            analysis=analysis,
            blur_face=blur_face,
            practice=practice,
            about=_about(analysis),
            guide=guide,
            asked=asked,
            urgency=URGENCY_WORDS,
            alignments=knowledge.alignments,
            cues=knowledge.cues,
            self_checks=knowledge.self_checks,
            claims=knowledge.evidence,
            views=VIEW_WORDS,
            questions=_questions(guide),
            films=[_film(film, pictures, drawn) for film, pictures, drawn in shown],
            cards=cards(analysis),
            unseen=unseen(analysis),
            beside=beside,
            beside_rows=rows,
            beside_clocks=clocks,
        )
    )


def write_page(path: Path, page: str) -> None:
    """Write a page whole or not at all; an earlier one of Runfree is replaced, any other file is left alone.

    Raises
    ------
    OutputError
        If something else is there, or it cannot be written.
    """
    if path.is_dir() or (path.exists() and not _is_ours(path)):
        raise OutputError(str(path), "something else is there already", "Choose another name with --html.")
    new = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        new.write_text(page, encoding="utf-8")
        new.replace(path)
    except OSError as error:
        new.unlink(missing_ok=True)
        raise OutputError(
            str(path), (error.strerror or "it cannot be written").lower(), "Choose another place with --html."
        ) from error


def _is_ours(path: Path) -> bool:
    if not path.is_file():
        return False
    with path.open("rb") as file:
        return GENERATOR.encode() in file.read(4000)


def inside(page: str) -> tuple[str, str]:
    """Return a written report as parts of another page: what comes before its film there, and what after.

    The plots are left out: there they stand beside the film.
    """
    main = page[page.index("<main>") + len("<main>") : page.rindex("</main>")]
    before, _, rest = main.partition("<!-- film -->")
    kept, _, plots = rest.partition("<!-- plots -->")
    return before, kept + plots.partition("<!-- /plots -->")[2]


@lru_cache(maxsize=1)
def environment() -> Environment:
    """Return where the templates of the pages come from: everything is escaped, and nothing may be missing."""
    return Environment(
        loader=PackageLoader("runfree.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def _about(analysis: Analysis) -> list[str]:
    out: list[str] = []
    if analysis.height_m is not None:
        out.append(f"Height {100 * analysis.height_m:.0f} cm")
    if analysis.speed_mps is not None:
        out.append(f"Speed {3.6 * analysis.speed_mps:.1f} km/h")
    return out


def _questions(guide: ComplaintGuide | None) -> dict[str, list[str]]:
    """Every red-flag question once, in the order of the files, those with the same answer together: answer, questions."""
    out: dict[str, list[str]] = {}
    for flag in guide.red_flags if guide else ():
        out.setdefault(flag.what_to_do, []).append(flag.question)
    return out


def _film(film: FilmAnalysis, pictures: tuple[Still, ...], drawn: str | None) -> dict[str, Any]:
    seen = film.measured
    bounce = bounce_chart(seen)
    return {
        "name": film.film,
        "what": _what(film),
        "flags": [*film.notes, *(FLAGS.get(code, code) for code in seen.flags)],
        "stills": pictures,
        "drawn": drawn,
        "view": seen.view,
        "bounce": None if bounce is None else Markup(bounce),
        "charts": _charts(film),
        "counts": {s: sum(1 for x in seen.steps if x.side == s and x.left_out is None) for s in ("left", "right")},
        "left_out": _left_out(film),
    }


def _what(film: FilmAnalysis) -> str:
    seen = film.measured
    gait = {"running": "Running", "walking": "Walking"}.get(seen.gait, "Neither running nor walking")
    facing = f", facing {seen.facing}" if seen.facing else ""
    return f"{gait}, {seen_how(seen.view)}{facing}"


def _charts(film: FilmAnalysis) -> list[dict[str, Any]]:
    """One plot a measure, both feet in it, in the order of the measures."""
    series = [s for s in film.measured.per_step if np.isfinite(s.value).any()]
    grouped = [(metric, [s for s in series if s.metric == metric]) for metric in METRICS]
    return [
        {
            "title": METRICS[metric].title,
            "sign": METRICS[metric].sign,
            "sides": [s.side for s in group],
            "count": sum(len(s.value) for s in group),
            "svg": Markup(steps_chart(group, [e for e in film.measured.estimates if e.metric == metric])),
        }
        for metric, group in grouped
        if group
    ]


def _left_out(film: FilmAnalysis) -> list[dict[str, Any]]:
    """Steps left out by reason, with the times in the film."""
    times: dict[str, list[str]] = {}
    for step in film.measured.steps:
        if step.left_out is not None:
            times.setdefault(step.left_out, []).append(f"{step.side} {step.mid_stance_s:.1f} s")
    return [{"reason": reason, "times": at} for reason, at in times.items()]
