"""Import of a thousand runs on all cores, beside a plain fitdecode loop over the same files; the second import; memory.

    uv run python benchmarks/bench_import.py FILE.fit [COPIES]

Each copy has its dates shifted by a day, so that all are different runs.
"""

from __future__ import annotations

import os
import resource
import struct
import sys
import tempfile
import time
from pathlib import Path

import fitdecode

from runfree.app.importing import import_files
from runfree.journal import open_journal
from runfree.testing.watch import crc16

DAY_S = 86_400
_TIMES = {("record", 253), ("session", 253), ("session", 2), ("lap", 253), ("lap", 2), ("event", 253), ("activity", 253), ("activity", 5)}  # fmt: skip


def shifted(source: Path, target: Path, days: list[int]) -> list[Path]:
    """Write copies whose times are later by whole days."""
    data = source.read_bytes()
    places: list[tuple[int, str]] = []
    with fitdecode.FitReader(source, keep_raw_chunks=True) as reader:
        for frame in reader:
            if frame.frame_type != fitdecode.FIT_FRAME_DATA:
                continue
            at = frame.chunk.offset + 1
            for field in frame.def_mesg.field_defs:
                if (frame.name, field.def_num) in _TIMES and field.size == 4:
                    places.append((at, frame.def_mesg.endian))
                at += field.size
    out = []
    for day in days:
        copy = bytearray(data)
        for at, endian in places:
            (value,) = struct.unpack_from(endian + "I", copy, at)
            if value != 0xFFFFFFFF:
                struct.pack_into(endian + "I", copy, at, value + DAY_S * day)
        struct.pack_into("<H", copy, len(copy) - 2, crc16(bytes(copy[:-2])))
        out.append(target / f"{day:05}.fit")
        out[-1].write_bytes(copy)
    return out


def plain(files: list[Path]) -> float:
    """Seconds of a plain fitdecode loop."""
    begun = time.perf_counter()
    for file in files:
        with fitdecode.FitReader(file) as reader:
            for frame in reader:
                if frame.frame_type == fitdecode.FIT_FRAME_DATA and frame.name == "record":
                    frame.get_value("timestamp", fallback=None)
    return time.perf_counter() - begun


def cpu_s() -> float:
    """Processor seconds of this process and those it has waited for."""
    own = os.times()
    return own.user + own.system + own.children_user + own.children_system


def main() -> None:
    source, copies = Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 1000
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / "runs"
        place.mkdir()
        files = shifted(source, place, list(range(copies)))
        few = max(20, copies // 10)
        busy = cpu_s()
        loop_s = plain(files[:few]) * copies / few
        loop_cpu_s = (cpu_s() - busy) * copies / few
        busy = cpu_s()
        peaks = []
        with open_journal(None, Path(folder) / "data") as journal:
            begun = time.perf_counter()
            for i, done in enumerate(import_files([place], journal)):
                assert done.status == "new", done
                if i in (copies // 4, copies - 1):
                    peaks.append(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)
            first_s, first_cpu_s = time.perf_counter() - begun, cpu_s() - busy
            runs = len(journal.runs())
            begun = time.perf_counter()
            assert all(done.status == "known" for done in import_files([place], journal))
            second_s = time.perf_counter() - begun
            assert len(journal.runs()) == runs
    print(f"{copies} files, {runs} runs, {os.cpu_count()} cores")
    print(f"plain loop {loop_s:.1f} s ({copies / loop_s:.1f} files/s; a tenth measured)")
    print(
        f"import     {first_s:.1f} s ({copies / first_s:.1f} files/s): {loop_s / first_s:.2f} times the plain loop"
    )
    print(f"processor  {loop_cpu_s:.1f} s for the loop, {first_cpu_s:.1f} s for the import over all its processes")
    print(f"again      {second_s:.2f} s: {second_s / first_s:.3f} of the first")
    print(f"memory     {peaks[0]} MB after a quarter, {peaks[-1]} MB in the end")


if __name__ == "__main__":
    main()
