"""The results of many films as tables for pyarrow, Polars and DuckDB: one schema a table, provenance in every row."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from runfree.core.analysis import Analysis
from runfree.io.results import measures

if TYPE_CHECKING:
    import pyarrow as pa

PROVENANCE = ("key", "film_sha256", "runfree", "backend", "settings")
"""In every row: the name of the result, the film's bytes, the version, the pose network with its weights, and the settings (JSON)."""
_COLUMNS: dict[str, dict[str, str]] = {
    "analyses": {
        "view": "text",
        "activity": "text",
        "facing": "text",
        "travel": "text",
        "slowmo": "number",
        "steps": "count",
        "steps_left_out": "count",
        "flags": "texts",
        "notes": "texts",
    },
    "estimates": {
        "metric": "text",
        "side": "text",
        "value": "number",
        "low": "number",
        "high": "number",
        "unit": "text",
        "n": "count",
        "quality": "text",
        "method": "text",
        "flags": "texts",
        "view": "text",
        "activity": "text",
    },
    "not_assessable": {"metric": "text", "side": "text", "reason": "text", "film_instead": "text"},
    "steps": {
        "side": "text",
        "mid_stance_s": "number",
        "touch_down_s": "number",
        "toe_off_s": "number",
        "left_out": "text",
    },
    "findings": {
        "alignment": "text",
        "verdict": "text",
        "headline": "text",
        "text": "text",
        "basis": "texts",
        "metrics": "texts",
        "evidence": "texts",
        "grade": "text",
        "see_instead": "text",
        "work_on": "yes",
    },
}
TABLES: tuple[str, ...] = tuple(_COLUMNS)


def tables_of(analysis: Analysis) -> dict[str, list[dict[str, Any]]]:
    """The rows of every table for an analysis of one film, without provenance: plain values that JSON can hold."""
    whole = measures(analysis)
    (film,) = whole["films"]
    seen = {"view": film["view"], "activity": film["activity"]}
    steps = film["steps"]
    about = {name: film[name] for name in ("facing", "travel", "slowmo", "flags", "notes")}
    left_out = sum(step["left_out"] is not None for step in steps)
    return {
        "analyses": [seen | about | {"steps": len(steps) - left_out, "steps_left_out": left_out}],
        "estimates": [estimate | seen for estimate in film["estimates"]],
        "not_assessable": film["not_assessable"],
        "steps": steps,
        "findings": whole["findings"],
    }


@cache
def schemas() -> dict[str, pa.Schema]:
    """The schema of every table, provenance first."""
    import pyarrow as pa

    kinds = {
        "text": pa.string(),
        "number": pa.float64(),
        "count": pa.int64(),
        "texts": pa.list_(pa.string()),
        "yes": pa.bool_(),
    }
    before = [(name, pa.string()) for name in PROVENANCE]
    return {
        table: pa.schema(before + [(name, kinds[kind]) for name, kind in columns.items()])
        for table, columns in _COLUMNS.items()
    }
