"""Contacts against force plates: laboratory trials seen by a camera from the side. Truth: force over 50 N."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import laboratory_kit as laboratory
import numpy as np
import pytest

from runfree.core.analysis import Measured
from runfree.gait import measure

TRIALS = ("F001 2.5 m/s", "S04 2 m/s", "S04 3 m/s", "S01 2 m/s")
FILMS = ((60, 1.0), (120, 0.0), (240, 1.0))


def trial(shared_data: Path, name: str) -> laboratory.Trial:
    lab = shared_data / "lab"
    if name == "F001 2.5 m/s":
        return laboratory.fukuchi(lab / "fukuchi", "RBDS001runT25")
    files = {
        "S04 2 m/s": ("subject04_run200_markers", "subject04_run200_grf"),
        "S04 3 m/s": ("subject04_run300_markers", "subject04_run300_grf"),
        "S01 2 m/s": ("run200", "run200_grf"),
    }
    return laboratory.hamner(lab / "hamner", *files[name])


@cache
def filmed(shared_data: Path, name: str, fps: float, noise_px: float) -> Measured:
    return measure(trial(shared_data, name).filmed(fps, noise_px), height_m=1.75)


@pytest.mark.parametrize(("fps", "noise_px"), FILMS)
@pytest.mark.parametrize("name", TRIALS)
def test_contact_time_of_each_leg_is_that_of_the_force_plate(shared_data, name: str, fps, noise_px) -> None:
    truth = trial(shared_data, name).contacts
    found = {e.side: e for e in filmed(shared_data, name, fps, noise_px).estimates if e.metric == "contact_time"}
    for side, contacts in truth.items():
        contact_ms = 1000 * np.diff(contacts).mean()
        assert found[side].value == pytest.approx(contact_ms, abs=20)
        assert found[side].low <= contact_ms <= found[side].high


@pytest.mark.parametrize(("fps", "noise_px"), FILMS)
@pytest.mark.parametrize("name", TRIALS)
def test_every_event_is_timed_none_missed_none_invented(shared_data, name: str, fps, noise_px) -> None:
    truth = trial(shared_data, name).contacts
    steps = filmed(shared_data, name, fps, noise_px).steps
    off: list[float] = []
    for side, contacts in truth.items():
        mine = [s for s in steps if s.side == side and s.touch_down_s is not None and s.toe_off_s is not None]
        for down, up in contacts:
            (step,) = [s for s in mine if abs(s.mid_stance_s - (down + up) / 2) < 0.1]
            off += [step.touch_down_s - down, step.toe_off_s - up]
        first, last = truth[side][0].mean(), truth[side][-1].mean()
        assert len([s for s in mine if first - 0.1 < s.mid_stance_s < last + 0.1]) == len(contacts)
    assert np.sqrt(np.mean(np.square(off))) <= 0.015


@pytest.mark.parametrize(("fps", "noise_px"), FILMS)
def test_cadence_is_that_of_the_force_plate(shared_data, fps, noise_px) -> None:
    contacts = trial(shared_data, TRIALS[0]).contacts
    downs = np.sort(np.concatenate([c[:, 0] for c in contacts.values()]))
    (cadence,) = [e for e in filmed(shared_data, TRIALS[0], fps, noise_px).estimates if e.metric == "cadence"]
    assert cadence.value == pytest.approx(60 * (len(downs) - 1) / (downs[-1] - downs[0]), abs=0.3)


def test_the_truth_is_read_right(shared_data) -> None:
    """The means that the data's own README states."""
    stated = {"F001 2.5 m/s": (275, 278), "S04 3 m/s": (288, 296), "S01 2 m/s": (326, 325)}
    for name, (left, right) in stated.items():
        contacts = trial(shared_data, name).contacts
        assert 1000 * np.diff(contacts["left"]).mean() == pytest.approx(left, abs=3)
        assert 1000 * np.diff(contacts["right"]).mean() == pytest.approx(right, abs=3)
