"""A runner who leaves and comes back, and a film that was cut."""

from __future__ import annotations

import numpy as np
import pytest
import xarray as xr
from gait_kit import changed, clean, measured_noisy, noisy

from runfree.core.motion import Motion, as_motion
from runfree.gait import measure
from runfree.gait.body import body_of
from runfree.gait.passes import uncut


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


def with_a_piece_taken_out(motion: Motion, start_s: float, length_s: float) -> Motion:
    """A jump cut: nothing but the rhythm shows it."""
    time = motion["time"].to_numpy()
    early, late = motion.sel(time=time < start_s), motion.sel(time=time >= start_s + length_s)
    late = late.assign_coords(time=late["time"] - length_s)
    out = xr.concat([early, late], dim="time", data_vars="minimal", combine_attrs="override")
    _, index = np.unique(out["time"].to_numpy().round(6), return_index=True)
    return as_motion(out.isel(time=index))


@pytest.mark.parametrize("scene", ["side_run", "front_run"])
@pytest.mark.parametrize("strides", [0.12, 0.3, 0.5, 0.8])
def test_a_cut_that_only_the_rhythm_shows_is_found_where_it_is(scene: str, strides: float) -> None:
    stride_s = 120 / clean(scene).truth["cadence_spm"]
    film = with_a_piece_taken_out(noisy(scene).motion, 3.0, strides * stride_s)
    body = body_of(film)
    assert body is not None
    parts = uncut(body)
    assert len(parts) == 2
    assert abs(parts[1].time_s[0] - 3.0) < 0.1
    seen = {e.metric: e for e in measure(film, height_m=1.75).estimates if e.side == "both"}
    assert seen["cadence"].low <= clean(scene).truth["cadence_spm"] <= seen["cadence"].high


@pytest.mark.parametrize(
    "scene", ["side_run", "front_run", "rear_run", "side_walk", "approach_run", "passing_run"]
)
@pytest.mark.parametrize("seed", [1, 2])
def test_no_cut_is_seen_where_there_is_none(scene: str, seed: int) -> None:
    body = body_of(noisy(scene, seed).motion)
    assert body is not None
    assert len(uncut(body)) == 1
