"""A measure of both legs, each leg placed against the same limits."""

from __future__ import annotations

from dataclasses import dataclass

from runfree.coach.seen import Place, Seen, place
from runfree.coach.wording import change, joined, measured
from runfree.core.estimate import Estimate
from runfree.core.metrics import EACH, Side
from runfree.knowledge.usual import UsualRange, usual_range


@dataclass(frozen=True, slots=True)
class Sides:
    """One measure of the legs that were seen, and where each lies: ``above``, ``below``, ``inside``, ``unclear``."""

    estimates: dict[Side, Estimate]
    places: dict[Side, Place]
    limits: UsualRange

    def at(self, *places: Place) -> tuple[Side, ...]:
        """Return the sides that lie in one of the places."""
        return tuple(side for side, where in self.places.items() if where in places)

    @property
    def outside(self) -> tuple[Side, ...]:
        """Sides clear of a limit."""
        return self.at("above", "below")

    @property
    def unseen(self) -> tuple[Side, ...]:
        """Sides without a number."""
        return tuple(side for side in EACH if side not in self.places)

    def worst(self) -> str:
        """Name the side further from the limits, where both are outside; else empty."""
        excess = {
            side: max(self.estimates[side].value - self.limits.high, self.limits.low - self.estimates[side].value)
            for side in self.outside
        }
        if len(set(excess.values())) < len(EACH):
            return ""
        return f"The {max(excess, key=lambda side: excess[side])} one is further from the usual."

    def who(self, part: str, parts: str, verb: str, above: str, below: str) -> str:
        """Name who is outside and which way: ``Your left foot turns out and your right foot turns in``."""
        ways = {side: above if self.places[side] == "above" else below for side in self.outside}
        if len(ways) == len(EACH) and len(set(ways.values())) == 1:
            return f"Both {parts} {verb} {next(iter(ways.values()))}"
        named = " and your ".join(f"{side} {part} {verb}s {way}" for side, way in ways.items())
        return f"Your {named}"

    def numbers(self, seen: Seen, sentence: str) -> str:
        """Write every number (``sentence`` has ``{side}`` and ``{number}``) and every change since earlier."""
        return joined(
            *(
                joined(sentence.format(side=side, number=measured(e)), change(seen, e))
                for side, e in self.estimates.items()
            )
        )


def sides(seen: Seen, metric: str) -> Sides | None:
    """Place a measure of each leg against its limits; None if no leg was seen or no limits exist."""
    limits = usual_range(metric, gait=seen.gait)
    estimates: dict[Side, Estimate] = {side: e for side in EACH if (e := seen.estimate(metric, side)) is not None}
    if not estimates or limits is None:
        return None
    return Sides(estimates, {side: place(e, limits.low, limits.high) for side, e in estimates.items()}, limits)
