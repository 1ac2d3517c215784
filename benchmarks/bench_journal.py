"""``runfree journal`` and its page with many runs, each in a fresh process.

uv run python benchmarks/bench_journal.py [RUNS] [YEARS]
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path

import numpy as np
from sqlalchemy import insert

from runfree.core.entry import Entry
from runfree.journal import open_journal
from runfree.journal.tables import FileRow, RunRow, SourceRow, StretchRow


def fill(folder: Path, runs: int, years: int) -> None:
    """Write runs of three steady stretches each, straight into the tables, and pain every fourth day."""
    rng, today = np.random.default_rng(3), datetime.now(UTC).date()
    with open_journal(None, folder) as journal, journal._write("filling") as session:
        rows: dict[type, list[dict[str, object]]] = {FileRow: [], RunRow: [], SourceRow: [], StretchRow: []}
        for i in range(1, runs + 1):
            day = today - timedelta(days=int((runs - i) * 365 * years / runs))
            start = datetime(day.year, day.month, day.day, 0, i % 60, tzinfo=UTC)
            far, speed = float(rng.uniform(4000, 16000)), float(rng.uniform(2.5, 3.4))
            whole = {"timer_s": far / speed, "distance_m": far, "cadence_spm": 168.0}
            rows[FileRow].append({"id": i, "person_id": 1, "sha256": sha256(str(i).encode()).hexdigest(), "name": f"{i}.fit", "kind": "fit", "kept": False, "recorded_at": start})  # fmt: skip
            rows[RunRow].append(
                {"id": i, "person_id": 1, "start": start, "utc_offset_s": 0, "local_date": day, **whole}
            )
            rows[SourceRow].append({"id": i, "person_id": 1, "run_id": i, "file_id": i, "part": 0, "start": start, "end": start + timedelta(hours=1), "device": "watch", "records": 3600, "flags": [], "left_out": {}, **whole})  # fmt: skip
            for apart in (-0.25, 0.0, 0.25):
                v = speed + apart
                rows[StretchRow].append({"source_id": i, "speed_mps": v, "seconds": 600.0, "sensor": "strap", "position": "chest", "cadence_spm": 165 + 6 * (v - 3) + rng.normal(0, 1.5), "vertical_oscillation_cm": 9 - 0.6 * (v - 3) + rng.normal(0, 0.25), "contact_time_ms": 255 - 25 * (v - 3) + rng.normal(0, 5)})  # fmt: skip
        for table, values in rows.items():
            session.execute(insert(table), values)
    with open_journal(None, folder) as journal:
        for i in range(90):
            journal.log(Entry("pain", "knee", datetime.now(UTC) - timedelta(days=4 * i), "during", i % 5))


def main() -> None:
    runs, years = (int(x) for x in (*sys.argv[1:], *("20000", "20")[len(sys.argv) - 1 :]))
    with tempfile.TemporaryDirectory() as folder:
        fill(Path(folder), runs, years)
        here = {**os.environ, "RUNFREE_DATA": folder}
        for words in (["journal"], ["journal", "--weeks", "5000"], ["journal", "--html", f"{folder}/journal.html"], ["journal", "--weeks", "5000", "--html", f"{folder}/all.html"]):  # fmt: skip
            times = []
            for _ in range(3):
                begun = time.perf_counter()
                subprocess.run(
                    [sys.executable, "-m", "runfree", *words], env=here, check=True, stdout=subprocess.DEVNULL
                )
                times.append(time.perf_counter() - begun)
            print(f"{runs} runs, runfree {' '.join(words)}: {min(times):.2f} s")


if __name__ == "__main__":
    main()
