"""What the answers to a self-check say: seen or felt by the runner, never measured."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from runfree.core.errors import InputError
from runfree.core.finding import Finding, Verdict
from runfree.core.metrics import EACH
from runfree.knowledge.loader import load
from runfree.knowledge.self_check import Ask, Means, Outcome, SelfCheck

SELF_OBSERVED = "self-observed"
TORSION_CHECK = "kneecaps-forward"
FeetCue = Literal["parallel", "own", "ask"]
_VERDICTS: dict[Means, Verdict] = {"clear": "present", "work_on": "absent", "unsure": "not_assessable"}


@dataclass(frozen=True, slots=True)
class SelfObserved:
    """One self-check as answered on one day.

    Attributes
    ----------
    check : str
        Id of the self-check.
    on : date
        The day.
    answers : mapping of str to str
        By question (``alike``) or by question and side (``points-left``), as typed.
    means : {"clear", "work_on", "unsure"}
        What all answers together say.
    """

    check: str
    on: date
    answers: Mapping[str, str]
    means: Means

    @property
    def outcome(self) -> Outcome:
        """What to say to it, and what to practise."""
        return getattr(load().self_checks[self.check], self.means)

    @property
    def due(self) -> date:
        """When to look again."""
        return self.on + timedelta(days=load().self_checks[self.check].repeat_days)

    def finding(self) -> Finding | None:
        """Return it as a finding marked self-observed, or None if it informs none of the five alignments."""
        check = load().self_checks[self.check]
        if check.alignment is None:
            return None
        grade = load().evidence[check.evidence[0]].grade if check.evidence else "none"
        return Finding(
            alignment=check.alignment,
            verdict=_VERDICTS[self.means],
            headline=self.outcome.headline,
            text=self.outcome.text,
            basis=(SELF_OBSERVED,),
            metrics=(),
            evidence=check.evidence,
            grade=grade,
        )


def questions_of(check: SelfCheck) -> Iterator[tuple[str, Ask, str | None]]:
    """Yield the key of each answer with its question and side (None for the whole body)."""
    for ask in check.asks:
        for side in EACH if ask.sides == "each" else (None,):
            yield (f"{ask.id}-{side}" if side else ask.id), ask, side


def find_check(name: str) -> SelfCheck:
    """Return a self-check, or raise InputError naming those that exist."""
    checks = load().self_checks
    if name not in checks:
        raise InputError(f"Self-check {name!r}", "there is none of that name", f"Use one of: {', '.join(checks)}.")
    return checks[name]


def observe(name: str, answers: Mapping[str, str], on: date) -> SelfObserved:
    """Return what the answers to a self-check say.

    Parameters
    ----------
    name : str
        Id of the self-check.
    answers : mapping of str to str
        An answer for every question: the id of a choice, or a number in the unit of the question.
    on : date
        The day of the answers.

    Raises
    ------
    InputError
        If the check or an answer is unknown, missing or not possible.
    """
    check = find_check(name)
    wanted = {key: ask for key, ask, _ in questions_of(check)}
    for key in (*answers, *wanted):
        if key not in wanted or key not in answers:
            why = "it is not asked" if key not in wanted else "its answer is missing"
            raise InputError(f"Answer {key!r}", why, f"Give one answer to each of: {', '.join(wanted)}.")
    means = [meaning for ask in check.asks for meaning in _meanings(ask, answers)]
    worst: Means = "work_on" if "work_on" in means else "unsure" if "unsure" in means else "clear"
    return SelfObserved(name, on, dict(answers), worst)


def feet_cue(observed: SelfObserved | None) -> FeetCue:
    """Say whether the feet-parallel cue may be given: only after a clear kneecaps-forward check.

    ``ask`` without a check, ``own`` where the feet keep their own angle and the knee is in charge.
    """
    if observed is None:
        return "ask"
    return "parallel" if observed.means == "clear" else "own"


def check_answer(ask: Ask, answer: str) -> str:
    """Return the answer as it is kept, or raise InputError saying what is possible."""
    said = answer.strip().lower()
    if ask.number is None:
        if said not in {choice.id for choice in ask.choices}:
            raise _impossible(ask, answer, "one of: " + ", ".join(choice.id for choice in ask.choices))
        return said
    number = ask.number
    try:
        value = float(said)
    except ValueError:
        value = number.low - 1
    if not number.low <= value <= number.high:
        raise _impossible(ask, answer, f"a number from {number.low:g} to {number.high:g} ({number.unit})")
    return f"{value:g}"


def _impossible(ask: Ask, answer: str, possible: str) -> InputError:
    return InputError(f"Answer {answer!r} to {ask.id}", "it is not possible here", f"Give {possible}.")


def _meanings(ask: Ask, answers: Mapping[str, str]) -> Iterator[Means]:
    keys = [f"{ask.id}-{side}" for side in EACH] if ask.sides == "each" else [ask.id]
    said = [check_answer(ask, answers[key]) for key in keys]
    if ask.number is None:
        means: dict[str, Means] = {choice.id: choice.means for choice in ask.choices}
        for answer in said:
            yield means[answer]
        return
    values, number = [float(answer) for answer in said], ask.number
    apart = max(values) - min(values)
    low = number.clear_from is not None and min(values) < number.clear_from
    uneven = number.gap is not None and apart > number.gap
    uneven_share = number.gap_share is not None and apart > number.gap_share * max(values)
    yield "work_on" if low or uneven or uneven_share else "clear"
