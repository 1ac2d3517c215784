"""Files that appear only when they are whole."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from runfree.core.errors import OutputError


@contextmanager
def whole_file(
    path: Path, kind: str = "file", remedy: str = "Free some space or choose another folder."
) -> Iterator[Path]:
    """Give a place beside a file's own to write to; it moves to its own when the block ends well, and is gone otherwise.

    Parameters
    ----------
    path : Path
        The file; one that is there is replaced.
    kind, remedy : str
        What the file is, and what to do where it cannot be written.

    Raises
    ------
    OutputError
        If it cannot be written.
    """
    part = path.with_name(f".{path.stem}.part{path.suffix}")
    try:
        yield part
        part.replace(path)
    except OSError as error:
        raise OutputError(
            f"The {kind} {path.name}", f"it cannot be written ({error.strerror or error})", remedy
        ) from error
    finally:
        part.unlink(missing_ok=True)
