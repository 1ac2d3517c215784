"""The tables of docs/accuracy.md, in Markdown; any metric of the product that has a truth."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable

import numpy as np

from runfree.core.metrics import METRICS
from validation.phantom import TRUTH, Row

_HEAD = "| bias | limits of agreement | worst | within useful | half-width | held | not assessable |"


def by_place(rows: list[Row]) -> str:
    """One line a measure and place."""
    return _table(rows, "film", lambda r: r.place)


def by_frame_rate(rows: list[Row]) -> str:
    """One line a measure and frame rate; legs and views together."""
    return _table(rows, "frames a second", lambda r: f"{r.fps:.0f}")


def by_body(rows: list[Row]) -> str:
    """One line a measure and body."""
    return _table(rows, "body", lambda r: r.body)


def _table(rows: list[Row], what: str, group_of: Callable[[Row], str]) -> str:
    groups: dict[tuple[int, str], list[Row]] = defaultdict(list)
    order = list(METRICS)
    for row in rows:
        groups[order.index(row.metric), group_of(row)].append(row)
    lines = [f"| measure | {what} | n {_HEAD}", "|---|---|---|---|---|---|---|---|---|---|"]
    for (_, place), group in sorted(groups.items()):
        metric = METRICS[group[0].metric]
        lines.append(f"| {metric.title} ({metric.unit}) | {place} | {len(group)} | {_figures(group)} |")
    return "\n".join(lines)


def _figures(group: list[Row]) -> str:
    given = [r for r in group if r.given]
    missing = f"{1 - len(given) / len(group):.0%}"
    if not given:
        return " | ".join(["–"] * 6 + [missing])
    error, useful = np.array([r.error for r in given]), TRUTH[group[0].metric][1]
    return " | ".join(
        [
            f"{error.mean():+.2f}",
            limits(error),
            f"{np.abs(error).max():.2f}",
            f"{np.mean(np.abs(error) <= useful):.0%} of ±{useful:g}",
            f"{np.median([r.half for r in given]):.2f}",
            f"{np.mean([r.held for r in given]):.0%}",
            missing,
        ]
    )


def limits(error: np.ndarray) -> str:
    """Bland and Altman's 95 % limits of agreement: bias ± 1.96 SD."""
    if len(error) < 3:
        return "–"
    low, high = error.mean() + 1.96 * error.std(ddof=1) * np.array([-1, 1])
    return f"{low:+.1f} to {high:+.1f}"


def summary(rows: list[Row]) -> str:
    """One sentence over all of them."""
    given = [r for r in rows if r.given]
    width = np.median([2 * r.half / TRUTH[r.metric][1] for r in given])
    return (
        f"{len({r.film for r in rows})} films, {len(given)} numbers: {coverage(given):.1%} of the 95 % intervals held the truth; "
        f"median width {width:.1f} times the useful error; {1 - len(given) / len(rows):.0%} could not be assessed."
    )


def coverage(rows: Iterable[Row]) -> float:
    """Share of the given intervals that held the truth."""
    return float(np.mean([r.held for r in rows if r.given]))


def outside(rows: list[Row]) -> str:
    """Each number outside its interval, for whoever mends it."""
    return "\n".join(
        f"{r.film} {r.metric} {r.side} {r.place}: {r.error:+.2f} (± {r.half:.2f})"
        for r in rows
        if r.given and not r.held
    )
