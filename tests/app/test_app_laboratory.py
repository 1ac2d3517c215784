"""Laboratory trials of real runners, from file to report, against computations made here from the raw files."""

from __future__ import annotations

import json
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest

from runfree.app.analyze import analyze
from runfree.cli import main
from runfree.core.analysis import Analysis
from runfree.core.errors import MotionError
from runfree.core.recording import make_recording
from runfree.gait.axes import turned
from runfree.gait.markers import keypoints_of
from runfree.gait.spatial import knee_flexion_deg
from runfree.io.lab.marker_sets import choose_set
from runfree.io.lab.mot import Mot
from runfree.io.lab.openpose import LAYOUTS
from runfree.io.lab.trc import Trc
from runfree.io.results import CSV_COLUMNS
from runfree.testing.runner import Gait, Runner
from runfree.testing.truth import measure_truth


def value(analysis: Analysis, metric: str, side: str = "both") -> float:
    found = next(e for e in analysis.estimates if (e.metric, e.side) == (metric, side))
    return found.value


def raw_trc(path: Path) -> tuple[np.ndarray, dict[str, np.ndarray]]:
    """Time and markers in metres, read with nothing but numpy."""
    lines = path.read_text().splitlines()
    scale = 0.001 if lines[2].split("\t")[4] == "mm" else 1.0
    names = [n for n in lines[3].split("\t")[2:] if n]
    table = np.genfromtxt(lines[6:], delimiter="\t", usecols=range(2 + 3 * len(names)))
    return table[:, 1], {n: scale * table[:, 2 + 3 * i : 5 + 3 * i] for i, n in enumerate(names)}


