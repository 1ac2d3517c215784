"""FIT, TCX, GPX and Apple Health: units, traps, damage and attacks."""

from __future__ import annotations

import gzip
import io
import os
import struct
import tracemalloc
import zipfile
from contextlib import suppress
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import fitdecode
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from runfree.core.activity import channel, mean_cadence, sensor_of, start_of
from runfree.core.errors import ActivityError
from runfree.io.apple_health import read_apple_health
from runfree.io.archives import items, opened, read_whole
from runfree.io.watch_file import read_watch_file
from runfree.testing import watch

START = datetime(2026, 5, 3, 7, 30, tzinfo=UTC)
RUN = watch.Run(
    START,
    seconds=120,
    speed_mps=3.2,
    cadence_spm=np.tile([171, 172, 173, 174], 30),
    oscillation_cm=8.4,
    contact_ms=243,
)


def one(data: bytes):
    (activity,) = read_watch_file(data, "run").activities
    return activity


def test_fit_counts_strides_and_millimetres_and_knows_its_sensor():
    run = one(watch.fit_file(RUN))
    assert start_of(run) == START
    assert channel(run, "cadence") == pytest.approx(RUN.column("cadence_spm"))
    assert channel(run, "vertical_oscillation") == pytest.approx(8.4)
    assert channel(run, "contact_time") == pytest.approx(243)
    assert sensor_of(run, "vertical_oscillation").position == "chest"
    assert run.attrs["distance_m"] == pytest.approx(3.2 * 120, abs=0.01)
    assert run.attrs["utc_offset_s"] == 3600
    assert mean_cadence(run) == pytest.approx(172.5, abs=1)


@pytest.mark.parametrize("write", [watch.tcx_file, watch.gpx_file])
def test_the_same_run_as_tcx_and_gpx(write):
    run = one(write(RUN))
    assert start_of(run) == START
    assert run.attrs["sport"] == "running"
    assert np.nanmedian(channel(run, "speed")) == pytest.approx(3.2, rel=0.01)
    assert np.nanmean(channel(run, "cadence")) == pytest.approx(172.5, abs=1.1)
    assert run.attrs["distance_m"] == pytest.approx(384, rel=0.01)


def test_apple_health_keeps_its_units_and_its_zone():
    local = watch.Run(START.astimezone(timezone(timedelta(hours=-4))), 120, 3.2, 170.0, 9.1, 251)
    run = one(watch.health_file([local]))
    assert start_of(run) == START
    assert run.attrs["utc_offset_s"] == -4 * 3600
    assert channel(run, "step_length") == pytest.approx(100 * 3.2 * 60 / 170, rel=1e-4)
    assert channel(run, "cadence") == pytest.approx(170, rel=1e-4)
    assert channel(run, "vertical_oscillation") == pytest.approx(9.1, rel=1e-4)
    assert run.attrs["distance_m"] == pytest.approx(384, rel=1e-3)
    assert mean_cadence(run) == pytest.approx(170, rel=0.01)


def test_developer_fields_are_strydes_and_sit_on_the_foot():
    at, w = watch.fit_time(START), watch.FitWriter()
    w.message("file_id", type=4, manufacturer=watch.GARMIN, product=watch.FENIX6)
    w.message("developer_data_id", developer_data_index=0)
    w.developer_field(0, "Ground Time", "Milliseconds").developer_field(1, "Vertical Oscillation", "Centimeters")
    for i in range(30):
        w.record_with([214.0, 6.5], timestamp=at + i, cadence=85)
    w.message("session", timestamp=at + 30, start_time=at, sport=watch.RUNNING)
    run = one(w.bytes())
    assert channel(run, "contact_time") == pytest.approx(214)
    assert channel(run, "vertical_oscillation") == pytest.approx(6.5)
    assert sensor_of(run, "contact_time").name == "stryd"
    assert sensor_of(run, "contact_time").position == "foot"
    assert "cadence_resolution" in run.attrs["flags"]


def test_each_run_of_a_multisport_file_is_its_own():
    at, w = watch.fit_time(START), watch.FitWriter()
    for i in range(90):
        w.message("record", timestamp=at + i, speed=9000 if i < 40 else 3000, cadence=80)
    w.message("session", timestamp=at + 40, start_time=at, sport=watch.CYCLING)
    w.message("session", timestamp=at + 90, start_time=at + 40, sport=watch.RUNNING, total_strides=70)
    ride, run = read_watch_file(w.bytes(), "tri").activities
    assert (ride.attrs["sport"], run.attrs["sport"]) == ("cycling", "running")
    assert (ride.attrs["records"], run.attrs["records"]) == (40, 50)
    assert start_of(run) == START + timedelta(seconds=40)
    assert "cadence" not in ride


