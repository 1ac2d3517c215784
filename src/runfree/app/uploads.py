"""Films handed in: begun, sent in pieces that may be cut off anywhere, checked as a whole, kept by their content."""

from __future__ import annotations

import shutil
import unicodedata
from typing import TYPE_CHECKING

from runfree.core.clip import Clip, Upload
from runfree.core.errors import FilmError, InputError, OffsetError, OutputError

if TYPE_CHECKING:
    from runfree.journal import Journal

MAX_BYTES = 4 << 30
"""Ten minutes of film, the longest that is analysed, at the rate of a good phone."""
MAX_UPLOADS = 20
"""How many films may be on their way at once."""
EXPIRES_S = 3 * 24 * 3600.0
"""An upload that nothing was added to for this long is given up."""
LEFT_S = 3600.0
"""How old bytes that nobody knows of must be to be what a kill left behind."""
SPARE_BYTES = 500_000_000
"""Space that stays free on the disk."""
_NAME = 120


def begin_upload(journal: Journal, name: str, size: int) -> Upload:
    """Expect a film of so many bytes.

    Raises
    ------
    InputError
        If it is empty or too large, or too many are on their way.
    OutputError
        If there is no room for it.
    """
    shown = clean_name(name)
    if size <= 0:
        raise InputError(f"The film {shown}", "the file is empty", "Copy it from the phone again.")
    if size > MAX_BYTES:
        raise InputError(
            f"The film {shown}",
            f"it has {size / 1e9:.1f} GB, and at most {MAX_BYTES / 1e9:.1f} are taken",
            "Cut out half a minute of steady running.",
        )
    expire(journal)
    going = journal.clips.uploads()
    if len(going) >= MAX_UPLOADS:
        raise InputError(
            f"The film {shown}",
            f"{len(going)} films are on their way already",
            "Finish or give up one of them first.",
        )
    still_to_come = sum(u.size - journal.clips.received(u) for u in going)
    free = shutil.disk_usage(journal.folder).free
    if free - still_to_come - size < SPARE_BYTES:
        raise OutputError(
            f"The film {shown}",
            f"this computer has {free / 1e9:.1f} GB left, too little for it",
            "Free some space.",
        )
    return journal.clips.begin(shown, size)


def resume_upload(journal: Journal, name: str, size: int) -> Upload:
    """Go on with a film of this name and size that stopped on its way, or expect it anew; see :func:`begin_upload`.

    It need not be the same film: the whole is checked in the end.
    """
    shown = clean_name(name)
    stopped = (u for u in journal.clips.uploads() if (u.name, u.size, u.sha256) == (shown, size, ""))
    return next(stopped, None) or begin_upload(journal, name, size)


def clean_name(name: str) -> str:
    """What a file is called, for people to read: its last part, without what cannot be seen, at most 120 characters."""
    last = name.replace("\\", "/").rstrip("/").rpartition("/")[2]
    seen = "".join(c for c in unicodedata.normalize("NFC", last) if unicodedata.category(c)[0] != "C")
    return " ".join(seen.split())[-_NAME:] or "film"


def add_piece(journal: Journal, upload: Upload, offset: int, data: bytes) -> int:
    """Add bytes that follow on what is here; return how many are here now.

    Raises
    ------
    OffsetError
        If they do not follow, or are more than there should be.
    OutputError
        If they cannot be written.
    """
    return journal.clips.write(upload, offset, data)


def finish_upload(journal: Journal, upload: Upload, sha256: str | None = None) -> Clip:
    """Keep a film that has arrived whole, and ask for a look at it.

    Parameters
    ----------
    journal, upload
        Whose, and which.
    sha256 : str, optional
        Of the whole, as the sender knows it.

    Raises
    ------
    OffsetError
        If bytes are missing.
    FilmError
        If it arrived other than it was sent; it is given up then.
    """
    here = journal.clips.received(upload)
    if here != upload.size:
        raise OffsetError(here)
    digest = journal.clips.digest(upload)
    if sha256 is not None and sha256.lower() != digest:
        journal.clips.drop(upload)
        raise FilmError(f"The film {upload.name}", "it arrived other than it was sent", "Send it again.")
    return _keep(journal, upload, digest)


def _keep(journal: Journal, upload: Upload, digest: str) -> Clip:
    clip = journal.clips.keep(upload, digest)
    if not journal.jobs.jobs("check", clip.id):
        journal.jobs.add("check", [clip.id])
    return clip


def expire(journal: Journal) -> None:
    """Give up uploads that nothing was added to for days."""
    for upload in journal.clips.uploads():
        if journal.clips.idle_s(upload) > EXPIRES_S:
            journal.clips.drop(upload)


def tidy(journal: Journal) -> None:
    """Finish what a killed server had begun to keep, and delete what it left behind; worth doing at every start."""
    for upload in journal.clips.uploads():
        if upload.sha256:
            _keep(journal, upload, upload.sha256)
    for clip in journal.clips.clips():
        if not journal.jobs.jobs("check", clip.id):
            journal.jobs.add("check", [clip.id])
    expire(journal)
    journal.clips.sweep(LEFT_S)
    journal.jobs.sweep()
