"""How far off is every measure? Runs rendered films with known truth through the product and prints the table.

    uv run python validation/phantom.py FOLDER [FOLDER ...] [--motions CACHE] [--pattern GLOB] [--worst]

A folder holds NAME.mp4 and NAME.json pairs as the phantom generator writes them. Films whose truth is not what was asked of the
generator (a swing foot that scuffs the floor makes false steps) are left out.
"""

from __future__ import annotations

import argparse
import json
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from runfree.core.estimate import Estimate
from runfree.core.metrics import METRICS
from runfree.core.motion import Motion
from runfree.gait import measure
from runfree.io.motion_file import read_motion, write_motion
from runfree.pose import track

TRUTH = {
    "cadence": ("cadence_spm", 0.5),
    "vertical_oscillation": ("vert_osc_pelvis_cm", 0.4),
    "foot_progression": ("fpa_deg", 2.5),
    "knee_projection": ("fppa_deg", 3.0),
    "knee_over_toe": ("knee_over_foot_line_deg", 2.5),
    "pelvic_drop": ("pelvic_drop_deg", 2.0),
    "step_width": ("step_width_cm", 1.5),
    "trunk_lean": ("trunk_lean_mean_deg", 2.0),
    "knee_flexion_contact": ("knee_flexion_contact_deg", 5.0),
    "knee_flexion_midstance": ("knee_flexion_midstance_deg", 5.0),
    "tibia_angle_contact": ("tibia_angle_contact_deg", 3.0),
    "foot_strike_angle": ("foot_strike_angle_deg", 6.0),
    "contact_time": ("contact_time", 20.0),
}
"""Metric: key of the truth, and the error that would still be useful."""


@dataclass(frozen=True)
class Row:
    """One estimate against its truth."""

    metric: str
    where: str
    film: str
    error: float
    half: float

    @property
    def held(self) -> bool:
        """Whether the interval holds the truth."""
        return abs(self.error) <= self.half


def films(folders: list[Path]) -> Iterator[tuple[Path, dict[str, Any]]]:
    """Yield every film with a truth worth comparing with."""
    for folder in folders:
        for path in sorted(folder.glob("*.json")):
            document = json.loads(path.read_text())
            if path.with_suffix(".mp4").exists() and "requested" in document and trusted(document):
                yield path.with_suffix(".mp4"), document


def trusted(document: dict[str, Any]) -> bool:
    """Whether the truth follows what was asked for: no false steps."""
    asked, truth = document["requested"], document["truth"]
    feet = (("L", "fpa_left"), ("R", "fpa_right"))
    return (
        abs(truth["cadence_spm"] - asked["cadence"]) <= 3
        and abs(1000 * truth["contact_time"]["mean"] - asked["contact_ms"]) <= 20
        and all(abs(truth[foot]["fpa_deg"]["mean"] - asked[key]) <= 3 for foot, key in feet)
    )


def motion_of(film: Path, cache: Path | None) -> Motion:
    """Track a film, or take its motion from the cache."""
    saved = cache / f"{film.stem}.nc" if cache else None
    if saved and saved.exists():
        return read_motion(saved)
    motion = track(film)
    if saved:
        saved.parent.mkdir(parents=True, exist_ok=True)
        write_motion(saved, motion)
    return motion


def rows_of(film: Path, document: dict[str, Any], cache: Path | None) -> Iterator[Row]:
    """Compare every estimate of one film."""
    measured = measure(motion_of(film, cache), height_m=document["body_height_m"])
    travel = "" if document["mode"] == "treadmill" else ", overground"
    near = {"side": "left", "side_right": "right"}.get(document["view"])
    for estimate in measured.estimates:
        if estimate.metric in TRUTH:
            leg = "" if near is None or estimate.side == "both" else ", near" if estimate.side == near else ", far"
            error = estimate.value - truth_of(document["truth"], estimate)
            half = (estimate.high - estimate.low) / 2
            yield Row(estimate.metric, f"{measured.view}{travel}{leg}", film.stem, error, half)


def truth_of(truth: dict[str, Any], estimate: Estimate) -> float:
    """The true value in the estimate's unit."""
    part = truth if estimate.side == "both" else truth["L" if estimate.side == "left" else "R"]
    value = part[TRUTH[estimate.metric][0]]
    number = float(value["mean"] if isinstance(value, dict) else value)
    return 1000 * number if estimate.metric == "contact_time" else number


def table(rows: list[Row]) -> str:
    """Markdown: one line a measure and place."""
    groups: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in rows:
        groups[row.metric, row.where].append(row)
    lines = [
        "| measure | film | n | bias | SD | worst | useful | within useful | half-width | intervals that held |",
        "|---|---|---|---|---|---|---|---|---|---|",
    ]
    order = list(METRICS)
    for (metric, where), group in sorted(groups.items(), key=lambda g: (order.index(g[0][0]), g[0][1])):
        error, useful = np.array([r.error for r in group]), TRUTH[metric][1]
        lines.append(
            f"| {METRICS[metric].title} ({METRICS[metric].unit}) | {where} | {len(group)} | {error.mean():+.2f} | "
            f"{error.std():.2f} | {np.abs(error).max():.2f} | {useful:g} | {np.mean(np.abs(error) <= useful):.0%} | "
            f"{np.median([r.half for r in group]):.2f} | {np.mean([r.held for r in group]):.0%} |"
        )
    return "\n".join(lines)


def summary(rows: list[Row]) -> str:
    """One sentence over all measures but contact time, whose first version has no bar yet."""
    timed = [r for r in rows if r.metric != "contact_time"]
    width = np.median([2 * r.half / TRUTH[r.metric][1] for r in timed])
    held, films_ = np.mean([r.held for r in timed]), len({r.film for r in timed})
    return (
        f"{films_} films, {len(timed)} numbers: {held:.1%} of the 95 % intervals held the truth; "
        f"median width {width:.1f} times the useful error."
    )


def main() -> None:
    """Parse, run, write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", nargs="+", type=Path)
    parser.add_argument("--motions", type=Path, help="keep motion files here, and use those that are there")
    parser.add_argument("--pattern", default="*", help="only films whose name matches")
    parser.add_argument("--worst", action="store_true", help="also list each estimate outside its interval")
    options = parser.parse_args()
    rows = [
        row
        for film, document in films(options.folders)
        if film.match(f"{options.pattern}.mp4")
        for row in rows_of(film, document, options.motions)
    ]
    print(table(rows), summary(rows), sep="\n\n")
    if options.worst:
        for row in rows:
            if not row.held:
                print(f"{row.film} {row.metric} {row.where} {row.error:+.2f} (± {row.half:.2f})")


if __name__ == "__main__":
    main()
