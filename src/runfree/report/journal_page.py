"""The journal as one page: no script, no request to anywhere."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import date
from importlib.resources import files
from pathlib import Path
from typing import Any

from markupsafe import Markup

import runfree
from runfree.core.errors import OutputError
from runfree.core.run import Stretch
from runfree.knowledge.loader import red_flags
from runfree.recovery.forms import FORMS
from runfree.recovery.light import WHAT_TO_DO
from runfree.report import journal_charts
from runfree.report.overview import Overview
from runfree.report.page import environment

RECENT_RUNS = 30
SHOE_KM = (500, 800)
MEASURES = {
    "vertical_oscillation_cm": ("Bounce", "cm", 1),
    "cadence_spm": ("Cadence", "steps/min", 1),
    "contact_time_ms": ("Contact time", "ms", 0),
    "vertical_ratio_pct": ("Bounce per step length", "%", 1),
}


def write_journal_page(path: Path, seen: Overview) -> None:
    """Write the page; it appears only when it is whole.

    Raises
    ------
    OutputError
        If it cannot be written.
    """
    text = render_journal(seen)
    part = path.with_name(f".{path.name}.part")
    try:
        part.write_text(text, encoding="utf-8")
        part.replace(path)
    except OSError as error:
        raise OutputError(
            f"The page {path.name}", f"it cannot be written ({error.strerror or error})", "Choose another place."
        ) from error
    finally:
        part.unlink(missing_ok=True)


def render_journal(seen: Overview) -> str:
    """Return the page; everything a person typed is escaped."""
    templates = files("runfree.report") / "templates"
    return (
        environment()
        .get_template("journal.html.j2")
        .render(
            journal_values(seen),
            css=Markup(
                "".join((templates / f"{name}.css").read_text(encoding="utf-8") for name in ("style", "journal"))
            ),
            version=runfree.__version__,
        )
    )


def journal_values(seen: Overview) -> dict[str, Any]:
    """Return what the template ``journal_main`` shows."""
    far = [(r.local_date, r.distance_m) for r in seen.runs if r.distance_m and r.local_date]
    return {
        "seen": seen,
        "what_to_do": WHAT_TO_DO,
        "forms": FORMS,
        "measures": MEASURES,
        "glide": _glide(seen),
        "weekly_km": sum(m for _, m in far) / 1000 / max(1, (seen.today - seen.first).days / 7),
        "load": Markup(journal_charts.load(far, seen.limits, seen.first, seen.today)) if far else None,
        "pain": _pain(seen),
        "practised": Counter(e.what for e in seen.practices if e.moment == "done").most_common(12),
        "red_flags": red_flags("any").flags if seen.pains else [],
        "recent": list(reversed(seen.runs[-RECENT_RUNS:])),
        "longer": {(s.day, s.distance_m): s for s in seen.spikes},
        "shoe_km": SHOE_KM,
    }


def _pain(seen: Overview) -> Markup | None:
    practices = [e.local_date for e in seen.practices if e.moment == "done"]
    films = [f.local_date for f in seen.films]
    if not (seen.pains or practices or films):
        return None
    return Markup(journal_charts.pain(seen.pains, practices, films, seen.first, seen.today))


def _glide(seen: Overview) -> list[dict[str, Any]]:
    """The charts and changes of each sensor of the last weeks, the one with most steady running first."""
    time: dict[tuple[str, str], float] = defaultdict(float)
    for day, _, stretch in seen.stretches:
        if day > seen.first:
            time[stretch.sensor, stretch.position] += stretch.seconds
    return [_sensor(seen, *sensor) for sensor in sorted(time, key=lambda s: -time[s])[:4]]


def _sensor(seen: Overview, name: str, position: str) -> dict[str, Any]:
    mine: list[tuple[date, int, Stretch]] = [
        one for one in seen.stretches if (one[2].sensor, one[2].position) == (name, position)
    ]
    charts = [
        (title, Markup(svg))
        for measure, (title, unit, _) in MEASURES.items()
        if measure in ("vertical_oscillation_cm", "cadence_spm")
        and (svg := journal_charts.by_speed(mine, measure, unit, seen.first, seen.today)) is not None
    ]
    balance = [s.balance_left_pct for _, _, s in mine if s.balance_left_pct is not None]
    return {
        "name": name,
        "position": position,
        "charts": charts,
        "changes": [c for c in seen.changes if (c.sensor, c.position) == (name, position)],
        "balance": sum(balance) / len(balance) if balance else None,
    }
