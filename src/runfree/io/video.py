"""Films in: upright RGB frames with their real presentation times."""

from __future__ import annotations

import math
import struct
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import chain
from pathlib import Path
from typing import Any, Literal

import av
import numpy as np
from av.video.reformatter import Interpolation, VideoReformatter
from numpy.typing import NDArray

from runfree.core.errors import FilmError
from runfree.io.film_file import (
    EXPORT_AGAIN,
    MAX_SIDE_PX,
    check_file,
    check_stream,
    decoding,
    film_name,
    open_film,
)
from runfree.io.slow_motion import plays_by_edits, times_slower

MAX_DURATION_S = 600.0
MAX_FRAMES = 60_000
MIN_FRAMES = 10

_SCALING = Interpolation.BILINEAR | Interpolation.BITEXACT


@dataclass(frozen=True, eq=False)
class FilmInfo:
    """What is known of a film before its frames are used.

    Attributes
    ----------
    path : Path
        Absolute path of the local file.
    width_px, height_px : int
        Size of the upright picture with square pixels.
    rotation_deg : int
        Clockwise turn from stored to upright: 0, 90, 180 or 270.
    codec : str
        Name of the decoder, such as ``h264``.
    time_s : array (T,) float64
        Time of every frame in seconds of the runner's clock, strictly increasing: its presentation time over ``slowmo``.
    pts : array (T,) int64
        Presentation times in units of ``time_base``.
    time_base : Fraction
        Seconds of play per unit of ``pts``.
    mirrored : bool
        Whether the stored picture is flipped left to right before the turn.
    stored_px : tuple of int
        Width and height as stored.
    key_pts : array of int64
        Times at which decoding can start.
    repeated_frames : int
        Frames left out because another had the same presentation time.
    slowmo : float
        How many times slower than life the frames' own times run; 1 for an ordinary film.
    slowmo_told : {"", "metadata", "given"}
        Who says so; "" where nobody does.
    by_capture : bool
        Whether an edit list that slows the play was left aside, so that times are those of capture.
    """

    path: Path
    width_px: int
    height_px: int
    rotation_deg: int
    codec: str
    time_s: NDArray[np.float64]
    pts: NDArray[np.int64]
    time_base: Fraction
    mirrored: bool
    stored_px: tuple[int, int]
    key_pts: NDArray[np.int64]
    repeated_frames: int
    slowmo: float = 1.0
    slowmo_told: Literal["", "metadata", "given"] = ""
    by_capture: bool = False

    @property
    def played_s(self) -> NDArray[np.float64]:
        """When every frame is shown, in seconds of the film's own clock."""
        return self.time_s * self.slowmo


def probe(path: str | Path, *, slowmo: float | None = None) -> FilmInfo:
    """Read a film's size, rotation and the presentation time of every frame.

    The file is read through once without decoding (but for its first frame), so that nothing rests on what
    its header claims. Frames before the first one that can be decoded are not part of the film.

    Parameters
    ----------
    path : str or Path
        A local regular file in MOV, MP4, WebM, Matroska, AVI or MPEG-TS.
    slowmo : float, optional
        How many times slower than life it plays; by default what its metadata tells, see :mod:`runfree.io.slow_motion`.

    Raises
    ------
    FilmError
        If it cannot be opened, is no film, is cut off, or lies outside the bounds of this module.
    """
    file = Path(path).absolute()
    check_file(file)
    by_capture = plays_by_edits(file)
    with decoding(file), open_film(file, 1, by_capture=by_capture) as (container, stream):
        stored, codec, base = check_stream(file, stream)
        first = next((f for f in container.decode(stream) if f.pts is not None and f.time_base), None)
        if first is None or first.pts is None:
            raise FilmError(film_name(file), "no picture in it can be decoded", EXPORT_AGAIN)
        turn, mirrored = _upright_turn(first)
        size = _upright_size(file, stored, stream.codec_context.sample_aspect_ratio, turn)
        tags = {**container.metadata}
        container.seek(0, stream=stream, backward=True)
    with decoding(file), open_film(file, 1, by_capture=by_capture) as (container, stream):
        pts, key_pts, repeated = _packet_times(file, container, stream, base, first.pts)
    if len(pts) < MIN_FRAMES:
        raise FilmError(
            film_name(file), f"it has only {len(pts)} frames", "Film at least five seconds of running."
        )
    played_s = _seconds(pts, base)
    slower, told = _slower(file, tags, played_s, slowmo, by_capture)
    return FilmInfo(
        file,
        *size,
        turn,
        codec,
        played_s / slower,
        pts,
        base,
        mirrored,
        stored,
        key_pts,
        repeated,
        slower,
        told,
        by_capture,
    )


