"""What the journal says at a glance, gathered for a page or a terminal."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from runfree.core.entry import Entry
from runfree.core.kept_film import KeptFilm
from runfree.core.run import Run, Stretch
from runfree.recovery.light import Light
from runfree.recovery.load import Limit, Spike
from runfree.watch.baseline import Change


@dataclass(frozen=True, slots=True)
class Shoe:
    """A pair of shoes: since when, and how far it was run in until the next pair was logged."""

    name: str
    since: date
    distance_m: float
    in_use: bool


@dataclass(frozen=True, slots=True)
class Overview:
    """All that a page or a terminal shows of the last weeks.

    ``undated`` counts runs whose watch did not know the date. ``stretches`` are of the last 400 days.
    """

    first: date
    today: date
    runs: tuple[Run, ...]
    undated: int
    stretches: tuple[tuple[date, int, Stretch], ...]
    changes: tuple[Change, ...]
    limit: Limit
    limits: tuple[tuple[date, float], ...]
    spikes: tuple[Spike, ...]
    pains: tuple[Entry, ...]
    lights: tuple[Light, ...]
    practices: tuple[Entry, ...]
    forms: tuple[Entry, ...]
    notes: tuple[Entry, ...]
    shoes: tuple[Shoe, ...]
    films: tuple[KeptFilm, ...]
