from __future__ import annotations

import os
import socket
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from numpy.typing import NDArray

from runfree.core.errors import FilmError, OutputError
from runfree.io.film_writer import FilmWriter
from runfree.io.video import frames, frames_at, probe

OPEN_GOP = {"x264-params": "open-gop=1:keyint=12:min-keyint=12:bframes=3:scenecut=0"}
HEVC = {"x265-params": "log-level=none:keyint=12:min-keyint=12:open-gop=1"}
VP9 = {"g": "12", "cpu-used": "8", "deadline": "realtime"}
UNEVEN_MS = [100, 133, 140, 200, 260, 261, 300, 400, 500, 900, 950, 960]

FORMATS = [
    ("film.mp4", "libx264", OPEN_GOP, "h264"),
    ("film.mov", "libx265", HEVC, "hevc"),
    ("film.webm", "libvpx-vp9", VP9, "vp9"),
    ("film.mkv", "libx264", {"x264-params": "keyint=9:bframes=2"}, "h264"),
    ("film.ts", "libx264", OPEN_GOP, "h264"),
]


@pytest.mark.parametrize(("name", "encoder", "options", "codec"), FORMATS)
def test_every_frame_is_the_one_its_index_says(film, name, encoder, options, codec) -> None:
    info = probe(film(name, n=50, codec=encoder, options=options))
    assert info.codec == codec
    assert (info.width_px, info.height_px, len(info.time_s)) == (160, 96, 50)
    assert len(info.key_pts) > 2
    assert [film.number_of(rgb) for _, rgb in frames(info, 0, 50)] == list(range(50))


@pytest.mark.parametrize(("name", "encoder", "options", "codec"), FORMATS)
def test_a_frame_is_the_same_bytes_however_it_is_reached(film, name, encoder, options, codec) -> None:
    info = probe(film(name, n=50, codec=encoder, options=options))
    straight = dict(frames(info, 0, 50))
    for start in range(50):
        index, rgb = next(frames(info, start, 50, threads=1))
        assert index == start
        assert np.array_equal(rgb, straight[start])
    chosen = frames_at(info, [47, 3, 12, 11, 13])
    assert sorted(chosen) == [3, 11, 12, 13, 47]
    assert all(np.array_equal(chosen[i], straight[i]) for i in chosen)


def test_times_are_those_the_film_was_written_with(film) -> None:
    info = probe(film("uneven.mov", times_ms=UNEVEN_MS))
    np.testing.assert_allclose(info.time_s, np.array(UNEVEN_MS) / 1000, atol=1e-9)
    assert info.time_s.dtype == np.float64
    assert [film.number_of(rgb) for _, rgb in frames(info, 4, 7)] == [4, 5, 6]