def frames(
    info: FilmInfo, start: int, stop: int, *, longest_px: int | None = None, threads: int = 0
) -> Iterator[tuple[int, NDArray[np.uint8]]]:
    """Yield upright RGB frames by index, one in memory at a time.

    A frame's bytes are the same however it is reached. A frame that the decoder leaves out is left out here.

    Parameters
    ----------
    info : FilmInfo
        From :func:`probe`.
    start, stop : int
        Half-open range of frame indices.
    longest_px : int, optional
        Scale down so that the longer side has at most this many pixels.
    threads : int
        Decoder threads; 0 lets the decoder choose.

    Yields
    ------
    index : int
    rgb : array (height, width, 3) uint8

    Raises
    ------
    FilmError
        If decoding breaks off, or the picture size changes within the film.
    IndexError
        If the range does not lie within the film.
    """
    if not 0 <= start <= stop <= len(info.pts):
        raise IndexError(f"frames {start} to {stop} of a film with {len(info.pts)}")
    picture = _Converter(info, longest_px)
    for index, frame in _decoded(info, start, stop, threads):
        yield index, picture(frame)


def frames_at(info: FilmInfo, indices: Iterable[int]) -> dict[int, NDArray[np.uint8]]:
    """Return chosen upright RGB frames at full size, by index; see :func:`frames`.

    Raises
    ------
    FilmError
        If decoding breaks off, or a chosen frame cannot be decoded.
    IndexError
        If an index does not lie within the film.
    """
    wanted = sorted(set(indices))
    if wanted and not 0 <= wanted[0] <= wanted[-1] < len(info.pts):
        raise IndexError(f"frames {wanted[0]} to {wanted[-1]} of a film with {len(info.pts)}")
    picture = _Converter(info, None)
    groups: dict[int, list[int]] = {}
    for index in wanted:
        groups.setdefault(int(np.searchsorted(info.key_pts, info.pts[index], "right")), []).append(index)
    found: dict[int, NDArray[np.uint8]] = {}
    for group in groups.values():
        for index, frame in _decoded(info, group[0], group[-1] + 1, 0):
            if index in group:
                found[index] = picture(frame)
    if lost := set(wanted) - set(found):
        at_s = info.time_s[min(lost)]
        raise FilmError(film_name(info.path), f"the picture at {at_s:.2f} s cannot be decoded", EXPORT_AGAIN)
    return found


