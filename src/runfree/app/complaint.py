"""What hurts, as people say it."""

from __future__ import annotations

from difflib import get_close_matches

from runfree.core.errors import InputError

COMPLAINTS: dict[str, tuple[str, ...]] = {
    "foot": ("feet", "heel", "arch", "plantar fascia", "plantar fasciitis", "forefoot"),
    "knee": ("knees", "kneecap", "runner's knee", "runners knee"),
    "hamstrings": ("hamstring",),
    "back": ("low back", "lower back", "lumbar"),
}


def parse_complaint(text: str) -> str:
    """Return ``foot``, ``knee``, ``hamstrings`` or ``back`` for a complaint in everyday words.

    Raises
    ------
    InputError
        If it is none of the four places this method speaks about.
    """
    clean = " ".join(text.lower().replace("_", " ").replace("-", " ").split())
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
