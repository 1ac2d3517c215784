"""Results as files: measures.json and measures.csv out, an earlier measures.json in."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

import runfree
from runfree.core.analysis import Analysis, FilmAnalysis, Step
from runfree.core.errors import InputError, OutputError
from runfree.core.estimate import Estimate, NotAssessable, Quality
from runfree.core.finding import Alignment
from runfree.core.metrics import Gait, Side

SCHEMA = 1
MAX_BYTES = 5_000_000
CSV_COLUMNS: tuple[str, ...] = (
    "film",
    "view",
    "activity",
    "metric",
    "side",
    "value",
    "unit",
    "low",
    "high",
    "n",
    "quality",
    "method",
    "flags",
)
_DECIMALS = {"body heights": 4}
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def measures(analysis: Analysis) -> dict[str, Any]:
    """Return an analysis as the plain dictionary that measures.json holds.

    Numbers are rounded to 2 decimals (lengths in body heights to 4, seconds to 4); none is NaN or infinite.
    """
    first = analysis.films[0]
    return {
        "schema": SCHEMA,
        "runfree": runfree.__version__,
        "film": first.film,
        "view": first.measured.view,
        "activity": first.measured.gait,
        "complaint": analysis.complaint,
        "height_m": _rounded(analysis.height_m, 3),
        "speed_mps": _rounded(analysis.speed_mps, 3),
        "estimates": [_estimate(e) for e in analysis.estimates],
        "findings": [asdict(f) for f in analysis.findings],
        "not_assessable": [_not_assessable(n) for n in analysis.not_assessable],
        "films": [_film(f) for f in analysis.films],
        "left_out": [asdict(item) for item in analysis.left_out],
    }


def measures_json(analysis: Analysis) -> str:
    """Return the text of measures.json: strict JSON, ASCII, indented by two."""
    return json.dumps(measures(analysis), indent=2, allow_nan=False) + "\n"


def write_measures_json(path: Path | str, analysis: Analysis) -> None:
    """Write measures.json.

    Raises
    ------
    OutputError
        If the file cannot be written.
    """
    _write(Path(path), measures_json(analysis))


def write_measures_csv(path: Path | str, analysis: Analysis) -> None:
    """Write one row for every estimate of every film (columns :data:`CSV_COLUMNS`), for spreadsheets.

    Text that a spreadsheet would run as a formula is preceded by an apostrophe.

    Raises
    ------
    OutputError
        If the file cannot be written.
    """
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, CSV_COLUMNS)
    writer.writeheader()
    writer.writerows({k: _no_formula(v) for k, v in row.items()} for row in _rows(analysis))
    _write(Path(path), text.getvalue())


def write_measures_parquet(path: Path | str, analysis: Analysis) -> None:
    """Write the rows of measures.csv as Parquet, numbers as numbers and text as it is.

    Raises
    ------
    OutputError
        If the file cannot be written.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    rows, whole = _rows(analysis), io.BytesIO()
    kinds = {"value": pa.float64(), "low": pa.float64(), "high": pa.float64(), "n": pa.int64()}
    schema = pa.schema([(name, kinds.get(name, pa.string())) for name in CSV_COLUMNS])
    pq.write_table(pa.Table.from_pylist(rows, schema=schema), whole)
    _write(Path(path), whole.getvalue())


def _rows(analysis: Analysis) -> list[dict[str, Any]]:
    """One row for every estimate of every film."""
    return [
        {"film": film.film, "view": film.measured.view, "activity": film.measured.gait}
        | _estimate(estimate)
        | {"flags": " ".join(estimate.flags)}
        for film in analysis.films
        for estimate in film.measured.estimates
    ]


def _rounded(value: float | None, decimals: int) -> float | None:
    return None if value is None else round(float(value), decimals)


