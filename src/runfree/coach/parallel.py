"""Parallel: whether the feet point nearly where the runner goes."""

from __future__ import annotations

from typing import ClassVar

from runfree.coach.rule import make_finding
from runfree.coach.seen import Seen, matters
from runfree.coach.sides import Sides, sides
from runfree.coach.wording import capital, joined
from runfree.core.finding import Alignment, Finding
from runfree.core.metrics import EACH, Side
from runfree.knowledge.usual import usual_range

MAX_CHANGE_DEG = 5.0
ONE_SIDED_DEG = 15.0


class Parallel:
    """The runner's own foot angle is left alone unless it is clearly outside the limits and the knee allows it.

    Between the limits of the knowledge files (5° in to 10° out; walkers 13° out) the feet are near straight.
    Beyond them, with an interval clear of the limit, a small trial is offered only for a complaint, only
    where turning the feet in leaves the knee at ease, and never towards a target of zero.
    """

    title: ClassVar[str] = "Feet parallel"
    alignment: ClassVar[Alignment] = "parallel"
    needs: ClassVar[tuple[str, ...]] = ("foot_progression",)
    sources: ClassVar[tuple[str, ...]] = ("F8", "K3", "G1")

    def judge(self, seen: Seen) -> Finding:
        """Judge both feet, each by its own interval."""
        feet = sides(seen, "foot_progression")
        if feet is None:
            reason, instead = seen.why_missing("foot_progression")
            headline = "This film does not show your foot angle"
            return make_finding(self, seen, "not_assessable", headline, capital(reason), see_instead=instead)
        numbers = feet.numbers(seen, "Your {side} foot points {number}.")
        if feet.outside:
            return self._outside(seen, feet, numbers)
        if len(feet.at("inside")) == len(EACH):
            text = joined(numbers, _near_straight(feet), "No change is advised; every body has its own angle.")
            headline = "Your feet point nearly straight ahead"
            return make_finding(self, seen, "present", headline, text, used=self.needs)
        return self._undecided(seen, feet, numbers)

    def _outside(self, seen: Seen, feet: Sides, numbers: str) -> Finding:
        advice, trial = _advice_out(seen, feet) if feet.at("above") else (_TOE_IN, False)
        headline = f"{feet.who('foot', 'feet', 'turn', 'out', 'in')} more than is usual"
        text = joined(numbers, feet.worst(), _near_straight(feet), advice)
        check = "self_check:parallel" if trial else None
        return make_finding(
            self, seen, "absent", headline, text, used=self.needs, see_instead=check, work_on=trial
        )

    def _undecided(self, seen: Seen, feet: Sides, numbers: str) -> Finding:
        if feet.unseen:
            reason, instead = seen.why_missing("foot_progression", feet.unseen[0])
            headline = "Only one foot could be seen"
            text = joined(numbers, f"The {feet.unseen[0]} foot could not be measured: {capital(reason)}")
        else:
            headline, instead = "Near straight or not: this film cannot decide", None
            text = joined(numbers, _near_straight(feet), _SPANS)
        return make_finding(self, seen, "not_assessable", headline, text, used=self.needs, see_instead=instead)


_SPANS = "The measurement error spans a limit. A longer film, closer to you, narrows it. Until then no change is advised."
_TOE_IN = (
    "Turning in is often simply how hips and shins are shaped, so no change is advised. Let the kneecap travel over the second toe; if "
    "something hurts, a physio can take a look."
)
_KNEE_FIRST = (
    "Turning the foot in could bring the knee further in than is usual, so no change of the foot is advised: the knee stays in charge. "
    "Practise with the kneecap over the second toe."
)
_KNEE_UNSEEN = (
    "This film does not show the knees well enough to say whether a change suits them, so none is advised."
)
_ONE_SIDED = (
    "One foot turns out much more than the other. That is no reason to worry; a stiff ankle or hip can be behind it. Let a physio check "
    "how ankle and hip move before you try a change."
)
_NO_COMPLAINT = "You named no complaint that the method links with it, so there is no reason to change it."
_TRIAL = (
    "You could make a trial of turning in by 2 to 3° a week, at most 5° in all from your own habit, for two to four weeks. Do this only if "
    "the kneecaps-forward self-check is clear, and let the knee stay in charge. Stop and go back to your habit if pain rises or something "
    "new hurts."
)


def _near_straight(feet: Sides) -> str:
    return f"From {-feet.limits.low:.0f}° in to {feet.limits.high:.0f}° out counts as near straight here."


def _advice_out(seen: Seen, feet: Sides) -> tuple[str, bool]:
    """Return what to say to feet that turn out, and whether a trial is offered.

    The knees are asked first: those of the feet that turn out, and of a foot that may.
    """
    turned_out = feet.at("above")
    knees = [_knee_room(seen, side) for side in (*turned_out, *feet.at("unclear"))]
    far_out = [side for side, e in feet.estimates.items() if e.value > ONE_SIDED_DEG]
    if "conflict" in knees:
        return _KNEE_FIRST, False
    if "unseen" in knees:
        return _KNEE_UNSEEN, False
    if not feet.unseen and len(far_out) == len(turned_out) == 1:
        return _ONE_SIDED, False
    if not matters("parallel", seen.complaint):
        return _NO_COMPLAINT, False
    return _TRIAL, True


def _knee_room(seen: Seen, side: Side) -> str:
    """Say whether the knee of a side has room to come in with the foot: ``free``, ``conflict`` or ``unseen``.

    The knee over the foot must not reach past its inner limit already, and the knee line must stay within its
    own after the largest change, as the thigh turns in about as far as the foot.
    """
    rooms = {"knee_over_toe": 0.0, "knee_projection": MAX_CHANGE_DEG}
    knees = [(e, room) for metric, room in rooms.items() if (e := seen.estimate(metric, side)) is not None]
    if not knees:
        return "unseen"
    limits = [usual_range(knee.metric, gait=seen.gait) for knee, _ in knees]
    fits = [
        usual is not None and knee.high + room <= usual.high
        for (knee, room), usual in zip(knees, limits, strict=True)
    ]
    return "free" if all(fits) else "conflict"
