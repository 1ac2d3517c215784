"""The two tables that a batch writes anew when it ends: every film with its labels, and every failure with its reason."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from runfree.io.result_tables import PROVENANCE, schemas
from runfree.jobs.dataset import in_pieces, publish, write_table
from runfree.jobs.state import FOLDER, State, open_state

_FILMS = (
    "SELECT name, source, labels, settings, digest, item.key, problem, end, why, tries, provenance "
    "FROM item LEFT JOIN result USING (key) ORDER BY source"
)


def bring_up_to_date(folder: Path) -> None:
    """Put into the tables what a batch that was killed had done, where this folder is ours to write."""
    if (folder / FOLDER).is_dir() and os.access(folder / FOLDER, os.W_OK):
        with open_state(folder) as state:
            publish(state, folder, schemas())
            write_films(state, folder)


def write_films(state: State, folder: Path) -> None:
    """Write ``films/films.parquet`` and ``failures/failures.parquet``."""
    import pyarrow as pa

    labels = [
        name for (name,) in state.base.execute("SELECT DISTINCT j.key FROM item, json_each(labels) j ORDER BY 1")
    ]
    text, number = pa.string(), pa.float64()
    films = pa.schema(
        [("film", text), ("source", text), ("key", text), ("film_sha256", text), ("status", text)]
        + [("height_m", number), ("speed_mps", number)]
        + [(name, text) for name in labels]
    )
    failures = pa.schema(
        [(name, text) for name in ("film", "source", "end", "why")]
        + [("tries", pa.int64())]
        + [(name, text) for name in PROVENANCE]
    )
    write_table(folder, "films/films.parquet", films, in_pieces(_films(state), films))
    write_table(folder, "failures/failures.parquet", failures, in_pieces(_failures(state), failures))


def _films(state: State) -> Iterator[dict[str, Any]]:
    for name, source, labels, settings, digest, key, problem, end, *_ in state.base.execute(_FILMS):
        failed = problem is not None or end not in (None, "done")
        given = json.loads(settings)
        yield json.loads(labels) | {
            "film": name,
            "source": source,
            "key": key,
            "film_sha256": digest,
            "status": "failed" if failed else "waiting" if end is None else "done",
            "height_m": given["height_m"],
            "speed_mps": given["speed_mps"],
        }


def _failures(state: State) -> Iterator[dict[str, Any]]:
    for name, source, _, settings, digest, key, problem, end, why, tries, provenance in state.base.execute(_FILMS):
        about = {"film": name, "source": source, "key": key, "film_sha256": digest, "settings": settings}
        if problem is not None:
            yield about | {"end": "refused", "why": problem, "tries": 1}
        elif end not in (None, "done"):
            yield about | json.loads(provenance) | {"end": end, "why": why, "tries": tries}