def raw_contacts(path: Path, header: int, column: int) -> np.ndarray:
    """Begin and end (N, 2) of every whole contact over 50 N of one vertical force, between samples, no filter."""
    table = np.genfromtxt(path.read_text().splitlines()[header:], delimiter="\t")
    on = table[:, column] > 50
    edges = np.flatnonzero(np.diff(on.astype(int)))
    if on[0]:
        edges = edges[1:]
    pairs = edges[: len(edges) // 2 * 2].reshape(-1, 2)
    share = (50 - table[pairs, column]) / (table[pairs + 1, column] - table[pairs, column])
    return table[pairs, 0] + share * (table[pairs + 1, 0] - table[pairs, 0])


def steps(analysis: Analysis, metric: str, side: str) -> np.ndarray:
    found = next(s for s in analysis.films[0].measured.per_step if (s.metric, s.side) == (metric, side))
    return np.array(found.value)


HAMNER = (
    ("run200.trc", "run200_grf.mot", 7, {"right": 2, "left": 11}),
    ("subject04_run200_markers.trc", "subject04_run200_grf.mot", 9, {"right": 2, "left": 8}),
    ("subject04_run300_markers.trc", "subject04_run300_grf.mot", 9, {"right": 2, "left": 8}),
)


@pytest.mark.parametrize(("trial", "forces", "header", "columns"), HAMNER)
def test_foot_angle_contact_and_bounce_are_those_of_the_raw_markers(
    shared_data: Path, trial: str, forces: str, header: int, columns: dict[str, int]
) -> None:
    folder = shared_data / "lab" / "hamner"
    analysis = analyze(folder / trial)
    time, at = raw_trc(folder / trial)
    contacts = {s: raw_contacts(folder / forces, header, c) for s, c in columns.items()}
    low = {s: np.interp(contacts[s].mean(axis=1), time, at[f"{s[0].upper()}CAL"][:, 1]) for s in contacts}
    if low["left"].mean() > 0.25:  # the file's plates 1 and 2 are the other way round
        contacts = {"left": contacts["right"], "right": contacts["left"]}
    for side, sign in (("left", -1.0), ("right", 1.0)):
        letter = side[0].upper()
        toe = at[f"{letter}TOE"] + 0.4 * (at[f"{letter}MT5"] - at[f"{letter}TOE"])
        mid = contacts[side].mean(axis=1)
        foot = np.column_stack([np.interp(mid, time, x) for x in (toe - at[f"{letter}CAL"]).T])
        expected = np.degrees(np.arctan2(sign * foot[:, 2], foot[:, 0]))
        np.testing.assert_allclose(steps(analysis, "foot_progression", side), expected, atol=0.5)
        duration = 1000 * np.diff(contacts[side])[:, 0]
        np.testing.assert_allclose(steps(analysis, "contact_time", side), duration, atol=6)
    height = 100 * _mid_hip_height(at)
    downs = np.sort(np.concatenate([c[:, 0] for c in contacts.values()]))
    spans = [np.ptp(height[(time >= a) & (time < b)]) for a, b in pairwise(downs)]
    np.testing.assert_allclose(steps(analysis, "vertical_oscillation", "both"), spans, atol=0.2)


@pytest.mark.parametrize(("trial", "forces", "header", "columns"), HAMNER[:1])
def test_the_knee_is_that_of_the_raw_markers(
    shared_data: Path, trial: str, forces: str, header: int, columns: dict[str, int]
) -> None:
    """In the plane of travel, since clusters tell nothing of a joint's place along its axis."""
    folder = shared_data / "lab" / "hamner"
    analysis = analyze(folder / trial)
    time, at = raw_trc(folder / trial)
    for side, column in columns.items():
        s = side[0].upper()
        thigh, shank, foot = (
            np.stack([at[s + m] for m in names], axis=1)
            for names in (("TH1", "TH2", "TH3"), ("TB1", "TB2", "TB3"), ("CAL", "TOE", "MT5"))
        )
        knee, ankle = _pivot(thigh, shank), _pivot(shank, foot)
        upper, lower = (_hip(at, s) - knee)[:, :2], (ankle - knee)[:, :2]
        cosine = (upper * lower).sum(axis=1) / np.linalg.norm(upper, axis=1) / np.linalg.norm(lower, axis=1)
        bend = 180 - np.degrees(np.arccos(cosine))
        mid = raw_contacts(folder / forces, header, column).mean(axis=1)
        found = steps(analysis, "knee_flexion_midstance", side)
        np.testing.assert_allclose(found, np.interp(mid, time, bend), atol=0.5)


def _pivot(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """The point (T, 3) about which two clusters of markers (T, 3, 3) turn: Ehrig 2006, written out again.

    Along the axis of a hinge nothing determines it: there it stays beside the clusters. Letting the noise place it instead moves the
    knee's bend in this trial by 0.8 to 1.0 degrees.
    """
    poses = []
    for cluster in (a, b):
        centre = cluster.mean(axis=1)
        u, _, vt = np.linalg.svd(np.einsum("mi,tmj->tij", cluster[0] - centre[0], cluster - centre[:, None]))
        mirrored = np.sign(np.linalg.det(u @ vt))
        u[:, :, 2] *= mirrored[:, None]
        turn = np.swapaxes(u @ vt, 1, 2)
        poses.append((turn, centre))
    (turn_a, at_a), (turn_b, at_b) = poses
    both = np.concatenate([turn_a, -turn_b], axis=2).reshape(-1, 6)
    places, *_ = np.linalg.lstsq(both, (at_b - at_a).ravel(), rcond=0.05)
    return (turn_a @ places[:3] + at_a + turn_b @ places[3:] + at_b) / 2


def _mid_hip_height(at: dict[str, np.ndarray]) -> np.ndarray:
    return (_hip(at, "L") + _hip(at, "R"))[:, 1] / 2


def _hip(at: dict[str, np.ndarray], letter: str) -> np.ndarray:
    """Hip centre (T, 3) by the regression of Harrington 2007: written out again, from the four pelvis markers."""
    front, back = (at["LASI"] + at["RASI"]) / 2, (at["LPSI"] + at["RPSI"]) / 2
    depth = np.median(np.linalg.norm(front - back, axis=1))
    width = np.median(np.linalg.norm(at["RASI"] - at["LASI"], axis=1))
    out = []
    for f, b, left, right in zip(front, back, at["LASI"], at["RASI"], strict=True):
        z = (right - left) / np.linalg.norm(right - left)
        x = (f - b) - ((f - b) @ z) * z
        x /= np.linalg.norm(x)
        aside = (0.33 * width + 0.0073) * (z if letter == "R" else -z)
        out.append(f + (-0.24 * depth - 0.0099) * x + (-0.30 * width - 0.0109) * np.cross(z, x) + aside)
    return np.array(out)


def test_the_knee_bends_as_in_the_inverse_kinematics(shared_data: Path) -> None:
    folder = shared_data / "lab" / "hamner"
    recording = Trc().read(folder / "run200.trc")
    points, _ = turned(keypoints_of(recording, choose_set(recording)), "run200.trc")
    angles = Mot().read(folder / "run200_ik.mot")
    assert angles.in_degrees is False
    for side in ("left", "right"):
        bend = knee_flexion_deg(points, side)
        model = -np.degrees(angles.column(f"knee_angle_{side[0]}"))
        assert np.corrcoef(bend, model)[0, 1] >= 0.98
        assert abs((bend - model).mean()) < 8  # offset: joint centres found from motion against a scaled model


def test_contacts_of_a_treadmill_run_are_those_published(shared_data: Path) -> None:
    analysis = analyze(shared_data / "lab" / "fukuchi" / "RBDS001runT25markers.txt")
    assert value(analysis, "contact_time", "left") == pytest.approx(275, abs=3)
    assert value(analysis, "contact_time", "right") == pytest.approx(278, abs=3)
    assert value(analysis, "cadence") == pytest.approx(156.8, abs=0.3)
    assert value(analysis, "step_length") == pytest.approx(6000 * 2.5 / 156.8, rel=0.02)
    assert sum(step.touch_down_s is not None for step in analysis.films[0].measured.steps) == 77
    assert "markers_exchanged" in analysis.films[0].measured.flags  # R.MT1 and R.MT5 in this data set


def test_a_wrong_force_unit_is_noticed(shared_data: Path) -> None:
    measured = analyze(shared_data / "lab" / "fukuchi" / "RBDS001runT35.c3d").films[0].measured
    assert "forces_recalibrated" in measured.flags
    assert 200 < next(e for e in measured.estimates if e.metric == "contact_time").value < 260


def test_another_laboratory_s_clusters_are_measured(shared_data: Path) -> None:
    analysis = analyze(shared_data / "lab" / "fukuchi" / "ferber_20140515T133244_run.c3d")
    assert value(analysis, "cadence") == pytest.approx(183, abs=2)
    reasons = {n.metric: n.reason for n in analysis.not_assessable}
    assert "heel" in reasons["foot_progression"]


def test_an_overground_run_with_flickering_labels(shared_data: Path) -> None:
    folder = shared_data / "lab" / "bmc"
    analysis = analyze(folder / "motion_capture_run.trc", forces=folder / "grf_run.mot")
    assert value(analysis, "contact_time", "left") == pytest.approx(250, abs=4)
    assert value(analysis, "contact_time", "right") == pytest.approx(234, abs=4)
    assert analysis.films[0].measured.travel == "pass"
    doubtful = next(n for n in analysis.not_assessable if (n.metric, n.side) == ("foot_progression", "right"))
    assert "change places" in doubtful.reason


@pytest.mark.parametrize("name", ["run200_ik.mot", "run200_grf.mot"])
def test_a_table_without_markers_is_no_trial(shared_data: Path, name: str) -> None:
    with pytest.raises(MotionError, match="marker file"):
        analyze(shared_data / "lab" / "hamner" / name)


def test_the_command_line_writes_the_same_report_as_for_a_film(
    shared_data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    trial = shared_data / "lab" / "hamner" / "run200.trc"
    out = tmp_path / "report"
    assert main(["analyze", str(trial), "--complaint", "knee", "--out", str(out)]) == 0
    assert "measured in three dimensions" in capsys.readouterr().out
    assert {p.name for p in out.iterdir()} == {
        "index.html",
        "measures.json",
        "measures.csv",
        "measures.parquet",
        "motion.nc",
        "practice.html",
        "practice.ics",
        "practice.json",
    }
    document = json.loads((out / "measures.json").read_text())
    rows = pq.read_table(out / "measures.parquet").to_pylist()
    assert tuple(rows[0]) == CSV_COLUMNS
    assert [r["value"] for r in rows] == [e["value"] for e in document["films"][0]["estimates"]]
    again = analyze(out / "motion.nc")
    assert [e.value for e in again.estimates] == [e.value for e in analyze(trial).estimates]


def test_convert_changes_the_format_and_refuses_in_a_sentence(
    shared_data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    trial = str(shared_data / "lab" / "hamner" / "run200.trc")

    def run(*words: str | Path) -> tuple[int, Sequence[str]]:
        code = main(["convert", *map(str, words)])
        return code, capsys.readouterr().err.splitlines()

    assert run(trial, tmp_path / "run.c3d") == (0, [])
    assert run(tmp_path / "run.c3d", tmp_path / "run.csv") == (0, [])
    code, said = run(trial, tmp_path / "run.docx")
    assert (code, len(said)) == (2, 1)
    assert ".parquet" in said[0]
    assert run(trial, tmp_path / "run.mot")[0] == 2
    assert run(tmp_path / "none.trc", tmp_path / "x.csv")[0] == 2
    first, second = (value(analyze(f), "foot_progression", "left") for f in (trial, tmp_path / "run.csv"))
    assert second == pytest.approx(first, abs=1.0)


HALPE = {
    "shoulder": "Shoulder",
    "elbow": "Elbow",
    "wrist": "Wrist",
    "hip": "Hip",
    "knee": "Knee",
    "ankle": "Ankle",
    "heel": "Heel",
}


def side_film(seconds: float = 8.0) -> tuple[np.ndarray, dict[str, np.ndarray], float]:
    """Times at 60 a second, a synthetic runner's points (T, 2) in metres, x travel and y up, in HALPE's names; true cadence."""
    runner = Runner(Gait(), seconds)
    time = np.arange(0, seconds, 1 / 60)
    at = {name: path[:, [0, 2]] for name, path in runner.points(time).items()}
    out = {f"{s[0].upper()}{new}": at[f"{s}_{old}"] for old, new in HALPE.items() for s in ("left", "right")}
    for s in ("left", "right"):
        out[f"{s[0].upper()}BigToe"] = out[f"{s[0].upper()}SmallToe"] = at[f"{s}_toe"]
        out[f"{s[0].upper()}Ear"] = at[f"{s}_ear"]
    out["Nose"] = at["nose"]
    out["Head"] = 2 * (at["left_ear"] + at["right_ear"]) / 2 - at["nose"] + [0, 0.05]
    return time, out, measure_truth(runner)["cadence_spm"]


def test_a_planar_trial_of_sports2d_is_measured_as_a_film_from_the_side(tmp_path: Path) -> None:
    time, at, cadence = side_film()
    names = tuple(n for n in at if not n.endswith("Ear"))
    position = np.stack([np.column_stack([at[n], np.zeros(len(time))]) for n in names], axis=1)
    Trc().write(tmp_path / "film_Sports2D_m_person00.trc", make_recording(time, position, names))
    analysis = analyze(tmp_path / "film_Sports2D_m_person00.trc", height_m=1.75)
    measured = analysis.films[0].measured
    assert (measured.view, measured.facing, measured.gait) == ("side", "right", "running")
    assert value(analysis, "cadence") == pytest.approx(cadence, abs=0.5)
    assert "contact_time" in {e.metric for e in analysis.estimates}


def test_a_folder_of_openpose_is_measured_as_a_film(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    time, at, cadence = side_film()
    folder = tmp_path / "keypoints"
    folder.mkdir()
    order = LAYOUTS[25]
    for i in range(len(time)):
        rows = [[*(500 + at[n][i] * [300, -300]), 0.9] if n in at else [0.0, 0.0, 0.0] for n in order]
        person = {"pose_keypoints_2d": [float(x) for row in rows for x in row]}
        (folder / f"run_{i:012d}_keypoints.json").write_text(json.dumps({"people": [person]}))
    assert main(["analyze", str(folder), "--out", str(tmp_path / "r")]) == 2
    assert "--rate" in capsys.readouterr().err
    assert main(["analyze", str(folder), "--rate", "60", "--out", str(tmp_path / "r"), "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert document["view"] == "side"
    found = next(e for e in document["estimates"] if e["metric"] == "cadence")
    assert found["value"] == pytest.approx(cadence, abs=0.5)


@pytest.mark.parametrize("word", ["--rate", "--forces"])
def test_what_only_a_trial_can_use_is_refused_for_a_film(
    film: object, word: str, capsys: pytest.CaptureFixture[str]
) -> None:
    path = film("a.mp4")  # type: ignore[operator]
    assert main(["analyze", str(path), word, "60" if word == "--rate" else str(path)]) == 2
    assert len(capsys.readouterr().err.splitlines()) == 1
