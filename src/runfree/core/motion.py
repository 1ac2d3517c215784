"""Motion: keypoints over time in one validated container."""

from __future__ import annotations

from typing import TYPE_CHECKING, NewType

import numpy as np
from numpy.typing import ArrayLike

from runfree.core.errors import MotionError

if TYPE_CHECKING:
    import xarray as xr

Motion = NewType("Motion", "xr.Dataset")
"""An xarray Dataset made by :func:`make_motion`: ``position`` (time, keypoint, space) in pixels, x right, y down;
``confidence`` (time, keypoint) from 0 to 1; ``time`` in seconds. A keypoint not seen is NaN. Optional: ``second_look``
like ``position``, what the network said of the mirrored picture, turned back; NaN where it was not asked; ``camera`` (time, move),
where the camera moved: how far the background lies from where it lay at first, x and y in pixels at the runner, and its turn
in degrees, clockwise +, NaN where it does not show."""

KEYPOINTS: tuple[str, ...] = (
    "nose",
    *(f"{side}_{part}" for part in ("ear", "shoulder", "elbow", "wrist") for side in ("left", "right")),
    *(f"{side}_{part}" for part in ("hip", "knee", "ankle", "heel", "toe") for side in ("left", "right")),
)
FOREFOOT: tuple[str, ...] = tuple(f"{side}_{toe}_toe" for toe in ("big", "small") for side in ("left", "right"))
"""Tips of the outer toes, where a network knows them; ``toe`` is then the big toe."""
REQUIRED: frozenset[str] = frozenset(
    f"{side}_{part}" for part in ("shoulder", "hip", "knee", "ankle", "heel", "toe") for side in ("left", "right")
)
SCHEMA = 1
_DIMS = {
    "position": ("time", "keypoint", "space"),
    "confidence": ("time", "keypoint"),
    "second_look": ("time", "keypoint", "space"),
    "camera": ("time", "move"),
}


def make_motion(
    time_s: ArrayLike,
    position_px: ArrayLike,
    confidence: ArrayLike,
    keypoints: tuple[str, ...],
    *,
    width_px: int,
    height_px: int,
    source: str = "",
    backend: str = "",
    second_look_px: ArrayLike | None = None,
) -> Motion:
    """Build and check a motion.

    Parameters
    ----------
    time_s : array (T,)
        Presentation times in seconds, strictly increasing. Need not be evenly spaced.
    position_px : array (T, K, 2)
        Pixel coordinates in the upright picture, x right, y down; NaN where a keypoint was not found.
    confidence : array (T, K)
        From 0 to 1.
    keypoints : tuple of str, length K
        Names, without repeats, holding at least :data:`REQUIRED`.
    width_px, height_px : int
        Size of the upright picture.
    source, backend : str
        Name of the film, and which backend with which version made the keypoints.
    second_look_px : array (T, K, 2), optional
        Keypoints of the mirrored pictures, turned back; NaN where none was looked at.

    Raises
    ------
    MotionError
        If a shape, a name, a time or a range is off.
    """
    import xarray as xr

    time = np.asarray(time_s, dtype=np.float64)
    position = np.asarray(position_px, dtype=np.float32)
    belief = np.asarray(confidence, dtype=np.float32)
    dataset = xr.Dataset(
        {
            "position": (("time", "keypoint", "space"), position),
            "confidence": (("time", "keypoint"), belief),
        },
        coords={"time": time, "keypoint": list(keypoints), "space": ["x", "y"]},
        attrs={
            "schema": SCHEMA,
            "width_px": int(width_px),
            "height_px": int(height_px),
            "source": source,
            "backend": backend,
        },
    )
    if second_look_px is not None:
        dataset["second_look"] = ("time", "keypoint", "space"), np.asarray(second_look_px, dtype=np.float32)
    return as_motion(dataset)


def as_motion(dataset: xr.Dataset) -> Motion:
    """Check that a dataset is a motion and return it as one.

    Raises
    ------
    MotionError
        Naming everything that is off, at once.
    """
    problems = _problems(dataset)
    if problems:
        raise MotionError(
            "This motion",
            "; ".join(problems),
            "Make it with runfree.core.motion.make_motion, or analyse the film again.",
        )
    return Motion(dataset)


def _problems(dataset: xr.Dataset) -> list[str]:
    missing = {"position", "confidence", "time", "keypoint"} - {str(n) for n in dataset.variables}
    if missing:
        return [f"it lacks {', '.join(sorted(missing))}"]
    wrong = [name for name, dims in _DIMS.items() if name in dataset and dataset[name].dims != dims]
    if wrong:
        return [f"{name} must be ({', '.join(_DIMS[name])})" for name in wrong]
    out: list[str] = []
    time = dataset["time"].to_numpy()
    if time.dtype.kind != "f":
        return ["time must be seconds as floating-point numbers"]
    if not np.isfinite(time).all() or (np.diff(time) <= 0).any():
        out.append("times must be finite and strictly increasing")
    names = [str(k) for k in dataset["keypoint"].to_numpy()]
    if len(set(names)) != len(names):
        out.append("a keypoint name is repeated")
    if lacking := REQUIRED - set(names):
        out.append(f"keypoints are missing: {', '.join(sorted(lacking))}")
    if dataset.sizes["space"] != 2 or dataset.sizes.get("move", 3) != 3:
        out.append("space must be x and y, and a camera's move x, y and a turn")
    if any(
        np.isinf(dataset[name].to_numpy()).any()
        for name in ("position", "second_look", "camera")
        if name in dataset
    ):
        out.append("a position is infinite")
    belief = dataset["confidence"].to_numpy()
    if not bool(((belief >= 0) & (belief <= 1)).all()):
        out.append("confidence must lie between 0 and 1")
    for name in ("width_px", "height_px"):
        if int(dataset.attrs.get(name, 0)) <= 0:
            out.append(f"{name} must be a positive number")
    return out


def points(motion: Motion, name: str) -> np.ndarray:
    """Return one keypoint's pixels as (T, 2) float64."""
    column = [str(k) for k in motion["keypoint"].to_numpy()].index(name)
    return motion["position"].to_numpy()[:, column].astype(np.float64)


def other_side(names: tuple[str, ...]) -> list[int]:
    """Return for each keypoint the place of its namesake on the other side of the body."""
    swap = {"left": "right", "right": "left"}
    parts = [(n.split("_", 1)[0], n) for n in names]
    return [names.index(swap[side] + n[len(side) :]) if side in swap else names.index(n) for side, n in parts]


def mirrored(motion: Motion) -> Motion:
    """Return the motion as a mirrored film would show it: x flipped, left and right names swapped, no second look."""
    names = [str(k) for k in motion["keypoint"].to_numpy()]
    order = other_side(tuple(names))
    position = motion["position"].to_numpy()[:, order].copy()
    position[..., 0] = motion.attrs["width_px"] - position[..., 0]
    out = make_motion(
        motion["time"].to_numpy(),
        position,
        motion["confidence"].to_numpy()[:, order],
        tuple(names),
        width_px=motion.attrs["width_px"],
        height_px=motion.attrs["height_px"],
        source=str(motion.attrs.get("source", "")),
        backend=str(motion.attrs.get("backend", "")),
    )
    if "camera" in motion:
        out["camera"] = motion["camera"] * np.array([-1.0, 1.0, -1.0])
    return out