class _Converter:
    """Stored frame to upright RGB, always by the same arithmetic."""

    def __init__(self, info: FilmInfo, longest_px: int | None) -> None:
        scale = min(1.0, (longest_px or math.inf) / max(info.width_px, info.height_px))
        size = max(1, round(info.width_px * scale)), max(1, round(info.height_px * scale))
        self._info, self._reformatter = info, VideoReformatter()
        self._size = size[::-1] if info.rotation_deg % 180 else size

    def __call__(self, frame: av.VideoFrame) -> NDArray[np.uint8]:
        width, height = self._size
        rgb = self._reformatter.reformat(
            frame, width, height, "rgb24", interpolation=_SCALING, threads=1
        ).to_ndarray()
        flipped = rgb[:, ::-1] if self._info.mirrored else rgb
        return np.ascontiguousarray(np.rot90(flipped, -self._info.rotation_deg // 90), dtype=np.uint8)


def _decoded(info: FilmInfo, start: int, stop: int, threads: int) -> Iterator[tuple[int, Any]]:
    """Yield (index, stored frame) for start ≤ index < stop, each once, in order."""
    if start == stop:
        return
    following = start
    with decoding(info.path):
        for frame in _from_keyframe(info, start, threads):
            if (frame.width, frame.height) != info.stored_px:
                raise FilmError(film_name(info.path), "its picture size changes within the film", EXPORT_AGAIN)
            if frame.pts > info.pts[stop - 1]:
                return
            index = int(np.searchsorted(info.pts, frame.pts))
            if index >= following and info.pts[index] == frame.pts:
                following = index + 1
                yield index, frame
            if following == stop:
                return


def _from_keyframe(info: FilmInfo, start: int, threads: int) -> Iterator[Any]:
    """Decode from the last keyframe shown at or before a frame, or from the beginning if seeking misses it."""
    before = info.key_pts[info.key_pts <= info.pts[start]]
    if len(before) and before[-1] > info.pts[0]:
        key = int(before[-1])
        stored = _stored_frames(info, threads, key)
        first = next(stored, None)
        if first is not None and first.pts <= key:
            yield from (f for f in chain([first], stored) if f.pts >= key)
            return
    yield from _stored_frames(info, threads, None)


def _stored_frames(info: FilmInfo, threads: int, seek_pts: int | None) -> Iterator[Any]:
    with open_film(info.path, threads, by_capture=info.by_capture) as (container, stream):
        if seek_pts is not None:
            container.seek(seek_pts, stream=stream, backward=True)
        yield from (f for f in container.decode(stream) if f.pts is not None)


def _packet_times(
    path: Path, container: Any, stream: Any, base: Fraction, first_pts: int
) -> tuple[NDArray[np.int64], NDArray[np.int64], int]:
    """Times of all frames and of those that start a group, from the packets."""
    every: list[int] = []
    keys: list[int] = []
    for packet in container.demux(stream):
        if packet.size == 0 or packet.is_discard:
            continue
        if packet.pts is None:
            raise FilmError(film_name(path), "its frames carry no presentation times", EXPORT_AGAIN)
        if packet.is_corrupt:
            raise FilmError(film_name(path), "it breaks off: its end is missing", "Copy it from the phone again.")
        if packet.pts < first_pts:
            continue
        every.append(packet.pts)
        if packet.is_keyframe:
            keys.append(packet.pts)
        if len(every) > MAX_FRAMES or abs(packet.pts - first_pts) * base > MAX_DURATION_S:
            raise FilmError(
                film_name(path),
                f"it is longer than {MAX_DURATION_S / 60:.0f} minutes or {MAX_FRAMES} frames",
                "Cut out half a minute of steady running.",
            )
    pts, counts = np.unique(np.asarray(every, dtype=np.int64), return_counts=True)
    return pts, np.intersect1d(np.asarray(keys, dtype=np.int64), pts[counts == 1]), len(every) - len(pts)


def _slower(
    path: Path, tags: dict[str, str], played_s: NDArray[np.float64], given: float | None, by_capture: bool
) -> tuple[float, Literal["", "metadata", "given"]]:
    """How many times slower than life the frames' times run, and who says so: the user before the metadata."""
    if given is not None:
        return given, "given"
    slower = times_slower(film_name(path), tags, 1 / float(np.median(np.diff(played_s))))
    return slower or 1.0, "metadata" if slower or by_capture else ""


def _seconds(pts: NDArray[np.int64], base: Fraction) -> NDArray[np.float64]:
    return pts.astype(np.float64) * base.numerator / base.denominator


def _upright_turn(frame: Any) -> tuple[int, bool]:
    """Clockwise degrees (to the next quarter turn) and mirroring from the display matrix (ISO 14496-12)."""
    try:
        matrix = struct.unpack("=9i", bytes(frame.side_data["DISPLAYMATRIX"]))
    except KeyError:
        return 0, False
    a, b, c, d = matrix[0], matrix[1], matrix[3], matrix[4]
    mirrored = a * d - b * c < 0
    if mirrored:
        a, b = -a, -b
    return round(math.degrees(math.atan2(b, a)) / 90) % 4 * 90, mirrored


def _upright_size(path: Path, stored: tuple[int, int], aspect: Fraction | None, turn: int) -> tuple[int, int]:
    width = round(stored[0] * aspect) if aspect else stored[0]
    if not 1 <= width <= MAX_SIDE_PX:
        raise FilmError(film_name(path), "the shape of its pixels makes no sense", EXPORT_AGAIN)
    return (stored[1], width) if turn % 180 else (width, stored[1])
