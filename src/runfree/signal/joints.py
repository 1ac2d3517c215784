"""Joint centres from markers: the pelvis regression, and the centre about which two clusters turn."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

_FEWEST = 20
_RANK = 0.05


def hip_centres(left_asis: Array, right_asis: Array, left_psis: Array, right_psis: Array) -> tuple[Array, Array]:
    """Left and right hip joint centre from four pelvis markers.

    Parameters
    ----------
    left_asis, right_asis, left_psis, right_psis : array (T, 3)
        Metres.

    Returns
    -------
    left, right : array (T, 3)

    Notes
    -----
    Regression of Harrington et al. 2007, J Biomech 40:595 (doi:10.1016/j.jbiomech.2006.02.003), all subjects, in millimetres:
    −0.24 PD − 9.9 forward, −0.30 PW − 10.9 up, 0.33 PW + 7.3 to the side from mid-ASIS; PW is the median distance of the ASIS, PD that
    of mid-ASIS and mid-PSIS.
    """
    front, back = (left_asis + right_asis) / 2, (left_psis + right_psis) / 2
    width = float(np.nanmedian(np.linalg.norm(right_asis - left_asis, axis=1)))
    depth = float(np.nanmedian(np.linalg.norm(front - back, axis=1)))
    to_right = _unit(right_asis - left_asis)
    forward = front - back
    forward = _unit(forward - (forward * to_right).sum(axis=1, keepdims=True) * to_right)
    up = np.cross(to_right, forward)
    middle = front + (-0.24 * depth - 0.0099) * forward + (-0.30 * width - 0.0109) * up
    aside = (0.33 * width + 0.0073) * to_right
    return middle - aside, middle + aside


def turning_centre(one: Array, other: Array) -> Array | None:
    """The point about which two rigid clusters turn against each other, over time.

    Parameters
    ----------
    one, other : array (T, M, 3)
        Markers of each cluster, at least three, in metres; frames with a gap are NaN in the result.

    Returns
    -------
    array (T, 3) or None
        None where fewer than twenty frames are whole. Along an axis about which the joint turns alone the point is not
        determined; it then stays beside the middle of the clusters.

    Notes
    -----
    SCoRE: Ehrig et al. 2006, J Biomech 39:2798 (doi:10.1016/j.jbiomech.2005.10.002), with singular values under a twentieth of
    the largest left out.
    """
    whole = np.isfinite(one).all(axis=(1, 2)) & np.isfinite(other).all(axis=(1, 2))
    if int(whole.sum()) < _FEWEST:
        return None
    turn_a, place_a = cluster_pose(one[whole])
    turn_b, place_b = cluster_pose(other[whole])
    system = np.concatenate([turn_a, -turn_b], axis=2).reshape(-1, 6)
    solution = np.linalg.lstsq(system, (place_b - place_a).reshape(-1), rcond=_RANK)[0]
    centre = np.full((len(one), 3), np.nan)
    centre[whole] = (turn_a @ solution[:3] + place_a + turn_b @ solution[3:] + place_b) / 2
    return centre


def cluster_pose(markers: Array) -> tuple[Array, Array]:
    """Rotation (T, 3, 3) and place (T, 3) that carry a cluster's mean shape (its middle at the origin) to each frame.

    Least squares after Kabsch 1976; ``markers`` (T, M, 3) without gaps.
    """
    place = markers.mean(axis=1)
    centred = markers - place[:, None]
    shape, turn = centred[0], np.empty(0)
    for _ in range(3):
        u, _, vt = np.linalg.svd(np.einsum("mi,tmj->tij", shape, centred))
        sign = np.ones((len(markers), 3))
        sign[:, 2] = np.linalg.det(u @ vt)
        turn = np.transpose((u * sign[:, None, :]) @ vt, (0, 2, 1))
        shape = np.einsum("tij,tmi->tmj", turn, centred).mean(axis=0)
    return turn, place


def _unit(vectors: Array) -> Array:
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
