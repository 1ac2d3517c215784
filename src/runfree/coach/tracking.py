"""Tracking: whether the kneecap travels above the second toe."""

from __future__ import annotations

from typing import ClassVar

from runfree.coach.rule import make_finding
from runfree.coach.seen import Seen
from runfree.coach.sides import Sides, sides
from runfree.coach.wording import capital, joined
from runfree.core.finding import Alignment, Finding
from runfree.core.metrics import EACH
from runfree.knowledge.loader import load


class Tracking:
    """The knee over the foot decides; the line hip–knee–ankle only speaks where the foot cannot be seen.

    A foot that turns out moves the hip–knee–ankle line outward, so that line alone can tell a knee that is
    clearly in, but not one that is out. No norm is published for either; the limits are judgements.
    """

    title: ClassVar[str] = "Kneecap over second toe"
    alignment: ClassVar[Alignment] = "tracking"
    needs: ClassVar[tuple[str, ...]] = ("knee_over_toe", "knee_projection")
    sources: ClassVar[tuple[str, ...]] = ("K2", "K1", "G1")

    def judge(self, seen: Seen) -> Finding:
        """Judge both knees, each by its own interval."""
        over_toe = sides(seen, "knee_over_toe")
        if over_toe is not None:
            return self._over_toe(seen, over_toe)
        projected = sides(seen, "knee_projection")
        if projected is not None:
            return self._projected(seen, projected)
        reason, instead = seen.why_missing("knee_over_toe")
        headline = "This film does not show how your knees travel"
        return make_finding(self, seen, "not_assessable", headline, capital(reason), see_instead=instead)

    def _over_toe(self, seen: Seen, knees: Sides) -> Finding:
        numbers = knees.numbers(seen, "Your {side} knee stands {number} from the line of its second toe.")
        used = ("knee_over_toe",)
        if knees.outside:
            return self._outside(seen, knees, numbers, used)
        if len(knees.at("inside")) == len(EACH):
            text = joined(numbers, _usual(knees), "Nothing to change here.")
            headline = "Your kneecaps travel over the second toe"
            return make_finding(self, seen, "present", headline, text, used=used)
        if knees.unseen:
            reason, instead = seen.why_missing("knee_over_toe", knees.unseen[0])
            headline = "Only one knee could be seen"
            text = joined(numbers, f"The {knees.unseen[0]} knee could not be measured: {capital(reason)}")
        else:
            headline, instead = "Over the second toe or not: this film cannot decide", None
            text = joined(numbers, _usual(knees), _SPANS)
        return make_finding(self, seen, "not_assessable", headline, text, used=used, see_instead=instead)

    def _projected(self, seen: Seen, knees: Sides) -> Finding:
        numbers = knees.numbers(seen, "Your {side} knee bends {number} from the line between hip and ankle.")
        used = ("knee_projection",)
        if knees.at("above"):
            return self._outside(seen, knees, numbers, used)
        if len(knees.at("inside")) == len(EACH):
            text = joined(numbers, _usual(knees), "Nothing to change here.")
            return make_finding(self, seen, "present", "Your knees stay in line", text, used=used)
        headline = "Your knees were seen, but not over which toe they travel"
        text = joined(numbers, "Turned-out feet move this number, so the feet have to be seen as well.")
        instead = seen.why_missing("knee_over_toe")[1]
        return make_finding(self, seen, "not_assessable", headline, text, used=used, see_instead=instead)

    def _outside(self, seen: Seen, knees: Sides, numbers: str, used: tuple[str, ...]) -> Finding:
        cue = load().words_for(self.alignment).rstrip(".")
        advice = (
            f'You could make a trial of the cue "{cue}", and of slow step-downs in front of a mirror. Leave the foot where the knee is at '
            "ease, and stop if pain rises."
        )
        headline = f"{knees.who('knee', 'knees', 'travel', 'further in', 'further out')} than is usual"
        text = joined(numbers, knees.worst(), _usual(knees), advice)
        return make_finding(self, seen, "absent", headline, text, used=used, work_on=True)


_SPANS = "The measurement error spans a limit. A longer film, closer to you, narrows it."


def _usual(knees: Sides) -> str:
    low, high = knees.limits.low, knees.limits.high
    inner = f"Up to {high:.0f}° in" if low < 0 else f"From {low:.0f} to {high:.0f}° in"
    outer = f" and {-low:.0f}° out" if low < 0 else ""
    return f"{inner}{outer} counts as usual here; this limit is a judgement, as nobody has measured one."
