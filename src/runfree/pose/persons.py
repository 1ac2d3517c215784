"""Who is in a film: people seen now and then, linked to persons, and where each of them is at any time between."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment

from runfree.pose.people import People

Array = NDArray[np.float64]

LOOK_HZ = 3.0
"""How often a film is searched for people, in looks a second of the runner's time."""
_NEAR, _FASTEST_PER_S, _TURNS_PER_S = 0.4, 4.5, 1.5
_SAME_SIZE, _SAME_COLOUR = 1.5, 60.0
_IMPOSSIBLE = 10.0
_LONGEST_UNSEEN_S = 1.6
_FEWEST_LOOKS = 2
_OVER_ENDS_S = 0.4
_IN_FRONT, _IN_THE_WAY = 0.8, 0.55


@dataclass(frozen=True, eq=False)
class Look:
    """The people in one picture of a film.

    Attributes
    ----------
    index : int
        Of the picture.
    people : array (N, 3)
        In pixels of the film.
    colour : array (N, 3)
        Mean red, green and blue of each trunk, 0 to 255.
    """

    index: int
    people: People
    colour: Array


@dataclass(frozen=True, eq=False)
class Person:
    """Somebody seen in several looks.

    Attributes
    ----------
    time_s : array (n,)
    place : array (n, 3)
        Mid-hip and radius of the circle round the whole body, in pixels of the film.
    colour : array (3,)
    """

    time_s: Array
    place: Array
    colour: Array

    @property
    def size(self) -> float:
        """Median radius in pixels."""
        return float(np.median(self.place[:, 2]))

    def at(self, time_s: Array) -> Array:
        """Place at times, (T, 3); NaN where this person was not seen for a while before or after.

        On the line between what was seen, and on the same line a little beyond the ends.
        """
        known_s, known = self.time_s, self.place
        if len(known_s) > 1:
            slope = np.diff(known, axis=0)[[0, -1]] / np.diff(known_s)[[0, -1], None]
            slope[:, 2] = 0
            known_s = np.concatenate([[known_s[0] - _OVER_ENDS_S], known_s, [known_s[-1] + _OVER_ENDS_S]])
            beyond = known[[0, -1]] + np.array([[-_OVER_ENDS_S], [_OVER_ENDS_S]]) * slope
            known = np.concatenate([beyond[:1], known, beyond[1:]])
        inside = np.stack([np.interp(time_s, known_s, known[:, i]) for i in range(3)], axis=1)
        after = np.searchsorted(self.time_s, time_s, side="right")
        before_s = self.time_s[np.maximum(after - 1, 0)]
        next_s = self.time_s[np.minimum(after, len(self.time_s) - 1)]
        outside = (after == 0) | (after == len(self.time_s))
        apart = np.where(outside, np.abs(time_s - np.where(after == 0, next_s, before_s)), next_s - before_s)
        unknown = apart > np.where(outside, _OVER_ENDS_S, _LONGEST_UNSEEN_S)
        return np.where(unknown[:, None], np.nan, inside)


def look_every(time_s: Array) -> int:
    """Every how many frames a film is searched for people."""
    return max(1, round(1 / (LOOK_HZ * float(np.median(np.diff(time_s))))))


def look_at(index: int, rgb: NDArray[np.uint8], people: People, scale: float) -> Look:
    """Note the people found in a picture, which is scaled down by ``scale``."""
    colour = [_trunk_colour(rgb, row) for row in people]
    return Look(index, people * scale, np.array(colour, dtype=np.float64).reshape(len(people), 3))


def _trunk_colour(rgb: NDArray[np.uint8], place: Array) -> Array:
    x, y, radius = place
    rows = slice(max(0, int(y - 0.45 * radius)), max(1, int(y - 0.1 * radius)))
    columns = slice(max(0, int(x - 0.08 * radius)), max(1, int(x + 0.08 * radius) + 1))
    part = rgb[rows, columns].reshape(-1, 3)
    return np.median(part, axis=0).astype(np.float64) if len(part) else np.full(3, 127.0)


def persons(time_s: Array, looks: list[Look]) -> tuple[Person, ...]:
    """Link what was seen in the looks to persons; the largest that stays long comes first.

    From look to look a person moves on as before, keeps the size and the colour of the trunk. Who leaves and comes back is one person
    when size and colour agree and nobody else could be meant.

    Parameters
    ----------
    time_s : array (T,)
        Of all frames of the film.
    looks : list of Look
        In order of time.
    """
    linked = _linked(time_s, looks)
    found = [p for p in _came_back(linked) if len(p.time_s) >= _FEWEST_LOOKS]
    if not found:
        return tuple(linked[:1])
    longest = max(len(p.time_s) for p in found)
    weight = [p.size * min(1.0, 2 * len(p.time_s) / longest) for p in found]
    order = sorted(range(len(found)), key=lambda i: (-weight[i], found[i].time_s[0]))
    return tuple(found[i] for i in order)


