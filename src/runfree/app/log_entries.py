"""What a person types into the journal, checked and turned into entries."""

from __future__ import annotations

import re
from datetime import date, datetime, time
from difflib import get_close_matches

from runfree.core.entry import MOMENTS, Entry
from runfree.core.errors import InputError
from runfree.recovery.forms import FORMS

SITES = (
    "foot",
    "ankle",
    "achilles",
    "calf",
    "shin",
    "knee",
    "thigh",
    "hamstrings",
    "hip",
    "groin",
    "back",
    "other",
)
_ALIASES = {
    "feet": "foot", "heel": "foot", "arch": "foot", "toe": "foot", "toes": "foot", "forefoot": "foot", "knees": "knee",
    "kneecap": "knee", "hamstring": "hamstrings", "low back": "back", "lower back": "back", "shins": "shin", "calves": "calf",
    "hips": "hip", "quad": "thigh", "quads": "thigh",
}  # fmt: skip
NOTE_LENGTH = 4000
NAME_LENGTH = 100


def pain_entry(score: float, site: str, when: str, at: datetime, note: str) -> Entry:
    """Pain from 0 (none) to 10 (the worst you can think of).

    Raises
    ------
    InputError
        If the score, the place or the moment is not known.
    """
    if not 0 <= score <= 10:
        raise InputError(f"Pain {score:g}", "it lies outside 0 to 10", "0 is none, 10 the worst you can think of.")
    return Entry(
        "pain", _one_of(site, "place", SITES), at, _one_of(when, "moment", MOMENTS), score, note=_text(note)
    )


def practice_entry(practice: str, done: bool, at: datetime, note: str) -> Entry:
    """A practice done, or skipped."""
    return Entry("practice", _name(practice, "practice"), at, "done" if done else "skipped", note=_text(note))


def shoes_entry(name: str, since: date, note: str) -> Entry:
    """A pair of shoes, from a local day on."""
    at = datetime.combine(since, time()).astimezone()
    return Entry("shoes", _name(name, "pair of shoes"), at, note=_text(note))


def note_entry(text: str, at: datetime) -> Entry:
    """A note.

    Raises
    ------
    InputError
        If it is empty or longer than 4000 characters.
    """
    clean = _text(text)
    if not clean:
        raise InputError("The note", "it is empty", "Write a few words.")
    return Entry("note", "", at, note=clean)


def form_entry(form: str, answers: str, at: datetime, note: str) -> Entry:
    """A form's answers as numbers in the order of its items, such as ``2,1,0,3``; ``-`` where none was given.

    Raises
    ------
    InputError
        If the form is not known or its answers cannot be scored.
    """
    known = FORMS[_one_of(form, "form", tuple(FORMS))]
    words = re.split(r"[\s,;]+", answers.strip())
    if not all(re.fullmatch(r"\d{1,2}|-", word) for word in words):
        raise InputError(known.title, "its answers are not numbers", "Write them as 2,1,0,3, with - for none.")
    given = [None if word == "-" else int(word) for word in words]
    if known.id == "ostrc" and len(given) == 1 and given[0] in (0, 3):
        given += [None] * 3
    said = {str(i): answer for i, answer in enumerate(given, 1) if answer is not None}
    return Entry("form", known.id, at, score=known.score(given), answers=said, note=_text(note))


def moment_of(text: str | None) -> datetime:
    """A time on the runner's own clock: ``2026-05-03``, ``2026-05-03T18:30``, ``18:30`` of today, or now without any.

    Raises
    ------
    InputError
        If it is no time, or lies in the future.
    """
    now = datetime.now().astimezone()
    if text is None:
        return now.replace(microsecond=0)
    try:
        if re.fullmatch(r"\d{1,2}:\d{2}", text):
            hour, minute = map(int, text.split(":"))
            at = now.replace(hour=hour, minute=minute, second=0, microsecond=0)
        else:
            at = datetime.fromisoformat(text)
            at = at if at.tzinfo else at.astimezone()
    except ValueError:
        raise InputError(
            f"The time {text!r}", "it is no time", "Write 2026-05-03, 2026-05-03T18:30 or 18:30."
        ) from None
    if at > now:
        raise InputError(f"The time {text!r}", "it lies in the future", "Give the time it was.")
    return at


def _one_of(text: str, kind: str, known: tuple[str, ...]) -> str:
    clean = " ".join(text.lower().replace("_", " ").split())
    clean = _ALIASES.get(clean, clean)
    if clean in known:
        return clean
    near = get_close_matches(clean, known, n=1)
    hint = f"Did you mean {near[0]}? " if near else ""
    raise InputError(f"The {kind} {text!r}", f"it is none of {', '.join(known)}", f"{hint}Choose one of them.")


def _name(text: str, kind: str) -> str:
    clean = " ".join(_text(text).split())
    if not clean or len(clean) > NAME_LENGTH:
        raise InputError(f"The {kind}", "its name is empty or very long", f"Use at most {NAME_LENGTH} characters.")
    return clean


def _text(note: str) -> str:
    clean = "".join(c for c in note if c.isprintable() or c == "\n").strip()
    if len(clean) > NOTE_LENGTH:
        raise InputError("The note", f"it is longer than {NOTE_LENGTH} characters", "Shorten it.")
    return clean
