"""The few lines that stand on the terminal when a report is ready."""

from __future__ import annotations

from pathlib import Path
from textwrap import fill

from runfree.core.analysis import Analysis
from runfree.core.estimate import Estimate
from runfree.core.metrics import METRICS

_VERDICT = {"present": "there", "absent": "not there", "not_assessable": "cannot be seen"}
_FROM = {"side": "from the side", "front": "from the front", "rear": "from behind", "oblique": "at an angle"}
_DIGITS = {"spm": 1, "body heights": 3, "ms": 0}


def summary(analysis: Analysis, out: Path) -> str:
    """Say in a few lines what was seen, each number with its interval, what was not, and where the report is."""
    blocks = [
        [f"{film.film}: {film.measured.gait}, seen {_FROM[film.measured.view]}." for film in analysis.films],
        [_wrapped(f"{f.alignment} ({_VERDICT[f.verdict]}): {f.headline}") for f in analysis.findings],
        [_line(estimate) for estimate in analysis.estimates],
        _unseen(analysis),
        [f"Report: {out / 'index.html'}"],
    ]
    return "\n\n".join("\n".join(block) for block in blocks if block)


def _wrapped(text: str) -> str:
    return fill(text, width=100, initial_indent="  ", subsequent_indent="    ")


def _line(estimate: Estimate) -> str:
    side = "" if estimate.side == "both" else f", {estimate.side}"
    digits = _DIGITS.get(estimate.unit, 1)
    return (
        f"  {METRICS[estimate.metric].title + side:<34} {estimate.value:8.{digits}f} {estimate.unit}"
        f"  (95 %: {estimate.low:.{digits}f} to {estimate.high:.{digits}f}; {estimate.n} steps, {estimate.quality})"
    )


def _unseen(analysis: Analysis) -> list[str]:
    titles: dict[str, list[str]] = {}
    for item in analysis.not_assessable:
        where = f"film {_FROM[item.film_instead]}" if item.film_instead else item.reason.rstrip(".")
        titles.setdefault(where, [])
        if (title := METRICS[item.metric].title) not in titles[where]:
            titles[where].append(title)
    return [_wrapped(f"Not seen: {', '.join(names)} ({where}).") for where, names in titles.items()]
