"""Where the journal lies, how it is opened, and how it is brought to a newer schema."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import platformdirs
from sqlalchemy import Connection, Engine, create_engine, event, inspect, make_url, text
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError

from runfree.core.errors import InputError, MissingPartError, OutputError

HEAD = "0004"
"""The newest schema; the last file in ``migrations/versions``."""
URL_VARIABLE = "RUNFREE_DATABASE_URL"
FOLDER_VARIABLE = "RUNFREE_DATA"
BUSY_S = 60


def data_folder() -> Path:
    """The user's data folder, or the one ``RUNFREE_DATA`` names."""
    named = os.environ.get(FOLDER_VARIABLE)
    return Path(named) if named else Path(platformdirs.user_data_dir("runfree", appauthor=False))


def exists() -> bool:
    """Whether there is a journal: a server that is named is taken to have one, a file must be there."""
    return bool(os.environ.get(URL_VARIABLE)) or (data_folder() / "journal.db").is_file()


def connect(url: str | None, folder: Path) -> Engine:
    """Make an engine for the database that ``url`` or ``RUNFREE_DATABASE_URL`` names; by default SQLite in ``folder``.

    Raises
    ------
    InputError
        If the URL names no database that can be used.
    MissingPartError
        If the PostgreSQL driver is not installed.
    """
    named = url or os.environ.get(URL_VARIABLE) or f"sqlite:///{folder / 'journal.db'}"
    try:
        parsed = make_url(named)
        if parsed.get_backend_name() == "sqlite":
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            engine = create_engine(parsed, connect_args={"timeout": BUSY_S})
            event.listen(engine, "connect", _set_up_sqlite)
            event.listen(engine, "begin", _begin_sqlite)
            return engine
        return create_engine(parsed, pool_pre_ping=True)
    except (ArgumentError, NoSuchModuleError) as error:
        raise InputError(
            URL_VARIABLE,
            "it does not name a database that Runfree can use",
            "Write it as postgresql+psycopg://user@host/name or sqlite:////folder/journal.db.",
        ) from error
    except ModuleNotFoundError as error:
        raise MissingPartError(
            "PostgreSQL", f"{error.name} is not installed", "Run: pip install 'runfree[postgres]'"
        ) from error


def _set_up_sqlite(connection: Any, record: object) -> None:
    # The driver must not open transactions of its own: it would leave table changes outside of them.
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "foreign_keys=ON", "secure_delete=ON", "synchronous=NORMAL"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    write = connection.get_execution_options().get("write", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")


@contextmanager
def told(doing: str) -> Iterator[None]:
    """Turn what a database raises into one sentence.

    Raises
    ------
    OutputError
        If the database is locked, full, damaged or cannot be reached.
    """
    try:
        yield
    except DBAPIError as error:
        why = str(error.orig).strip().splitlines()[0] if str(error.orig).strip() else "it does not answer"
        raise OutputError(
            f"The journal, while {doing}", why, "Check that the disk has space and the database can be reached."
        ) from error


def schema_of(engine: Engine) -> str | None:
    """The schema a database has; None for an empty one."""
    with told("opening"), engine.connect() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return None
        return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


def check_schema(engine: Engine, folder: Path) -> None:
    """Make the tables of a new journal; refuse one of another version.

    Raises
    ------
    InputError
        If the journal was made by an older or newer Runfree.
    """
    found = schema_of(engine)
    if found is None:
        upgrade(engine, folder)
    elif found != HEAD:
        newer = found > HEAD
        raise InputError(
            "The journal",
            f"it was written by {'a newer' if newer else 'an older'} Runfree (schema {found}, this one has {HEAD})",
            "Install that version." if newer else "Run: runfree db upgrade (it makes a backup first).",
        )


def upgrade(engine: Engine, folder: Path) -> Path | None:
    """Bring the database to the newest schema in one transaction; return the backup made before, if there was data.

    Raises
    ------
    OutputError
        If it cannot be backed up or changed; it is as before then.
    """
    from alembic import command
    from alembic.config import Config

    found = schema_of(engine)
    if found is not None and found >= HEAD:
        return None
    backup = None if found is None else _back_up(engine, folder, found)
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations").replace("%", "%%"))
    with told("upgrading"), engine.connect().execution_options(write=True) as connection, connection.begin():
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
    return backup


def _back_up(engine: Engine, folder: Path, found: str) -> Path | None:
    """Copy a SQLite journal while it stands still; a PostgreSQL server has backups of its own."""
    if engine.dialect.name != "sqlite" or engine.url.database in (None, "", ":memory:"):
        return None
    target = folder / "backups" / f"journal-{found}-{datetime.now(UTC):%Y%m%dT%H%M%S%f}.db"
    part = target.with_suffix(".part")
    try:
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        for left in target.parent.glob("*.part"):
            left.unlink()
        with closing(sqlite3.connect(str(engine.url.database))) as source, closing(sqlite3.connect(part)) as copy:
            source.backup(copy)
        part.replace(target)
    except (OSError, sqlite3.Error) as error:
        raise OutputError("The backup before upgrading", str(error), "Free some space and try again.") from error
    return target
