"""Laboratory files: what is written is read, foreign files are read, damaged ones end in one sentence."""

from __future__ import annotations

import json
import struct
import tracemalloc
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import xarray as xr
from hypothesis import given, settings
from hypothesis import strategies as st

from runfree.core.errors import InputError, MotionError, RunfreeError
from runfree.core.motion import KEYPOINTS, make_motion
from runfree.core.recording import Recording, make_recording, marker_names, with_events, with_forces
from runfree.core.table import Table
from runfree.io.lab.forces import join_forces
from runfree.io.lab.marker_sets import choose_set, marker_sets, read_marker_sets
from runfree.io.readers import is_motion, is_recording, reader_of, writer_of

MARKER_ENDINGS = (".trc", ".c3d", ".csv", ".parquet", ".nc", ".movement.nc")
TABLE_ENDINGS = (".mot", ".sto", ".csv", ".parquet")


def some_markers(seed: int, n: int = 30, m: int = 3) -> Recording:
    rng = np.random.default_rng(seed)
    # C3D keeps single precision and whole frames: such values can be held by every format.
    position = rng.normal(0, 1, (n, m, 3)).astype(np.float32).astype(float)
    position[rng.random((n, m)) < 0.1] = np.nan
    position[0, 0] = 0.5
    return make_recording((np.arange(n) + 7) / 128, position, tuple(f"Märker{i}" for i in range(m)))


def some_table(seed: int) -> Table:
    rng = np.random.default_rng(seed)
    values = rng.normal(0, 1e3, (20, 3))
    values[3, 1] = np.nan
    return Table(np.cumsum(rng.uniform(0.001, 0.02, 20)), ("knee_angle_r", "pelvis_tx", "c"), values)


def read(path: Path, rate_hz: float | None = None):
    reader = reader_of(path)
    assert reader is not None
    return reader.read(path, rate_hz)


def write(path: Path, held) -> Path:
    writer = writer_of(path)
    assert writer is not None
    writer.write(path, held)
    return path


@pytest.mark.parametrize("ending", MARKER_ENDINGS)
@settings(max_examples=8)
@given(seed=st.integers(0, 2**32 - 1))
def test_markers_that_are_written_are_read(tmp_path_factory, ending: str, seed: int) -> None:
    held = some_markers(seed)
    if ending == ".c3d":
        held = held.assign_coords(marker=np.array(["A", "B", "C"], dtype=object))
    path = write(tmp_path_factory.mktemp("lab") / f"trial{ending}", Recording(held))
    again = read(path)
    assert is_recording(again)
    assert marker_names(again) == marker_names(Recording(held))
    np.testing.assert_array_equal(again["position"], held["position"])
    np.testing.assert_allclose(again["time"], held["time"], rtol=0, atol=1e-12)
    assert [p.name for p in path.parent.iterdir()] == [path.name]


@pytest.mark.parametrize("ending", TABLE_ENDINGS)
@settings(max_examples=8)
@given(seed=st.integers(0, 2**32 - 1))
def test_tables_that_are_written_are_read(tmp_path_factory, ending: str, seed: int) -> None:
    held = some_table(seed)
    assert read(write(tmp_path_factory.mktemp("lab") / f"trial{ending}", held)) == held


def test_everything_fits_into_our_own_file(tmp_path: Path) -> None:
    held = some_markers(1)
    held = with_forces(held, np.arange(50) / 512, np.ones((50, 2, 3)), np.full((50, 2, 3), np.nan))
    held = with_events(held, [0.1, 0.2], ("Left Foot Strike", "Right Foot Strike"))
    xr.testing.assert_identical(held, read(write(tmp_path / "trial.nc", held)))


def test_events_travel_in_c3d(tmp_path: Path) -> None:
    plain = some_markers(1).assign_coords(marker=np.array(["A", "B", "C"], dtype=object))
    held = with_events(Recording(plain), [0.125, 0.25], ("Left Foot Strike", "Right Foot Off"))
    again = read(write(tmp_path / "trial.c3d", held))
    np.testing.assert_allclose(again["event_time"], [0.125, 0.25])
    assert list(again["event"].to_numpy()) == ["Left Foot Strike", "Right Foot Off"]


