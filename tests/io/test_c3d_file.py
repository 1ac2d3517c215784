"""C3D files written byte by byte after the user guide, real ones against another library, and many damaged ones."""

from __future__ import annotations

import struct
from pathlib import Path

import ezc3d
import numpy as np
import pytest

from runfree.core.errors import MotionError
from runfree.io.lab.c3d import C3d
from runfree.io.lab.c3d_file import read_stored

FRAMES, MARKERS, SAMPLES = 12, 2, 3
INTEL, DEC, MIPS = 84, 85, 86


def number(value: float, processor: int) -> bytes:
    """A real number as the processor stores it; DEC's format worked out from sign, exponent and fraction."""
    if processor != DEC:
        return struct.pack(">f" if processor == MIPS else "<f", value)
    if value == 0:
        return bytes(4)
    fraction, exponent = np.frexp(abs(value))
    bits = (int(value < 0) << 31) | ((int(exponent) + 128) << 23) | int((fraction * 2 - 1) * 2**23)
    return struct.pack("<HH", bits >> 16, bits & 0xFFFF)


def c3d(processor: int, *, whole: bool) -> bytes:
    """A trial of two markers and one analog channel; ``whole`` numbers are scaled by 0.5, the second marker is hidden in frame 3."""
    order = ">" if processor == MIPS else "<"
    scale = 0.5 if whole else -1.0

    def parameter(group: int, name: str, kind: int, shape: list[int], value: bytes) -> bytes:
        head = struct.pack("bb", len(name), group) + name.encode()
        body = struct.pack("bB", kind, len(shape)) + bytes(shape) + value + bytes(1)
        return head + struct.pack(order + "H", len(body) + 2) + body

    def group(number_: int, name: str) -> bytes:
        return struct.pack("bb", len(name), -number_) + name.encode() + struct.pack(order + "H", 3) + bytes(1)

    chain = group(1, "POINT") + group(2, "ANALOG")
    chain += parameter(1, "RATE", 4, [], number(100.0, processor))
    chain += parameter(1, "UNITS", -1, [4], b"mm  ")
    chain += parameter(1, "LABELS", -1, [4, MARKERS], b"LASIRASI")
    chain += parameter(2, "SCALE", 4, [1], number(0.25, processor))
    chain += parameter(2, "OFFSET", 2, [1], struct.pack(order + "h", 8))
    chain += parameter(2, "GEN_SCALE", 4, [], number(2.0, processor))
    words = struct.pack(order + "5H", MARKERS, SAMPLES, 11, 10 + FRAMES, 0)
    header = bytes([2, 0x50]) + words + number(scale, processor) + struct.pack(order + "2H", 3, SAMPLES)
    out = header.ljust(512, b"\0") + (bytes([1, 0x50, 1, processor]) + chain).ljust(512, b"\0")
    for frame in range(FRAMES):
        for marker in range(MARKERS):
            hidden = frame == 3 and marker == 1
            for value in (10 * frame + marker, -200, 300, -1 if hidden else 0):
                out += struct.pack(order + "h", value) if whole else number(float(value), processor)
        for sample in range(SAMPLES):
            value = 100 * frame + sample
            out += struct.pack(order + "h", value) if whole else number(float(value), processor)
    return out


@pytest.mark.parametrize("whole", [False, True])
@pytest.mark.parametrize("processor", [INTEL, DEC, MIPS])
def test_every_kind_of_number_is_read(tmp_path: Path, processor: int, whole: bool) -> None:
    path = tmp_path / "trial.c3d"
    path.write_bytes(c3d(processor, whole=whole))
    stored, scale = read_stored(path), 0.5 if whole else 1.0
    expected = np.array([[[10 * f + m, -200, 300] for m in range(MARKERS)] for f in range(FRAMES)]) * scale
    expected[3, 1] = np.nan
    np.testing.assert_allclose(stored.points, expected)
    analog = np.array([100 * f + s for f in range(FRAMES) for s in range(SAMPLES)])
    np.testing.assert_allclose(stored.analog[:, 0], (analog - 8) * 0.25 * 2)
    held = C3d().read(path)
    assert list(held["marker"].to_numpy()) == ["LASI", "RASI"]
    np.testing.assert_allclose(held["time"], (10 + np.arange(FRAMES)) / 100)
    np.testing.assert_allclose(held["position"][2, 0], np.array([20, -200, 300]) * scale / 1000)


@pytest.mark.parametrize("name", ["RBDS001runT35", "RBDS001static", "ferber_20140515T133244_run"])
def test_real_files_are_read_as_another_library_reads_them(shared_data: Path, name: str) -> None:
    path = shared_data / "lab" / "fukuchi" / f"{name}.c3d"
    ours, theirs = read_stored(path), ezc3d.c3d(str(path))
    points = theirs["data"]["points"][:3].transpose(2, 1, 0)
    seen = np.isfinite(ours.points)
    np.testing.assert_array_equal(ours.points[seen], points[seen])
    residual = theirs["data"]["meta_points"]["residuals"][0].T
    assert ((residual < 0) | (points == 0).all(axis=2) | np.isnan(points).any(axis=2))[~seen.all(axis=2)].all()
    np.testing.assert_array_equal(ours.analog.T.ravel(), theirs["data"]["analogs"].ravel())
    assert ours.words("POINT", "LABELS") == tuple(
        s.strip() for s in theirs["parameters"]["POINT"]["LABELS"]["value"]
    )


def test_a_parameter_of_endless_dimensions_is_refused(tmp_path: Path) -> None:
    data = bytearray(c3d(INTEL, whole=False))
    at = data.index(b"UNITS") + len("UNITS") + 2
    data[at + 1 : at + 257] = bytes([255] * 256)
    (tmp_path / "trial.c3d").write_bytes(bytes(data))
    with pytest.raises(MotionError, match="claims more than the file holds"):
        C3d().read(tmp_path / "trial.c3d")


def test_damage_anywhere_is_refused_or_read_and_never_more(tmp_path: Path) -> None:
    """Any byte of the header may be anything: a refusal in one sentence, or a trial. Some of these ended the process in ezc3d."""
    path, rng, said = tmp_path / "trial.c3d", np.random.default_rng(7), list[str]()
    whole = c3d(INTEL, whole=False)
    for _ in range(600):
        data = bytearray(whole)
        for at in rng.integers(0, 700, rng.integers(1, 4)):
            data[at] = rng.choice([0, 1, 127, 128, 255, int(rng.integers(256))])
        path.write_bytes(bytes(data))
        try:
            assert C3d().read(path).sizes["time"] <= FRAMES
        except MotionError as error:
            said.append(str(error))
    assert len(said) > 50
    assert not any("\n" in sentence for sentence in said)
