"""A journal on SQLite and on PostgreSQL: the same tests hold on both."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from runfree.journal import Journal, open_journal


def _as_server(*command: str | Path) -> None:
    """Run a PostgreSQL program; it refuses to run as root."""
    who = ["runuser", "-u", "postgres", "--"] if os.getuid() == 0 else []
    subprocess.run(
        [*who, *map(str, command)], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd="/"
    )


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """URL of a server of our own on a free port."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/pg_ctl"))
    if not found:
        message = "PostgreSQL is not installed: apt-get install postgresql"
        if os.environ.get("CI"):
            pytest.fail(message)
        pytest.skip(message)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    folder = Path(tempfile.mkdtemp(prefix="runfree-pg-"))
    if os.getuid() == 0:
        shutil.chown(folder, "postgres")
    data, bin_ = folder / "data", found[-1].parent
    try:
        _as_server(bin_ / "initdb", "-D", data, "-A", "trust", "-U", "runfree", "--no-sync")
        options = f"-p {port} -k {folder} -c listen_addresses=127.0.0.1 -c fsync=off"
        _as_server(bin_ / "pg_ctl", "-D", data, "-o", options, "-l", folder / "log", "-w", "start")
        yield f"postgresql+psycopg://runfree@127.0.0.1:{port}/postgres"
        _as_server(bin_ / "pg_ctl", "-D", data, "-m", "immediate", "-w", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(params=["sqlite", "postgres"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """URL of an empty database."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'data' / 'journal.db'}"
    server = request.getfixturevalue("postgres")
    engine = create_engine(server)
    with engine.begin() as connection:
        connection.execute(text("DROP SCHEMA public CASCADE"))
        connection.execute(text("CREATE SCHEMA public"))
    engine.dispose()
    return server


@pytest.fixture
def journal_of(url: str, tmp_path: Path) -> Iterator[Callable[..., Journal]]:
    """Open journals of the same database; all are closed in the end."""
    made: list[Journal] = []

    def make(person: str = "me") -> Journal:
        made.append(open_journal(url, tmp_path / "data", person))
        return made[-1]

    yield make
    for one in made:
        one.close()


@pytest.fixture
def journal(journal_of: Callable[..., Journal]) -> Journal:
    """One person's empty journal."""
    return journal_of()
