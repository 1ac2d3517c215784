"""Marker sets: small files that say where the body's keypoints lie among a laboratory's markers."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Annotated

import numpy as np
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from runfree.core.errors import InputError, MotionError
from runfree.core.motion import KEYPOINTS
from runfree.core.recording import Recording, marker_names
from runfree.gait.markers import MarkerSet, Place

_PARTS = {name.split("_", 1)[-1] for name in KEYPOINTS}
_SHOWN = 12
_SEEN = 0.5


class _Pelvis(BaseModel):
    model_config = ConfigDict(extra="forbid")

    asis: str
    psis: str


class _Point(BaseModel):
    """Exactly one of these says where a keypoint lies."""

    model_config = ConfigDict(extra="forbid")

    middle: list[str] = []
    beside: list[str] = []
    across: list[str] = Field(default=[], max_length=2)
    share: Annotated[float, Field(ge=0, le=1)] = 0.5
    turning: list[str] = Field(default=[], max_length=2)
    from_pelvis: bool = False


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid")

    title: str
    sides: tuple[str, str]
    pelvis: _Pelvis | None = None
    clusters: dict[str, list[str]] = {}
    points: dict[str, _Point]


@lru_cache(maxsize=1)
def marker_sets() -> tuple[MarkerSet, ...]:
    """Every marker set that comes with the package."""
    return read_marker_sets(files("runfree.io.lab") / "marker_sets")


def read_marker_sets(folder: Traversable) -> tuple[MarkerSet, ...]:
    """Read and check a folder of marker-set files.

    Raises
    ------
    InputError
        Naming the file that is off, and why.
    """
    found: list[MarkerSet] = []
    for file in sorted(folder.iterdir(), key=lambda f: f.name):
        if file.name.endswith(".yaml"):
            try:
                found.append(_marker_set(_File.model_validate(YAML(typ="safe").load(file.read_text("utf-8")))))
            except (ValidationError, YAMLError, ValueError) as error:
                why = str(error).replace("\n", " ")[:300]
                raise InputError(f"The marker set {file.name}", why, "Correct the file.") from error
    return tuple(found)


def choose_set(recording: Recording) -> MarkerSet:
    """The set that places the most keypoints among the markers seen at least half of the time.

    Of sets that place as many, the one that guesses fewest: markers on both sides of a joint before clusters.

    Raises
    ------
    MotionError
        If none places both hips, and knees or ankles.
    """
    seen = np.isfinite(recording["position"].to_numpy()).all(axis=2).mean(axis=0) >= _SEEN
    names = tuple(n for n, often in zip(marker_names(recording), seen, strict=True) if often)
    if not names:
        raise MotionError(
            f"The trial {recording.attrs['source']}".strip(),
            "nothing is seen in half of its frames",
            "Give a trial that shows the runner.",
        )
    best = max(marker_sets(), key=lambda s: _rank(s.found_in(names)))
    found = best.found_in(names)
    if not {"left_hip", "right_hip"} <= set(found.places) or not {"left_ankle", "left_knee"} & set(found.places):
        listed = ", ".join(names[:_SHOWN]) + (", …" if len(names) > _SHOWN else "")
        raise MotionError(
            "These markers",
            f"no marker set that Runfree knows fits them ({listed})",
            "Rename them as in a set that is known (docs/laboratory.md), or add a small file for yours.",
        )
    return found


def _rank(found: MarkerSet) -> tuple[int, int]:
    return len(found.places), -sum(p.kind in ("turning", "beside") for p in found.places.values())


def _marker_set(given: _File) -> MarkerSet:
    places: dict[str, Place] = {}
    for part, point in given.points.items():
        if part not in _PARTS:
            raise ValueError(f"{part!r} is no keypoint")
        both = (("", ""),) if part == "nose" else tuple(zip(("left_", "right_"), given.sides, strict=True))
        for prefix, sign in both:
            places[prefix + part] = _place(given, point, prefix, sign)
    return MarkerSet(given.title, places)


def _place(given: _File, point: _Point, prefix: str, sign: str) -> Place:
    def names(of: Iterable[str]) -> tuple[str, ...]:
        return tuple(n.replace("{S}", sign) for n in of)

    kinds = [kind for kind in ("middle", "beside", "across", "turning", "from_pelvis") if getattr(point, kind)]
    if len(kinds) != 1:
        raise ValueError(f"a keypoint needs one of middle, beside, across, turning or from_pelvis, not {kinds}")
    kind = kinds[0]
    if kind == "from_pelvis":
        if given.pelvis is None:
            raise ValueError("from_pelvis needs the pelvis markers")
        four = [m.replace("{S}", s) for m in (given.pelvis.asis, given.pelvis.psis) for s in given.sides]
        return Place("pelvis_left" if prefix == "left_" else "pelvis_right", tuple(four))
    if kind == "turning":
        one, other = (names(given.clusters[c]) for c in point.turning)
        return Place("turning", one, other)
    markers = names(getattr(point, kind))
    return Place(kind, markers, share=point.share if kind == "across" else 0.5)  # type: ignore[arg-type]
