"""Film and watch of the same seconds: in words for page and terminal, and as JSON."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass

from runfree.core.metrics import METRICS
from runfree.watch.witness import Beside, Both, Witnesses

DATA = "watch.json"


@dataclass(frozen=True, slots=True)
class Row:
    """One measure of both, in words: its name, each number with its range, the sensor, and whether the ranges meet."""

    title: str
    film: str
    watch: str
    unit: str
    sensor: str
    agree: bool


def rows(both: Witnesses) -> list[Row]:
    """Return what a film and a watch say, a row for each measure."""
    return [_row(one) for one in both.measures]


def _row(one: Both) -> Row:
    digits = 1 if one.metric == "vertical_oscillation" else 0
    unit = {"spm": "steps/min"}.get(one.unit, one.unit)
    sensor = one.sensor if one.position == "unknown" else f"{one.sensor} ({one.position})"
    film = f"{one.film:.{digits}f} ({one.film_low:.{digits}f} to {one.film_high:.{digits}f})"
    watch = f"{one.watch:.{digits}f} ({one.watch_low:.{digits}f} to {one.watch_high:.{digits}f})"
    return Row(METRICS[one.metric].title, film, watch, unit, sensor, one.agree)


def clocks(both: Witnesses) -> str:
    """Say how far the two clocks are apart, and how sure that is."""
    if both.offset_s is None:
        return f"The film does not say when it was made; it fits {both.fitting_s} seconds of the run."
    way = "ahead of" if both.offset_s >= 0 else "behind"
    also = f"{both.offset_low_s:+.0f} to {both.offset_high_s:+.0f} s fit as well"
    return f"The watch's clock is {abs(both.offset_s):.0f} s {way} the phone's ({also})."


def watch_json(beside: Beside) -> str:
    """Return the text of watch.json: both witnesses of each film that was compared."""
    plain = {
        name: asdict(w) | {"measures": [asdict(m) | {"agree": m.agree} for m in w.measures]}
        for name, w in beside.found.items()
    }
    return json.dumps(plain, indent=2, allow_nan=False) + "\n"
