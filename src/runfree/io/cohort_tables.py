"""The tables of a batch, read again: rows as dictionaries, a few columns at a time."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from runfree.core.errors import InputError
from runfree.io.result_tables import schemas


def read_rows(
    folder: Path, table: str, columns: Sequence[str] | None = None, *, metric: str | None = None
) -> list[dict[str, Any]]:
    """Read a table of a batch, or the rows of one measure; empty where nothing of that kind came out.

    Raises
    ------
    InputError
        If the table is damaged, or not one that a batch wrote.
    """
    place = folder / table
    if not place.is_dir():
        return []
    try:
        if table not in schemas():
            return pq.read_table(place, columns=columns).to_pylist()
        filters = [("metric", "=", metric)] if metric is not None else None
        return pq.read_table(place, schema=schemas()[table], columns=columns, filters=filters).to_pylist()
    except (pa.ArrowException, OSError, KeyError) as error:
        raise InputError(
            f"The table {table} in {folder.name!r}",
            f"it cannot be read ({str(error).splitlines()[0]})",
            "Give a folder that runfree batch wrote, or run the batch into a new one.",
        ) from error
