"""The answers to the red-flag questions, as they are typed."""

from __future__ import annotations

from runfree.core.errors import InputError


def parse_triage(text: str) -> tuple[str, ...]:
    """Return the ids of the questions that fit: none for ``clear``, else those of ``FLAG,…``.

    Raises
    ------
    InputError
        If there is nothing to read, or ``clear`` stands beside a flag.
    """
    names = tuple(name for part in text.split(",") if (name := part.strip().lower()))
    if names == ("clear",):
        return ()
    if not names or "clear" in names:
        raise InputError(
            f"Triage {text!r}",
            "it is neither clear nor the questions that fit",
            "Use --triage clear when no question fits, or --triage FLAG,FLAG with those that do.",
        )
    return names
