"""What a batch knows of its pieces of work: one SQLite file, changed in whole transactions, so that a kill loses nothing."""

from __future__ import annotations

import json
import sqlite3
import time
import uuid
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from runfree.core.errors import InputError, OutputError
from runfree.jobs.guarded import End

FOLDER = ".runfree"
SCHEMA = 1
WAIT_S = 60.0
_AT_ONCE = 500
_TABLES = """
CREATE TABLE item(
    source TEXT PRIMARY KEY, name TEXT, labels TEXT, settings TEXT, stamp TEXT, digest TEXT, key TEXT, problem TEXT
) WITHOUT ROWID;
CREATE TABLE result(
    key TEXT PRIMARY KEY, end TEXT, why TEXT, tries INTEGER, seconds REAL, peak_bytes INTEGER, at REAL,
    provenance TEXT, payload BLOB, release TEXT, part INTEGER
) WITHOUT ROWID;
CREATE INDEX unpublished ON result(release) WHERE payload IS NOT NULL;
CREATE INDEX part_of ON result(release, part) WHERE part IS NOT NULL;
CREATE TABLE claim(key TEXT PRIMARY KEY, driver TEXT) WITHOUT ROWID;
"""


@dataclass(frozen=True, slots=True)
class Item:
    """One piece of work.

    Attributes
    ----------
    source : str
        Where its input lies; no two items share one.
    name : str
        As the user calls it.
    labels : dict
        What belongs to it but does not change the work.
    settings : dict
        What changes the work.
    stamp, digest : str or None
        When the input was last read: a cheap mark of its state (size and time), and its SHA-256.
    done : str or None
        The key of the work that is done for it.
    """

    source: str
    name: str
    labels: dict[str, str]
    settings: dict[str, Any]
    stamp: str | None = None
    digest: str | None = None
    done: str | None = None


@dataclass(frozen=True, slots=True)
class Result:
    """How one piece of work ended, after ``tries`` tries.

    ``provenance`` says of what it is a function; ``payload`` is what it gave, until it is published.
    """

    end: End
    why: str = ""
    tries: int = 1
    seconds: float = 0.0
    peak_bytes: int = 0
    payload: bytes | None = None


@contextmanager
def open_state(folder: Path) -> Iterator[State]:
    """Open the bookkeeping of a results folder; make it where there is none. Several processes of one machine may.

    Raises
    ------
    OutputError
        If the folder holds something else, or may not be written to.
    """
    place = folder / FOLDER
    if folder.is_dir() and not place.is_dir() and any(folder.iterdir()):
        raise OutputError(
            f"The results {folder.name!r}", "the folder holds other files", "Choose a new or an empty folder."
        )
    try:
        (place / "drivers").mkdir(parents=True, exist_ok=True)
        with closing(_connect(place / "state.db")) as base:
            _check_schema(base, folder)
            state = State(base, place)
            try:
                yield state
            finally:
                state.close()
    except sqlite3.DatabaseError as error:
        raise OutputError(
            f"The results {folder.name!r}",
            f"their bookkeeping cannot be used ({error})",
            "If the disk is full, free some space; else choose a new folder.",
        ) from error
    except OSError as error:
        raise OutputError(
            f"The results {folder.name!r}",
            f"the folder cannot be written to ({error.strerror or error})",
            "Free some space or choose another folder.",
        ) from error


def _connect(path: Path, timeout_s: float = WAIT_S) -> sqlite3.Connection:
    return sqlite3.connect(path, timeout=timeout_s, isolation_level=None)


def _check_schema(base: sqlite3.Connection, folder: Path) -> None:
    base.execute("PRAGMA journal_mode = WAL")
    base.execute("PRAGMA synchronous = NORMAL")
    base.execute("BEGIN IMMEDIATE")
    (schema,) = base.execute("PRAGMA user_version").fetchone()
    if schema == 0:
        for statement in _TABLES.split(";"):
            base.execute(statement)
        base.execute(f"PRAGMA user_version = {SCHEMA}")
    base.execute("COMMIT")
    if schema not in (0, SCHEMA):
        raise OutputError(
            f"The results {folder.name!r}",
            f"they are of another version of Runfree (schema {schema}, not {SCHEMA})",
            "Use that version, or choose a new folder.",
        )


