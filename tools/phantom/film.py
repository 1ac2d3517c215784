"""One film and its truth: NAME.mp4, NAME.json and, if wanted, NAME.npz with the joints and skin marks of every frame."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from fractions import Fraction
from pathlib import Path

import av
import numpy as np

from phantom.clothes import Outfit, dressed
from phantom.footfalls import Gait
from phantom.motion import Motion, Posed
from phantom.people import person
from phantom.scene import Camera, Filming, Stage, cameras
from phantom.truth import points, truth_of
from phantom.turns import Array


@dataclass(frozen=True)
class Film:
    """Who runs how, dressed and filmed how."""

    name: str
    height_m: float = 1.75
    womanly: float = 0.0
    build: float = 0.0
    seconds: float = 6.0
    gait: Gait = field(default_factory=Gait)
    outfit: Outfit = field(default_factory=Outfit)
    filming: Filming = field(default_factory=Filming)
    quality: int = 23


def make(film: Film, folder: Path, *, with_points: bool = True) -> None:
    """Write the film and its truth."""
    folder.mkdir(parents=True, exist_ok=True)
    body, filming = person(film.height_m, film.womanly, film.build), film.filming
    motion = Motion(body, film.gait, film.seconds + 0.01)
    n = round(film.seconds * filming.fps)
    t, views = np.arange(n) / filming.fps, cameras(filming, n, film.height_m)
    clothed, colours = dressed(body, film.outfit)
    stage = Stage(filming, clothed, colours, film.gait.speed)
    shutter = motion.at(np.concatenate([_open_shutter(moment, filming) for moment in t]))
    with av.open(str(folder / f"{film.name}.mp4"), "w") as out:
        stream = out.add_stream("libx264", rate=Fraction(filming.fps).limit_denominator(1001))
        stream.width, stream.height, stream.pix_fmt = filming.width, filming.height, "yuv420p"
        stream.options = {"crf": str(film.quality), "preset": "veryfast"}
        for i, view in enumerate(views):
            opened = range(i * filming.blur, (i + 1) * filming.blur)
            picture = sum(_shot(stage, shutter, film, view, k) / filming.blur for k in opened)
            out.mux(stream.encode(av.VideoFrame.from_ndarray(stage.grained(picture), format="rgb24")))
        out.mux(stream.encode(None))
    document = {
        "name": film.name,
        "view": filming.view,
        "fps": filming.fps,
        "mode": "overground" if filming.overground else "treadmill",
        "footwear": "barefoot" if film.outfit.barefoot else "shoes",
        "body_height_m": film.height_m,
        "body": {"womanly": film.womanly, "build": film.build},
        "truth": truth_of(motion),
        "requested": asdict(film.gait),
        "outfit": asdict(film.outfit),
        "filming": asdict(filming),
    }
    (folder / f"{film.name}.json").write_text(json.dumps(document, indent=1) + "\n")
    if with_points:
        seen = {k: v + _travelled(film, t) for k, v in points(body, motion.at(t)).items()}
        pixels = {
            f"{k}_px": np.array([c.project(x) for c, x in zip(views, v, strict=True)]) for k, v in seen.items()
        }
        np.savez_compressed(
            folder / f"{film.name}.npz", **{k: v.astype(np.float32) for k, v in (seen | pixels).items()}
        )


def _open_shutter(t: float, filming: Filming) -> Array:
    """Times within the half frame that the shutter is open."""
    return t + (np.arange(filming.blur) - (filming.blur - 1) / 2) / filming.blur * 0.5 / filming.fps


def _shot(stage: Stage, posed: Posed, film: Film, view: Camera, k: int) -> Array:
    return stage.frame(
        view, posed.vertices(stage.body, k) + _travelled(film, posed.t[k : k + 1]), float(posed.t[k])
    )


def _travelled(film: Film, t: Array) -> Array:
    """How far the runner has come (N, 3), half-way in the middle of the film."""
    return np.outer(film.gait.speed * (t - film.seconds / 2) * film.filming.overground, [1.0, 0, 0])
