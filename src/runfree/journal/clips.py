"""A person's films: the bytes that arrive, and the whole ones, kept by their content beside the journal."""

from __future__ import annotations

import os
import secrets
import threading
import time
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from runfree.core.clip import Clip, Upload
from runfree.core.errors import NotHereError, OffsetError, OutputError
from runfree.journal.media import Media
from runfree.journal.runs import now_utc
from runfree.journal.tables import ClipRow, UploadRow

if TYPE_CHECKING:
    from runfree.journal.journal import Journal

_BLOCK = 1 << 20
_WRITING = threading.Lock()


class Clips:
    """The films of one person; nobody else's can be reached through it.

    Parameters
    ----------
    journal : Journal
        Of that person.
    """

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        self.folder = journal.folder / "uploads"
        self.store = Media(journal.folder / "clips")

    def begin(self, name: str, size: int) -> Upload:
        """Expect a film."""
        upload = Upload(secrets.token_hex(16), name, size, now_utc())
        try:
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            self._part(upload).touch(mode=0o600)
        except OSError as error:
            raise _full(error) from error
        with self._journal._write("expecting a film") as session:
            session.add(
                UploadRow(
                    id=upload.id,
                    person_id=self._journal._person,
                    name=name,
                    size=size,
                    begun_at=upload.begun_at,
                    sha256="",
                )
            )
        return upload

    def uploads(self) -> list[Upload]:
        """Films on their way, the first begun first."""
        with self._journal._read() as session:
            query = select(UploadRow).where(UploadRow.person_id == self._journal._person)
            return [_upload(row) for row in session.scalars(query.order_by(UploadRow.begun_at, UploadRow.id))]

    def upload(self, upload_id: str) -> Upload:
        """One film on its way.

        Raises
        ------
        NotHereError
            If there is none of this id.
        """
        found = next((u for u in self.uploads() if u.id == upload_id), None)
        if found is None:
            raise NotHereError("The upload", "it is not known here, or too old", "Choose the film again.")
        return found

    def received(self, upload: Upload) -> int:
        """How many bytes of it are here."""
        try:
            return self._part(upload).stat().st_size
        except FileNotFoundError:
            if upload.sha256 and self.store.path(upload.sha256).exists():
                return upload.size
            raise NotHereError("The upload", "what had arrived is gone", "Choose the film again.") from None

    def write(self, upload: Upload, offset: int, data: bytes) -> int:
        """Add bytes that follow on what is here; return how many are here now.

        Two windows that send the same film at once cannot mix: the one whose bytes do not follow is refused.

        Raises
        ------
        OffsetError
            If they do not follow, or would make it larger than it was said to be.
        OutputError
            If they cannot be written.
        """
        with _WRITING:
            here = self.received(upload)
            if here != offset or here + len(data) > upload.size:
                raise OffsetError(here)
            try:
                with self._part(upload).open("ab") as file:
                    file.write(data)
            except OSError as error:
                raise _full(error) from error
            return here + len(data)

    def settle(self, upload: Upload) -> Upload:
        """Take what is here as the whole: a plain form does not say beforehand how large its film is."""
        here = self.received(upload)
        with self._journal._write("expecting a film") as session:
            session.execute(update(UploadRow).where(UploadRow.id == upload.id).values(size=here))
        return replace(upload, size=here)

    def digest(self, upload: Upload) -> str:
        """SHA-256 of what has arrived."""
        if upload.sha256:
            return upload.sha256
        seen = sha256()
        with self._part(upload).open("rb") as file:
            while block := file.read(_BLOCK):
                seen.update(block)
        return seen.hexdigest()

    def keep(self, upload: Upload, digest: str) -> Clip:
        """Make a clip of an upload that is whole, whatever step of this was reached before.

        Its digest is written down first, then its bytes move to their place, then the clip is written down: killed
        between any two of them, :meth:`keep` goes on from there.
        """
        mine = UploadRow.id == upload.id
        with self._journal._write("checking a film") as session:
            session.execute(update(UploadRow).where(mine).values(sha256=digest))
        self._move(upload, digest)
        with self._journal._write("keeping a film") as session:
            session.execute(delete(UploadRow).where(mine))
            return self._clip_of(session, replace(upload, sha256=digest))

    def _move(self, upload: Upload, digest: str) -> None:
        place, part = self.store.path(digest), self._part(upload)
        try:
            if part.exists():
                with part.open("rb+") as file:
                    os.fsync(file.fileno())
                place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
                part.replace(place)
                os.utime(place)
        except OSError as error:
            raise _full(error) from error

    def _clip_of(self, session: Session, upload: Upload) -> Clip:
        """The clip of these bytes; the same film sent twice is one."""
        same = (ClipRow.person_id == self._journal._person, ClipRow.sha256 == upload.sha256)
        row = session.scalar(select(ClipRow).where(*same))
        if row is None:
            row = ClipRow(
                id=secrets.token_hex(16),
                person_id=self._journal._person,
                name=upload.name,
                size=upload.size,
                sha256=upload.sha256,
                added_at=now_utc(),
            )
            session.add(row)
        return _clip(row)

    def drop(self, upload: Upload) -> None:
        """Give an upload up, and delete what arrived."""
        with self._journal._write("giving up an upload") as session:
            session.execute(delete(UploadRow).where(UploadRow.id == upload.id))
        self._part(upload).unlink(missing_ok=True)

    def idle_s(self, upload: Upload) -> float:
        """Seconds since bytes arrived last."""
        try:
            return max(0.0, time.time() - self._part(upload).stat().st_mtime)
        except FileNotFoundError:
            return max(0.0, (now_utc() - upload.begun_at).total_seconds())

    def clips(self) -> list[Clip]:
        """Every whole film, the newest first."""
        with self._journal._read() as session:
            query = select(ClipRow).where(ClipRow.person_id == self._journal._person)
            return [_clip(row) for row in session.scalars(query.order_by(ClipRow.added_at.desc(), ClipRow.id))]

    def clip(self, clip_id: str) -> Clip:
        """One whole film.

        Raises
        ------
        NotHereError
            If there is none of this id.
        """
        found = next((c for c in self.clips() if c.id == clip_id), None)
        if found is None:
            raise NotHereError("The film", "it is not here, or was deleted", "See your films for those that are.")
        return found

    def path(self, clip: Clip) -> Path:
        """Where its bytes lie."""
        return self.store.path(clip.sha256)

    def forget(self, session: Session, clip_id: str) -> list[str]:
        """Delete a clip's row; return the digest if nobody keeps it any more."""
        mine = (ClipRow.id == clip_id, ClipRow.person_id == self._journal._person)
        digests = list(session.scalars(select(ClipRow.sha256).where(*mine)))
        session.execute(delete(ClipRow).where(*mine))
        return [d for d in digests if session.scalar(select(ClipRow.id).where(ClipRow.sha256 == d)) is None]

    def forget_all(self, session: Session) -> tuple[list[str], list[Path]]:
        """Delete every row; return the digests that nobody keeps any more, and the parts that arrived."""
        mine = UploadRow.person_id == self._journal._person
        parts = [self.folder / f"{i}.part" for i in session.scalars(select(UploadRow.id).where(mine))]
        session.execute(delete(UploadRow).where(mine))
        ids = list(session.scalars(select(ClipRow.id).where(ClipRow.person_id == self._journal._person)))
        return [digest for i in ids for digest in self.forget(session, i)], parts

    def remove(self, digests: Iterable[str], parts: Iterable[Path]) -> None:
        """Delete the bytes of whole films and of parts."""
        self.store.remove(digests)
        for part in parts:
            part.unlink(missing_ok=True)

    def sweep(self, older_s: float) -> None:
        """Delete bytes that no row knows of and that nobody touched for a while: what a kill left behind."""
        with self._journal._read() as session:
            known = set(session.scalars(select(UploadRow.id))) | set(session.scalars(select(ClipRow.sha256)))
            known |= set(session.scalars(select(UploadRow.sha256)))
        remove_old((p for p in self.folder.glob("*.part") if p.stem not in known), older_s)
        remove_old((p for p in self.store.folder.glob("*/*") if p.name not in known), older_s)

    def _part(self, upload: Upload) -> Path:
        return self.folder / f"{upload.id}.part"


def remove_old(paths: Iterable[Path], older_s: float) -> None:
    """Delete files that nobody touched for a while."""
    for path in list(paths):
        with suppress(FileNotFoundError):
            if time.time() - path.stat().st_mtime >= older_s:
                path.unlink()


def _full(error: OSError) -> OutputError:
    return OutputError(
        "The film", f"it cannot be kept ({error.strerror or error})", "Free some space, then go on."
    )


def _upload(row: UploadRow) -> Upload:
    return Upload(row.id, row.name, row.size, row.begun_at, row.sha256)


def _clip(row: ClipRow) -> Clip:
    return Clip(row.id, row.name, row.size, row.sha256, row.added_at)