class State:
    """The bookkeeping, as one driver sees it."""

    def __init__(self, base: sqlite3.Connection, place: Path) -> None:
        self.base, self._drivers, self.driver = base, place / "drivers", uuid.uuid4().hex
        self.begun = time.time()
        self._alive = _connect(self._drivers / f"{self.driver}.db")
        self._alive.execute("BEGIN EXCLUSIVE")

    def close(self) -> None:
        """Give up every claim."""
        self.base.execute("DELETE FROM claim WHERE driver = ?", (self.driver,))
        self._alive.close()
        (self._drivers / f"{self.driver}.db").unlink()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing, and no other driver writes in between."""
        self.base.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self.base.execute("ROLLBACK")
            raise
        self.base.execute("COMMIT")

    def enrol(self, items: Iterable[Item]) -> int:
        """Take in every item, and return how many. What is known of an input from earlier stays.

        Raises
        ------
        InputError
            If two items share a source. Nothing is taken in then.
        """
        self.base.execute(
            "CREATE TEMP TABLE mine(number INTEGER PRIMARY KEY, source TEXT UNIQUE, name TEXT, labels TEXT, settings TEXT)"
        )
        name = ""

        def rows() -> Iterator[tuple[str, str, str, str]]:
            nonlocal name
            for item in items:
                name = item.name
                yield item.source, name, json.dumps(item.labels), json.dumps(item.settings, sort_keys=True)

        with self.transaction():
            try:
                self.base.executemany(
                    "INSERT INTO mine(source, name, labels, settings) VALUES (?, ?, ?, ?)", rows()
                )
            except sqlite3.IntegrityError:
                raise InputError(
                    f"The list of films names {name}", "it is there twice", "Name every film once."
                ) from None
            self.base.execute(
                "INSERT INTO item(source, name, labels, settings) SELECT source, name, labels, settings FROM mine WHERE true "
                "ON CONFLICT(source) DO UPDATE SET name = excluded.name, labels = excluded.labels, settings = excluded.settings "
                "WHERE (name, labels, settings) IS NOT (excluded.name, excluded.labels, excluded.settings)"
            )
        return self.base.execute("SELECT count(*) FROM mine").fetchone()[0]

    def enrolled(self) -> Iterator[Item]:
        """Every item enrolled here, in its order; few at a time in memory."""
        last = 0
        query = (
            "SELECT number, source, mine.name, mine.labels, mine.settings, stamp, digest, result.key "
            "FROM mine JOIN item USING (source) LEFT JOIN result ON result.key = item.key AND end = 'done' "
            "WHERE number > ? ORDER BY number LIMIT ?"
        )
        while rows := self.base.execute(query, (last, _AT_ONCE)).fetchall():
            for _, source, name, labels, settings, *known in rows:
                yield Item(source, name, json.loads(labels), json.loads(settings), *known)
            last = rows[-1][0]

    def cannot_read(self, source: str, problem: str) -> None:
        """Keep why an input cannot even be read."""
        self.base.execute(
            "UPDATE item SET stamp = NULL, digest = NULL, key = NULL, problem = ? WHERE source = ?",
            (problem, source),
        )

    def take(self, source: str, stamp: str, digest: str, key: str) -> End | Literal["ours", "another's"]:
        """Keep what an input is, so that it need not be read again while it looks the same, and claim its work.

        Returns
        -------
        str
            ``ours``, or ``another's`` if another driver that is alive has it; or how it has ended, where it need not be done
            again now: all that is done, and what failed since this driver began.
        """
        with self.transaction():
            self.base.execute(
                "UPDATE item SET stamp = ?, digest = ?, key = ?, problem = NULL "
                "WHERE source = ? AND (stamp, digest, key) IS NOT (?, ?, ?)",
                (stamp, digest, key, source, stamp, digest, key),
            )
            row = self.base.execute("SELECT end, at FROM result WHERE key = ?", (key,)).fetchone()
            if row and (row[0] == "done" or row[1] >= self.begun):
                return row[0]
            for (owner,) in self.base.execute("SELECT driver FROM claim WHERE key = ?", (key,)).fetchall():
                if owner == self.driver or self._is_alive(owner):
                    return "another's"
                self.base.execute("DELETE FROM claim WHERE driver = ?", (owner,))
            self.base.execute("INSERT INTO claim VALUES (?, ?)", (key, self.driver))
            return "ours"

    def _is_alive(self, driver: str) -> bool:
        """A driver holds a lock for as long as its process lives; the system lets go of it, however that ends."""
        path = self._drivers / f"{driver}.db"
        if not path.exists():
            return False
        with closing(_connect(path, 0)) as lock:
            try:
                lock.execute("BEGIN IMMEDIATE")
            except sqlite3.OperationalError as error:
                if error.sqlite_errorcode == sqlite3.SQLITE_BUSY:
                    return True
                raise
        path.unlink(missing_ok=True)
        return False

    def record(self, key: str, result: Result, provenance: dict[str, Any], release: str) -> None:
        """Keep how a piece of work ended, and let go of it."""
        with self.transaction():
            self.base.execute(
                "INSERT OR REPLACE INTO result VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, NULL)",
                (
                    key,
                    result.end,
                    result.why,
                    result.tries,
                    result.seconds,
                    result.peak_bytes,
                    time.time(),
                    json.dumps(provenance, sort_keys=True),
                    result.payload,
                    release,
                ),
            )
            self.base.execute("DELETE FROM claim WHERE key = ? AND driver = ?", (key, self.driver))
