"""What holds for every judgement, whatever the numbers."""

from __future__ import annotations

import re
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from runfree.coach import judge
from runfree.core.estimate import Estimate
from runfree.core.finding import Finding
from runfree.core.metrics import METRICS, Gait, Side
from runfree.knowledge import load

JUDGED = (
    "foot_progression",
    "knee_over_toe",
    "knee_projection",
    "vertical_oscillation",
    "vertical_ratio",
    "cadence",
)
RANGES = {
    "foot_progression": (-25.0, 35.0),
    "knee_over_toe": (-20.0, 20.0),
    "knee_projection": (-25.0, 25.0),
    "vertical_oscillation": (2.0, 14.0),
    "vertical_ratio": (2.0, 14.0),
    "cadence": (130.0, 210.0),
}
COMPLAINTS = st.sampled_from([None, "foot", "knee", "hamstrings", "back"])
SPEEDS = st.one_of(st.none(), st.floats(1.5, 6.0))
GAITS: st.SearchStrategy[Gait] = st.sampled_from(["running", "walking"])
OTHER: dict[Side, Side] = {"left": "right", "right": "left", "both": "both"}
BANNED = re.compile(
    r"\bwrong|\bdamag|\bcaus(e|es|ed|ing)\b|\bprevent|\bcure|\bdanger|\bmust\b|asymmetr|\brisk|diagnos|\bbad\b",
    re.I,
)


@st.composite
def films(draw: st.DrawFn) -> tuple[Estimate, ...]:
    out: list[Estimate] = []
    for metric in JUDGED:
        for side in METRICS[metric].sides:
            if draw(st.integers(0, 4)) == 0:
                continue
            value = draw(st.floats(*RANGES[metric]))
            below, above = draw(st.floats(0, 6)), draw(st.floats(0, 6))
            unit = METRICS[metric].unit
            out.append(
                Estimate(metric, side, value, unit, value - below, value + above, 20, "good", "made for a test")
            )
    return tuple(out)


def by_alignment(findings: tuple[Finding, ...]) -> dict[str, Finding]:
    return {f.alignment: f for f in findings}


@given(films(), COMPLAINTS, SPEEDS, GAITS)
def test_always_five_in_the_complaints_order_and_three_at_most_to_work_on(
    film: tuple[Estimate, ...], complaint: str | None, speed: float | None, gait: Gait
) -> None:
    findings = judge(film, [], gait=gait, complaint=complaint, speed_mps=speed)
    assert sorted(f.alignment for f in findings) == ["belly", "glide", "parallel", "toes", "tracking"]
    assert sum(f.work_on for f in findings) <= 3
    assert all(f.verdict == "absent" for f in findings if f.work_on)
    if complaint is not None:
        first = [a.alignment for a in load().complaints[complaint].alignments]
        assert [f.alignment for f in findings][: len(first)] == first


@given(films(), COMPLAINTS, SPEEDS, GAITS)
def test_the_complaint_orders_but_never_changes_a_verdict(
    film: tuple[Estimate, ...], complaint: str | None, speed: float | None, gait: Gait
) -> None:
    named = by_alignment(judge(film, [], gait=gait, complaint=complaint, speed_mps=speed))
    plain = by_alignment(judge(film, [], gait=gait, speed_mps=speed))
    assert {a: f.verdict for a, f in named.items()} == {a: f.verdict for a, f in plain.items()}


@given(films(), SPEEDS, GAITS, st.floats(0, 10), st.floats(0, 10))
def test_a_wider_interval_never_makes_a_verdict(
    film: tuple[Estimate, ...], speed: float | None, gait: Gait, below: float, above: float
) -> None:
    wider = tuple(replace(e, low=e.low - below, high=e.high + above) for e in film)
    narrow_findings = by_alignment(judge(film, [], gait=gait, complaint="knee", speed_mps=speed))
    for alignment, finding in by_alignment(judge(wider, [], gait=gait, complaint="knee", speed_mps=speed)).items():
        before = narrow_findings[alignment]
        assert finding.verdict in (before.verdict, "not_assessable")
        assert before.work_on or not finding.work_on


def swapped(text: str) -> list[str]:
    words = {"left": "right", "right": "left"}
    mirrored = re.sub(r"\b(left|right)\b", lambda m: words[m[0]], text)
    return sorted(re.split(r"(?<=\.) ", mirrored))


@given(films(), films(), COMPLAINTS, SPEEDS, GAITS)
def test_a_mirrored_runner_gets_the_mirrored_findings(
    film: tuple[Estimate, ...],
    earlier: tuple[Estimate, ...],
    complaint: str | None,
    speed: float | None,
    gait: Gait,
) -> None:
    def mirror(estimates: tuple[Estimate, ...]) -> tuple[Estimate, ...]:
        return tuple(replace(e, side=OTHER[e.side]) for e in estimates)

    findings = judge(film, [], gait=gait, complaint=complaint, speed_mps=speed, earlier=earlier)
    others = judge(mirror(film), [], gait=gait, complaint=complaint, speed_mps=speed, earlier=mirror(earlier))
    for one, other in zip(findings, others, strict=True):
        assert replace(one, headline="", text="") == replace(other, headline="", text="")
        assert swapped(one.text) == sorted(re.split(r"(?<=\.) ", other.text))
        assert sorted(" ".join(swapped(one.headline)).split()) == sorted(other.headline.split())


@given(films(), films(), COMPLAINTS, SPEEDS, GAITS)
def test_the_words_stay_calm(
    film: tuple[Estimate, ...],
    earlier: tuple[Estimate, ...],
    complaint: str | None,
    speed: float | None,
    gait: Gait,
) -> None:
    for finding in judge(film, [], gait=gait, complaint=complaint, speed_mps=speed, earlier=earlier):
        assert not BANNED.search(f"{finding.headline} {finding.text}")
        assert set(finding.evidence) <= set(load().evidence)
        assert finding.grade == load().evidence[finding.evidence[0]].grade


@given(films(), st.sampled_from(["foot", "knee", "hamstrings", "back"]))
def test_no_trial_of_the_foot_where_a_knee_may_already_be_in(film: tuple[Estimate, ...], complaint: str) -> None:
    finding = by_alignment(judge(film, [], gait="running", complaint=complaint))["parallel"]
    if not finding.work_on:
        return
    turned_out = {e.side for e in film if e.metric == "foot_progression" and e.low > 10}
    assert turned_out
    assert all(e.high <= 5 for e in film if e.metric == "knee_over_toe" and e.side in turned_out)
    assert all(e.high <= 3 for e in film if e.metric == "knee_projection" and e.side in turned_out)
