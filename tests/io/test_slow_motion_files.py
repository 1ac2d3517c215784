"""What phones write about slow motion, in files as they write them."""

from __future__ import annotations

import struct
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from numbered import numbered_picture
from runfree.core.errors import FilmError
from runfree.io.slow_motion import CAPTURE_KEY, plays_by_edits, times_slower
from runfree.io.video import frames, probe


def _film(path: Path, *, played_hz: int, n: int = 60, tags: dict[str, str] | None = None) -> Path:
    options = {"movflags": "use_metadata_tags"} if tags else {}
    with av.open(str(path), "w", options=options) as container:
        container.metadata.update(tags or {})
        stream = container.add_stream("libx264", rate=played_hz, options={"bf": "2"})
        stream.width, stream.height, stream.pix_fmt = 160, 96, "yuv420p"
        stream.time_base = stream.codec_context.time_base = Fraction(1, played_hz)
        for i in range(n):
            frame = av.VideoFrame.from_ndarray(numbered_picture(i), format="rgb24")
            frame.pts, frame.time_base = i, Fraction(1, played_hz)
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return path


def _played_by_edits(path: Path, edits: list[tuple[float, float, float]]) -> Path:
    """Replace the edit list of a film by (start, length) in seconds of the media and a rate, as an iPhone's export does."""
    data = path.read_bytes()
    media_hz = struct.unpack(">I", data[data.index(b"mdhd") + 16 :][:4])[0]
    movie_hz = struct.unpack(">I", data[data.index(b"mvhd") + 16 :][:4])[0]
    rows = b"".join(
        struct.pack(">Iii", round(length / rate * movie_hz), round(start * media_hz), round(rate * 65536))
        for start, length, rate in edits
    )
    body = b"elst" + struct.pack(">II", 0, len(edits)) + rows
    elst = struct.pack(">I", len(body) + 4) + body
    edts = struct.pack(">I", len(elst) + 8) + b"edts" + elst
    at = data.index(b"edts") - 4
    old = struct.unpack(">I", data[at : at + 4])[0]
    grown = len(edts) - old
    data = bytearray(data[:at] + edts + data[at + old :])
    for atom in (b"moov", b"trak"):
        place = data.index(atom) - 4
        struct.pack_into(">I", data, place, struct.unpack(">I", data[place : place + 4])[0] + grown)
    path.write_bytes(data)
    return path


def test_android_says_how_fast_it_filmed(tmp_path: Path) -> None:
    slow = probe(_film(tmp_path / "slow.mp4", played_hz=30, tags={CAPTURE_KEY: "240.000000"}))
    assert (slow.slowmo, slow.slowmo_told) == (8.0, "metadata")
    np.testing.assert_allclose(np.diff(slow.time_s), 1 / 240, rtol=1e-6)
    np.testing.assert_allclose(np.diff(slow.played_s), 1 / 30, rtol=1e-6)


def test_an_ordinary_android_film_and_one_without_word_keep_their_times(tmp_path: Path) -> None:
    for name, tags in (("own.mp4", {CAPTURE_KEY: "30"}), ("none.mp4", None)):
        film = probe(_film(tmp_path / name, played_hz=30, tags=tags))
        assert film.slowmo == 1.0
        np.testing.assert_allclose(np.diff(film.time_s), 1 / 30, rtol=1e-6)


def test_the_user_s_word_counts_more_than_the_metadata(tmp_path: Path) -> None:
    film = probe(_film(tmp_path / "slow.mp4", played_hz=30, tags={CAPTURE_KEY: "240"}), slowmo=4)
    assert (film.slowmo, film.slowmo_told) == (4.0, "given")


def test_an_iphone_s_slowed_middle_keeps_the_times_of_capture(tmp_path: Path) -> None:
    plain = probe(_film(tmp_path / "plain.mov", played_hz=240, n=120))
    path = _film(tmp_path / "slow.mov", played_hz=240, n=120)
    slow = probe(_played_by_edits(path, [(0.0, 0.1, 1.0), (0.1, 0.3, 0.125), (0.4, 0.1, 1.0)]))
    assert slow.by_capture
    assert slow.slowmo == 1.0
    np.testing.assert_allclose(np.diff(slow.time_s), np.diff(plain.time_s), atol=1e-6)
    pictures = [[rgb.tobytes() for _, rgb in frames(info, 40, 60)] for info in (plain, slow)]
    assert pictures[0] == pictures[1]


def test_an_edit_list_that_only_trims_is_no_slow_motion(tmp_path: Path) -> None:
    assert not plays_by_edits(_film(tmp_path / "plain.mov", played_hz=60))
    assert not plays_by_edits(tmp_path / "there is no such film.mov")


def test_a_time_lapse_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FilmError, match="time lapse"):
        probe(_film(tmp_path / "lapse.mp4", played_hz=30, tags={CAPTURE_KEY: "2"}))


@pytest.mark.parametrize("said", ["", "fast", "nan", "inf", "-240", "0", "1e9"])
def test_a_capture_rate_that_makes_no_sense_is_no_word(said: str) -> None:
    assert times_slower("film", {CAPTURE_KEY: said}, 30.0) is None


@given(whole=st.integers(1, 40), played_hz=st.floats(10, 240), off=st.floats(-0.02, 0.02))
def test_near_a_whole_number_it_is_that_number(whole: int, played_hz: float, off: float) -> None:
    captured = whole * played_hz * (1 + off)
    if captured <= 2000:
        assert times_slower("film", {CAPTURE_KEY: str(captured)}, played_hz) == whole


@given(junk=st.binary(max_size=300), cut=st.integers(0, 400))
def test_damaged_atoms_end_quietly(junk: bytes, cut: int, tmp_path_factory: pytest.TempPathFactory) -> None:
    path = tmp_path_factory.mktemp("junk") / "film.mov"
    path.write_bytes((struct.pack(">I4s", 400, b"moov") + struct.pack(">I4s", 392, b"trak") + junk)[:cut])
    assert plays_by_edits(path) in (True, False)
