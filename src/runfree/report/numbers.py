"""Each number with its interval and where it lies, ready for the page."""

from __future__ import annotations

from dataclasses import dataclass

from runfree.core.analysis import Analysis
from runfree.core.estimate import Estimate
from runfree.core.flags import FLAGS
from runfree.core.metrics import METRICS
from runfree.core.wording import places, unit_suffix
from runfree.knowledge import UsualRange, usual_range
from runfree.report.words import range_text, value_text


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
    earlier: str | None


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
            fits = usual if usual is not None and usual.unit == found[0].unit else None
            out.append(_card(found, fits, analysis.earlier))
    return out


def _card(found: list[Estimate], usual: UsualRange | None, earlier: tuple[Estimate, ...]) -> Card:
    metric = METRICS[found[0].metric]
    ends = [e.low for e in found] + [e.high for e in found] + ([usual.low, usual.high] if usual else [])
    room = 0.14 * (max(ends) - min(ends) or 1.0)
    start, span = min(ends) - room, max(ends) - min(ends) + 2 * room

    def before(now: Estimate) -> Estimate | None:
        same = (now.metric, now.side, now.unit)
        return next((e for e in earlier if (e.metric, e.side, e.unit) == same), None)

    def pct(value: float) -> float:
        return round(100 * (value - start) / span, 2)

    return Card(
        title=metric.title,
        definition=metric.definition,
        sign=metric.sign,
        usual=None
        if usual is None
        else range_text(usual.low, usual.high, places(*found)) + unit_suffix(usual.unit),
        basis=None if usual is None else usual.basis,
        band_pct=None if usual is None else (pct(usual.low), pct(usual.high)),
        rows=tuple(_row(e, before(e), pct(e.low), pct(e.high), pct(e.value)) for e in found),
    )


def _row(estimate: Estimate, before: Estimate | None, low_pct: float, high_pct: float, value_pct: float) -> Row:
    return Row(
        side=estimate.side,
        value=value_text(estimate),
        interval=range_text(estimate.low, estimate.high, places(estimate)),
        low_pct=low_pct,
        high_pct=high_pct,
        value_pct=value_pct,
        quality=estimate.quality,
        n=estimate.n,
        method=estimate.method,
        flags=tuple(FLAGS.get(code, code) for code in estimate.flags),
        earlier=None if before is None else _earlier(estimate, before),
    )


def _earlier(now: Estimate, before: Estimate) -> str:
    verdict = "a" if now.differs(before) else "no"
    was = range_text(before.low, before.high, places(before))
    return f"In your earlier film {value_text(before)} ({was}): {verdict} change beyond measurement error."
