"""Everything that is kept of a person: taken along, or erased."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from runfree.app.self_checks import FILE
from runfree.core.errors import InputError
from runfree.journal.export import export

if TYPE_CHECKING:
    from runfree.journal import Journal


def export_all(journal: Journal, target: Path) -> int:
    """Write the journal and the self-checks into one zip; return how many runs it holds.

    Raises
    ------
    OutputError
        If it exists already or cannot be written.
    """
    checks = journal.folder / FILE
    return export(journal, target, beside={FILE: checks.read_bytes()} if checks.is_file() else {})


def erase_all(journal: Journal) -> None:
    """Erase everything of a person, for good."""
    journal.erase()
    (journal.folder / FILE).unlink(missing_ok=True)


def erase_one(journal: Journal, what: str) -> None:
    """Erase one thing for good: ``run:12``, ``entry:3``, ``film:1`` or ``trial:1``.

    Raises
    ------
    InputError
        If it names nothing in the journal.
    """
    kind, _, number = what.partition(":")
    erase = {
        "run": journal.delete_run,
        "entry": journal.delete_entry,
        "film": journal.delete_film,
        "trial": journal.delete_trial,
    }.get(kind)
    if erase is None or not (number.isascii() and number.isdecimal() and len(number) < 10):
        raise InputError(
            f"{what!r}", "it names nothing in the journal", "Write run:12, entry:3, film:1 or trial:1."
        )
    erase(int(number))
