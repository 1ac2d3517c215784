"""CSV and Parquet: a column for the time, and one for each axis of each marker (``C7.x``) or each column of a table."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from runfree.core.errors import InputError
from runfree.core.recording import SPACE, Recording, make_recording, marker_names
from runfree.core.table import Table
from runfree.io.lab.text import MAX_NUMBERS, check_size, first_line, refused
from runfree.io.readers import Held, is_motion, is_recording
from runfree.io.whole_file import whole_file

_TIME = "time"


class Columns:
    """Reads and writes CSV and Parquet."""

    name = "CSV or Parquet"
    suffixes = (".csv", ".parquet")

    def claims(self, path: Path, head: bytes) -> bool:
        """Whether this is Parquet, or CSV whose first column is the time."""
        if path.suffix.lower() == ".csv":
            first = head.removeprefix(b"\xef\xbb\xbf").split(b"\n", 1)[0].replace(b'"', b"")
            return first.lower().startswith(b"time,")
        return path.suffix.lower() == ".parquet"

    def read(self, path: Path, rate_hz: float | None = None) -> Recording | Table:
        """Read markers in metres where every marker has its x, y and z; else a table.

        Raises
        ------
        MotionError
        """
        check_size(path)
        columns = _read(path)
        time = columns.pop(_TIME, None)
        if time is None or not columns:
            raise refused(path, "it has no column time, or no other")
        values = np.column_stack(list(columns.values()))
        names = list(columns)
        markers = [n.rsplit(".", 1)[0] for n in names[::3]]
        if names == [f"{m}.{axis}" for m in markers for axis in SPACE]:
            return make_recording(time, values.reshape(len(time), -1, 3), tuple(markers), source=path.name)
        return Table(time, tuple(names), values, source=path.name)

    def write(self, path: Path, held: Held) -> None:
        """Write markers, keypoints or a table with all their digits.

        Raises
        ------
        InputError
            If a recording holds forces or events as well.
        OutputError
        """
        columns = {_TIME: _clock(held)} | _columns(path, held)
        with whole_file(path) as part:
            _write(part, columns, parquet=path.suffix.lower() == ".parquet")


def _clock(held: Held) -> np.ndarray:
    return held.time_s if isinstance(held, Table) else held["time"].to_numpy()


def _columns(path: Path, held: Held) -> dict[str, np.ndarray]:
    if isinstance(held, Table):
        return {name: held.values[:, i] for i, name in enumerate(held.columns)}
    position = held["position"].to_numpy()
    if is_motion(held):
        names = [str(k) for k in held["keypoint"].to_numpy()]
        belief = held["confidence"].to_numpy()
        pixels = {f"{n}.{a}": position[:, i, j] for i, n in enumerate(names) for j, a in enumerate("xy")}
        return pixels | {f"{n}.confidence": belief[:, i] for i, n in enumerate(names)}
    if is_recording(held) and {"force", "event_time"} & set(held.variables):
        raise InputError(
            f"The file {path.name}", "one table cannot hold markers and forces or events", "Choose .nc."
        )
    return {
        f"{n}.{a}": position[:, i, j]
        for i, n in enumerate(marker_names(Recording(held)))
        for j, a in enumerate(SPACE)
    }


def _write(part: Path, columns: dict[str, np.ndarray], *, parquet: bool) -> None:
    import pyarrow as pa
    import pyarrow.csv as pa_csv
    import pyarrow.parquet as pq

    table = pa.table({name: pa.array(values, from_pandas=True) for name, values in columns.items()})
    if parquet:
        pq.write_table(table, part)
    else:
        pa_csv.write_csv(table, part)


def _read(path: Path) -> dict[str, np.ndarray]:
    import pyarrow as pa
    import pyarrow.csv as pa_csv
    import pyarrow.parquet as pq

    try:
        if path.suffix.lower() == ".parquet":
            about = pq.ParquetFile(path).metadata
            if about.num_rows * about.num_columns > MAX_NUMBERS:
                raise refused(path, "it holds more numbers than a trial can")
            table: Any = pq.read_table(path)
        else:
            table = pa_csv.read_csv(path)
        names = [str(n) for n in table.column_names]
        if repeated := {n for n in names if names.count(n) > 1}:
            raise refused(path, f"it has two columns {min(repeated)!r}")
        names = [_TIME if i == 0 and n.lower() == _TIME else n for i, n in enumerate(names)]
        return {n: column.cast(pa.float64()).to_numpy() for n, column in zip(names, table.columns, strict=True)}
    except (pa.ArrowException, OSError, ValueError) as error:
        raise refused(path, f"it cannot be read ({first_line(error)})") from error


def reader() -> Columns:
    """Return the reader (entry point ``columns``)."""
    return Columns()
