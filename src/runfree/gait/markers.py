"""From a laboratory's markers to the body's keypoints in space."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from runfree.core.recording import Recording, marker_names
from runfree.signal.joints import hip_centres, turning_centre

Array = NDArray[np.float64]
Kind = Literal["middle", "beside", "across", "turning", "pelvis_left", "pelvis_right"]


@dataclass(frozen=True, slots=True)
class Place:
    """Where one keypoint lies among the markers.

    Attributes
    ----------
    kind : str
        ``middle`` of the markers; ``beside`` a joint, whose centre the markers miss sideways; ``across`` a share of the way from
        the first (medial) to the second (lateral); ``turning``, the point about which two clusters turn; ``pelvis_left`` and
        ``pelvis_right``, hip centres from left and right ASIS and PSIS.
    markers, other : tuple of str
        Names; ``other`` is the second cluster.
    share : float
    """

    kind: Kind
    markers: tuple[str, ...]
    other: tuple[str, ...] = ()
    share: float = 0.5


@dataclass(frozen=True, slots=True)
class MarkerSet:
    """A named way to place keypoints among markers; see the files in ``io/lab/marker_sets``."""

    title: str
    places: Mapping[str, Place]

    def found_in(self, markers: tuple[str, ...]) -> MarkerSet:
        """The same set with the keypoints that these markers allow. Large and small letters do not matter."""
        known = {m.casefold(): m for m in markers}
        kept: dict[str, Place] = {}
        for keypoint, place in self.places.items():
            needed = (*place.markers, *place.other)
            if all(n.casefold() in known for n in needed):
                one, other = (tuple(known[n.casefold()] for n in part) for part in (place.markers, place.other))
                kept[keypoint] = Place(place.kind, one, other, place.share)
        return MarkerSet(self.title, kept)


@dataclass(frozen=True, slots=True)
class Crossing:
    """The two markers that a keypoint lies across, (T, 3) each, and its share of the way to the lateral one."""

    medial: Array
    lateral: Array
    share: float


@dataclass(frozen=True, slots=True)
class Points:
    """Keypoints in space.

    Attributes
    ----------
    time_s : array (T,)
    at : dict of str to array (T, 3)
        Metres; NaN where a marker was hidden.
    sagittal_only : frozenset of str
        Keypoints whose sideways place the markers do not tell.
    across : dict of str to Crossing
        Keypoints that lie across two markers, with these.
    """

    time_s: Array
    at: dict[str, Array]
    sagittal_only: frozenset[str] = frozenset()
    across: Mapping[str, Crossing] = field(default_factory=dict[str, Crossing])


def keypoints_of(recording: Recording, chosen: MarkerSet) -> Points:
    """Place every keypoint of a set that the recording's markers allow, along the recording's own axes."""
    position = recording["position"].to_numpy()
    column = {name: i for i, name in enumerate(marker_names(recording))}

    def paths(names: tuple[str, ...]) -> Array:
        return position[:, [column[n] for n in names]]

    at: dict[str, Array] = {}
    aside: set[str] = set()
    pairs: dict[str, Crossing] = {}
    for keypoint, place in chosen.places.items():
        found = _place(place, paths)
        if found is not None:
            at[keypoint] = found
        if place.kind in ("turning", "beside"):
            aside.add(keypoint)
        if place.kind == "across":
            medial, lateral = paths(place.markers).transpose(1, 0, 2)
            pairs[keypoint] = Crossing(medial, lateral, place.share)
    return Points(recording["time"].to_numpy(), at, frozenset(aside), pairs)


def _place(place: Place, paths: Callable[[tuple[str, ...]], Array]) -> Array | None:
    markers = paths(place.markers)
    if place.kind == "turning":
        return turning_centre(markers, paths(place.other))
    if place.kind.startswith("pelvis"):
        left, right = hip_centres(*(markers[:, i] for i in range(4)))
        return left if place.kind == "pelvis_left" else right
    if place.kind == "across":
        return markers[:, 0] + place.share * (markers[:, 1] - markers[:, 0])
    return markers.mean(axis=1)