class _Track:
    def __init__(self, time_s: float, place: Array, colour: Array) -> None:
        self.time_s, self.place, self.colour = [time_s], [place], [colour]

    def cost(self, time_s: float, place: Array, colour: Array, *, alone: bool) -> float:
        """How unlike this person somebody is; infinite where they cannot be the same.

        The colour may be that of an arm, the shadow or the wall beside a trunk that leans, so it is compared with every one
        seen before, and where nobody else was there (``alone``) it does not count.
        """
        later = time_s - self.time_s[-1]
        size = max(self.place[-1][2], place[2])
        away = float(np.hypot(*(place - self._expected(time_s))[:2])) / size
        room = _NEAR + later * (_FASTEST_PER_S if len(self.time_s) == 1 else _TURNS_PER_S)
        grown = abs(float(np.log(place[2] / self.place[-1][2]))) / np.log(_SAME_SIZE)
        nearest = float(np.linalg.norm(np.array(self.colour) - colour, axis=1).min())
        unlike = 0.0 if alone else nearest / (2 * _SAME_COLOUR)
        return away + (grown + unlike) / 2 if max(away / room, grown, unlike) < 1 else np.inf

    def _expected(self, time_s: float) -> Array:
        if len(self.time_s) == 1:
            return self.place[-1]
        recent = np.array(self.time_s[-4:])
        slope = np.polyfit(recent - recent[-1], np.array(self.place[-4:]), 1)[0]
        return self.place[-1] + slope * (time_s - self.time_s[-1])

    def add(self, time_s: float, place: Array, colour: Array) -> None:
        self.time_s.append(time_s)
        self.place.append(place)
        self.colour.append(colour)

    def person(self) -> Person:
        return Person(np.array(self.time_s), np.array(self.place), np.median(self.colour, axis=0))


def _linked(time_s: Array, looks: list[Look]) -> list[Person]:
    tracks: list[_Track] = []
    for look in looks:
        now = float(time_s[look.index])
        live = [t for t in tracks if now - t.time_s[-1] <= _LONGEST_UNSEEN_S]
        alone = len(live) == len(look.people) == 1
        seen = list(zip(look.people, look.colour, strict=True))
        cost = np.array([[t.cost(now, *one, alone=alone) for one in seen] for t in live])
        cost = cost.reshape(len(live), len(look.people))
        taken: set[int] = set()
        for i, j in zip(*linear_sum_assignment(np.minimum(cost, _IMPOSSIBLE)), strict=True):
            if cost[i, j] < _IMPOSSIBLE:
                live[i].add(now, look.people[j], look.colour[j])
                taken.add(int(j))
        tracks += [_Track(now, look.people[j], look.colour[j]) for j in range(len(look.people)) if j not in taken]
    return [t.person() for t in tracks]


def _came_back(parts: list[Person]) -> list[Person]:
    """Join parts that follow each other and look alike; where only ever one person is seen, all that are not plainly different."""
    several = any(
        a is not b and a.time_s[0] <= b.time_s[-1] and b.time_s[0] <= a.time_s[-1] for a in parts for b in parts
    )
    limit = _SAME_COLOUR / 2 if several else 2 * _SAME_COLOUR
    out: list[Person] = []
    for part in sorted(parts, key=lambda p: p.time_s[0]):
        alike = [p for p in out if p.time_s[-1] < part.time_s[0] and _unlike(p, part) < limit]
        if several:
            alike = [p for p in alike if max(p.size, part.size) < _SAME_SIZE * min(p.size, part.size)]
        if not alike:
            out.append(part)
            continue
        same = min(alike, key=lambda p: _unlike(p, part))
        count = len(same.time_s), len(part.time_s)
        colour = np.average([same.colour, part.colour], axis=0, weights=count)
        joined = Person(
            np.concatenate([same.time_s, part.time_s]), np.concatenate([same.place, part.place]), colour
        )
        out[next(i for i, p in enumerate(out) if p is same)] = joined
    return out


def _unlike(one: Person, other: Person) -> float:
    return float(np.linalg.norm(one.colour - other.colour))


def hidden(who: Person, others: list[Person], time_s: Array) -> NDArray[np.bool_]:
    """Frames in which somebody as large or larger stands before a person, (T,)."""
    mine = who.at(time_s)
    out = np.zeros(len(time_s), dtype=bool)
    for other in others:
        theirs = other.at(time_s)
        with np.errstate(invalid="ignore"):
            near = np.abs(theirs[:, 0] - mine[:, 0]) < _IN_THE_WAY * (mine[:, 2] + theirs[:, 2]) / 2
            out |= near & (theirs[:, 2] > _IN_FRONT * mine[:, 2])
    return out