def test_a_film_s_motion_goes_through_movement(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    n, k = 20, len(KEYPOINTS)
    motion = make_motion(
        np.arange(n) / 60,
        rng.uniform(100, 900, (n, k, 2)),
        rng.random((n, k)),
        KEYPOINTS,
        width_px=1000,
        height_px=1000,
    )
    path = write(tmp_path / "poses.movement.nc", motion)
    with xr.open_dataset(path, engine="h5netcdf") as dataset:
        assert dict(dataset.sizes) == {"time": n, "space": 2, "keypoints": k, "individuals": 1}
        assert dataset["position"].dims == ("time", "space", "keypoints", "individuals")
        assert dataset["confidence"].dims == ("time", "keypoints", "individuals")
        assert (dataset.attrs["ds_type"], dataset.attrs["time_unit"]) == ("poses", "seconds")
    again = read(path)
    assert is_motion(again)
    for name in ("nose", "left_heel", "right_toe"):
        np.testing.assert_array_equal(again["position"].sel(keypoint=name), motion["position"].sel(keypoint=name))


@pytest.mark.parametrize(
    ("ending", "held", "word"),
    [
        (".mot", some_markers(0), "no markers"),
        (".trc", some_table(0), "markers only"),
        (".trc", with_events(some_markers(0), [0.1], ("Foot Strike",)), "events"),
        (".csv", with_forces(some_markers(0), [0.0, 1.0], np.ones((2, 1, 3)), np.ones((2, 1, 3))), "forces"),
        (".nc", some_table(0), "no tables"),
    ],
)
def test_a_format_that_cannot_hold_it_says_so(tmp_path: Path, ending: str, held, word: str) -> None:
    with pytest.raises(InputError, match=word):
        write(tmp_path / f"trial{ending}", held)
    assert list(tmp_path.iterdir()) == []


POSE2SIM = (
    "PathFileType\t4\t(X/Y/Z)\tDemo_0-3.trc\n"
    "DataRate\tCameraRate\tNumFrames\tNumMarkers\tUnits\tOrigDataRate\tOrigDataStartFrame\tOrigNumFrames\n"
    "60\t60\t3\t2\tm\t60\t0\t3\n"
    "Frame#\tTime\tRHip\t\t\tLHip\t\t\n"
    "\t\tX1\tY1\tZ1\tX2\tY2\tZ2\n"
    "1\t0.0166666666666666\t-0.06\t0.90\t-1.40\t0.1\t0.2\t0.3\n"
    "2\t0.0333333333333333\t-0.07\t0.90\t-1.39\t\t\t\n"
    "3\t0.05\t-0.07\t0.90\t-1.38\t0.1\t0.2\t0.3\n"
)
VICON_MM = (
    "PathFileType\t4\t(X/Y/Z)\tC:\\x.trc\r\n"
    "DataRate\tCameraRate\tNumFrames\tNumMarkers\tUnits\tOrigDataRate\tOrigDataStartFrame\tOrigNumFrames\r\n"
    "150.00\t150.00\t       3\t1\tmm\t150.00\t1\t       3\r\n"
    "Frame#\tTime\tC7\t\t\t\r\n\t\tX1\tY1\tZ1\t\r\n\r\n"
    "1\t0.000\t100\t200\t300\t\r\n2\t0.007\t100\t200\t300\t\r\n3\t0.013\t100\t200\t300\t\r\n"
)
SPORTS2D_MOT = (
    "Coordinates\nversion=1\nnRows=2\nnColumns=3\ninDegrees=yes\n\nUnits are S.I. units\n\nendheader\n"
    "time\tright knee\tleft knee\n0.0\t10.5\t20.25\n0.02\t11\t21\n"
)


def test_other_programs_files_are_read(tmp_path: Path) -> None:
    (tmp_path / "pose2sim.trc").write_text(POSE2SIM)
    held = read(tmp_path / "pose2sim.trc")
    assert marker_names(held) == ("RHip", "LHip")
    np.testing.assert_allclose(held["position"][0], [[-0.06, 0.9, -1.4], [0.1, 0.2, 0.3]])
    assert np.isnan(held["position"][1, 1]).all()
    (tmp_path / "vicon.trc").write_bytes(VICON_MM.encode())
    held = read(tmp_path / "vicon.trc")
    np.testing.assert_allclose(held["position"][0, 0], [0.1, 0.2, 0.3])
    np.testing.assert_allclose(np.diff(held["time"]), 0.0065)  # not 0.007 and 0.006 as rounded in the file
    (tmp_path / "sports2d.mot").write_text(SPORTS2D_MOT)
    table = read(tmp_path / "sports2d.mot")
    assert (table.columns, table.in_degrees) == (("right knee", "left knee"), True)
    np.testing.assert_array_equal(table.values, [[10.5, 20.25], [11, 21]])


def test_a_folder_of_openpose_is_one_person_s_motion(tmp_path: Path) -> None:
    person = np.arange(75, dtype=float).reshape(25, 3) + 100
    person[:, 2] = 0.9
    other = person + np.array([500, 0, 0])
    other[:, 2] = 0.4
    for i in range(4):
        people = [
            {"pose_keypoints_2d": p.ravel().tolist()} for p in ((other, person) if i % 2 else (person, other))
        ]
        (tmp_path / f"run2_{i:012d}_keypoints.json").write_text(json.dumps({"version": 1.3, "people": people}))
    with pytest.raises(MotionError, match="--rate"):
        read(tmp_path)
    held = read(tmp_path, 50.0)
    assert is_motion(held)
    np.testing.assert_allclose(held["time"], [0, 0.02, 0.04, 0.06])
    np.testing.assert_allclose(held["position"].sel(keypoint="nose"), [[100, 101]] * 4)
    np.testing.assert_allclose(held["position"].sel(keypoint="left_knee"), [[139, 140]] * 4)  # BODY_25 number 13


def _c3d(tmp_path: Path, change: Callable[[bytearray], None]) -> Path:
    plain = some_markers(1).assign_coords(marker=np.array(["A", "B", "C"], dtype=object))
    path = write(tmp_path / "trial.c3d", Recording(plain))
    data = bytearray(path.read_bytes())
    change(data)
    path.write_bytes(bytes(data))
    return path


def _claim_frames(data: bytearray) -> None:
    struct.pack_into("<H", data, 8, 60_000)


def _no_markers(data: bytearray) -> None:
    struct.pack_into("<H", data, 2, 0)


def _huge_parameter(data: bytearray) -> None:
    at = data.index(b"LABELS") + len("LABELS") + 2
    data[at + 1 : at + 4] = bytes([2, 255, 255])


@pytest.mark.parametrize(
    "change", [_claim_frames, _no_markers, _huge_parameter, lambda data: data.__delitem__(slice(700, None))]
)
def test_a_c3d_that_claims_more_than_it_holds_is_refused(
    tmp_path: Path, change: Callable[[bytearray], None]
) -> None:
    with pytest.raises(MotionError, match=r"trial\.c3d"):
        read(_c3d(tmp_path, change))


TABLE = "x\nnRows={rows}\nnColumns={columns}\nendheader\ntime\ta\n0\t1\n0.1\t2\n"


@pytest.mark.parametrize(
    ("name", "text", "word"),
    [
        ("cut.trc", POSE2SIM[:-60], "announces 3 frames"),
        ("header.trc", POSE2SIM[:120], "marker names"),
        ("huge.trc", POSE2SIM.replace("60\t60\t3\t2", "60\t60\t1000000000\t2"), "1000000000 frames"),
        ("markers.trc", POSE2SIM.replace("60\t60\t3\t2", "60\t60\t3\t900"), "900 markers"),
        ("rate.trc", POSE2SIM.replace("60\t60\t3", "30\t60\t3"), "60 frames a second"),
        ("unit.trc", POSE2SIM.replace("\tm\t", "\tfurlong\t"), "furlong"),
        ("words.trc", POSE2SIM.replace("-1.39", "minus"), "not a number"),
        (
            "nan.trc",
            POSE2SIM.replace("-0.06\t0.90\t-1.40\t0.1\t0.2\t0.3", "nan\t" * 6)
            .replace("-0.07\t0.90\t-1.39", "nan\tnan\tnan")
            .replace("-0.07\t0.90\t-1.38\t0.1\t0.2\t0.3", "nan\t" * 6),
            "no marker was ever seen",
        ),
        ("back.trc", POSE2SIM.replace("3\t0.05", "3\t0.01"), "do not rise"),
        ("twice.trc", POSE2SIM.replace("LHip", "RHip"), "twice"),
        ("empty.trc", "", "empty"),
        ("rows.mot", TABLE.format(rows=7, columns=2), "announces 7 rows"),
        ("huge.mot", TABLE.format(rows=10**9, columns=2), "1000000000 rows"),
        ("columns.mot", TABLE.format(rows=2, columns=3), "announces 3 columns"),
        ("header.mot", "nRows=2\n", "endheader"),
        ("comma.trc", POSE2SIM.replace("-1.39", "-1,39"), "'-1,39', which is not a number"),
        ("frames.trc", POSE2SIM.partition("\n1\t")[0].replace("60\t60\t3", "60\t60\t0") + "\n", "holds no frames"),
        ("none.mot", TABLE.format(rows=0, columns=2).partition("0\t1")[0], "no rows of numbers"),
        ("x.c3d", "PathFileType", "not a C3D"),
        ("twice.csv", "time,a,a\n0,1,1\n1,2,2\n", "two columns 'a'"),
        ("x.csv", "time,a\n0,1\n1,b\n", "cannot be read"),
        ("x.parquet", "PAR1", "cannot be read"),
    ],
)
def test_a_damaged_file_ends_in_one_sentence_and_little_memory(
    tmp_path: Path, name: str, text: str, word: str
) -> None:
    path = tmp_path / name
    path.write_text(text)
    tracemalloc.start()
    try:
        with pytest.raises(RunfreeError, match=word) as caught:
            read(path)
        assert tracemalloc.get_traced_memory()[1] < 40_000_000
    finally:
        tracemalloc.stop()
    assert name in str(caught.value) or "recording" in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("windows.trc", POSE2SIM.replace("-0.07\t0.90\t-1.39", "-1.#IND\t-nan(ind)\t1.#QNAN")),
        ("longhand.trc", POSE2SIM.replace("\tm\t", "\tMeters\t")),
        ("mac.trc", POSE2SIM.replace("\n", "\r")),
        (
            "spaces.trc",
            POSE2SIM.replace("\t\t\t\t0.0", "\tNaN NaN NaN\t0.0").replace(
                "2\t0.0333333333333333\t-0.07\t0.90\t-1.39\t\t\t", "2 0.0333333 1 1 1 1 1 1"
            ),
        ),
        ("leading.mot", TABLE.format(rows=2, columns=2).replace("\n0", "\n\t0")),
        ("capital.csv", "\ufeffTime,a\n0,1\n0.1,2\n"),
    ],
)
def test_odd_but_honest_files_are_read(tmp_path: Path, name: str, text: str) -> None:
    (tmp_path / name).write_text(text, newline="")
    held = read(tmp_path / name)
    assert len(held.time_s if isinstance(held, Table) else held["time"]) == (3 if name.endswith("trc") else 2)


