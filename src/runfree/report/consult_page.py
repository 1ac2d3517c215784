"""The consult pack as one page or a PDF."""

from __future__ import annotations

from pathlib import Path

from markupsafe import Markup

from runfree.core.errors import MissingPartError
from runfree.core.metrics import METRICS
from runfree.io.whole_file import whole_file
from runfree.recovery.forms import FORMS
from runfree.report import journal_charts
from runfree.report.charts import GRID, INK, LEFT, RIGHT, SOFT
from runfree.report.pack import PARTS, Pack
from runfree.report.trial_page import environment, figures, heading

_PRINTED = {INK: "#14544e", SOFT: "#444444", GRID: "#bbbbbb", LEFT: "#0b6fb0", RIGHT: "#b35300"}


def write_pack(pack: Pack, path: Path) -> None:
    """Write the pack; it appears only when it is whole. A name that ends in ``.pdf`` makes a PDF.

    Raises
    ------
    MissingPartError
        If WeasyPrint is not installed and a PDF is asked for.
    OutputError
        If it cannot be written.
    """
    page = render_pack(pack)
    content = pdf(page) if path.suffix.lower() == ".pdf" else page.encode()
    with whole_file(path, "page", "Choose another place.") as part:
        part.write_bytes(content)


def render_pack(pack: Pack) -> str:
    """Return the page; everything a person typed is escaped."""
    far = [(r.local_date, r.distance_m) for r in pack.seen.runs if r.distance_m and r.local_date]
    pains, first, today = pack.seen.pains, pack.seen.first, pack.today
    done = [e.local_date for e in pack.seen.practices if e.moment == "done"]
    return (
        environment()
        .get_template("consult.html.j2")
        .render(
            pack=pack,
            parts=PARTS,
            metrics=METRICS,
            forms=FORMS,
            load=Markup(journal_charts.load(far, pack.seen.limits, first, today)) if far else None,
            weekly_km=sum(m for _, m in far) / 1000 / max(1, (today - first).days / 7),
            pain=Markup(journal_charts.pain(pains, done, [], first, today)) if pains else None,
            tried=[{"judged": j, "heading": heading(j), **figures(j)} for j in pack.tried],
            practised=sorted({e.what for e in pack.seen.practices if e.moment == "done"}),
            practice_days=len(set(done)),
        )
    )


def pdf(page: str) -> bytes:
    """Return a page as PDF; nothing is fetched from anywhere.

    Raises
    ------
    MissingPartError
        If WeasyPrint, or a library of the system that it needs, is not installed.
    """
    try:
        from weasyprint import HTML
        from weasyprint.urls import URLFetcher
    except (ImportError, OSError) as error:
        raise MissingPartError(
            "The PDF",
            "WeasyPrint is not installed",
            "Run: pip install 'runfree[pdf]', or print the page from a browser.",
        ) from error
    for ink, colour in _PRINTED.items():
        page = page.replace(f'"{ink}"', f'"{colour}"')
    made = HTML(string=page, url_fetcher=URLFetcher(allowed_protocols=["data"])).write_pdf()
    assert made is not None
    return made