def test_compressed_timestamps_roll_over():
    at, w = watch.fit_time(START) // 32 * 32 + 30, watch.FitWriter()
    w.message("record", timestamp=at, speed=3000)
    w.define("record", "speed")
    for i in range(1, 70):
        w.compressed((at + i) & 0x1F, speed=3000 + i)
    run = one(w.bytes())
    assert run["time"].to_numpy() == pytest.approx(np.arange(70))
    assert channel(run, "speed")[-1] == pytest.approx(3.069)


def test_chained_files_are_all_read():
    later = watch.Run(START + timedelta(hours=3), 60)
    found = read_watch_file(watch.fit_file(RUN) + watch.fit_file(later), "chain")
    assert [start_of(a) for a in found.activities] == [START, START + timedelta(hours=3)]
    assert found.damage is None


def test_a_checksum_that_does_not_match_is_told():
    data = bytearray(watch.fit_file(RUN))
    data[-1] ^= 0xFF
    found = read_watch_file(bytes(data), "run")
    assert found.records == 120
    assert "checksum" in (found.damage or "")


def test_a_fit_file_that_claims_four_gigabytes_keeps_its_records():
    w = watch.FitWriter()
    for i in range(20):
        w.message("record", timestamp=watch.fit_time(START) + i, speed=3000)
    found = read_watch_file(w.bytes(claims=0xFFFFFFFF), "huge")
    assert found.records == 20
    assert found.damage


def test_steps_where_strides_belong_are_flagged():
    w = watch.FitWriter()
    for i in range(60):
        w.message("record", timestamp=watch.fit_time(START) + i, cadence=176)
    w.message("session", timestamp=watch.fit_time(START) + 60, start_time=watch.fit_time(START), sport=1)
    run = one(w.bytes())
    assert np.nanmean(channel(run, "cadence")) == pytest.approx(176)
    assert "cadence_as_steps" in run.attrs["flags"]


_GOOD = watch.fit_file(watch.Run(START, 25, oscillation_cm=8.0))


@settings(max_examples=120)
@given(
    cut=st.integers(1, len(_GOOD)),
    flips=st.lists(st.tuples(st.integers(0, len(_GOOD) - 1), st.integers(1, 255)), max_size=8),
)
def test_any_damage_ends_in_records_or_one_sentence(cut, flips):
    data = bytearray(_GOOD)
    for place, mask in flips:
        data[place] ^= mask
    with suppress(ActivityError):
        found = read_watch_file(bytes(data[:cut]), "damaged")
        assert sum(a.attrs["records"] for a in found.activities) <= found.records


@settings(max_examples=60)
@given(cut=st.integers(1, 4000))
def test_a_cut_off_tcx_keeps_its_points(cut):
    whole = watch.tcx_file(watch.Run(START, 30))
    data = whole[: len(whole) - cut] if cut < len(whole) else b"<"
    points = data.count(b"</Trackpoint>")
    if not points:
        with pytest.raises(ActivityError):
            read_watch_file(data, "cut")
    else:
        found = read_watch_file(data, "cut")
        assert found.records == points
        assert found.damage


def test_billion_laughs_are_refused():
    bomb = '<?xml version="1.0"?><!DOCTYPE gpx [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><gpx><trk><name>&b;</name></trk></gpx>'
    for text in (bomb, bomb.replace("gpx", "TrainingCenterDatabase"), bomb.replace("gpx", "HealthData")):
        with pytest.raises(ActivityError, match="entities"):
            read_watch_file(text.encode(), "bomb")


def test_deep_nesting_is_refused():
    with pytest.raises(ActivityError, match="nested"):
        read_watch_file(b"<gpx>" + b"<a>" * 100_000, "deep")


class Endless(io.RawIOBase):
    """A stream made of a head, one block many times, and a tail: gigabytes without a disk."""

    def __init__(self, head: bytes, block: bytes, times: int, tail: bytes) -> None:
        self.pieces = iter([head, *([block] * times), tail])
        self.rest = b""

    def read(self, size: int = -1) -> bytes:
        while len(self.rest) < size and (piece := next(self.pieces, None)) is not None:
            self.rest += piece
        out, self.rest = self.rest[:size], self.rest[size:]
        return out


def test_a_tag_that_never_ends_is_refused():
    endless = Endless(b"<HealthData ", b"a" * (1 << 20), 4000, b"")
    with pytest.raises(ActivityError, match="never ends"):
        read_apple_health(endless, "endless")


