"""NetCDF files: our own motion files, and pose datasets of ``movement`` (without needing it)."""

from __future__ import annotations

import math
from pathlib import Path

import h5py
import numpy as np
import xarray as xr
from xarray.backends import H5NetCDFStore

from runfree.core.errors import InputError
from runfree.core.motion import Motion
from runfree.core.recording import Recording, make_recording, marker_names
from runfree.io.lab.pixels import picture_motion
from runfree.io.lab.text import evenly, refused
from runfree.io.motion_file import MAX_BYTES, MAX_NUMBERS, opened, read_stored, write_motion
from runfree.io.readers import Held, is_motion, is_recording
from runfree.io.whole_file import whole_file

_OURS = "Choose .csv or .parquet for a table."


class MotionFile:
    """Reads and writes our own ``motion.nc``, which holds everything."""

    name = "Runfree motion"
    suffixes = (".nc",)

    def claims(self, path: Path, head: bytes) -> bool:
        """Whether this is netCDF but not a dataset of movement."""
        return path.suffix.lower() in self.suffixes and not _is_movement(path)

    def read(self, path: Path, rate_hz: float | None = None) -> Motion | Recording:
        """Read a motion or a recording; see :func:`runfree.io.motion_file.read_stored`."""
        return read_stored(path)

    def write(self, path: Path, held: Held) -> None:
        """Write a motion or a recording.

        Raises
        ------
        InputError
            If it is a table.
        OutputError
        """
        if not (is_motion(held) or is_recording(held)):
            raise InputError(f"The file {path.name}", "it holds motions, no tables", _OURS)
        write_motion(path, held)


class Movement:
    """Reads and writes pose datasets of ``movement`` (dimensions time, space, keypoints, individuals)."""

    name = "movement"
    suffixes = (".movement.nc",)

    def claims(self, path: Path, head: bytes) -> bool:
        """Whether this is a pose dataset of movement."""
        return path.suffix.lower() == ".nc" and _is_movement(path)

    def read(self, path: Path, rate_hz: float | None = None) -> Motion | Recording:
        """Read the individual that is seen most: in pixels a motion, in three dimensions a recording in metres.

        Raises
        ------
        MotionError
            If it is damaged or too large, or counts frames and no ``rate_hz`` is given.
        """
        dataset = _opened(path)
        position = (
            dataset["position"].transpose("time", "individuals", "keypoints", "space").to_numpy().astype(float)
        )
        names = tuple(str(k) for k in dataset["keypoints"].to_numpy())
        most = int(np.isfinite(position).sum(axis=(0, 2, 3)).argmax())
        time = _seconds(path, dataset, rate_hz)
        if position.shape[-1] == 3:
            return make_recording(time, position[:, most], names, source=path.name)
        belief = np.isfinite(position[:, most, :, 0]).astype(float)
        if "confidence" in dataset:
            stored = dataset["confidence"].transpose("time", "individuals", "keypoints").to_numpy()[:, most]
            belief = np.where(np.isfinite(stored), np.clip(stored, 0, 1), belief)
        size = [int(dataset.attrs.get(key, 0)) for key in ("width_px", "height_px")]
        return picture_motion(
            path, time, position[:, most], belief, names, (size[0], size[1]) if min(size) > 0 else None
        )

    def write(self, path: Path, held: Held) -> None:
        """Write a motion (2-D, pixels) or the markers of a recording (3-D, metres).

        Raises
        ------
        InputError
            If it is a table, or holds forces or events, which movement has no place for.
        OutputError
        """
        if is_recording(held) and {"force", "event_time"} & set(held.variables):
            raise InputError(f"The file {path.name}", "movement cannot hold forces or events", "Choose .nc.")
        if is_recording(held):
            dataset = _dataset(held["position"].rename(marker="keypoints"), marker_names(held), held)
        elif is_motion(held):
            names = tuple(str(k) for k in held["keypoint"].to_numpy())
            dataset = _dataset(held["position"].rename(keypoint="keypoints"), names, held)
            dataset["confidence"] = held["confidence"].rename(keypoint="keypoints").expand_dims("individuals", -1)
            dataset.attrs |= {k: held.attrs[k] for k in ("width_px", "height_px", "backend")}
        else:
            raise InputError(f"The file {path.name}", "movement holds poses, no tables", _OURS)
        whole = bytes(dataset.to_netcdf(None, engine="h5netcdf"))
        with whole_file(path) as part:
            part.write_bytes(whole)


def _dataset(position: xr.DataArray, names: tuple[str, ...], held: Motion | Recording) -> xr.Dataset:
    ordered = position.expand_dims("individuals", -1).transpose("time", "space", "keypoints", "individuals")
    return xr.Dataset(
        {"position": ordered.assign_coords(individuals=np.asarray(["runner"], dtype=object))},
        attrs={
            "ds_type": "poses",
            "time_unit": "seconds",
            "fps": evenly(held["time"].to_numpy()),
            "source_software": "Runfree",
            "source_file": str(held.attrs.get("source", "")),
        },
    ).assign_coords(keypoints=np.asarray(names, dtype=object))


def _is_movement(path: Path) -> bool:
    try:
        with h5py.File(path, "r") as stored:
            return {"time", "space", "keypoints", "individuals"} <= set(stored.keys())
    except (OSError, ValueError, KeyError, RuntimeError):
        return False


def _opened(path: Path) -> xr.Dataset:
    if path.stat().st_size > MAX_BYTES:
        raise refused(path, "it is far larger than a trial can be")
    try:
        with opened(path) as stored:
            if any(math.prod(v.shape) > MAX_NUMBERS for v in stored.variables.values()):
                raise refused(path, "it is far larger than a trial can be")
            dataset = xr.open_dataset(H5NetCDFStore(stored), decode_times=False).load()
        if dataset["position"].ndim != 4:
            raise refused(path, "its position is not (time, space, keypoints, individuals)")
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RuntimeError) as error:
        raise refused(path, "it is damaged or not a pose dataset of movement") from error
    return dataset


def _seconds(path: Path, dataset: xr.Dataset, rate_hz: float | None) -> np.ndarray:
    time = dataset["time"].to_numpy().astype(float)
    if dataset.attrs.get("time_unit", "seconds") != "frames":
        return time
    if rate_hz is None:
        raise refused(path, "it counts frames and does not say how fast", "Give its frames a second with --rate.")
    return time / rate_hz


def motion_reader() -> MotionFile:
    """Return the reader (entry point ``motion``)."""
    return MotionFile()


def movement_reader() -> Movement:
    """Return the reader (entry point ``movement``)."""
    return Movement()
