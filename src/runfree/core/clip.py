"""A film as it was handed in: while it arrives, and when it is whole."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Upload:
    """A film that is still on its way.

    Attributes
    ----------
    id : str
        Cannot be guessed, and is never used again.
    name : str
        What its file was called; for people to read, never a path.
    size : int
        Bytes it will have.
    begun_at : datetime
    sha256 : str
        Of the whole, once everything has arrived and was checked; "" until then.
    """

    id: str
    name: str
    size: int
    begun_at: datetime
    sha256: str = ""


@dataclass(frozen=True, slots=True)
class Clip:
    """A film that is here, whole, kept by its content.

    Attributes
    ----------
    id : str
        Cannot be guessed, and is never used again.
    name : str
        What its file was called; for people to read, never a path.
    size : int
        Bytes.
    sha256 : str
        Of its content, which is where it lies.
    added_at : datetime
    """

    id: str
    name: str
    size: int
    sha256: str
    added_at: datetime
