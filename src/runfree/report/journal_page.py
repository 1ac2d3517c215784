"""The journal as one page: no script, no request to anywhere."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import date, timedelta
from importlib.resources import files
from pathlib import Path
from typing import Any

from markupsafe import Markup

import runfree
from runfree.core.run import Stretch
from runfree.knowledge.loader import red_flags
from runfree.knowledge.usual import usual_range
from runfree.recovery.forms import FORMS
from runfree.recovery.light import what_to_do
from runfree.report import journal_charts
from runfree.report.overview import Overview
from runfree.report.page import environment, write_page
from runfree.watch.glide import PEAK_FORCE_ERROR, means

RECENT_RUNS = 30
SHOE_KM = (500, 800)
MEASURES = {
    "vertical_oscillation_cm": ("Bounce", "cm", 1),
    "cadence_spm": ("Cadence", "steps/min", 1),
    "contact_time_ms": ("Contact time", "ms", 0),
    "vertical_ratio_pct": ("Bounce per step length", "%", 1),
}

TYPICAL = {
    "vertical_oscillation": ("Bounce", "cm", 1),
    "vertical_ratio": ("Bounce per step length", "%", 1),
    "cadence": ("Cadence", "steps/min", 0),
    "contact_time": ("Contact time", "ms", 0),
    "flight_time": ("Flight time, from cadence and contact", "ms", 0),
    "peak_force": ("Peak force, estimated", "body weights", 1),
}


def write_journal_page(path: Path, seen: Overview) -> None:
    """Write the page; as :func:`runfree.report.page.write_page`."""
    write_page(path, render_journal(seen))


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
        "what_to_do": what_to_do,
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
        "typical": _typical([s for day, _, s in mine if day > seen.today - timedelta(days=28)]),
        "changes": [c for c in seen.changes if (c.sensor, c.position) == (name, position)],
        "balance": sum(balance) / len(balance) if balance else None,
    }


def _typical(stretches: list[Stretch]) -> list[tuple[str, str, str]]:
    """Each measure of the last four weeks in words: name, mean, and where runners at that speed usually lie."""
    out: list[tuple[str, str, str]] = []
    for metric, mean in means(stretches).items():
        title, unit, digits = TYPICAL[metric]
        said = f"{mean.value:.{digits}f} {unit}"
        if metric == "peak_force":
            low, high = (mean.value * (1 + way * PEAK_FORCE_ERROR) for way in (-1, 1))
            said = f"{mean.value:.{digits}f} ({low:.{digits}f} to {high:.{digits}f}) {unit}"
        usual = usual_range(metric, speed_mps=mean.speed_mps)
        band = (
            "–"
            if usual is None
            else f"{usual.low:.{digits}f} to {usual.high:.{digits}f} at {3.6 * mean.speed_mps:.1f} km/h"
        )
        out.append((title, said, band))
    return out
