"""What tests of several areas share."""

from __future__ import annotations

import shutil
import struct
from collections.abc import Iterator, Sequence
from fractions import Fraction
from pathlib import Path

import av
import pytest
from hypothesis import settings
from playwright.sync_api import Browser, sync_playwright

from numbered import number_of, numbered_picture

# No clock decides a test, and the suite gives the same answer twice.
settings.register_profile("runfree", deadline=None, derandomize=True)
settings.load_profile("runfree")

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
LONGEST_NAME = 80


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """Name a test after its argument where the argument itself is a whole file."""
    return argname if isinstance(val, str | bytes) and len(val) > LONGEST_NAME else None


SHARED_DATA = Path(__file__).resolve().parents[2] / "shared" / "data"


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real and phantom recordings beside the repository."""
    if not SHARED_DATA.is_dir():
        pytest.skip("needs the recordings in ../shared/data, which are not here")
    return SHARED_DATA


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Start Chromium; a second one in the same process cannot be."""
    if CHROMIUM is None:
        pytest.skip("no Chromium here (apt-get install chromium)")
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield found
        found.close()


def turn_track(path: Path, clockwise_deg: int, *, mirror: bool = False) -> None:
    """Write a display matrix into an MP4's track header (ISO 14496-12, 8.3.2), as phones do."""
    a, b, c, d = {0: (1, 0, 0, 1), 90: (0, 1, -1, 0), 180: (-1, 0, 0, -1), 270: (0, -1, 1, 0)}[clockwise_deg]
    if mirror:
        a, b = -a, -b
    data = bytearray(path.read_bytes())
    at = data.index(b"tkhd") + 44
    data[at : at + 36] = struct.pack(">9i", a << 16, b << 16, 0, c << 16, d << 16, 0, 0, 0, 1 << 30)
    path.write_bytes(data)


class FilmMaker:
    """Makes small films whose frames carry their numbers."""

    number_of = staticmethod(number_of)

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def __call__(
        self,
        name: str = "film.mp4",
        *,
        n: int = 30,
        codec: str = "libx264",
        times_ms: Sequence[int] | None = None,
        turn: int = 0,
        mirror: bool = False,
        options: dict[str, str] | None = None,
        container_options: dict[str, str] | None = None,
    ) -> Path:
        """Write a film of 160 × 96 px, at 30 frames a second unless ``times_ms`` says otherwise."""
        path = self.folder / name
        base = Fraction(1, 1000)
        with av.open(str(path), "w", options=container_options or {}) as container:
            stream = container.add_stream(codec, rate=1000, options=options or {})
            stream.width, stream.height, stream.pix_fmt = 160, 96, "yuv420p"
            stream.time_base = stream.codec_context.time_base = base
            for i, time_ms in enumerate(times_ms or [round(i * 1000 / 30) for i in range(n)]):
                frame = av.VideoFrame.from_ndarray(numbered_picture(i), format="rgb24")
                frame.pts, frame.time_base = time_ms, base
                container.mux(stream.encode(frame))
            container.mux(stream.encode(None))
        if turn or mirror:
            turn_track(path, turn, mirror=mirror)
        return path


@pytest.fixture
def film(tmp_path: Path) -> FilmMaker:
    """Return a maker of small films in the test's own folder."""
    return FilmMaker(tmp_path)
