"""What of ``runfree analyze`` is spent besides decoding and inference. Run: make bench.

``share_besides`` is the time after tracking (measures, findings, report) over the time of everything, with one worker
and with all. What tracking itself adds to decoding and inference is measured by bench_track.py.
"""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from runfree.app.analyze import analyze
from runfree.io.motion_file import write_motion
from runfree.pose import track
from runfree.report import write_report

FILM = Path(__file__).resolve().parents[1] / "examples" / "side.mp4"


@pytest.mark.parametrize("workers", [1, None], ids=["one worker", "all cores"])
def test_share_besides_decoding_and_inference(benchmark, tmp_path, workers):
    start = time.perf_counter()
    motion = track(FILM, workers=workers)
    tracking_s = time.perf_counter() - start
    write_motion(tmp_path / "side.nc", motion)

    def besides() -> None:
        analysis = analyze(tmp_path / "side.nc", height_m=1.75)
        write_report(analysis, tmp_path / "report", film_paths=[FILM])

    benchmark.pedantic(besides, rounds=3, warmup_rounds=1)
    besides_s = benchmark.stats["median"]
    benchmark.extra_info |= {"tracking_s": tracking_s, "share_besides": besides_s / (tracking_s + besides_s)}
    print(f"\nbesides {besides_s:.2f} s, tracking {tracking_s:.2f} s: {besides_s / (tracking_s + besides_s):.1%}")
