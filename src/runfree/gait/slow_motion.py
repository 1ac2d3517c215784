"""Slow motion that the file does not tell of: steps slower than anyone runs, by somebody who moves as only runners do."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from runfree.core.motion import Motion
from runfree.gait.body import Body, body_of
from runfree.gait.cycle import Stride, hip_height, legs_apart, stride_of
from runfree.gait.view import viewpoint
from runfree.signal.periodic import fold

FACTORS = (2.0, 4.0, 5.0, 8.0, 10.0, 16.0, 32.0)
"""Capture rates of phones over the rates they play at."""
_RUNNERS_SPM = (140.0, 215.0)
_SEEN_SIDEWAYS = 0.5
_TOGETHER = 0.5
_LIFT = {"side": 0.4, "oblique": 0.4, "front": 0.55, "rear": 0.33}


def slow_motion(motion: Motion) -> dict[float, float]:
    """Tell how many times slower than life a film may play, if somebody runs in it more slowly than anyone can.

    The film is taken as 2, 4, … times slower, and each time asked for the rhythm of a run and for what a walk never
    shows, see :func:`runs`.

    Parameters
    ----------
    motion : Motion
        With the times of play.

    Returns
    -------
    dict of float to float
        Cadence in steps a minute by factor, for each factor that makes it a usual one; empty if this is not slow motion.
    """
    body = body_of(motion)
    if body is None:
        return {}
    found: dict[float, float] = {}
    for factor in FACTORS:
        faster = replace(body, time_s=body.time_s / factor)
        stride = stride_of(faster)
        if stride is None or stride.gait != "running":
            continue
        if _RUNNERS_SPM[0] <= stride.cadence_spm <= _RUNNERS_SPM[1] and runs(faster, stride):
            found[factor] = stride.cadence_spm
    return found


def runs(body: Body, stride: Stride) -> bool:
    """Whether somebody moves as a runner, whatever the speed of play.

    Runners lift the foot behind them higher than walkers (in trunk lengths; near the camera it looks more), and their hips
    are highest while the feet are far apart (in flight); a walker's are lowest then. Head-on only the lift can be told.
    """
    phase = stride.phase
    apart = fold(phase, legs_apart(body), np.ones(len(phase)), 6).at(np.arange(0, 1, 0.01))
    spread, lift = np.ptp(apart, axis=0) / 2
    if lift < _LIFT[viewpoint(body).view]:
        return False
    if spread < _SEEN_SIDEWAYS:
        return True
    together = np.column_stack([hip_height(body, stride.hz), np.abs(legs_apart(body)[:, 0])])
    step = fold(2 * phase, together, np.ones(len(phase)), 3).at(np.arange(0, 1, 0.01))
    together_as = np.corrcoef(step[:, 0], step[:, 1])
    return bool(together_as[0, 1] > _TOGETHER)
