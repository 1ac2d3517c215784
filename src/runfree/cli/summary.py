"""The lines that stand on the terminal when a report is ready."""

from __future__ import annotations

from pathlib import Path
from textwrap import wrap

from runfree.coach.triage import URGENCY_WORDS, triage
from runfree.core.analysis import Analysis, FilmAnalysis
from runfree.core.estimate import Estimate
from runfree.core.finding import Finding
from runfree.core.metrics import METRICS
from runfree.core.wording import number, places, seen_how, unit_suffix
from runfree.knowledge import load
from runfree.report.words import unseen

_VERDICTS = {"present": "there", "absent": "unusual", "not_assessable": "cannot be seen"}
_HINTS = {"running speed": "--speed 10.5kmh", "body height": "--height 178cm"}
_PLAIN = str.maketrans({"°": " deg", "\N{MULTIPLICATION SIGN}": "x", "\N{MINUS SIGN}": "-", "\N{EN DASH}": "-"})
_NARROW, _ROOM = 72, 36


def summary(analysis: Analysis, out: Path, *, width: int = 80, plain: bool = True) -> str:
    """Say in a few lines what was seen, each number with its interval, what was not, and where the report is.

    Parameters
    ----------
    analysis : Analysis
    out : Path
        The report's folder.
    width : int
        Columns of the terminal.
    plain : bool
        Write degree and minus signs in ASCII.
    """
    symbols = _PLAIN if plain else {}
    todo = [f for f in analysis.findings if f.work_on]
    blocks = [
        _first(analysis, width),
        [line for film in analysis.films for line in _film(film, width)],
        ["To try first, one at a time", *(_todo(i, f, width) for i, f in enumerate(todo, 1))] if todo else [],
        ["The five alignments", *(_verdict(f, width) for f in analysis.findings)],
        [
            "Your numbers, each with its 95 % range of measurement",
            *_numbers(analysis, width, symbols),
        ],
        _changes(analysis, width, symbols),
        _unseen(analysis, width),
        [f"Report: {out / 'index.html'}"],
    ]
    return "\n\n".join("\n".join(block) for block in blocks if block)


def _first(analysis: Analysis, width: int) -> list[str]:
    """What the answers to the warning-sign questions ask for, before anything else."""
    if analysis.complaint is None or not analysis.triage:
        return []
    asked = triage(analysis.complaint, analysis.triage)
    return [
        "This comes first",
        *(_hanging("  * ", f"{URGENCY_WORDS[f.level]}. {f.what_to_do}", width) for f in asked.fits),
    ]


def _film(film: FilmAnalysis, width: int) -> list[str]:
    seen = film.measured
    facing = f", facing {seen.facing}" if seen.facing else ""
    what = f"{film.film}: {seen.gait}, {seen_how(seen.view)}{facing}"
    return [what, *(_hanging("  ", note, width) for note in film.notes)]


def _hanging(first: str, text: str, width: int) -> str:
    """Put ``text`` after ``first``, its further lines below its own beginning (or indented where that is too narrow)."""
    indent = len(first) if width - len(first) >= _ROOM else 6
    lead = first if indent == len(first) else f"{first.rstrip()}\n{' ' * indent}"
    return lead + f"\n{' ' * indent}".join(wrap(text, max(20, width - indent)))


def _todo(i: int, finding: Finding, width: int) -> str:
    return _hanging(f"  {i}. ", f"{load().alignments[finding.alignment].title}: {finding.headline}", width)


def _verdict(finding: Finding, width: int) -> str:
    title = load().alignments[finding.alignment].title
    undecided = finding.verdict == "not_assessable" and finding.see_instead is None
    verdict = "cannot tell yet" if undecided else _VERDICTS[finding.verdict]
    return _hanging(f"  {title:<26}{verdict:<16}", finding.headline, width)


def _numbers(analysis: Analysis, width: int, symbols: dict[int, str]) -> list[str]:
    """One line a measure; left and right stand side by side where there is room."""
    lines: list[str] = []
    for metric in dict.fromkeys(e.metric for e in analysis.estimates):
        found = [e for e in analysis.estimates if e.metric == metric]
        cells = [_cell(e, places(*found)).translate(symbols) for e in found]
        title = f"  {METRICS[metric].title:<26}"
        rows = cells if width < _NARROW else ["  ".join(f"{cell:<26}" for cell in cells).rstrip()]
        lines.append(title + f"\n{' ' * len(title)}".join(rows))
    return lines


def _changes(analysis: Analysis, width: int, symbols: dict[int, str]) -> list[str]:
    """Name what changed since the earlier film by more than both errors."""
    if not analysis.earlier:
        return []
    pairs = [
        (now, before)
        for before in analysis.earlier
        if (now := analysis.estimate(before.metric, before.side)) is not None and now.unit == before.unit
    ]
    lines = [
        _hanging(
            "  ",
            f"{METRICS[now.metric].title}: {_cell(now, places(now))}, before {_cell(before, places(before))}",
            width,
        )
        for now, before in pairs
        if now.differs(before)
    ]
    return [
        f"Changed since your earlier film by more than the errors: {len(lines)} of {len(pairs)} numbers",
        *(line.translate(symbols) for line in lines),
    ]


def _cell(estimate: Estimate, digits: int) -> str:
    value, low, high = (number(x, digits) for x in (estimate.value, estimate.low, estimate.high))
    side = "" if estimate.side == "both" else f"{estimate.side} "
    return f"{side}{value}{unit_suffix(estimate.unit)} ({low} to {high})"


def _unseen(analysis: Analysis, width: int) -> list[str]:
    lines: list[str] = []
    for group in unseen(analysis):
        lines.append(group.heading)
        for reason, titles in group.reasons.items():
            hint = next((f" ({option})" for word, option in _HINTS.items() if word in reason), "")
            lines.append(_hanging("  ", f"{', '.join(titles)}: {reason.rstrip('.')}{hint}", width))
    return lines
