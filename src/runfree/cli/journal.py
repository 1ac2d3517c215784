"""``runfree journal``, ``export``, ``erase`` and ``db``."""

from __future__ import annotations

from pathlib import Path

from cyclopts import App

db = App(name="db", help="Look after the journal's database.")


def journal(*, weeks: int | None = None, html: Path | None = None) -> int:
    """Show your runs, glide, load, pain, practice, shoes and films.

    Parameters
    ----------
    weeks
        How many weeks back (12 unless given, 52 on the page).
    html
        Write one page that opens offline and prints, instead of text.
    """
    from datetime import date

    from runfree.app.overview import overview
    from runfree.core.errors import InputError
    from runfree.journal import open_journal

    if weeks is not None and not 1 <= weeks <= 5200:
        raise InputError(f"{weeks} weeks", "it lies outside 1 to 5200", "Give the number of weeks to look back.")
    with open_journal() as kept:
        seen = overview(kept, weeks=weeks or (52 if html else 12), today=date.today())
    if html is None:
        from runfree.cli.journal_text import journal_text

        print(journal_text(seen))
    else:
        from runfree.report.journal_page import write_journal_page

        write_journal_page(html, seen)
        print(f"Journal: {html}")
    return 0


def export(target: Path, /) -> int:
    """Write everything of your journal into one zip that opens without Runfree.

    Parameters
    ----------
    target
        The zip to write.
    """
    from runfree.app.keeping import export_all
    from runfree.journal import open_journal

    with open_journal() as kept:
        runs = export_all(kept, target)
    print(f"Exported {runs} runs and everything you logged: {target}")
    return 0


def erase(what: str | None = None, /, *, yes_really: bool = False) -> int:
    """Erase one run, entry, film or trial, or the whole journal. There is no way back.

    Parameters
    ----------
    what
        run:12, entry:3, film:1 or trial:1, with the numbers that runfree journal shows; everything unless given.
    yes_really
        Do it.
    """
    from runfree.app.keeping import erase_all, erase_one
    from runfree.core.errors import InputError
    from runfree.journal import open_journal

    if not yes_really:
        named = what or "the whole journal with its recordings and backups"
        raise InputError("Nothing was erased", f"this would erase {named} for good", "Add --yes-really to do it.")
    with open_journal() as kept:
        if what is None:
            erase_all(kept)
        else:
            erase_one(kept, what)
    print("Erased." if what else "Erased: nothing of the journal is left.")
    return 0


@db.command
def upgrade() -> int:
    """Bring the journal to this version's schema; a backup is made first."""
    from runfree.journal.database import connect, data_folder
    from runfree.journal.database import upgrade as bring_up

    engine = connect(None, data_folder())
    try:
        backup = bring_up(engine, data_folder())
    finally:
        engine.dispose()
    print(f"The journal is up to date.{f' Backup: {backup}' if backup else ''}")
    return 0
