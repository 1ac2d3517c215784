"""Motion files: netCDF4 by h5netcdf, written whole or not at all, read with suspicion."""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import h5netcdf
import h5py
import numpy as np

from runfree.core.errors import MotionError
from runfree.core.motion import KEYPOINTS, SCHEMA, Motion, as_motion
from runfree.core.recording import SCHEMA as RECORDING_SCHEMA
from runfree.core.recording import Recording, as_recording
from runfree.io.whole_file import whole_file

MAX_BYTES = 200_000_000
MAX_FRAMES = 60_000
MAX_KEYPOINTS = 10 * len(KEYPOINTS)
MAX_ITEM_BYTES = 256
MAX_NUMBERS = 20_000_000
_MOTION = {"time": MAX_FRAMES, "keypoint": MAX_KEYPOINTS, "space": 2, "move": 3}
_RECORDING = {
    "time": 1_000_000,
    "marker": 2000,
    "space": 3,
    "force_time": 5_000_000,
    "plate": 20,
    "event": 100_000,
}
_VARIABLES = {"position", "confidence", "second_look", "camera", "force", "pressure_centre", "event_time"}
_HDF5 = b"\x89HDF\r\n\x1a\n"
_REMEDY = "Choose a motion.nc that Runfree wrote, or analyse the film again."


def write_motion(path: str | Path, motion: Motion | Recording) -> None:
    """Write a motion or a laboratory's recording as netCDF4; the file appears only when it is whole.

    Raises
    ------
    OutputError
        If it cannot be written, such as on a full disk or in a folder that does not exist.
    """
    file = Path(path)
    packed = {name: {"zlib": True, "complevel": 4} for name in motion.data_vars}
    # Made in memory: HDF5 crashes the process where the disk fills up under it.
    whole = motion.to_netcdf(None, engine="h5netcdf", encoding=packed)
    with whole_file(file, "motion file") as part:
        part.write_bytes(whole)


def read_motion(path: str | Path) -> Motion:
    """Read and check a motion file from anywhere.

    Raises
    ------
    MotionError
        If it is missing, too large, not netCDF4, or not a motion.
    """
    stored = read_stored(path)
    if "recording_schema" in stored.attrs:
        raise MotionError(_name(Path(path)), "it holds a recording in space, not a film's motion", _REMEDY)
    return Motion(stored)


def read_stored(path: str | Path) -> Motion | Recording:
    """Read and check a motion file that may hold a motion or a recording.

    Raises
    ------
    MotionError
        As :func:`read_motion`.
    """
    import xarray as xr
    from xarray.backends import H5NetCDFStore

    file = Path(path)
    _check_file(file)
    try:
        with opened(file) as stored:
            _check_contents(file, stored, _RECORDING if "recording_schema" in stored.attrs else _MOTION)
            dataset = xr.open_dataset(H5NetCDFStore(stored), decode_times=False).load()
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RuntimeError) as error:
        raise MotionError(_name(file), "it is damaged or not a netCDF4 file", _REMEDY) from error
    if dataset.attrs.get("recording_schema") == RECORDING_SCHEMA:
        return as_recording(dataset)
    if dataset.attrs.get("schema") != SCHEMA:
        raise MotionError(_name(file), f"it is not a motion of version {SCHEMA}", _REMEDY)
    return as_motion(dataset)


@contextmanager
def opened(file: Path) -> Iterator[h5netcdf.File]:
    """Open netCDF by h5py first: h5netcdf would leave a half-made object behind where a file is damaged."""
    with h5py.File(file, "r") as raw:
        dict(raw.attrs)
        with h5netcdf.File(raw, "r", decode_vlen_strings=True) as stored:
            yield stored


def _name(file: Path) -> str:
    return f"The motion file {file.name}"


def _check_file(file: Path) -> None:
    try:
        if not file.is_file():
            raise MotionError(_name(file), "there is no such file", "Check the name and the folder.")
        if file.stat().st_size > MAX_BYTES:
            raise MotionError(_name(file), "it is far larger than a motion can be", _REMEDY)
        with file.open("rb") as opened:
            head = opened.read(len(_HDF5))
    except OSError as error:
        raise MotionError(
            _name(file), f"it cannot be read ({error.strerror})", "Check its permissions."
        ) from error
    if head != _HDF5:
        raise MotionError(_name(file), "it is not a netCDF4 file", _REMEDY)


def _check_contents(file: Path, stored: h5netcdf.File, known: dict[str, int]) -> None:
    """Refuse before anything is unpacked: a small file can claim very much."""
    sizes = {str(name): dimension.size for name, dimension in stored.dimensions.items()}
    if set(stored.variables) - {*_VARIABLES, *known} or set(sizes) - set(known) or stored.groups:
        raise MotionError(_name(file), "it holds other things than a motion", _REMEDY)
    bulky = any(
        np.dtype(v.dtype).itemsize > MAX_ITEM_BYTES or math.prod(v.shape) > MAX_NUMBERS
        for v in stored.variables.values()
    )
    if bulky or any(size > known[name] for name, size in sizes.items()):
        raise MotionError(_name(file), "it is far larger than a motion can be", _REMEDY)
