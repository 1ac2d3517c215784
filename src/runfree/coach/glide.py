"""Glide: whether the runner travels forward with little up and down."""

from __future__ import annotations

from typing import ClassVar

from runfree.coach.rule import make_finding
from runfree.coach.seen import Seen, place
from runfree.coach.wording import capital, change, joined, measured
from runfree.core.estimate import Estimate
from runfree.core.finding import Alignment, Finding
from runfree.core.metrics import METRICS
from runfree.core.wording import unit_suffix
from runfree.knowledge.loader import load
from runfree.knowledge.usual import AT_SPEED, UsualRange, usual_range


class Glide:
    """The bounce, else the bounce per step length, against runners at that speed.

    Present up to one standard deviation above the mean at the speed; without a speed, up to the top of the
    envelope from 8 to 15 km/h. A bounce lower than usual is neither praised nor worried about. The hips'
    bounce stands for that of the centre of mass (within about 1 cm, by judgement).
    """

    title: ClassVar[str] = "Glide, not bounce"
    alignment: ClassVar[Alignment] = "glide"
    needs: ClassVar[tuple[str, ...]] = ("vertical_oscillation", "vertical_ratio")
    sources: ClassVar[tuple[str, ...]] = ("K4", "K6", "B6", "G1")

    def judge(self, seen: Seen) -> Finding:
        """Judge the bounce by its interval."""
        if seen.gait != "running":
            return self._no_running(seen)
        found = [e for metric in self.needs if (e := seen.estimate(metric, "both")) is not None]
        in_unit = [e for e in found if e.unit == METRICS[e.metric].unit]
        if not in_unit:
            return self._missing(seen, found)
        limits = usual_range(in_unit[0].metric, speed_mps=seen.speed_mps)
        if limits is None:
            text = joined(
                _numbers(seen, in_unit),
                f"There are no usual values for {_kmh(seen)}; they run from 8 to 15 km/h.",
            )
            return make_finding(
                self, seen, "not_assessable", "No usual values at this speed", text, used=(in_unit[0].metric,)
            )
        return self._compare(seen, in_unit, limits)

    def _compare(self, seen: Seen, found: list[Estimate], limits: UsualRange) -> Finding:
        bounce = found[0]
        usual = f"{_group(seen, limits)} usually lie between {_span(limits)}."
        text = joined(_numbers(seen, found), usual)
        where = place(bounce, float("-inf"), limits.high)
        if where == "above":
            advice = joined(text, _advice(seen))
            return make_finding(
                self, seen, "absent", "You bounce more than is usual", advice, used=(bounce.metric,), work_on=True
            )
        if where == "unclear":
            reason = (
                "The measurement error spans the upper limit. A longer film"
                f"{'' if seen.speed_mps else ', or your speed,'} narrows it."
            )
            return make_finding(
                self,
                seen,
                "not_assessable",
                "Gliding or bouncing: this film cannot decide",
                joined(text, reason),
                used=(bounce.metric,),
            )
        low = "A lower bounce is neither better nor worse." if bounce.high < limits.low else ""
        return make_finding(
            self, seen, "present", "You glide", joined(text, low, "Nothing to change here."), used=(bounce.metric,)
        )

    def _no_running(self, seen: Seen) -> Finding:
        walking = seen.gait == "walking"
        headline = "Gliding does not apply to walking" if walking else "This film does not show running"
        text = "The bounce of running is measured in a film of running from the side."
        return make_finding(self, seen, "not_assessable", headline, text, see_instead="film:side")

    def _missing(self, seen: Seen, found: list[Estimate]) -> Finding:
        if found:
            text = joined(
                _numbers(seen, found),
                "In body heights it cannot be compared with other runners: give your height and analyse the film again.",
            )
            return make_finding(self, seen, "not_assessable", "Your height is needed to judge the bounce", text)
        reason, instead = seen.why_missing("vertical_oscillation")
        return make_finding(
            self,
            seen,
            "not_assessable",
            "This film does not show your bounce",
            capital(reason),
            see_instead=instead,
        )


def _numbers(seen: Seen, found: list[Estimate]) -> str:
    titles = {
        "vertical_oscillation": "Your hips travel up and down by",
        "vertical_ratio": "Per step length that is",
    }
    cadence = seen.estimate("cadence", "both")
    return joined(
        *(joined(f"{titles[e.metric]} {measured(e)}.", change(seen, e)) for e in found),
        f"Your cadence is {measured(cadence)}." if cadence else "",
    )


def _group(seen: Seen, limits: UsualRange) -> str:
    return (
        f"Runners at {_kmh(seen)}"
        if limits.basis == AT_SPEED
        else "As your speed is not known: runners from 8 to 15 km/h"
    )


def _span(limits: UsualRange) -> str:
    return f"{limits.low:.1f} and {limits.high:.1f}{unit_suffix(limits.unit)}"


def _kmh(seen: Seen) -> str:
    return f"{3.6 * (seen.speed_mps or 0.0):.1f} km/h"


def _advice(seen: Seen) -> str:
    cue = load().words_for("glide").rstrip(".")
    cadence = seen.estimate("cadence", "both")
    steps = (
        f"a cadence 5 % above your own, about {1.05 * cadence.value:.0f} steps a minute, and at most 10 % above it"
        if cadence
        else "a cadence 5 % above your own, and at most 10 % above it"
    )
    return (
        f'Research suggests less bounce lowers landing force. You could make a trial of the cue "{cue}", or of {steps}, at the same '
        "speed, for two to four weeks. The calves get more of the work: stop if they or anything else begin to hurt."
    )
