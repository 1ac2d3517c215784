"""Write all drawings of the docs: ``python tools/drawings/draw.py [folder]`` (default: docs/images)."""

from __future__ import annotations

import sys
from pathlib import Path

import filming
import measures
import timing

DRAWINGS = {
    f"measures/{draw.__name__}.svg": draw
    for draw in (
        timing.cadence,
        timing.contact_time,
        timing.flight_time,
        timing.duty_factor,
        timing.peak_force,
        timing.leg_stiffness,
        timing.stance_time,
        timing.swing_time,
        timing.double_support,
        timing.step_time,
        timing.stride_time,
        measures.vertical_oscillation,
        measures.vertical_ratio,
        measures.step_length,
        measures.foot_progression,
        measures.knee_projection,
        measures.knee_over_toe,
        measures.pelvic_drop,
        measures.step_width,
        measures.trunk_lean,
        measures.knee_flexion_contact,
        measures.knee_flexion_midstance,
        measures.tibia_angle_contact,
        measures.foot_strike_angle,
    )
} | {"filming/side.svg": filming.side_on, "filming/front.svg": filming.head_on}
IMAGES = Path(__file__).resolve().parents[2] / "docs" / "images"


def main(folder: Path) -> None:
    for name, draw in DRAWINGS.items():
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(draw().encode())


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else IMAGES)
