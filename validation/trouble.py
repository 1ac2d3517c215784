"""What does planted trouble do to the numbers? Rendered films with one fault each, against the same film without it.

    uv run python validation/trouble.py FOLDER [--out FOLDER] [--only NAME ...]

FOLDER holds the rendered films (side_base.mp4, front_fpa_m5_0.mp4, side_overground.mp4). Every number of a troubled film must lie in the
interval of the film without trouble, or be refused with a reason; what does neither is silently wrong and is printed. Legs are
also exchanged for 1 to 10 frames on tracked keypoints: repaired, left out, or missed.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw
from scipy.ndimage import rotate, zoom

from runfree.app.analyze import analyze
from runfree.core.analysis import Analysis
from runfree.core.errors import RunfreeError
from runfree.core.motion import Motion
from runfree.io.film_writer import FilmWriter
from runfree.io.video import frames, probe
from runfree.pose.sides import put_sides_right

Picture = NDArray[np.uint8]
Frame = tuple[float, Picture]
Trouble = Callable[[Path, str], Iterator[Frame]]
HEIGHT_M = 1.75


def film(path: Path) -> Iterator[Frame]:
    """Yield time and picture of every frame."""
    info = probe(path)
    for i, rgb in frames(info, 0, len(info.pts)):
        yield float(info.time_s[i]), rgb


def write(target: Path, pictures: Iterator[Frame]) -> Path:
    """Write pictures as a film."""
    start_s, first = next(pictures)
    with FilmWriter(target, width_px=first.shape[1], height_px=first.shape[0]) as out:
        out.write(first, start_s)
        for time_s, rgb in pictures:
            out.write(rgb, time_s)
    return target


def roll(folder: Path, name: str) -> Iterator[Frame]:
    """A phone held 5 degrees askew."""
    for time_s, rgb in film(folder / name):
        yield time_s, rotate(rgb, 5, reshape=False, order=1, mode="nearest")


def shake(folder: Path, name: str) -> Iterator[Frame]:
    """A hand that trembles by some pixels at 1 to 4 times a second."""
    for time_s, rgb in film(folder / name):
        x = 40 + 8 * np.sin(2 * np.pi * 1.3 * time_s) + 4 * np.sin(2 * np.pi * 3.7 * time_s)
        y = 30 + 8 * np.sin(2 * np.pi * 2.1 * time_s + 1) + 4 * np.cos(2 * np.pi * 3.1 * time_s)
        yield time_s, rgb[round(y) : round(y) + 640, round(x) : round(x) + 1200]


def pan(folder: Path, name: str) -> Iterator[Frame]:
    """A phone that turns slowly to the side."""
    for time_s, rgb in film(folder / name):
        left = round(330 * time_s / 6)
        yield time_s, rgb[:, left : left + 900]


def dropped(folder: Path, name: str) -> Iterator[Frame]:
    """Every tenth frame lost, at random."""
    lost = np.random.default_rng(1).random(10_000) < 0.1
    yield from (frame for i, frame in enumerate(film(folder / name)) if not lost[i])


def variable_rate(folder: Path, name: str) -> Iterator[Frame]:
    """60, then 30, then 20 frames a second, by turns."""
    for i, frame in enumerate(film(folder / name)):
        if i % (1, 2, 3, 2)[i // 40 % 4] == 0:
            yield frame


def cut(folder: Path, name: str) -> Iterator[Frame]:
    """A cut to an empty street of black and back, in the middle."""
    for time_s, rgb in film(folder / name):
        yield time_s, np.zeros_like(rgb) if 2.4 < time_s < 3.1 else rgb


def two_views(folder: Path, name: str) -> Iterator[Frame]:
    """The film, then a hard cut to one from the front."""
    end_s = 0.0
    for time_s, rgb in film(folder / name):
        end_s = time_s
        yield time_s, rgb
    for time_s, rgb in film(folder / "front_fpa_m5_0.mp4"):
        if time_s < 3:
            yield end_s + 1 / 60 + time_s, rgb


def crossing(folder: Path, name: str) -> Iterator[Frame]:
    """A second, larger runner who crosses in front."""
    yield from _with_another(folder, name, 1.7)


def behind(folder: Path, name: str) -> Iterator[Frame]:
    """A smaller runner who crosses at the side of the picture."""
    yield from _with_another(folder, name, 0.8)


def rails(folder: Path, name: str) -> Iterator[Frame]:
    """A treadmill's hand rail, and its upright where the leading foot lands."""
    for time_s, rgb in film(folder / name):
        picture = Image.fromarray(rgb)
        draw = ImageDraw.Draw(picture)
        draw.line([(720, 330), (300, 300)], fill=(50, 50, 55), width=18)
        draw.line([(500, 720), (440, 250)], fill=(40, 40, 45), width=44)
        yield time_s, np.asarray(picture)


def deck(folder: Path, name: str) -> Iterator[Frame]:
    """The side of a treadmill, as high as the ankle of the standing foot."""
    for time_s, rgb in film(folder / name):
        out = rgb.copy()
        out[605:690] = 36
        yield time_s, out


def post(folder: Path, name: str) -> Iterator[Frame]:
    """A post in front of the legs."""
    for time_s, rgb in film(folder / name):
        out = rgb.copy()
        out[380:, 615:665] = 42
        yield time_s, out


