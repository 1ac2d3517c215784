"""Ask the red-flag questions on a terminal."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from textwrap import fill
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from runfree.knowledge.schema import RedFlag

INTRO = "Before anything else: does one of these fit you? Take your time; an honest answer is the safe one."
PROMPT = "Numbers that fit, with commas, or none: "


def answers(complaint: str, given: str | None) -> tuple[str, ...] | None:
    """Return the ids of the questions that fit: as given, else as asked on a terminal; None if nobody can answer.

    Parameters
    ----------
    complaint : str
        One of the four, or ``elsewhere``.
    given : str or None
        What stood after ``--triage``.
    """
    from runfree.app.triage import parse_triage
    from runfree.coach.triage import questions, triage

    if given is not None:
        fits = parse_triage(given)
        triage(complaint, fits)
        return fits
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        return None
    return _ask(questions(complaint))


def _ask(asked: Sequence[RedFlag]) -> tuple[str, ...] | None:
    """Ask until the answer can be read; the questions go to stderr, so that stdout holds only the answer."""
    lines = [INTRO, "", *(_numbered(i, flag.question) for i, flag in enumerate(asked, 1)), ""]
    print("\n".join(lines), file=sys.stderr)
    while True:
        print(PROMPT, end="", file=sys.stderr, flush=True)
        said = sys.stdin.readline()
        if not said:
            return None
        words = said.replace(",", " ").split()
        if [word.lower() for word in words] == ["none"]:
            return ()
        if words and all(word.isdecimal() and 1 <= int(word) <= len(asked) for word in words):
            return tuple(dict.fromkeys(asked[int(word) - 1].id for word in words))
        print(f"Please type none, or numbers from 1 to {len(asked)}.", file=sys.stderr)


def _numbered(i: int, question: str) -> str:
    return fill(question, 88, initial_indent=f"{i:>3}  ", subsequent_indent="     ")
