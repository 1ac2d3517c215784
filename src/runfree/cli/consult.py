"""``runfree consult``."""

from __future__ import annotations

from pathlib import Path


def consult(
    complaint: str,
    /,
    *,
    out: Path = Path("consult.html"),
    story: str = "",
    question: list[str] | None = None,
    leave_out: str | None = None,
    weeks: int = 12,
    report: Path | None = None,
    triage: str | None = None,
) -> int:
    """Write one file for a teacher, physio or doctor, to read in five minutes. You choose what goes in; nothing is sent.

    Parameters
    ----------
    complaint
        What hurts: foot, knee, hamstrings, back, or another place.
    out
        consult.html unless given; a name that ends in .pdf makes a PDF.
    story
        In your own words: since when, what makes it better or worse.
    question
        What you want to ask; may be given several times.
    leave_out
        What stays at home, with commas: story, triage, pain, trials, films, load, practice, forms, notes, questions.
    weeks
        How many weeks back (12 unless given).
    report
        Folder of a report, for its stills.
    triage
        clear, or the red-flag questions that fit, with commas; asked on a terminal.
    """
    from datetime import date

    from runfree.app.complaint import parse_place
    from runfree.app.consult import gather, write_consult
    from runfree.app.practice import names
    from runfree.cli.triage import answers
    from runfree.journal import open_journal

    fits = answers(parse_place(complaint), triage)
    with open_journal() as journal:
        pack = gather(
            journal, complaint, today=date.today(), fits=fits, story=story, questions=question or (),
            leave_out=names(leave_out), weeks=weeks, report=report,
        )  # fmt: skip
    print(f"Consult pack: {write_consult(pack, out)}")
    return 0
