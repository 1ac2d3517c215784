"""What hurts, as people say it."""

from __future__ import annotations

from difflib import get_close_matches

from runfree.coach.triage import ELSEWHERE
from runfree.core.errors import InputError

COMPLAINTS: dict[str, tuple[str, ...]] = {
    "foot": ("feet", "heel", "arch", "plantar fascia", "plantar fasciitis", "forefoot"),
    "knee": ("knees", "kneecap", "runner's knee", "runners knee"),
    "hamstrings": ("hamstring",),
    "back": ("low back", "lower back", "lumbar"),
}
ELSEWHERE_WORDS = (
    "hip", "hips", "groin", "buttock", "shin", "shins", "shin splints", "calf", "calves", "achilles", "achilles tendon", "ankle",
    "it band", "thigh", "thighs", "quads", "neck", "shoulder", "shoulders", "belly", "chest", "upper back", "other", "elsewhere",
)  # fmt: skip


def parse_place(text: str) -> str:
    """Return one of the four complaints, or ``elsewhere`` for another place that hurts.

    Raises
    ------
    InputError
        If it is no place at all.
    """
    return ELSEWHERE if _clean(text) in ELSEWHERE_WORDS else parse_complaint(text)


def parse_complaint(text: str) -> str:
    """Return ``foot``, ``knee``, ``hamstrings`` or ``back`` for a complaint in everyday words.

    Raises
    ------
    InputError
        If it is none of the four places this method speaks about.
    """
    clean = _clean(text)
    if clean in ELSEWHERE_WORDS:
        raise InputError(
            f"Complaint {text!r}",
            "it is none of the four places this method speaks about (foot, knee, hamstrings and back)",
            "Run `runfree guide elsewhere` for the questions to ask first and the way to a consult.",
        )
    names = {alias: place for place, aliases in COMPLAINTS.items() for alias in (place, *aliases)}
    if clean in names:
        return names[clean]
    near = get_close_matches(clean, names, n=1, cutoff=0.75)
    hint = f"Did you mean {names[near[0]]}? " if near else ""
    raise InputError(
        f"Complaint {text!r}",
        "this version knows foot, knee, hamstrings and back",
        f"{hint}Choose one of them, or leave it out.",
    )


def _clean(text: str) -> str:
    return " ".join(text.lower().replace("_", " ").replace("-", " ").split())
