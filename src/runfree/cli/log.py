"""``runfree log``: pain, practice, shoes, a form, a note."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from cyclopts import App

if TYPE_CHECKING:
    from runfree.core.entry import Entry

log = App(name="log", help="Write into your journal: pain, practice, shoes, weekly questions, a form, a note.")


@log.command
def pain(score: float, /, *, site: str, when: str = "now", at: str | None = None, note: str = "") -> int:
    """Log pain from 0 (none) to 10 (the worst you can think of).

    Parameters
    ----------
    score
        0 to 10.
    site
        Where: foot, ankle, achilles, calf, shin, knee, thigh, hamstrings, hip, groin, back or other.
    when
        before, during or after a run, morning (the next), worst (of the day) or now.
    at
        The time it was: 2026-05-03, 2026-05-03T18:30 or 18:30 (now unless given).
    note
        A few words.
    """
    from runfree.app.log_entries import moment_of, pain_entry

    return _keep(pain_entry(score, site, when, moment_of(at), note), lights=True)


@log.command
def practice(
    name: str, /, *, done: bool = False, skipped: bool = False, at: str | None = None, note: str = ""
) -> int:
    """Log that a practice was done or skipped.

    Parameters
    ----------
    name
        Its name, such as knee-15min.
    done
        It was done (so it is, unless --skipped is given).
    skipped
        It was left out.
    at
        The time it was (now unless given).
    note
        A few words.
    """
    from runfree.app.log_entries import moment_of, practice_entry
    from runfree.core.errors import InputError

    if done and skipped:
        raise InputError("The practice", "it cannot be both done and skipped", "Give --done or --skipped.")
    return _keep(practice_entry(name, not skipped, moment_of(at), note))


@log.command
def shoes(name: str, /, *, since: str | None = None, note: str = "") -> int:
    """Log a pair of shoes: every run counts towards it until you log another.

    Parameters
    ----------
    name
        What you call them.
    since
        The first day, such as 2026-09-01 (today unless given).
    note
        A few words.
    """
    from runfree.app.log_entries import moment_of, shoes_entry

    return _keep(shoes_entry(name, moment_of(since).date(), note))


@log.command
def note(text: str, /, *, at: str | None = None) -> int:
    """Log a note.

    Parameters
    ----------
    text
        What you want to remember.
    at
        The time it belongs to (now unless given).
    """
    from runfree.app.log_entries import moment_of, note_entry

    return _keep(note_entry(text, moment_of(at)))


@log.command
def form(name: str, answers: str, /, *, at: str | None = None, note: str = "") -> int:
    """Log a form filled in on paper: ostrc, rmdq, koos-pf, ffi or uwri.

    Parameters
    ----------
    name
        Which form.
    answers
        One number for each item, in order, such as 1,2,0,3; a dash where none was given.
    at
        The time it was filled in (now unless given).
    note
        A few words.
    """
    from runfree.app.log_entries import form_entry, moment_of

    return _keep(form_entry(name, answers, moment_of(at), note))


@log.command
def week(*, at: str | None = None) -> int:
    """Answer the four weekly questions (OSTRC-H2), one after the other.

    Parameters
    ----------
    at
        The time they are about (the week up to now unless given).
    """
    from runfree.app.log_entries import form_entry, moment_of
    from runfree.core.errors import InputError
    from runfree.recovery.forms import OSTRC_QUESTIONS

    moment = moment_of(at)
    answers: list[str] = []
    for question, choices in OSTRC_QUESTIONS:
        print(question)
        for i, choice in enumerate(choices):
            print(f"  {i}  {choice}")
        print("> ", end="", flush=True)
        said = sys.stdin.readline().strip()
        if said not in ("0", "1", "2", "3"):
            raise InputError(
                "The weekly questions", "an answer was not 0, 1, 2 or 3", "Start again: runfree log week"
            )
        answers.append(said)
        if answers in (["0"], ["3"]):
            break
    return _keep(form_entry("ostrc", ",".join(answers), moment, ""))


def _keep(entry: Entry, *, lights: bool = False) -> int:
    from runfree.cli.journal_text import entry_line, light_lines
    from runfree.journal import open_journal

    with open_journal() as journal:
        kept = journal.log(entry)
        pains = journal.entries("pain", what=entry.what) if lights else []
    print(f"Logged: {entry_line(kept)}")
    if lights:
        from runfree.recovery.light import light

        print("\n".join(light_lines(light(pains, entry.what, entry.local_date))))
    return 0