def test_a_large_health_export_is_a_stream():
    run = watch.Run(START, 300, 3.2, 170.0, 9.1, 251)
    other = b'<Record type="HKQuantityTypeIdentifierHeartRate" unit="count/min" startDate="2026-05-03 07:30:00 +0000" value="71"/>\n'
    head = watch.health_head().encode() + watch.health_records(run).encode()
    big = Endless(head, other * 10_000, 20, watch.health_workout(run).encode() + b"</HealthData>")
    tracemalloc.start()
    found = read_apple_health(big, "export.xml")
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert len(found.activities) == 1
    assert peak < 12_000_000 < 20 * 10_000 * len(other)


def test_items_of_archives_never_leave_them(tmp_path: Path):
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w") as archive:
        archive.writestr("activities/b.fit.gz", gzip.compress(watch.fit_file(RUN)))
    outer = tmp_path / "export.zip"
    with zipfile.ZipFile(outer, "w") as archive:
        archive.writestr("../../evil.fit", watch.fit_file(RUN))
        archive.writestr("/etc/evil.tcx", watch.tcx_file(RUN))
        archive.writestr("parts/part1.zip", inner.getvalue())
        archive.writestr("notes.txt", "nothing")
        archive.writestr("other.xml", "<x/>")
    found = [(item.name, read_watch_file(read_whole(item)[0], item.name).records) for item in items([outer])]
    assert found == [
        ("export.zip: evil.fit", 120),
        ("export.zip: evil.tcx", 120),
        ("export.zip: part1.zip: b.fit.gz", 120),
    ]
    assert [p.name for p in tmp_path.iterdir()] == ["export.zip"]


def test_a_zip_bomb_is_not_unpacked(tmp_path: Path):
    bomb = tmp_path / "bomb.zip"
    with (
        zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive,
        archive.open("a.fit", "w", force_zip64=True) as member,
    ):
        for _ in range(110):
            member.write(bytes(1_000_000))
    (item,) = items([bomb])
    assert item.problem is not None
    assert "GB" in item.problem.why
    # The directory lies about the size: the bytes are counted as they come.
    lying = bytearray(bomb.read_bytes())
    at = lying.rindex(b"PK\x01\x02")
    lying[at + 24 : at + 28] = struct.pack("<I", 1000)
    bomb.write_bytes(lying)
    with pytest.raises(ActivityError):
        [read_watch_file(read_whole(item)[0], item.name) for item in items([bomb])]


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 broken", b"no archive"])
def test_a_broken_archive_is_one_sentence(tmp_path: Path, content: bytes):
    path = tmp_path / "broken.zip"
    path.write_bytes(content)
    (item,) = items([path])
    assert isinstance(item.problem, ActivityError)


def test_a_missing_file_and_a_text_are_refused(tmp_path: Path):
    (tmp_path / "a.txt").write_text("x")
    found = list(items([tmp_path / "none.fit", tmp_path / "a.txt"]))
    assert [bool(item.problem) for item in found] == [True, True]
    with pytest.raises(ActivityError), opened(next(items([tmp_path / "none.fit"]))) as file:
        read_watch_file(file.read(), "none")


EXTENSIONS = {
    watch.tcx_file: ("<Trackpoint>", '<Extensions><x:Foo xmlns:x="urn:x"><x:Speed>99</x:Speed><x:Cadence>7</x:Cadence>'
                     "<x:Time>1970</x:Time><x:DistanceMeters>1</x:DistanceMeters></x:Foo></Extensions></Trackpoint>"),
    watch.gpx_file: ("<trkpt", '<extensions><x:a xmlns:x="urn:x"><x:time>99</x:time><x:ele>9999</x:ele><x:speed>99</x:speed>'
                     "<x:cad>7</x:cad></x:a></extensions></trkpt>"),
}  # fmt: skip


@pytest.mark.parametrize("write", [watch.tcx_file, watch.gpx_file])
def test_extensions_of_others_may_use_the_same_names(write):
    start, extension = EXTENSIONS[write]
    plain = write(RUN).decode()
    end = f"</{start.strip('<>')}>"
    assert plain.count(end) == RUN.seconds
    strange = one(plain.replace(end, extension).encode())
    expected = one(plain.encode())
    assert list(strange) == list(expected)
    for name in expected:
        assert channel(strange, name) == pytest.approx(channel(expected, name), nan_ok=True)