@pytest.mark.parametrize("turn", [90, 180, 270])
def test_a_turned_film_comes_out_upright(film, turn) -> None:
    flat = dict(frames(probe(film("flat.mp4", n=12)), 0, 12))
    info = probe(film("turned.mp4", n=12, turn=turn))
    assert info.rotation_deg == turn
    assert (info.width_px, info.height_px) == ((96, 160) if turn % 180 else (160, 96))
    for i, rgb in frames(info, 0, 12):
        assert rgb.shape == (info.height_px, info.width_px, 3)
        assert np.array_equal(rgb, np.rot90(flat[i], -turn // 90))


def test_a_portrait_film_has_its_left_edge_on_top(film) -> None:
    """Turned clockwise by 90°: what was stored on the left (red) is now on top, what was right (green) below."""
    (rgb,) = frames_at(probe(film(n=12, turn=90)), [0]).values()
    assert rgb[20, 30, 0] > 150 > rgb[20, 30, 1]
    assert rgb[140, 30, 1] > 150 > rgb[140, 30, 0]


@pytest.mark.parametrize("turn", [0, 90])
def test_a_mirrored_film_is_put_right_so_that_left_stays_left(film, turn) -> None:
    flat = frames_at(probe(film("flat.mp4", n=12)), [5])[5]
    info = probe(film("mirrored.mp4", n=12, turn=turn, mirror=True))
    assert info.mirrored
    assert np.array_equal(frames_at(info, [5])[5], np.rot90(flat[:, ::-1], -turn // 90))


def test_frames_are_scaled_down_but_never_up(film) -> None:
    info = probe(film(n=12, turn=90))
    assert {rgb.shape for _, rgb in frames(info, 0, 12, longest_px=80)} == {(80, 48, 3)}
    assert {rgb.shape for _, rgb in frames(info, 0, 12, longest_px=1000)} == {(160, 96, 3)}
    assert (info.width_px, info.height_px) == (96, 160)


def test_pixels_that_are_not_square_are_made_so(film, tmp_path) -> None:
    path = film(n=12, options={"x264-params": "sar=2/1"})
    info = probe(path)
    assert (info.width_px, info.height_px) == (320, 96)
    assert frames_at(info, [0])[0].shape == (96, 320, 3)


def test_repeated_times_are_dropped_and_counted(film, tmp_path) -> None:
    path = tmp_path / "repeated.mkv"
    every_frame_a_key = film(n=20, options={"x264-params": "keyint=1:bframes=0"})
    with av.open(str(every_frame_a_key)) as source, av.open(str(path), "w") as target:
        stream = target.add_stream_from_template(source.streams.video[0])
        for i, packet in enumerate(p for p in source.demux(video=0) if p.size):
            packet.pts = packet.dts = (i - (i == 7)) * 1600
            packet.stream = stream
            target.mux(packet)
    info = probe(path)
    assert info.repeated_frames == 1
    assert len(info.time_s) == 19
    assert (np.diff(info.time_s) > 0).all()
    numbers = [film.number_of(rgb) for _, rgb in frames(info, 0, 19)]
    assert numbers == [i for i in range(20) if i != 7]
    assert [film.number_of(next(frames(info, i, 19))[1]) for i in range(19)] == numbers


def test_frames_cut_away_by_an_edit_list_are_no_part_of_the_film(film, tmp_path) -> None:
    path = tmp_path / "trimmed.mp4"
    options = {"use_editlist": "1", "avoid_negative_ts": "disabled"}
    whole = film(n=40, options={"x264-params": "keyint=40:bframes=0"})
    with av.open(str(whole)) as source, av.open(str(path), "w", options=options) as target:
        stream = target.add_stream_from_template(source.streams.video[0])
        for packet in (p for p in source.demux(video=0) if p.size):
            shift = round(Fraction(1, 2) / packet.time_base)
            packet.pts, packet.dts = packet.pts - shift, packet.dts - shift
            packet.stream = stream
            target.mux(packet)
    info = probe(path)
    assert len(info.time_s) == 25
    assert info.time_s[0] == pytest.approx(0.0, abs=1e-3)
    assert [film.number_of(rgb) for _, rgb in frames(info, 0, 25)] == list(range(15, 40))


def test_a_range_outside_the_film_is_refused(film) -> None:
    info = probe(film(n=12))
    with pytest.raises(IndexError):
        list(frames(info, 0, 13))
    with pytest.raises(IndexError):
        frames_at(info, [12])
    assert list(frames(info, 12, 12)) == []


def refusal(path: str | Path) -> str:
    with pytest.raises(FilmError) as caught:
        probe(path)
    error = caught.value
    assert error.exit_code == 2
    assert error.remedy.endswith(".")
    return error.why


def write(path: Path, data: bytes) -> Path:
    path.write_bytes(data)
    return path


def test_what_is_no_file_is_refused(tmp_path) -> None:
    assert "no such file" in refusal(tmp_path / "none.mp4")
    assert "no such file" in refusal("http://127.0.0.1:9/film.mp4")
    assert "no such file" in refusal("concat:a.mp4|b.mp4")
    assert "folder" in refusal(tmp_path)
    assert "empty" in refusal(write(tmp_path / "empty.mp4", b""))


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")
def test_a_pipe_is_refused_without_waiting_for_it(tmp_path) -> None:
    os.mkfifo(tmp_path / "pipe.mp4")
    assert "ordinary" in refusal(tmp_path / "pipe.mp4")


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read everything")
def test_a_file_one_may_not_read_is_refused(film) -> None:
    path = film(n=12)
    path.chmod(0)
    assert "may not read" in refusal(path)


def test_a_text_and_a_picture_named_mp4_are_refused(tmp_path) -> None:
    assert "text" in refusal(write(tmp_path / "a.mp4", b"dear diary\n" * 99))
    assert "picture" in refusal(write(tmp_path / "b.mp4", b"\x89PNG\r\n\x1a\n" + bytes(500)))


def test_a_playlist_opens_nothing_else(tmp_path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.2)
        url = f"http://127.0.0.1:{server.getsockname()[1]}/x.ts"
        playlist = f"#EXTM3U\n#EXT-X-TARGETDURATION:5\n#EXTINF:5,\n{url}\n#EXT-X-ENDLIST\n"
        refusal(write(tmp_path / "list.mp4", playlist.encode()))
        refusal(write(tmp_path / "list2.mp4", playlist.encode() + b"\xff\x00"))
        with pytest.raises(TimeoutError):
            server.accept()


def test_a_bare_stream_and_noise_are_refused(film, tmp_path) -> None:
    bare = film("bare.h264")
    assert "not a film" in refusal(write(tmp_path / "bare.mp4", bare.read_bytes()))
    noise = np.random.default_rng(1).integers(0, 256, 20_000, dtype=np.uint8).tobytes()
    assert "not a film" in refusal(write(tmp_path / "noise.mp4", noise))


@pytest.mark.parametrize("options", [{}, {"movflags": "faststart"}])
def test_a_cut_off_copy_is_refused(film, tmp_path, options) -> None:
    whole = film(n=60, container_options=options).read_bytes()
    why = refusal(write(tmp_path / "cut.mp4", whole[: len(whole) // 2]))
    assert "its end is missing" in why or "breaks off" in why


def test_sound_only_is_refused(tmp_path) -> None:
    path = tmp_path / "sound.mp4"
    with av.open(str(path), "w") as container:
        stream = container.add_stream("aac", rate=48_000, layout="mono")
        sound = av.AudioFrame.from_ndarray(np.zeros((1, 48_000), dtype=np.float32), format="fltp", layout="mono")
        sound.sample_rate = 48_000
        for part in (sound, None):
            container.mux(stream.encode(part))
    assert "sound only" in refusal(path)


def test_too_short_too_long_and_too_large_are_refused(film, tmp_path) -> None:
    assert "only 9 frames" in refusal(film("short.mp4", n=9))
    assert "longer than 10 minutes" in refusal(film("long.mp4", times_ms=[i * 40_000 for i in range(20)]))
    large = tmp_path / "large.mp4"
    with FilmWriter(large, width_px=8208, height_px=16) as writer:
        for i in range(12):
            writer.write(np.zeros((16, 8208, 3), dtype=np.uint8), i / 30)
    assert "8208" in refusal(large)


def test_damaged_pictures_are_an_error_or_left_out_but_never_another_frame(film) -> None:
    path = film(n=60, options={"x264-params": "keyint=10:bframes=2"})
    data = bytearray(path.read_bytes())
    begin = data.index(b"mdat") + 3000
    data[begin : begin + 1500] = np.random.default_rng(2).integers(0, 256, 1500, dtype=np.uint8).tobytes()
    path.write_bytes(data)
    with pytest.raises(FilmError, match="damaged or breaks off"):
        list(frames(probe(path), 0, 60))


def test_the_films_of_no_runner_say_what_they_are(shared_data) -> None:
    folder = shared_data / "no_runner"
    assert "its end is missing" in refusal(folder / "cut_off_download.mp4")
    assert "picture" in refusal(folder / "jpeg_named_mp4.mp4")
    assert "empty" in refusal(folder / "empty.mp4")


def test_a_phantom_film_has_the_times_of_its_truth(shared_data) -> None:
    info = probe(shared_data / "phantom" / "side_base.mp4")
    truth = np.loadtxt(shared_data / "phantom" / "side_base.csv", delimiter=",", skiprows=1, usecols=1)
    np.testing.assert_allclose(info.time_s, truth, atol=1e-4)


def test_a_written_film_keeps_its_times_and_pictures(tmp_path) -> None:
    path = tmp_path / "drawn.mp4"
    shades = np.linspace(20, 230, 15).astype(np.uint8)
    times_s = np.cumsum(np.linspace(0.01, 0.08, 15))
    with FilmWriter(path, width_px=65, height_px=49) as writer:
        for shade, time_s in zip(shades, times_s, strict=True):
            writer.write(np.full((49, 65, 3), shade, dtype=np.uint8), float(time_s))
    info = probe(path)
    assert (info.width_px, info.height_px) == (64, 48)
    np.testing.assert_allclose(info.time_s, times_s, atol=1e-4)
    np.testing.assert_allclose([rgb.mean() for _, rgb in frames(info, 0, 15)], shades, atol=3)


def draw(path: Path, pictures: NDArray[np.uint8], *, interrupt: bool = False) -> None:
    with FilmWriter(path, width_px=pictures.shape[2], height_px=pictures.shape[1]) as writer:
        for i, rgb in enumerate(pictures):
            writer.write(rgb, i / 30)
        if interrupt:
            raise KeyboardInterrupt


def test_a_film_not_finished_leaves_nothing(tmp_path) -> None:
    with pytest.raises(KeyboardInterrupt):
        draw(tmp_path / "drawn.mp4", np.zeros((5, 48, 64, 3), dtype=np.uint8), interrupt=True)
    assert list(tmp_path.iterdir()) == []


def test_a_film_that_cannot_be_written_says_so(tmp_path) -> None:
    with pytest.raises(OutputError):
        draw(tmp_path / "none" / "drawn.mp4", np.zeros((1, 48, 64, 3), dtype=np.uint8))


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no full disk to be had here")
def test_a_full_disk_says_so(tmp_path) -> None:
    (tmp_path / ".drawn.mp4.part").symlink_to("/dev/full")
    noise = np.random.default_rng(3).integers(0, 256, (40, 240, 320, 3), dtype=np.uint8)
    with pytest.raises(OutputError, match="space"):
        draw(tmp_path / "drawn.mp4", noise)
    assert not (tmp_path / "drawn.mp4").exists()
