"""``runfree convert``."""

from __future__ import annotations

from pathlib import Path


def convert(source: Path, target: Path, /, *, rate: float | None = None) -> int:
    """Change the format of a motion or laboratory file.

    Parameters
    ----------
    source
        TRC, MOT, STO, C3D, CSV, Parquet, motion.nc, a dataset of movement, or a folder of OpenPose JSON.
    target
        The new file; its ending says the format (.trc, .mot, .sto, .c3d, .csv, .parquet, .nc, .movement.nc).
    rate
        Frames a second, for files that hold no times.
    """
    from runfree.app.convert import convert as convert_file

    convert_file(source, target, rate_hz=rate)
    print(f"Written: {target}")
    return 0
