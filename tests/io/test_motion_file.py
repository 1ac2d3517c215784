from __future__ import annotations

from pathlib import Path

import h5py
import numpy as np
import pytest
import xarray as xr
from hypothesis import given, settings
from hypothesis import strategies as st

from runfree.core.errors import MotionError, OutputError
from runfree.core.motion import KEYPOINTS, Motion, make_motion
from runfree.io.motion_file import read_motion, write_motion


def some_motion(seed: int = 0, n: int = 20) -> Motion:
    rng = np.random.default_rng(seed)
    position = rng.normal(300, 100, (n, len(KEYPOINTS), 2)).astype(np.float32)
    position[rng.random((n, len(KEYPOINTS))) < 0.1] = np.nan
    return make_motion(
        np.cumsum(rng.uniform(0.004, 0.05, n)),
        position,
        rng.random((n, len(KEYPOINTS))),
        KEYPOINTS,
        width_px=720,
        height_px=1280,
        source="Läufer 1.mp4",
        backend="test 1",
    )


@settings(max_examples=10, deadline=None)
@given(seed=st.integers(0, 2**32 - 1), n=st.integers(1, 60))
def test_what_is_written_is_read(tmp_path_factory, seed, n) -> None:
    path = tmp_path_factory.mktemp("motion") / "motion.nc"
    motion = some_motion(seed, n)
    motion.attrs["swapped_frames"] = 3
    write_motion(path, motion)
    again = read_motion(path)
    xr.testing.assert_equal(motion, again)
    assert {k: again.attrs[k] for k in motion.attrs} == motion.attrs
    assert [p.name for p in path.parent.iterdir()] == ["motion.nc"]


def test_a_file_there_is_replaced_whole_or_kept(tmp_path) -> None:
    path = tmp_path / "motion.nc"
    write_motion(path, some_motion(1))
    broken = some_motion(2)
    broken.attrs["unwritable"] = object()
    with pytest.raises(TypeError):
        write_motion(path, broken)
    xr.testing.assert_equal(read_motion(path), some_motion(1))
    assert [p.name for p in tmp_path.iterdir()] == ["motion.nc"]


def test_a_folder_that_is_not_there_cannot_be_written_to(tmp_path) -> None:
    with pytest.raises(OutputError, match="cannot be written"):
        write_motion(tmp_path / "none" / "motion.nc", some_motion())


def refused(path: Path) -> str:
    with pytest.raises(MotionError) as caught:
        read_motion(path)
    return caught.value.why


def test_what_is_no_motion_file_is_refused(tmp_path) -> None:
    assert "no such file" in refused(tmp_path / "none.nc")
    assert "no such file" in refused(tmp_path)
    (tmp_path / "text.nc").write_text("hello")
    assert "not a netCDF4 file" in refused(tmp_path / "text.nc")


def test_a_damaged_file_is_refused(tmp_path) -> None:
    path = tmp_path / "motion.nc"
    write_motion(path, some_motion(n=500))
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    assert "damaged" in refused(path)


def test_other_netcdf_files_are_refused(tmp_path) -> None:
    path = tmp_path / "other.nc"
    xr.Dataset({"tide": ("day", np.arange(4.0))}).to_netcdf(path, engine="h5netcdf")
    assert "other things" in refused(path)
    xr.Dataset(coords={"time": np.arange(4.0)}).to_netcdf(path, engine="h5netcdf")
    assert "version" in refused(path)
    xr.Dataset(coords={"time": np.arange(4.0)}, attrs={"schema": 1}).to_netcdf(path, engine="h5netcdf")
    assert "lacks" in refused(path)


def test_a_small_file_that_claims_very_much_is_refused_before_it_is_unpacked(tmp_path) -> None:
    path = tmp_path / "bomb.nc"
    with h5py.File(path, "w") as file:
        file.create_dataset("position", shape=(10**9, 23, 2), dtype="f4", chunks=(1000, 23, 2), compression="gzip")
        for axis, name in enumerate(("time", "keypoint", "space")):
            size = (10**9, 23, 2)[axis]
            scale = file.create_dataset(name, shape=(size,), dtype="f4", chunks=(min(size, 1000),))
            scale.make_scale(name)
            file["position"].dims[axis].attach_scale(scale)
    assert path.stat().st_size < 100_000
    assert "larger" in refused(path)


@pytest.mark.parametrize("change", ["times", "confidence", "names"])
def test_a_file_with_values_no_motion_has_is_refused(tmp_path, change) -> None:
    motion = some_motion().copy(deep=True)
    if change == "times":
        motion = motion.assign_coords(time=motion["time"].to_numpy()[::-1])
    elif change == "confidence":
        motion["confidence"] = motion["confidence"] + 2
    else:
        motion = motion.assign_coords(keypoint=["nose"] * len(KEYPOINTS))
    motion.to_netcdf(tmp_path / "motion.nc", engine="h5netcdf")
    assert refused(tmp_path / "motion.nc")
