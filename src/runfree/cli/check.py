"""``runfree check``."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from datetime import date
from json import dumps
from typing import TYPE_CHECKING, Any

from runfree.core.errors import InputError

if TYPE_CHECKING:
    from runfree.coach.self_check import SelfObserved
    from runfree.knowledge.self_check import Ask, SelfCheck


def check(name: str | None = None, /, *, answers: str | None = None, json: bool = False) -> int:
    """See or feel for yourself what no film shows, and keep the answer (every two weeks).

    Parameters
    ----------
    name
        Which one, such as kneecaps-forward. Left out, all are listed with the last answer.
    answers
        The answers, as points-left=near,points-right=near,… Left out, they are asked.
    json
        Print it as JSON, and nothing else, on stdout.
    """
    from runfree.app.self_checks import keep_check, last_checks
    from runfree.coach.self_check import find_check

    if name is None:
        print(_all(last_checks(), as_json=json))
        return 0
    known = find_check(name)
    given = _parse(answers) if answers is not None else _ask(known)
    if given is None:
        print("\n".join(_guided(known)))
        return 0
    seen = keep_check(name, given, date.today())
    print(dumps(_told(seen), indent=2) if json else _said(seen))
    return 0


def _parse(text: str) -> dict[str, str]:
    pairs = [part.partition("=") for part in text.split(",") if part.strip()]
    if any(not mark for _, mark, _ in pairs):
        raise InputError(
            f"Answers {text!r}", "each needs a name and a value", "Write them as name=value,name=value."
        )
    return {key.strip(): value.strip() for key, _, value in pairs}


def _ask(known: SelfCheck) -> dict[str, str] | None:
    """Ask on a terminal; None where nobody can answer."""
    from runfree.coach.self_check import check_answer, questions_of

    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        return None
    print("\n".join(_steps(known)), file=sys.stderr)
    given: dict[str, str] = {}
    for key, ask, side in questions_of(known):
        print(f"\n{_question(ask, side)}", file=sys.stderr)
        while key not in given:
            print("> ", end="", file=sys.stderr, flush=True)
            said = sys.stdin.readline()
            if not said:
                return None
            try:
                given[key] = check_answer(ask, said)
            except InputError as problem:
                print(problem.remedy, file=sys.stderr)
    return given


def _guided(known: SelfCheck) -> Iterator[str]:
    from runfree.coach.self_check import questions_of

    yield from _steps(known)
    for key, ask, side in questions_of(known):
        yield f"\n{key}: {_question(ask, side)}"
    yield f"\nThen: runfree check {known.id} --answers name=value,name=value with one answer to each."


def _steps(known: SelfCheck) -> Iterator[str]:
    from runfree.knowledge import load

    yield from (known.title, known.why, "")
    yield from (f"{i}. {step}" for i, step in enumerate(known.steps, 1))
    if known.leave_if:
        yield f"\nLeave it out with: {', '.join(load().conditions[c].name.lower() for c in known.leave_if)}."


def _question(ask: Ask, side: str | None) -> str:
    first = f"{side.capitalize()}: {ask.question}" if side else ask.question
    if ask.number is not None:
        return f"{first}\n  a number from {ask.number.low:g} to {ask.number.high:g} ({ask.number.unit})"
    return "\n".join((first, *(f"  {choice.id:<16}{choice.text}" for choice in ask.choices)))


def _told(seen: SelfObserved) -> dict[str, Any]:
    return {
        "schema": 1,
        "check": seen.check,
        "on": seen.on.isoformat(),
        "answers": dict(seen.answers),
        "means": seen.means,
        "basis": "self-observed",
        "due": seen.due.isoformat(),
        **seen.outcome.model_dump(mode="json"),
    }


def _said(seen: SelfObserved) -> str:
    lines = [f"{seen.outcome.headline} (self-observed)", seen.outcome.text]
    if seen.outcome.practise:
        lines.append(f"To practise: {', '.join(seen.outcome.practise)} (runfree poses NAME explains one).")
    return "\n".join((*lines, f"Look again from {seen.due.isoformat()}."))


def _all(last: dict[str, SelfObserved], *, as_json: bool) -> str:
    from runfree.knowledge import load

    if as_json:
        return dumps({"schema": 1, "checks": [_told(seen) for seen in last.values()]}, indent=2)
    lines: list[str] = []
    for known in load().self_checks.values():
        seen = last.get(known.id)
        state = f"{seen.on.isoformat()}: {seen.outcome.headline}" if seen else "not done yet"
        again = "; due again" if seen and seen.due <= date.today() else ""
        lines.append(f"  {known.id:<20}{known.title:<36}{state}{again}")
    return "\n".join(("See or feel for yourself", *lines, "", "runfree check NAME guides you through one."))
