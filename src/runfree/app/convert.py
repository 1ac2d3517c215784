"""The use case of changing formats."""

from __future__ import annotations

from os import PathLike
from pathlib import Path

from runfree.core.errors import InputError
from runfree.io.readers import check_rate, endings, reader_of, writer_of


def convert(source: str | PathLike[str], target: str | PathLike[str], *, rate_hz: float | None = None) -> None:
    """Read a file of one kind and write what it holds as another.

    Parameters
    ----------
    source : path
        TRC, MOT, STO, C3D, CSV, Parquet, text of Fukuchi, motion.nc, a dataset of ``movement``, or a folder of OpenPose JSON.
    target : path
        Its ending says the kind: ``.trc``, ``.mot``, ``.sto``, ``.c3d``, ``.csv``, ``.parquet``, ``.nc``, ``.movement.nc``. A file that is
        there is replaced when the new one is whole.
    rate_hz : float, optional
        Frames a second, for files that hold no times.

    Raises
    ------
    InputError
        If a kind is not known, the rate makes no sense, or the target cannot hold what the source does.
    MotionError
        If the source is damaged.
    OutputError
        If the target cannot be written.
    """
    check_rate(rate_hz)
    old, new = Path(source), Path(target)
    if not old.exists():
        raise InputError(str(old), "there is no such file", "Check the name and the folder.")
    reader, writer = reader_of(old), writer_of(new)
    if reader is None:
        raise InputError(
            str(old), "it is of no kind that Runfree can convert", "A film is analysed with runfree analyze."
        )
    if writer is None:
        raise InputError(
            str(new), "its ending names no kind that Runfree writes", f"Use one of {', '.join(endings())}."
        )
    if new.exists() and new.samefile(old):
        raise InputError(str(new), "it is the file to read", "Choose another name.")
    writer.write(new, reader.read(old, rate_hz))
