"""The runner's size in the picture: pixels per body height, from the chain trunk + thigh + shank."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from runfree.core.metrics import View
from runfree.gait.body import LEGS, Body

Array = NDArray[np.float64]

# Shoulder–hip–knee–ankle over stature. Drillis and Contini (in Winter 2009, fig. 4.1) give 0.779 between joint centres;
# BlazePose's own points, seen from the side, make 0.771; from the front and the back its hips and ankles close up a little.
_CHAIN: dict[View, float] = {"side": 0.771, "oblique": 0.762, "front": 0.748, "rear": 0.730}
USUAL_HEIGHT_M = 1.72
"""Stands in where a size in metres is needed only roughly and no height was given."""

SCALE_SD = 0.02
"""Relative spread (1 SD) of the chain between people."""


def px_per_height(body: Body, view: View) -> Array:
    """Pixels per body height at the runner, over time (T,).

    Thigh and shank are taken at their 90th percentile, since they are seen shortened for most of the stride.
    """
    chain = 1.0
    for leg in LEGS:
        for a, b in (("hip", "knee"), ("knee", "ankle")):
            bone = np.linalg.norm(body.at[f"{leg}_{a}"] - body.at[f"{leg}_{b}"], axis=1)
            chain += float(np.nanpercentile(bone / body.trunk_px, 90)) / 2
    return body.trunk_px * chain / _CHAIN[view]
