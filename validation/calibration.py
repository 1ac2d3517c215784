"""Are the intervals earned? What the half-widths would be if each film had no say in its own.

For each measure and view the systematic part of the interval is one figure (``half_95`` in runfree/gait/accuracy.py). Here it is set anew with one
film left out, as the 95 % prediction interval of Student's t about the others' mean, and tried on the film that was left out.
"""

from __future__ import annotations

from collections import defaultdict

import numpy as np
from scipy import stats

from runfree.core.metrics import METRICS
from validation.phantom import Row

_ENOUGH = 5


def leave_one_out(rows: list[Row]) -> str:
    """Markdown: coverage of the table as it is, and of one set without the film it is tried on."""
    groups: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in rows:
        if row.given:
            groups[row.metric, row.place].append(row)
    lines = [
        "| measure | film | films | held, as published | held, film left out | half-width, as published | half-width, film left out |",
        "|---|---|---|---|---|---|---|",
    ]
    order, tried = list(METRICS), []
    for (metric, place), group in sorted(groups.items(), key=lambda g: (order.index(g[0][0]), g[0][1])):
        films = {r.film for r in group}
        if len(films) < _ENOUGH:
            continue
        left_out = [_without(group, film) for film in sorted(films)]
        held = [ok for hits, _ in left_out for ok in hits]
        tried += held
        lines.append(
            f"| {METRICS[metric].title} ({METRICS[metric].unit}) | {place} | {len(films)} | {np.mean([r.held for r in group]):.0%} | "
            f"{np.mean(held):.0%} | {np.median([r.half for r in group]):.2f} | {np.median([w for _, w in left_out]):.2f} |"
        )
    return "\n".join(lines) + (
        f"\n\nTogether, film left out: {np.mean(tried):.1%} of {len(tried)}." if tried else ""
    )


def _without(group: list[Row], film: str) -> tuple[list[bool], float]:
    """Whether the intervals of one film hold when the others set them, and their half-width."""
    error = np.array([r.error for r in group if r.film != film])
    half = float(stats.t.ppf(0.975, len(error) - 1) * error.std(ddof=1) * np.sqrt(1 + 1 / len(error)))
    return [abs(r.error - error.mean()) <= half for r in group if r.film == film], half