def _estimate(estimate: Estimate) -> dict[str, Any]:
    decimals = _DECIMALS.get(estimate.unit, 2)
    numbers = {k: _rounded(getattr(estimate, k), decimals) for k in ("value", "low", "high")}
    return asdict(estimate) | numbers | {"n": int(estimate.n)}


def _not_assessable(missing: NotAssessable) -> dict[str, Any]:
    return asdict(missing)


def _step(step: Step) -> dict[str, Any]:
    times = {k: _rounded(getattr(step, k), 4) for k in ("mid_stance_s", "touch_down_s", "toe_off_s")}
    return asdict(step) | times


def _film(film: FilmAnalysis) -> dict[str, Any]:
    seen = film.measured
    return {
        "film": film.film,
        "view": seen.view,
        "activity": seen.gait,
        "facing": seen.facing,
        "travel": seen.travel,
        "flags": list(seen.flags),
        "notes": list(film.notes),
        "slowmo": _rounded(film.slowmo, 3),
        "estimates": [_estimate(e) for e in seen.estimates],
        "not_assessable": [_not_assessable(n) for n in seen.not_assessable],
        "steps": [_step(s) for s in seen.steps],
    }


def _no_formula(value: object) -> object:
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA_STARTS) else value


def _write(path: Path, content: str | bytes) -> None:
    try:
        path.write_bytes(content.encode() if isinstance(content, str) else content)
    except OSError as error:
        raise OutputError(
            f"{path.name}",
            f"it could not be written ({error.strerror or error})",
            "Check that the folder may be written to and has free space.",
        ) from error


class _EstimateIn(BaseModel):
    model_config = ConfigDict(allow_inf_nan=False, strict=True)

    metric: str = Field(max_length=100)
    side: Side
    value: float
    unit: str = Field(max_length=40)
    low: float
    high: float
    n: int
    quality: Quality
    method: str = Field(max_length=2000)
    flags: tuple[str, ...] = Field(default=(), max_length=100)


class _FindingIn(BaseModel):
    model_config = ConfigDict(strict=True)

    alignment: Alignment
    work_on: bool


class _MeasuresIn(BaseModel):
    schema_: Literal[1] = Field(alias="schema")
    activity: Gait
    speed_mps: float | None = Field(default=None, gt=0, allow_inf_nan=False)
    estimates: tuple[_EstimateIn, ...] = Field(max_length=1000)
    findings: tuple[_FindingIn, ...] = Field(default=(), max_length=20)


@dataclass(frozen=True, slots=True)
class Earlier:
    """What an earlier measures.json says: running or walking, the speed if it was known, the merged estimates.

    ``work_on`` names the alignments that it proposed to work on.
    """

    activity: Gait
    speed_mps: float | None
    estimates: tuple[Estimate, ...]
    work_on: tuple[Alignment, ...] = ()


def read_earlier(path: Path | str) -> Earlier:
    """Read an earlier measures.json.

    The file is not trusted: its size is bounded (5 MB) and every value checked.

    Raises
    ------
    InputError
        If it cannot be read, or is not a measures.json of schema 1.
    """
    path = Path(path)
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise _unreadable(path, f"it cannot be read ({error.strerror or error})") from error
    if len(data) > MAX_BYTES:
        raise _unreadable(path, "it is larger than any measures.json")
    try:
        parsed = _MeasuresIn.model_validate_json(data)
        estimates = tuple(Estimate(**e.model_dump()) for e in parsed.estimates)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise _unreadable(path, f"{where or 'its content'}: {first['msg']}") from error
    except ValueError as error:
        raise _unreadable(path, str(error)) from error
    work_on: tuple[Alignment, ...] = tuple(f.alignment for f in parsed.findings if f.work_on)
    return Earlier(parsed.activity, parsed.speed_mps, estimates, work_on)


def _unreadable(path: Path, why: str) -> InputError:
    return InputError(
        f"Earlier result {path.name!r}",
        why,
        "Give the measures.json that an earlier analysis wrote into its report.",
    )
