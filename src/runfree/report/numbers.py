"""Each number with its interval and where it lies, ready for the page."""

from __future__ import annotations

from dataclasses import dataclass

from runfree.core.analysis import Analysis
from runfree.core.estimate import Estimate
from runfree.core.flags import FLAGS
from runfree.core.metrics import METRICS
from runfree.knowledge import UsualRange, usual_range
from runfree.report import words


@dataclass(frozen=True, slots=True)
class Row:
    """One estimate: its words, and places along the scale in percent."""

    side: str
    value: str
    interval: str
    low_pct: float
    high_pct: float
    value_pct: float
    quality: str
    n: int
    method: str
    flags: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Card:
    """One measure: its words, the usual range if one is known, and one row a side."""

    title: str
    definition: str
    sign: str
    usual: str | None
    basis: str | None
    band_pct: tuple[float, float] | None
    rows: tuple[Row, ...]


def cards(analysis: Analysis) -> list[Card]:
    """One card a measure, in the order of the measures."""
    gait = analysis.films[0].measured.gait
    out: list[Card] = []
    for metric in METRICS:
        found = [e for e in analysis.estimates if e.metric == metric]
        if found:
            usual = usual_range(metric, speed_mps=analysis.speed_mps, gait=gait)
            out.append(_card(found, usual if usual is not None and usual.unit == found[0].unit else None))
    return out


def _card(found: list[Estimate], usual: UsualRange | None) -> Card:
    metric = METRICS[found[0].metric]
    ends = [e.low for e in found] + [e.high for e in found] + ([usual.low, usual.high] if usual else [])
    room = 0.14 * (max(ends) - min(ends) or 1.0)
    start, span = min(ends) - room, max(ends) - min(ends) + 2 * room

    def pct(value: float) -> float:
        return round(100 * (value - start) / span, 2)

    return Card(
        title=metric.title,
        definition=metric.definition,
        sign=metric.sign,
        usual=None if usual is None else _usual_text(usual, max(words.places(e) for e in found)),
        basis=None if usual is None else usual.basis,
        band_pct=None if usual is None else (pct(usual.low), pct(usual.high)),
        rows=tuple(_row(e, pct(e.low), pct(e.high), pct(e.value)) for e in found),
    )


def _row(estimate: Estimate, low_pct: float, high_pct: float, value_pct: float) -> Row:
    return Row(
        side=estimate.side,
        value=words.value_text(estimate),
        interval=words.range_text(estimate),
        low_pct=low_pct,
        high_pct=high_pct,
        value_pct=value_pct,
        quality=estimate.quality,
        n=estimate.n,
        method=estimate.method,
        flags=tuple(FLAGS.get(code, code) for code in estimate.flags),
    )


def _usual_text(usual: UsualRange, places: int) -> str:
    joint = "–" if usual.low >= 0 else " to "
    low, high = (words.number(v, places) for v in (usual.low, usual.high))
    return f"{low}{joint}{high}{words.unit_suffix(usual.unit)}"
