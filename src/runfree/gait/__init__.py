"""Measure: from keypoints over time to view, steps and estimates. ``measure`` one motion, ``merge`` several."""

from runfree.gait.measure import measure
from runfree.gait.merge import merge

__all__ = ["measure", "merge"]