@pytest.mark.parametrize("count", [17, 18, 25, 26, 133])
def test_every_layout_of_keypoints_finds_the_legs(tmp_path: Path, count: int) -> None:
    person = np.column_stack([np.arange(count) + 100.0, np.arange(count) + 200.0, np.full(count, 0.9)])
    frame = json.dumps({"people": [{"pose_keypoints_2d": person.ravel().tolist()}]})
    for i in range(3):
        (tmp_path / f"run_{i:06d}.json").write_text(frame)
    held = read(tmp_path, 30.0)
    ankle = {17: 15, 18: 13, 25: 14, 26: 15, 133: 15}[count]  # as the programs' own lists number it
    np.testing.assert_allclose(held["position"].sel(keypoint="left_ankle")[0], [100 + ankle, 200 + ankle])


@pytest.mark.parametrize(
    "people", ["null", '[{"pose_keypoints_2d": null}]', "[[1, 2]]", '[{"pose_keypoints_2d": [1, "x"]}]']
)
def test_a_frame_that_is_none_of_openpose_is_refused(tmp_path: Path, people: str) -> None:
    (tmp_path / "run_000.json").write_text(f'{{"people": {people}}}')
    with pytest.raises(MotionError, match="not a frame of OpenPose"):
        read(tmp_path, 30.0)


