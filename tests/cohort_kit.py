"""Results folders made without a film: what a batch would have found, drawn with a seed."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np

from runfree.app.batch_tables import write_films
from runfree.core.metrics import METRICS
from runfree.io.result_tables import schemas
from runfree.jobs.dataset import pack, publish
from runfree.jobs.state import Item, Result, open_state

SHOWN = {
    "cadence": (168.0, 0.2),
    "vertical_oscillation": (8.2, 0.7),
    "trunk_lean": (6.0, 1.6),
    "contact_time": (240, 8),
}
"""Usual value and standard deviation of measurement of each measure made here."""


def estimate(metric: str, value: float, error_sd: float, side: str = "both", **other: Any) -> dict[str, Any]:
    reach = 1.96 * error_sd
    row = {
        "metric": metric,
        "side": side,
        "value": value,
        "low": value - reach,
        "high": value + reach,
        "unit": METRICS[metric].unit,
        "n": 20,
        "quality": "good",
        "method": "made",
        "flags": [],
        "view": "side",
        "activity": "running",
    }
    return row | other


def tables(
    estimates: list[dict[str, Any]], activity: str = "running", flags: Iterable[str] = ()
) -> dict[str, list]:
    about = {"view": "side", "facing": None, "travel": "treadmill", "slowmo": 1.0, "notes": []}
    return {
        "analyses": [
            about | {"activity": activity, "steps": 20, "steps_left_out": 0, "flags": list(flags)},
        ],
        "estimates": estimates,
        "not_assessable": [],
        "steps": [],
        "findings": [],
    }


def make(
    folder: Path, films: Iterable[tuple[str, dict[str, str], dict[str, list] | Result, float | None]]
) -> Path:
    """Write a results folder of films: name, labels, tables or a failure, and speed."""
    held = list(films)
    with open_state(folder) as state:
        state.enrol(
            Item(f"/films/{name}", name, labels, {"height_m": 1.7, "speed_mps": speed})
            for name, labels, _, speed in held
        )
        for name, _, found, _ in held:
            result = found if isinstance(found, Result) else Result("done", payload=pack(found))
            state.take(f"/films/{name}", "1:1", name, name)
            about = {"film_sha256": name, "runfree": "0", "backend": "made", "settings": "{}"}
            state.record(name, result, about, "v0")
        publish(state, folder, schemas())
        write_films(state, folder)
    return folder


def before_and_after(folder: Path, *, runners: int = 14, effect: float = 1.0, seed: int = 3) -> Path:
    """Runners filmed twice before and twice after; cadence rises by 4 times ``effect``, bounce falls by 0.8 times it."""
    rng = np.random.default_rng(seed)
    films = []
    for i in range(runners):
        own = {metric: usual + rng.normal(0, 0.04 * usual) for metric, (usual, _) in SHOWN.items()}
        for session in ("before", "after"):
            change = effect * (session == "after")
            shift = {"cadence": 4.0 * change, "vertical_oscillation": -0.8 * change}
            for take in (1, 2):
                rows = [
                    estimate(m, own[m] + shift.get(m, 0.0) + rng.normal(0, 0.01 * usual + error / 2), error, side)
                    for m, (usual, error) in SHOWN.items()
                    for side in METRICS[m].sides
                ]
                labels = {"runner": f"R{i:02}", "session": session}
                films.append((f"r{i:02}-{session}-{take}.mp4", labels, tables(rows), None))
    films += [
        ("blurred.mp4", {"runner": "R90", "session": "before"}, Result("refused", "The film blurred.mp4: nobody can be followed in it. Film one person."), None),
        ("hung.mp4", {"runner": "R91", "session": "after"}, Result("too slow", "it took longer than 3600 s", 2), None),
    ]  # fmt: skip
    return make(folder, films)
