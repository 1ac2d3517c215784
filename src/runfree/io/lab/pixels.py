"""Keypoints in a picture, from files that name them in their own way, as a motion."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from runfree.core.motion import KEYPOINTS, REQUIRED, Motion, make_motion
from runfree.core.recording import Recording, make_recording
from runfree.gait.markers import keypoints_of
from runfree.io.lab.marker_sets import choose_set

Array = NDArray[np.float64]

PX_PER_M = 500.0
_MARGIN = 0.05
_PLANE_M = 1e-6


def picture_motion(
    path: Path,
    time_s: Array,
    position_px: Array,
    confidence: Array,
    names: tuple[str, ...],
    size_px: tuple[int, int] | None = None,
) -> Motion:
    """A motion from pixels (T, K, 2), x right and y down, and confidence (T, K), of keypoints of any known set.

    Keypoints that the set lacks are NaN. Where the size of the picture is not known, it is what the points span.
    """
    if not set(names) >= REQUIRED:
        flat = np.concatenate([position_px, np.zeros((*position_px.shape[:2], 1))], axis=2)
        points = _all_keypoints(make_recording(time_s, flat, names, source=path.name, picture_unit="px"))
        position_px, names = points[..., :2], KEYPOINTS
        confidence = np.where(np.isfinite(position_px[..., 0]), confidence.mean(axis=1, keepdims=True), 0.0)
    width, height = size_px or (np.ceil(v * (1 + _MARGIN)) for v in np.nanmax(position_px, axis=(0, 1)))
    return make_motion(
        time_s,
        position_px,
        confidence,
        names,
        width_px=int(width),
        height_px=int(height),
        source=path.name,
        backend="file",
    )


def planar_motion(recording: Recording) -> Motion | None:
    """A recording that lies in one plane (Sports2D) as a motion; None where it does not.

    Metres become 500 pixels each; up is where the hips are against the ankles.
    """
    position = recording["position"].to_numpy()
    spans = [float(np.nanmax(position[..., i]) - np.nanmin(position[..., i])) for i in range(3)]
    flat = int(np.argmin(spans))
    if spans[flat] > _PLANE_M:
        return None
    across, upright = [i for i in range(3) if i != flat]
    full = _all_keypoints(recording)
    hips, ankles = (
        full[:, [KEYPOINTS.index(f"{s}_{p}") for s in ("left", "right")], upright] for p in ("hip", "ankle")
    )
    down = -1.0 if np.nanmedian(hips) > np.nanmedian(ankles) else 1.0
    scale = 1.0 if recording.attrs["picture_unit"] else PX_PER_M
    pixels = scale * np.stack([full[..., across], down * full[..., upright]], axis=-1)
    low, high = np.nanmin(pixels, axis=(0, 1)), np.nanmax(pixels, axis=(0, 1))
    margin = _MARGIN * float((high - low).max())
    width, height = np.ceil(high - low + 2 * margin).astype(int)
    return make_motion(
        recording["time"].to_numpy(),
        pixels - low + margin,
        np.isfinite(pixels).all(axis=2),
        KEYPOINTS,
        width_px=int(width),
        height_px=int(height),
        source=str(recording.attrs["source"]),
        backend="file",
    )


def _all_keypoints(recording: Recording) -> Array:
    """Every keypoint, (T, K, 3); NaN where the markers do not place it."""
    points = keypoints_of(recording, choose_set(recording))
    nowhere = np.full((recording.sizes["time"], 3), np.nan)
    return np.stack([points.at.get(name, nowhere) for name in KEYPOINTS], axis=1)
