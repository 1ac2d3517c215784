"""The one error tree. Every error says what happened, why, and what to do; screens only render it."""

from __future__ import annotations


class RunfreeError(Exception):
    """Base of every error a user can cause.

    Parameters
    ----------
    what : str
        What did not work, in a few words, with the name of the thing.
    why : str
        The reason, as far as it is known.
    remedy : str
        What the user can do now.
    """

    exit_code = 2

    def __init__(self, what: str, why: str, remedy: str) -> None:
        super().__init__(what, why, remedy)
        self.what, self.why, self.remedy = what, why, remedy

    def __str__(self) -> str:
        return f"{self.what}: {self.why}. {self.remedy}"


class InputError(RunfreeError):
    """What the user typed cannot be understood."""


class FilmError(InputError):
    """A film cannot be opened, read or trusted."""


class MotionError(InputError):
    """A motion (file or array) is malformed."""


class OutputError(RunfreeError):
    """A result cannot be written."""


class MissingPartError(RunfreeError):
    """An optional part or backend is not installed or not available here."""


class NothingAssessableError(RunfreeError):
    """The film was read, but there is nothing in it that can be measured."""

    exit_code = 3


class ActivityError(InputError):
    """A watch file cannot be read or trusted, or an activity is malformed."""


class NotHereError(InputError):
    """What was named is not there, or belongs to somebody else."""


class OffsetError(InputError):
    """A piece of an upload does not follow on what has arrived; ``offset`` is how much has.

    Parameters
    ----------
    offset : int
        Bytes that are here.
    """

    def __init__(self, offset: int) -> None:
        super().__init__(
            "The film", f"{offset} bytes of it are here, and this piece begins elsewhere", "Go on from there."
        )
        self.offset = offset

    def __reduce__(self) -> tuple[type[OffsetError], tuple[int]]:
        return OffsetError, (self.offset,)
