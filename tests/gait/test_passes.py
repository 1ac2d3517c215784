"""A runner who leaves and comes back, and a film that was cut."""

from __future__ import annotations

import numpy as np
import pytest
import xarray as xr
from gait_kit import changed, clean, measured_noisy, noisy

from runfree.core.motion import Motion, as_motion
from runfree.gait import measure


def cut_out(motion: Motion, start_s: float, end_s: float) -> Motion:
    time = motion["time"].to_numpy()
    position = motion["position"].to_numpy().copy()
    position[(time > start_s) & (time < end_s)] = np.nan
    return changed(motion, position=position)


@pytest.mark.parametrize("scene", ["side_run", "front_run", "rear_run", "side_walk"])
def test_a_runner_who_leaves_and_comes_back_gives_the_same_numbers(scene: str) -> None:
    whole = {(e.metric, e.side): e for e in measured_noisy(scene).estimates}
    parted = measure(cut_out(noisy(scene).motion, 2.4, 3.4), height_m=1.75, speed_mps=clean(scene).gait.speed_mps)
    assert "passes" in parted.flags
    for e in parted.estimates:
        one = whole[e.metric, e.side]
        assert max(e.low, one.low) <= min(e.high, one.high), e
        assert e.low <= e.value <= e.high
    assert [s.mid_stance_s for s in parted.steps] == sorted(s.mid_stance_s for s in parted.steps)
    assert not [s for s in parted.steps if 2.5 < s.mid_stance_s < 3.3]


def test_no_stride_goes_over_a_cut() -> None:
    """Two seconds are taken out and the rest put together: the phase jumps, the truth stays."""
    motion = noisy("side_run").motion
    time = motion["time"].to_numpy()
    early = motion.sel(time=time < 2.9)
    late = motion.sel(time=time >= 3.13)
    late = late.assign_coords(time=late["time"] - 3.13 + 2.9 + 1 / 60)
    joined = as_motion(xr.concat([early, late], dim="time", data_vars="minimal", combine_attrs="override"))
    joined.attrs["cuts_s"] = np.array([2.9 + 1 / 120])
    found = {e.metric: e for e in measure(joined, height_m=1.75).estimates if e.side == "both"}
    truth = clean("side_run").truth
    assert found["cadence"].low <= truth["cadence_spm"] <= found["cadence"].high