def _with_another(folder: Path, name: str, scale: float) -> Iterator[Frame]:
    other = folder / "side_overground.mp4"
    empty = next(rgb for _, rgb in film(other)).astype(int)
    for (time_s, rgb), (_, passing) in zip(film(folder / name), film(other), strict=False):
        mask = np.abs(passing.astype(int) - empty).max(axis=2) > 18
        out = rgb.copy()
        rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
        if mask.sum() > 500:
            cut_out = passing[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
            shape = mask[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
            _paste(
                out,
                zoom(cut_out, (scale, scale, 1), order=1),
                zoom(shape.astype(np.uint8), scale, order=0),
                columns,
            )
        yield time_s, out


def _paste(out: Picture, person: Picture, shape: Picture, columns: NDArray[np.intp]) -> None:
    centre = int(columns.mean())
    top = max(0, 690 - person.shape[0])
    left = centre - person.shape[1] // 2
    x0, x1 = max(0, left), min(out.shape[1], left + person.shape[1])
    y1 = min(out.shape[0], top + person.shape[0])
    if x1 <= x0:
        return
    part = np.s_[: y1 - top, x0 - left : x1 - left]
    on = shape[part] > 0
    out[top:y1, x0:x1][on] = person[part][on]


TROUBLES: dict[str, tuple[Trouble, str]] = {
    f"{trouble.__name__} {name.split('_')[0]}": (trouble, name)
    for trouble, names in (
        (roll, ("side_base.mp4", "front_fpa_m5_0.mp4")),
        (shake, ("side_base.mp4", "front_fpa_m5_0.mp4")),
        (pan, ("side_base.mp4",)),
        (dropped, ("side_base.mp4", "front_fpa_m5_0.mp4")),
        (variable_rate, ("side_base.mp4",)),
        (cut, ("side_base.mp4",)),
        (two_views, ("side_base.mp4",)),
        (crossing, ("side_base.mp4", "front_fpa_m5_0.mp4")),
        (behind, ("side_base.mp4",)),
        (rails, ("side_base.mp4",)),
        (deck, ("side_base.mp4",)),
        (post, ("side_base.mp4",)),
    )
    for name in names
}


@dataclass(frozen=True)
class Outcome:
    """What became of the numbers of a film: within the interval without trouble, outside it, or refused."""

    held: list[str]
    wrong: list[str]
    refused: list[str]


def compare(plain: Analysis, troubled: Analysis) -> Outcome:
    """Compare number by number."""
    out = Outcome([], [], [])
    for was in plain.estimates:
        now = troubled.estimate(was.metric, was.side)
        name = f"{was.metric} {was.side}"
        if now is None:
            out.refused.append(name)
        elif was.low <= now.value <= was.high or now.low <= was.value <= now.high:
            out.held.append(name)
        else:
            out.wrong.append(f"{name} {was.value:.1f} ({was.low:.1f} to {was.high:.1f}) became {now.value:.1f}")
    return out


def exchanged(motion: Motion, count: int, seed: int = 0) -> dict[str, int]:
    """Exchange the legs for 1 to 10 frames ``count`` times, and count what the repair makes of it."""
    rng = np.random.default_rng(seed)
    names = [str(k) for k in motion["keypoint"].to_numpy()]
    parts = ("hip", "knee", "ankle", "heel", "toe")
    left, right = ([names.index(f"{side}_{part}") for part in parts] for side in ("left", "right"))
    good, outcome = motion["position"].to_numpy(), {"repaired": 0, "left out": 0, "missed": 0}
    for _ in range(count):
        length = int(rng.integers(1, 11))
        start = int(rng.integers(5, len(good) - 15))
        broken = motion.copy(deep=True)
        values, rows = broken["position"].to_numpy(), np.arange(start, start + length)[:, None]
        values[rows, left + right] = values[rows, right + left]
        now = put_sides_right(Motion(broken))[0]["position"].to_numpy()[start : start + length][:, left + right]
        off = np.linalg.norm(now - good[start : start + length][:, left + right], axis=2)
        apart = np.linalg.norm(good[rows, left] - good[rows, right], axis=2).max(axis=1)
        wrong = ((off > 1).any(axis=1) & (apart > 40)).sum()
        outcome["missed" if wrong else "left out" if np.isnan(now).any() else "repaired"] += 1
    return outcome


def main() -> None:
    """Run the bench."""
    words = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    words.add_argument("folder", type=Path)
    words.add_argument("--out", type=Path)
    words.add_argument("--only", nargs="*", default=None)
    given = words.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        out = given.out or Path(temporary)
        plain = {
            name: analyze(given.folder / name, height_m=HEIGHT_M) for name in {n for _, n in TROUBLES.values()}
        }
        for title, (trouble, name) in TROUBLES.items():
            if given.only and trouble.__name__ not in given.only:
                continue
            path = out / f"{title.replace(' ', '_')}.mp4"
            if not path.exists():
                write(path, trouble(given.folder, name))
            try:
                troubled = analyze(path, height_m=HEIGHT_M)
            except RunfreeError as refusal:
                print(f"{title}: refused. {refusal}", flush=True)
                continue
            seen = compare(plain[name], troubled)
            said = " ".join((*troubled.films[0].measured.flags, *troubled.films[0].notes))
            print(
                f"{title}: {len(seen.held)} held, {len(seen.refused)} refused, wrong: {seen.wrong}. {said}",
                flush=True,
            )
        for name, analysis in plain.items():
            print(f"legs exchanged in {name}: {exchanged(Motion(analysis.films[0].motion), 100)}")


if __name__ == "__main__":
    main()
