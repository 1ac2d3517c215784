"""Each rule's three verdicts, at the limits of the evidence review."""

from __future__ import annotations

import re

import pytest

from runfree.coach import judge
from runfree.core.errors import InputError
from runfree.core.estimate import Estimate, NotAssessable
from runfree.core.finding import Finding
from runfree.core.metrics import METRICS, Gait, Side


def est(metric: str, value: float, half: float, side: Side = "both", unit: str | None = None) -> Estimate:
    unit = unit or METRICS[metric].unit
    return Estimate(metric, side, value, unit, value - half, value + half, 20, "good", "made for a test")


def both(metric: str, left: float, right: float, half: float = 2.0) -> list[Estimate]:
    return [est(metric, left, half, "left"), est(metric, right, half, "right")]


KNEES_AT_EASE = [*both("knee_over_toe", -3, -3), *both("knee_projection", -8, -8)]


def find(
    alignment: str,
    estimates: list[Estimate],
    not_assessable: list[NotAssessable] | None = None,
    *,
    gait: Gait = "running",
    complaint: str | None = "knee",
    speed_mps: float | None = None,
    earlier: list[Estimate] | None = None,
) -> Finding:
    findings = judge(
        estimates,
        not_assessable or [],
        gait=gait,
        complaint=complaint,
        speed_mps=speed_mps,
        earlier=earlier or [],
    )
    return next(f for f in findings if f.alignment == alignment)


class TestParallel:
    @pytest.mark.parametrize(("left", "right"), [(6, 4), (-3, 8), (-2.9, 7.9)])
    def test_present_between_5_in_and_10_out(self, left: float, right: float) -> None:
        finding = find("parallel", both("foot_progression", left, right))
        assert finding.verdict == "present"
        assert "no change is advised" in finding.text.lower()
        assert not finding.work_on

    def test_absent_beyond_10_out_offers_a_small_trial(self) -> None:
        finding = find("parallel", [*both("foot_progression", 12.1, 14), *KNEES_AT_EASE])
        assert finding.verdict == "absent"
        assert finding.work_on
        assert finding.headline.startswith("Both feet turn out")
        assert "The right one is further" in finding.text
        assert "2 to 3° a week, at most 5° in all" in finding.text
        assert "kneecaps-forward" in finding.text
        assert finding.see_instead == "self_check:parallel"

    def test_the_interval_decides_not_the_value(self) -> None:
        finding = find("parallel", [*both("foot_progression", 12.1, 6, half=2.2), *KNEES_AT_EASE])
        assert finding.verdict == "not_assessable"
        assert "spans a limit" in finding.text
        assert finding.see_instead is None

    def test_one_clear_side_is_enough_to_say_so(self) -> None:
        finding = find("parallel", [*both("foot_progression", 9, 13.5), *KNEES_AT_EASE])
        assert finding.verdict == "absent"
        assert finding.headline.startswith("Your right foot turns out")

    @pytest.mark.parametrize(
        "knees",
        [
            both("knee_over_toe", -3, 4.5),
            [*both("knee_over_toe", -3, -3), *both("knee_projection", -8, 2)],
            both("knee_projection", -8, 9),
        ],
    )
    def test_a_knee_without_room_wins(self, knees: list[Estimate]) -> None:
        finding = find("parallel", [*both("foot_progression", 13, 14), *knees])
        assert finding.verdict == "absent"
        assert "the knee stays in charge" in finding.text
        assert "trial" not in finding.text
        assert not finding.work_on

    def test_only_the_knee_of_the_turned_foot_counts(self) -> None:
        knees = [*both("knee_over_toe", 9, -3), *both("knee_projection", 12, -8)]
        assert find("parallel", [*both("foot_progression", 5, 13.5), *knees]).work_on

    def test_unseen_knees_give_no_trial(self) -> None:
        finding = find("parallel", both("foot_progression", 13, 14))
        assert not finding.work_on
        assert "does not show the knees" in finding.text

    def test_without_a_complaint_nothing_is_proposed(self) -> None:
        finding = find("parallel", [*both("foot_progression", 13, 14), *KNEES_AT_EASE], complaint=None)
        assert finding.verdict == "absent"
        assert not finding.work_on
        assert "no reason to change it" in finding.text

    def test_one_sided_beyond_15_suggests_a_check_first(self) -> None:
        finding = find("parallel", [*both("foot_progression", 6, 20), *KNEES_AT_EASE])
        assert "physio check" in finding.text
        assert "no reason to worry" in finding.text
        assert not finding.work_on

    def test_toe_in_is_left_alone(self) -> None:
        finding = find("parallel", [*both("foot_progression", -8, -1), *KNEES_AT_EASE])
        assert finding.verdict == "absent"
        assert finding.headline.startswith("Your left foot turns in")
        assert "no change is advised" in finding.text
        assert not finding.work_on

    def test_no_side_is_further_when_both_are_alike(self) -> None:
        finding = find("parallel", [*both("foot_progression", 13, 13), *KNEES_AT_EASE])
        assert "further from the usual" not in finding.text

    def test_one_in_and_one_out_are_both_named(self) -> None:
        finding = find("parallel", [*both("foot_progression", -9, 13), *KNEES_AT_EASE])
        assert "left foot turns in and your right foot turns out" in finding.headline

    def test_a_side_film_sends_to_the_front(self) -> None:
        missing = [NotAssessable("foot_progression", "left", "a film from the side does not show it", "front")]
        finding = find("parallel", [], missing)
        assert finding.verdict == "not_assessable"
        assert finding.see_instead == "film:front"
        assert finding.text == "A film from the side does not show it."
        assert finding.basis == ()

    def test_one_foot_alone_is_no_verdict_of_present(self) -> None:
        missing = [NotAssessable("foot_progression", "right", "it was hidden", None)]
        finding = find("parallel", [est("foot_progression", 5, 2, "left")], missing)
        assert finding.verdict == "not_assessable"
        assert "right foot could not be measured: It was hidden." in finding.text

    def test_walkers_turn_out_further(self) -> None:
        feet = both("foot_progression", 11, 11, half=0.5)
        assert find("parallel", feet, gait="walking").verdict == "present"
        assert find("parallel", feet, gait="running").verdict == "absent"

    @pytest.mark.parametrize("angle", [-20, -6, 0, 8, 11, 25])
    def test_zero_is_never_a_target(self, angle: float) -> None:
        text = find("parallel", [*both("foot_progression", angle, angle, 0.5), *KNEES_AT_EASE]).text
        assert not re.search(r"\b(target|goal|aim)\b|straight ahead as possible|to 0°", text)

    def test_no_research_for_hamstrings_is_said(self) -> None:
        finding = find("parallel", both("foot_progression", 5, 5), complaint="hamstrings")
        assert finding.grade == "none"
        assert finding.evidence[0] == "H2"


