"""Files kept by their content: the same bytes are one file, whatever they were called."""

from __future__ import annotations

import os
from collections.abc import Iterable
from contextlib import suppress
from hashlib import sha256
from pathlib import Path

from runfree.core.errors import OutputError


class Media:
    """A folder of files named after the SHA-256 of their content."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def path(self, digest: str) -> Path:
        """Where a file lies, whether it is there or not."""
        return self.folder / digest[:2] / digest

    def add(self, data: bytes) -> str:
        """Keep these bytes and return their digest; the file appears only when it is whole.

        Raises
        ------
        OutputError
            If it cannot be written.
        """
        digest = sha256(data).hexdigest()
        path = self.path(digest)
        with suppress(OSError):
            if path.stat().st_size == len(data):
                return digest
        part = path.with_name(f"{digest}.{os.getpid()}.part")
        try:
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            part.write_bytes(data)
            part.replace(path)
        except OSError as error:
            raise OutputError(
                "The journal's files", f"one cannot be written ({error.strerror or error})", "Free some space."
            ) from error
        finally:
            # Also what a killed import left of the same file.
            for left in path.parent.glob(f"{digest}.*.part"):
                left.unlink(missing_ok=True)
        return digest

    def read(self, digest: str) -> bytes:
        """Read a kept file back.

        Raises
        ------
        OutputError
            If it is gone or was changed.
        """
        try:
            data = self.path(digest).read_bytes()
        except OSError as error:
            raise OutputError("A file of the journal", "it is gone", "Import it again.") from error
        if sha256(data).hexdigest() != digest:
            raise OutputError("A file of the journal", "it was changed on the disk", "Import it again.")
        return data

    def remove(self, digests: Iterable[str]) -> None:
        """Delete files, and folders that are empty then."""
        for digest in digests:
            path = self.path(digest)
            path.unlink(missing_ok=True)
            with suppress(OSError):
                path.parent.rmdir()
