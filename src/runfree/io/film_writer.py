"""Drawn films out."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
from numpy.typing import NDArray

from runfree.core.errors import OutputError

_WRITTEN_TIME_BASE = Fraction(1, 90_000)


_X264 = ("mp4", "libx264", {"crf": "20", "preset": "veryfast"}, {"movflags": "faststart"})
# A key frame every few frames, so that a browser shows any of them at once; the index first, so that it finds them.
_VP9 = (
    "webm",
    "libvpx-vp9",
    {"crf": "30", "b": "0", "g": "12", "deadline": "realtime", "cpu-used": "8", "row-mt": "1"},
    {"reserve_index_space": "60000"},
)


class FilmWriter:
    """Write RGB frames with their own times; the file appears only when it is whole.

    A film named ``.webm`` is VP9 that every browser plays and finds every frame of; any other is H.264 in MP4.

    Use as a context manager; leaving it by an error leaves no file behind.

    Parameters
    ----------
    path : str or Path
        Where the film goes.
    width_px, height_px : int
        Size of the frames to come; an odd last row or column is cut off, for both codecs need even sizes.

    Raises
    ------
    OutputError
        If the film cannot be written, such as on a full disk.
    """

    def __init__(self, path: str | Path, *, width_px: int, height_px: int) -> None:
        self.path = Path(path)
        self._part = self.path.with_name(f".{self.path.name}.part")
        self._size = width_px // 2 * 2, height_px // 2 * 2
        self._container: Any = None
        self._stream: Any = None

    def __enter__(self) -> FilmWriter:
        container, codec, coding, writing = _VP9 if self.path.suffix == ".webm" else _X264
        with self._writing():
            self._container = av.open(str(self._part.absolute()), "w", format=container, options=writing)
            stream: Any = self._container.add_stream(codec, options=coding)
            stream.width, stream.height = self._size
            stream.pix_fmt = "yuv420p"
            stream.time_base = stream.codec_context.time_base = _WRITTEN_TIME_BASE
            self._stream = stream
        return self

    def write(self, rgb: NDArray[np.uint8], time_s: float) -> None:
        """Add a frame (height, width, 3) shown at a time in seconds, later than the one before."""
        width, height = self._size
        frame = av.VideoFrame.from_ndarray(np.ascontiguousarray(rgb[:height, :width]), format="rgb24")
        frame.pts = round(time_s / _WRITTEN_TIME_BASE)
        frame.time_base = _WRITTEN_TIME_BASE
        with self._writing():
            self._container.mux(self._stream.encode(frame))

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: object) -> None:
        try:
            with self._writing():
                if kind is None:
                    self._container.mux(self._stream.encode(None))
                self._container.close()
                if kind is None:
                    self._part.replace(self.path)
        finally:
            self._part.unlink(missing_ok=True)

    @contextmanager
    def _writing(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise OutputError(
                f"The film {self.path.name}",
                f"it cannot be written ({error.strerror or error})",
                "Free some space or choose another folder.",
            ) from error