class TestTracking:
    def test_present_over_the_foot(self) -> None:
        finding = find("tracking", both("knee_over_toe", -5, 1))
        assert finding.verdict == "present"
        assert "a judgement: no measured norm exists" in finding.basis

    @pytest.mark.parametrize(("value", "way"), [(7.1, "in"), (-12.1, "out")])
    def test_absent_clear_of_a_limit(self, value: float, way: str) -> None:
        finding = find("tracking", both("knee_over_toe", 0, value))
        assert finding.verdict == "absent"
        assert finding.headline == f"Your right knee travels further {way} than is usual"
        assert finding.work_on

    def test_not_assessable_across_a_limit(self) -> None:
        assert find("tracking", both("knee_over_toe", 0, 6.9)).verdict == "not_assessable"

    def test_the_foot_relation_wins_over_the_projection(self) -> None:
        turned_out = [*both("knee_over_toe", -3, -3), *both("knee_projection", -17, -17)]
        assert find("tracking", turned_out).verdict == "present"
        looks_fine = [*both("knee_over_toe", 9, 9), *both("knee_projection", 4, 4)]
        assert find("tracking", looks_fine).verdict == "absent"

    @pytest.mark.parametrize(
        ("left", "right", "verdict"),
        [(10.1, 3, "absent"), (9.9, 3, "not_assessable"), (3, 5, "present"), (-9, -9, "not_assessable")],
    )
    def test_from_behind_the_projection_speaks_only_inward(self, left: float, right: float, verdict: str) -> None:
        finding = find("tracking", both("knee_projection", left, right))
        assert finding.verdict == verdict
        assert finding.see_instead == ("film:front" if verdict == "not_assessable" else None)

    def test_missing(self) -> None:
        assert find("tracking", []).see_instead == "film:front"


