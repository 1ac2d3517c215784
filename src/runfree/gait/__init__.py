"""Measure: from keypoints over time to view, steps and estimates. ``measure`` one motion, ``merge`` several."""

from runfree.gait.measure import measure
from runfree.gait.merge import merge
from runfree.gait.slow_motion import slow_motion

__all__ = ["measure", "merge", "slow_motion"]
