"""How pain and recovery forms are scored. Item texts of licensed forms are not here: only how answers become a number."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from runfree.core.errors import InputError

Answers = Sequence[int | None]


@dataclass(frozen=True, slots=True)
class Form:
    """One form.

    Attributes
    ----------
    id, title : str
        Name in files, and for people.
    items, lowest, highest : int
        How many answers it takes, and their range.
    best : float
        The score of somebody without any complaint.
    important : float
        The smallest important change of the score.
    where : str
        Where its questions are published, and on what terms.
    """

    id: str
    title: str
    items: int
    lowest: int
    highest: int
    best: float
    important: float
    where: str
    _score: Callable[[Answers], float]

    def score(self, answers: Answers) -> float:
        """Return the form's score; None stands for an item not answered, where the form allows it.

        Raises
        ------
        InputError
            If the number of answers is wrong, one is out of range, or too many are missing.
        """
        if len(answers) != self.items:
            raise InputError(
                self.title, f"it has {self.items} answers, not {len(answers)}", "Give one number for each item."
            )
        if any(a is not None and not self.lowest <= a <= self.highest for a in answers):
            raise InputError(
                self.title, f"an answer is not from {self.lowest} to {self.highest}", "Check the form's numbers."
            )
        return self._score(answers)

    def improved(self, before: float, now: float) -> bool:
        """Whether the change towards the better is at least the smallest important one."""
        return (before - now if self.best == 0 else now - before) >= self.important


def _complete(answers: Answers, form: str) -> list[int]:
    if any(a is None for a in answers):
        raise InputError(form, "an answer is missing", "This form needs all of them.")
    return [a for a in answers if a is not None]


def _ostrc(answers: Answers) -> float:
    """Clarsen 2020 (10.1136/bjsports-2019-101337): 0, 8, 17 or 25 a question; the first ends the form at its extremes."""
    if answers[0] in (0, 3):
        return 0.0 if answers[0] == 0 else 100.0
    return float(sum((0, 8, 17, 25)[a] for a in _complete(answers, "OSTRC-H2")))


def _rmdq(answers: Answers) -> float:
    """Roland & Morris: each statement that holds counts one."""
    return float(sum(a or 0 for a in answers))


def _koos_pf(answers: Answers) -> float:
    """Crossley 2018 (10.1136/bjsports-2016-096776): 100 − 25 × mean; half of the items must be answered."""
    given = [a for a in answers if a is not None]
    if 2 * len(given) < len(answers):
        raise InputError("KOOS-PF", "fewer than half of its items are answered", "Answer at least six.")
    return 100 - 25 * sum(given) / len(given)


def _ffi(answers: Answers) -> float:
    """Budiman-Mak 1991: mean of three subscales (9, 9 and 5 items), each in percent of its most; items left out do not count."""
    parts = [[a for a in answers[low:high] if a is not None] for low, high in ((0, 9), (9, 18), (18, 23))]
    if not all(parts):
        raise InputError("FFI", "a whole part is not answered", "Answer something in each of its three parts.")
    return sum(100 * sum(part) / (10 * len(part)) for part in parts) / len(parts)


FORMS: Mapping[str, Form] = {
    form.id: form
    for form in (
        Form("ostrc", "OSTRC-H2, the weekly questions", 4, 0, 3, 0, 0.0, "Clarsen 2020, freely published", _ostrc),
        Form("rmdq", "Roland-Morris (low back)", 24, 0, 1, 0, 5, "rmdq.org, no permission needed", _rmdq),
        Form("koos-pf", "KOOS-PF (kneecap)", 11, 0, 4, 100, 16.4, "koos.nu, free, wording unchanged", _koos_pf),
        Form("ffi", "Foot Function Index", 23, 0, 10, 0, 7, "Budiman-Mak 1991, free, cite it", _ffi),
        Form("uwri", "UWRI (running injury recovery)", 9, 0, 4, 36, 8, "University of Wisconsin; ask them for its text",
             lambda answers: float(sum(_complete(answers, "UWRI")))),
    )
}  # fmt: skip

OSTRC_QUESTIONS: tuple[tuple[str, tuple[str, str, str, str]], ...] = (
    (
        "Have you had any difficulties taking part in training and competition due to injury, illness or other health problems during the past 7 days?",
        ("Full participation without health problems", "Full participation, but with a health problem", "Reduced participation due to a health problem", "Could not participate due to a health problem"),
    ),
    (
        "To what extent have you modified your training or competition due to injury, illness or other health problems during the past 7 days?",
        ("No modification", "To a minor extent", "To a moderate extent", "To a major extent"),
    ),
    (
        "To what extent has injury, illness or other health problems affected your performance during the past 7 days?",
        ("No effect", "To a minor extent", "To a moderate extent", "To a major extent"),
    ),
    (
        "To what extent have you experienced symptoms or health complaints during the past 7 days?",
        ("No symptoms or complaints", "To a mild extent", "To a moderate extent", "To a severe extent"),
    ),
)  # fmt: skip


def substantial(answers: Answers) -> bool:
    """Whether OSTRC-H2 answers tell of a substantial problem: moderate or major cut in training or performance, or none at all."""
    return answers[0] == 3 or any((a or 0) >= 2 for a in answers[1:3])


def pain_improved(before: float, now: float) -> bool:
    """Whether a 0 to 10 pain score fell by an important amount: 2 points or 30 %."""
    return before - now >= 2 or (before > 0 and (before - now) / before >= 0.3)