class TestGlide:
    SPEED = 10 / 3.6  # usual there: 7.6 ± 1.2 cm, so up to 8.8

    @pytest.mark.parametrize(
        ("bounce", "verdict"),
        [(8.2, "present"), (8.5, "not_assessable"), (9.4, "absent"), (6.5, "present"), (4.0, "present")],
    )
    def test_against_runners_at_this_speed(self, bounce: float, verdict: str) -> None:
        finding = find("glide", [est("vertical_oscillation", bounce, 0.5)], speed_mps=self.SPEED)
        assert finding.verdict == verdict
        assert "runners at this speed" in finding.basis
        assert finding.work_on == (verdict == "absent")

    @pytest.mark.parametrize(("bounce", "verdict"), [(8.4, "present"), (9.2, "not_assessable"), (9.6, "absent")])
    def test_without_speed_the_envelope(self, bounce: float, verdict: str) -> None:
        finding = find("glide", [est("vertical_oscillation", bounce, 0.5)])
        assert finding.verdict == verdict
        assert "runners from 8 to 15 km/h" in finding.basis
        assert "speed is not known" in finding.text

    def test_the_same_bounce_is_judged_by_speed(self) -> None:
        bounce = [est("vertical_oscillation", 8.2, 0.3)]
        assert find("glide", bounce, speed_mps=8 / 3.6).verdict == "absent"
        assert find("glide", bounce, speed_mps=12 / 3.6).verdict == "present"

    def test_a_speed_outside_the_table_is_not_guessed(self) -> None:
        finding = find("glide", [est("vertical_oscillation", 12, 0.5)], speed_mps=6 / 3.6)
        assert finding.verdict == "not_assessable"
        assert "6.0 km/h" in finding.text

    def test_the_ratio_speaks_where_the_bounce_is_missing(self) -> None:
        finding = find("glide", [est("vertical_ratio", 10, 0.5)], speed_mps=self.SPEED)
        assert finding.verdict == "absent"

    def test_body_heights_ask_for_the_height(self) -> None:
        finding = find("glide", [est("vertical_oscillation", 0.05, 0.003, unit="body heights")])
        assert finding.verdict == "not_assessable"
        assert "give your height" in finding.text

    @pytest.mark.parametrize("gait", ["walking", "neither", "nobody"])
    def test_only_running_is_judged(self, gait: Gait) -> None:
        finding = find("glide", [est("vertical_oscillation", 12, 0.5)], gait=gait)
        assert finding.verdict == "not_assessable"
        assert ("does not apply to walking" in finding.headline) == (gait == "walking")

    def test_cadence_advice_is_the_runners_own(self) -> None:
        seen = [est("vertical_oscillation", 11, 0.5), est("cadence", 160, 0.4)]
        text = find("glide", seen, speed_mps=self.SPEED).text
        assert "about 168 steps a minute" in text
        assert "at most 10 %" in text
        assert "180" not in text

    def test_a_low_bounce_is_neither_praised_nor_feared(self) -> None:
        text = find("glide", [est("vertical_oscillation", 4, 0.5)], speed_mps=self.SPEED).text
        assert "neither better nor worse" in text
        assert not re.search(r"efficien|econom|great|excellent|perform|too low|risk", text)

    def test_missing(self) -> None:
        assert find("glide", []).see_instead == "film:side"


@pytest.mark.parametrize("alignment", ["belly", "toes"])
def test_belly_and_toes_have_a_self_check(alignment: str) -> None:
    finding = find(alignment, [*both("foot_progression", 5, 5), est("vertical_oscillation", 12, 0.5)])
    assert finding.verdict == "not_assessable"
    assert finding.see_instead == f"self_check:{alignment}"


class TestEarlier:
    NOW = (est("vertical_oscillation", 8, 0.5),)

    @pytest.mark.parametrize(
        ("then", "said"),
        [(9.1, "a change beyond"), (8.9, "no change beyond"), (7.1, "no change beyond"), (6.9, "a change beyond")],
    )
    def test_a_change_is_called_only_beyond_both_intervals(self, then: float, said: str) -> None:
        finding = find("glide", [*self.NOW], earlier=[est("vertical_oscillation", then, 0.5)])
        assert f"{said} measurement error" in finding.text
        assert finding.basis[:2] == ("measurement error", "own earlier film")

    def test_another_unit_or_side_is_not_compared(self) -> None:
        earlier = [est("vertical_oscillation", 0.05, 0.01, unit="body heights"), est("cadence", 1, 0.1)]
        finding = find("glide", [*self.NOW], earlier=earlier)
        assert "earlier film" not in finding.text
        assert "own earlier film" not in finding.basis


def test_an_unknown_complaint_is_refused_with_those_known() -> None:
    with pytest.raises(InputError, match="back, foot, hamstrings, knee"):
        judge([], [], gait="running", complaint="elbow")