def test_a_trial_trimmed_from_a_longer_one_keeps_its_header(tmp_path: Path) -> None:
    text = "name x\ndatacolumns 2\ndatarows 900\nrange 0.0 9.0\nendheader\ntime\ta\n0.5\t1\n0.6\t2\n"
    (tmp_path / "trimmed.mot").write_text(text)
    assert len(read(tmp_path / "trimmed.mot").time_s) == 2
    (tmp_path / "cut.mot").write_text(text.replace("0.5\t1", "0.0\t1"))
    with pytest.raises(MotionError, match="announces 900 rows"):
        read(tmp_path / "cut.mot")


def test_a_force_file_of_another_time_is_refused() -> None:
    force = Table(
        np.array([50.0, 50.5]), ("ground_force_vx", "ground_force_vy", "ground_force_vz"), np.ones((2, 3))
    )
    with pytest.raises(MotionError, match="times do not cover"):
        join_forces(some_markers(0), force)
    with pytest.raises(MotionError, match="no columns of forces"):
        join_forces(some_markers(0), some_table(0))


def test_every_marker_set_finds_its_own_markers() -> None:
    time, titles = np.arange(40) / 100, set()
    for known in marker_sets():
        names = tuple(sorted({n for place in known.places.values() for n in (*place.markers, *place.other)}))
        chosen = choose_set(make_recording(time, np.ones((40, len(names), 3)), names))
        assert chosen.places.keys() == known.places.keys(), known.title
        titles.add(chosen.title)
    assert len(titles) >= len(marker_sets()) - 1


def test_an_unknown_set_and_a_wrong_set_file_are_refused(tmp_path: Path) -> None:
    with pytest.raises(MotionError, match="no marker set"):
        choose_set(some_markers(0))
    (tmp_path / "mine.yaml").write_text(
        "title: x\nsides: [L, R]\npoints: {hip: {middle: ['{S}H'], turning: [a, b]}}\n"
    )
    with pytest.raises(InputError, match=r"mine\.yaml"):
        read_marker_sets(tmp_path)
