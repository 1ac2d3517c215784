"""What others have published for running from film, beside what we find here."""

from __future__ import annotations

import numpy as np

from runfree.core.metrics import METRICS
from validation.phantom import Row
from validation.tables import limits

PUBLISHED = (
    ("cadence", "side", "VueMotion, phone at 60 Hz: limits ±2.4 spm over 20 m", "17 sprinters against OptoJump, 748 steps",
     "sprinting, over a few steps; ours over a film of some seconds", "10.1177/17479541261436928"),
    ("contact_time", "side, near", "VueMotion: limits ±15 ms a step, ±6 ms a run; against plates bias +4 ms, RMSE 10 ms", "17 and 25 sprinters",
     "contacts of about 110 ms, less than half a jogger's", "10.1177/17479541261436928, 10.1177/17479541261461886"),
    ("contact_time", "side, near", "BlazePose, one phone: mean error 10 to 14 ms, the far foot worse", "treadmill runners against Vicon",
     "the same network on real people; events by hand-tuned rules", "Sensors 2023;23:696"),
    ("vertical_oscillation", "side", "none found for one phone; OpenCap Mono's pelvis 3.4 cm (mean absolute)", "–",
     "that figure is not of running", "arXiv 2603.24733"),
    ("knee_flexion_midstance", "side, near", "OpenPose: knee RMSE 7.8° at 2.8 m/s, 7.5° at 3.3 m/s", "treadmill runners against markers",
     "the whole curve, after removing offset and delay; ours one moment, nothing removed", "10.1111/sms.14319"),
    ("knee_flexion_contact", "side, near", "clinicians by hand (Kinovea): 3 to 8° the same day, 9 to 14° between days", "18 runners",
     "repeatability, not truth", "Damsted 2015, IJSPT"),
    ("foot_progression", "front", "none found for film; a foot's IMU 0.4 ± 3.8° at mid-stance", "26 runners", "other planes of the foot",
     "Front Bioeng 2020;8:65"),
    ("knee_projection", "front", "none found for a running phone film; 2-D against 3-D in cutting: r² 0.58 to 0.64", "–",
     "cutting, not running", "McLean 2005, BJSM"),
)  # fmt: skip


def table(rows: list[Row]) -> str:
    """Markdown: measure, ours, theirs, their sample, what is not comparable."""
    lines = [
        "| measure | here: bias, limits of agreement | published | sample | not comparable | source |",
        "|---|---|---|---|---|---|",
    ]
    for metric, place, theirs, sample, differs, source in PUBLISHED:
        error = np.array([r.error for r in rows if (r.metric, r.place) == (metric, place) and r.given])
        ours = f"{error.mean():+.1f}, {limits(error)} {METRICS[metric].unit} ({len(error)})" if len(error) else "–"
        lines.append(f"| {METRICS[metric].title}, {place} | {ours} | {theirs} | {sample} | {differs} | {source} |")
    return "\n".join(lines)
