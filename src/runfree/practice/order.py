"""Put chosen exercises in order, so that nobody gets up and lies down again and again."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise, product

from runfree.knowledge.exercise import Position
from runfree.practice.choose import LEVEL, Option
from runfree.practice.session import PHASES, When

_ALONG: tuple[Position, ...] = ("standing", "all_fours", "kneeling", "prone", "seated", "supine")


def in_order(chosen: Sequence[Option], plan: Sequence[str], when: When) -> list[Option]:
    """Return warm-up, main part and cool-down, each sorted from standing to lying or back, with the fewest changes of level.

    The practice begins standing; before a run it also ends standing.
    """

    def ways(phase: str) -> list[list[Option]]:
        part = sorted((o for o in chosen if o.phase == phase), key=lambda o: _key(o, plan))
        if phase == "cool_down":
            return [
                sorted(part, key=lambda o: (o.exercise.roles[0] == "rest", "mobility" not in o.exercise.roles))
            ]
        rising = sorted(part, key=lambda o: -_ALONG.index(o.exercise.position))
        return [part, rising]

    tried = ([*a, *b, *c] for a, b, c in product(*(ways(p) for p in PHASES)))
    return min(tried, key=lambda options: changes([o.exercise.position for o in options], when))


def changes(positions: Sequence[Position], when: When) -> int:
    """Return how often the level (floor, kneeling, standing) changes, from standing at the start."""
    levels = [2, *(LEVEL[p] for p in positions), *([2] if when == "before" else [])]
    return sum(abs(a - b) for a, b in pairwise(levels))


def _key(option: Option, plan: Sequence[str]) -> tuple[int, bool, int]:
    """By position, what moves before what works, then by importance."""
    exercise = option.exercise
    rank = plan.index(exercise.id) if exercise.id in plan else len(plan)
    return _ALONG.index(exercise.position), exercise.roles[0] not in ("mobility", "breath"), rank