def test_a_receiver_that_loses_its_place_adds_no_way():
    text = watch.gpx_file(RUN).decode()
    at = text.split('lat="')[60].split('"')[0]
    run = one(text.replace(f'lat="{at}" lon="8.0"', 'lat="0" lon="0"').encode())
    assert run.attrs["distance_m"] == pytest.approx(one(text.encode()).attrs["distance_m"], abs=10)
    assert "places_jumped" in run.attrs["flags"]


def test_xml_in_utf_16():
    text = watch.gpx_file(RUN).decode().replace('encoding="UTF-8"', 'encoding="UTF-16"')
    assert one(text.encode("utf-16")).sizes["time"] == 120


def test_records_before_a_clock_goes_back_by_years_are_kept(tmp_path: Path):
    text = watch.gpx_file(RUN).decode()
    times = [part.split("</time>")[0] for part in text.split("<time>")[1:]]
    for late in times[70:]:
        text = text.replace(late, late.replace("2026", "2013"))
    run = one(text.encode())
    assert start_of(run) == START
    assert run.sizes["time"] >= 69
    assert run["time"].to_numpy()[-1] < 120
    assert "clock_jumped" in run.attrs["flags"]


def test_archives_in_an_archive_share_its_room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w") as archive:
        for i in range(3):
            archive.writestr(f"{i}.fit", bytes(40_000))
    outer = tmp_path / "outer.zip"
    with zipfile.ZipFile(outer, "w", zipfile.ZIP_DEFLATED) as archive:
        for i in range(5):
            archive.writestr(f"{i}.zip", inner.getvalue())
    monkeypatch.setattr("runfree.io.archives.MAX_ARCHIVE_BYTES", 600_000)
    found = list(items([outer]))
    assert sum(item.problem is None for item in found) < 15
    assert any(item.problem and "far larger" in item.problem.why for item in found)


def test_a_member_that_packs_a_thousandfold_is_not_unpacked(tmp_path: Path):
    bomb = tmp_path / "bomb.zip"
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.fit", bytes(30_000_000))
        archive.writestr("b.fit", watch.fit_file(RUN))
    assert [(item.name, item.problem is None) for item in items([bomb])] == [
        ("bomb.zip: a.fit", False),
        ("bomb.zip: b.fit", True),
    ]


def test_a_cut_or_rotten_archive_keeps_what_comes_before(tmp_path: Path):
    whole = gzip.compress(watch.fit_file(RUN))
    for name, data in {
        "cut.fit.gz": whole[:-300],
        "junk.fit.gz": whole + b"junk",
        "none.fit.gz": whole[:12],
    }.items():
        (tmp_path / name).write_bytes(data)
    (cut,), (junk,), (none,) = (list(items([tmp_path / n])) for n in ("cut.fit.gz", "junk.fit.gz", "none.fit.gz"))
    data, damage = read_whole(cut)
    assert damage
    assert 20 < read_watch_file(data, "cut").records <= 120
    data, damage = read_whole(junk)
    assert damage
    assert read_watch_file(data, "junk").records == 120
    with pytest.raises(ActivityError):
        read_whole(none)


def test_names_that_are_no_text_or_steer_a_terminal(tmp_path: Path):
    bad = os.fsencode(tmp_path) + b"/b\xff\x1b[2J.fit"
    Path(os.fsdecode(bad)).write_bytes(watch.fit_file(RUN))
    inside = io.BytesIO()
    with zipfile.ZipFile(inside, "w") as archive:
        archive.writestr("caf\u00e9\n.fit", watch.fit_file(RUN))
        archive.writestr("ok.fit", watch.fit_file(RUN))
    (tmp_path / "named.zip").write_bytes(inside.getvalue())
    (tmp_path / "off.zip").write_bytes(inside.getvalue().replace("\u00e9".encode(), b"\x82\xff"))
    found = list(items([tmp_path]))
    assert len(found) == 4
    assert all(item.name.isprintable() and item.name.encode() for item in found)
    assert [item.problem is None for item in found] == [True, True, True, False]


def test_links_in_a_folder_are_not_followed(tmp_path: Path):
    (tmp_path / "runs").mkdir()
    (tmp_path / "secret.fit").write_bytes(watch.fit_file(RUN))
    (tmp_path / "runs" / "link.fit").symlink_to(tmp_path / "secret.fit")
    (tmp_path / "runs" / "round").symlink_to(tmp_path / "runs")
    assert list(items([tmp_path / "runs"])) == []


