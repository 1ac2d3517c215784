"""Results as Parquet: parts that many pieces of work share; whatever happens, every file that is there is whole."""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from runfree.core.errors import OutputError
from runfree.jobs.state import FOLDER, State

if TYPE_CHECKING:
    import pyarrow as pa

PART_ITEMS = 1000
"""So many pieces of work share one file of each table. Until then the file is written anew with what has come in."""
_Rows = list[tuple[str, dict[str, Any], dict[str, list[dict[str, Any]]]]]


def pack(tables: Mapping[str, list[dict[str, Any]]]) -> bytes:
    """The rows that one piece of work gave, by table, as the bookkeeping holds them until they are published."""
    return zlib.compress(json.dumps(tables, allow_nan=False).encode())


def publish(state: State, folder: Path, schemas: Mapping[str, pa.Schema]) -> None:
    """Move all that is done and not yet published into the tables of the folder: ``TABLE/release=R/part-N.parquet``.

    A kill in the midst leaves a part in some tables earlier than in others; publishing again puts that right.

    Raises
    ------
    OutputError
        If a part that is there is damaged.
    """
    waiting = "SELECT release FROM result WHERE payload IS NOT NULL LIMIT 1"
    while (row := state.base.execute(waiting).fetchone()) is not None:
        with state.transaction():
            _publish_part(state, folder, schemas, row[0])


def _publish_part(state: State, folder: Path, schemas: Mapping[str, pa.Schema], release: str) -> None:
    part, held = state.base.execute(
        "SELECT part, count(*) FROM result WHERE release = ? AND part IS NOT NULL GROUP BY part ORDER BY part DESC LIMIT 1",
        (release,),
    ).fetchone() or (0, 0)
    if held >= PART_ITEMS:
        part, held = part + 1, 0
    found = state.base.execute(
        "SELECT key, provenance, payload FROM result WHERE release = ? AND payload IS NOT NULL ORDER BY key LIMIT ?",
        (release, PART_ITEMS - held),
    ).fetchall()
    rows: _Rows = [(key, json.loads(about), json.loads(zlib.decompress(packed))) for key, about, packed in found]
    for table, schema in schemas.items():
        _write_part(folder, f"{table}/release={release}/part-{part:05}.parquet", _table(table, schema, rows))
    state.base.executemany(
        "UPDATE result SET payload = NULL, part = ? WHERE key = ?", [(part, key) for key, *_ in rows]
    )


def _table(name: str, schema: pa.Schema, rows: _Rows) -> pa.Table:
    import pyarrow as pa

    own = [row for _, _, tables in rows for row in tables[name]]
    shared = [{"key": key} | about for key, about, _ in rows]
    whose = pa.array([i for i, (_, _, tables) in enumerate(rows) for _ in tables[name]], pa.int64())

    def column(field: pa.Field) -> pa.Array:
        if field.name in shared[0]:
            return pa.array([about[field.name] for about in shared], field.type).take(whose)
        return pa.array([row.get(field.name) for row in own], field.type)

    return pa.Table.from_arrays([column(field) for field in schema], schema=schema)


def _write_part(folder: Path, name: str, fresh: pa.Table) -> None:
    """Join what a part holds with what is new; its rows stand in the order of their keys, whoever was done first."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    path = folder / name
    if path.exists():
        try:
            held = pq.ParquetFile(path).read()
        except pa.ArrowInvalid as error:
            raise OutputError(
                f"The table {name}",
                "it is damaged",
                "Take it away with its folder's results and run the batch anew.",
            ) from error
        new = set(fresh["key"].to_pylist())
        old = held.filter(pa.array([key not in new for key in held["key"].to_pylist()], pa.bool_()))
        fresh = pa.concat_tables([old, fresh])
    write_table(folder, name, fresh.schema, [fresh.sort_by("key").combine_chunks()])


def write_table(folder: Path, name: str, schema: pa.Schema, pieces: Iterable[pa.Table]) -> None:
    """Write a Parquet file piece by piece; it appears, in place of an older one, only when it is whole."""
    import pyarrow.parquet as pq

    part = folder / FOLDER / f"{name.replace('/', '-')}.part"
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        with pq.ParquetWriter(part, schema, compression="zstd") as writer:
            for piece in pieces:
                writer.write_table(piece)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def in_pieces(rows: Iterable[dict[str, Any]], schema: pa.Schema, size: int = 10_000) -> Iterator[pa.Table]:
    """Rows as tables of ``size`` rows, few at a time in memory; one empty table if there are none."""
    import pyarrow as pa

    held: list[dict[str, Any]] = []
    some = False
    for row in rows:
        held.append(row)
        if len(held) == size:
            yield pa.Table.from_pylist(held, schema=schema)
            held, some = [], True
    if held or not some:
        yield pa.Table.from_pylist(held, schema=schema)
