"""Legs whose bones keep their length, laid through the keypoints of a film from the side."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from runfree.gait.body import LEGS, Body

Array = NDArray[np.float64]

_JOINTS = ("hip", "knee", "ankle")
_LONG = 0.6
_ROUNDS = 6
_WEIGHT = np.repeat([0.3, 1.0, 4.0], 2)
"""Of hip, knee and ankle: the network sees the hip least well, and the ankle carries the foot."""

_NEARLY_NOTHING = 1e-9


def with_rigid_legs(body: Body) -> Body:
    """Move hip, knee and ankle by least squares so that thigh and shank keep their length; heel and toe go with the ankle.

    The bones hardly leave the plane of a picture from the side, so that what changes their length is the network's error. A
    bone's length is a quantile of its own over the film (0.6, since leaving the plane only shortens), in trunk lengths, for a
    runner who passes grows and shrinks. Both looks at a frame get the same lengths.

    On rendered films this takes a fifth off the spread of shin angle and bounce and a tenth off the contact time's
    (docs/decisions/0040-rigid-legs.md).
    """
    names, moved, second = list(body.at), dict(body.at), body.second.copy()
    for side in LEGS:
        joints = [f"{side}_{joint}" for joint in _JOINTS]
        found = np.stack([body.at[name] for name in joints], axis=1)
        bones = np.linalg.norm(np.diff(found, axis=1), axis=2) / body.trunk_px[:, None]
        length = np.nanquantile(bones, _LONG, axis=0) * body.trunk_px[:, None]
        fitted = _laid(found, length)
        moved |= {name: fitted[:, i] for i, name in enumerate(joints)}
        at = [names.index(name) for name in joints]
        looked_again = _laid(second[:, at], length)
        for part in ("heel", "toe"):
            moved[f"{side}_{part}"] = body.at[f"{side}_{part}"] + fitted[:, 2] - found[:, 2]
            second[:, names.index(f"{side}_{part}")] += looked_again[:, 2] - second[:, at[2]]
        second[:, at] = looked_again
    return replace(body, at=moved, second=second)


def _laid(found: Array, length: Array) -> Array:
    """Chains (T, 3, 2) of two bones of these lengths (T, 2) nearest to the points found, by Gauss and Newton's steps."""
    hip, bones = found[:, 0], np.diff(found, axis=1)
    turn: Array = np.arctan2(bones[..., 1], bones[..., 0]).astype(np.float64)
    for _ in range(_ROUNDS):
        chain = _chain(hip, turn, length)
        across = length[..., None] * np.stack([-np.sin(turn), np.cos(turn)], axis=2)
        slope = np.zeros((len(hip), 6, 4))
        slope[:, 0::2, 0] = slope[:, 1::2, 1] = 1
        slope[:, 2:4, 2] = slope[:, 4:6, 2] = across[:, 0]
        slope[:, 4:6, 3] = across[:, 1]
        weighted = np.swapaxes(slope, 1, 2) * _WEIGHT
        normal = weighted @ slope + _NEARLY_NOTHING * np.eye(4)
        step = np.linalg.solve(normal, weighted @ (found - chain).reshape(-1, 6, 1))[..., 0]
        hip, turn = hip + step[:, :2], turn + step[:, 2:]
    return _chain(hip, turn, length)


def _chain(hip: Array, turn: Array, length: Array) -> Array:
    bones = length[..., None] * np.stack([np.cos(turn), np.sin(turn)], axis=2)
    return np.concatenate([hip[:, None], hip[:, None] + np.cumsum(bones, axis=1)], axis=1)