@settings(max_examples=150)
@given(data=st.data())
def test_any_damage_of_an_archive_is_one_sentence(tmp_path_factory: pytest.TempPathFactory, data: st.DataObject):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.fit", bytes(range(256)) * 4)
        archive.writestr("b/c.gpx.gz", gzip.compress(b"<gpx></gpx>"))
    raw = bytearray(packed.getvalue())
    for at, value in data.draw(st.lists(st.tuples(st.integers(0, len(raw) - 1), st.integers(0, 255)), max_size=6)):
        raw[at] = value
    path = tmp_path_factory.mktemp("zip") / "x.zip"
    path.write_bytes(bytes(raw[: data.draw(st.integers(0, len(raw)))] if data.draw(st.booleans()) else raw))
    for item in items([path]):
        if item.problem is None:
            with suppress(ActivityError):
                read_whole(item)


# The recordings beside the project.

DAMAGED = {
    "ELEMNT_ROAM_Unterminated": 7225,
    "activity-settings-corruptheader": 14,
    "activity-settings-nodata": 14,
    "activity-unexpected-eof": 14,
    "nick": 14391,
    "strava-android-app-201.10-b1218918": 473,
    "activity-activity-filecrc": 28,
}


@pytest.mark.parametrize(("name", "records"), DAMAGED.items())
def test_damaged_recordings_keep_what_can_be_read(shared_data: Path, name: str, records: int):
    found = read_watch_file((shared_data / "fit" / "damaged" / f"{name}.fit").read_bytes(), name)
    assert found.records == records
    assert found.damage


def _fitdecode_says(path: Path, field: str) -> dict[int, float]:
    """Field by timestamp from fitdecode itself."""
    out = {}
    with fitdecode.FitReader(path, check_crc=fitdecode.CrcCheck.DISABLED, processor=None) as reader:
        for frame in reader:
            if frame.frame_type == fitdecode.FIT_FRAME_DATA and frame.name == "record":
                value = frame.get_value(field, fallback=None)
                if value is not None:
                    out[frame.get_value("timestamp")] = value
    return out


FIELDS = [
    ("enhanced_speed", "speed", 1),
    ("distance", "distance", 1),
    ("heart_rate", "heart_rate", 1),
    ("vertical_oscillation", "vertical_oscillation", 0.1),
    ("stance_time", "contact_time", 1),
    ("step_length", "step_length", 0.1),
    ("vertical_ratio", "vertical_ratio", 1),
]


def test_real_recordings_equal_fitdecode(shared_data: Path):
    compared = 0
    for path in sorted((shared_data / "fit" / "good").glob("*.fit")):
        found = read_watch_file(path.read_bytes(), path.name)
        assert found.damage is None
        for field, name, factor in FIELDS:
            truth = _fitdecode_says(path, field) or _fitdecode_says(path, name)
            # What a developer field says is tried above.
            for activity in found.activities if truth else ():
                at = round((start_of(activity) - watch.FIT_EPOCH).total_seconds()) + activity["time"].to_numpy()
                values = channel(activity, name)
                for second, value in zip(at[np.isfinite(values)], values[np.isfinite(values)], strict=True):
                    assert value == pytest.approx(factor * truth[round(second)], abs=1e-9)
                    compared += 1
    assert compared > 50_000


@pytest.mark.parametrize("day", ["20210507_run", "20210604_track_run"])
def test_twin_recordings_agree_on_cadence(shared_data: Path, day: str):
    folder = shared_data / "fit" / "good"
    coros, garmin = (
        one((folder / f"{day}_{maker}.fit").read_bytes()) for maker in ("coros_pace_2", "garmin_fenix_6")
    )
    assert mean_cadence(coros) == pytest.approx(mean_cadence(garmin), abs=1)
    _, i, j = np.intersect1d(
        coros["time"].to_numpy() + start_of(coros).timestamp(),
        garmin["time"].to_numpy() + start_of(garmin).timestamp(),
        return_indices=True,
    )
    a, b = channel(coros, "cadence")[i], channel(garmin, "cadence")[j]
    both = (a > 100) & (b > 100)
    assert float(np.mean(a[both])) == pytest.approx(float(np.mean(b[both])), abs=1.5)
    assert "cadence_resolution" in coros.attrs["flags"]
    assert "cadence_resolution" in garmin.attrs["flags"]


def test_real_tcx_and_gpx(shared_data: Path):
    runs = {p.name: one(p.read_bytes()) for p in (shared_data / "gps").iterdir()}
    assert {r.attrs["sport"] for r in runs.values()} <= {"running", "unknown"}
    assert all(1000 < r.attrs["distance_m"] < 42_000 for r in runs.values())
    assert all(2 < np.nanmedian(channel(r, "speed")) < 6 for r in runs.values())
