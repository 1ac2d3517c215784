"""Laboratory trials as a camera from the side would see them, and the force plates' contacts: read here by own, short code."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.interpolate import CubicSpline
from scipy.signal import butter, filtfilt

from runfree.core.motion import Motion, make_motion

Array = NDArray[np.float64]
SIDES = {"left": "L", "right": "R"}
PX_PER_M = 400.0
FORCE_N = 50.0


@dataclass(frozen=True)
class Trial:
    """Joints in the sagittal plane (metres, x forward, y up), and touch-down and toe-off times by side, (N, 2)."""

    time_s: Array
    joints: dict[str, Array]
    contacts: dict[str, Array]

    def filmed(self, fps: float, noise_px: float, seed: int = 0) -> Motion:
        """The keypoints a camera from the runner's right would show."""
        time = np.arange(self.time_s[0], self.time_s[-1], 1 / fps)
        xy = {name: CubicSpline(self.time_s, p)(time) * PX_PER_M for name, p in self.joints.items()}
        points = np.stack(list(xy.values()), axis=1) * (1, -1) + (100, 1000)
        points += np.random.default_rng(seed).normal(0, noise_px, points.shape)
        width = int(np.nanmax(points[..., 0])) + 200
        return make_motion(time, points, np.ones(points.shape[:2]), tuple(xy), width_px=width, height_px=1100)


@cache
def hamner(folder: Path, markers: str, forces: str) -> Trial:
    time, at = _trc(folder / f"{markers}.trc")
    whole = np.all([np.isfinite(p).all(axis=1) for p in at.values()], axis=0)
    time, at = time[whole], {name: p[whole] for name, p in at.items()}

    def clusters(s: str) -> dict[str, list[str]]:
        return {
            "pelvis": ["RASI", "LASI", "RPSI", "LPSI"],
            "thigh": [f"{s}TH{i}" for i in (1, 2, 3)],
            "shank": [f"{s}TB{i}" for i in (1, 2, 3)],
            "foot": [f"{s}CAL", f"{s}TOE", f"{s}MT5"],
            "heel": [f"{s}CAL"],
            "toe": [f"{s}TOE"],
            "shoulder": [f"{s}ACR"],
        }

    plates = _mot(folder / f"{forces}.mot")
    found = [
        _contacts(plates["time"], f) for name, f in plates.items() if name.endswith("vy") and f.max() > FORCE_N
    ]
    return _trial(time, at, clusters, np.concatenate(found))


@cache
def fukuchi(folder: Path, name: str) -> Trial:
    head, rows = _text(folder / f"{name}markers.txt")
    rows = rows[np.isfinite(rows).all(axis=1)]
    at = {h[:-1]: rows[:, i : i + 2] / 1000 for i, h in enumerate(head) if h.endswith("X")}

    def clusters(s: str) -> dict[str, list[str]]:
        corners = [f"{a}.{b}" for a in ("Top", "Bottom") for b in ("Lateral", "Medial")]
        return {
            "pelvis": ["R.ASIS", "L.ASIS", "R.PSIS", "L.PSIS"],
            "thigh": [f"{s}.Thigh.{c}" for c in corners],
            "shank": [f"{s}.Shank.{c}" for c in corners],
            "foot": [f"{s}.Heel.{c}" for c in ("Top", "Bottom", "Lateral")],
            "heel": [f"{s}.Heel.Bottom"],
            "toe": [f"{s}.MT1"],
            "shoulder": ["R.Iliac.Crest", "L.Iliac.Crest"],
        }

    _, forces = _text(folder / f"{name}forces.txt")
    smooth = filtfilt(*butter(2, 50 / 150), forces[:, 2])
    trial = _trial(rows[:, 0], at, clusters, _contacts(np.arange(len(forces)) / 300, smooth))
    for side in SIDES:  # no marker above the pelvis: its crest stands in, lifted to where shoulders would be
        trial.joints[f"{side}_shoulder"] += (0.05, 0.40)
    return trial


def _trial(
    time: Array, at: dict[str, Array], clusters: Callable[[str], dict[str, list[str]]], found: Array
) -> Trial:
    joints: dict[str, Array] = {}
    for side, letter in SIDES.items():
        part = {name: np.stack([at[m][:, :2] for m in markers], 1) for name, markers in clusters(letter).items()}
        joints[f"{side}_hip"] = _centre(part["pelvis"], part["thigh"])
        joints[f"{side}_knee"] = _centre(part["thigh"], part["shank"])
        joints[f"{side}_ankle"] = _centre(part["shank"], part["foot"])
        joints |= {f"{side}_{name}": part[name].mean(axis=1) for name in ("heel", "toe", "shoulder")}
    inside = found[(found[:, 0] >= time[0]) & (found[:, 1] <= time[-1])]
    middle = inside.mean(axis=1)
    low = [np.interp(middle, time, joints[f"{side}_ankle"][:, 1]) for side in SIDES]
    return Trial(time, joints, {"left": inside[low[0] < low[1]], "right": inside[low[0] >= low[1]]})


def _contacts(time: Array, force: Array) -> Array:
    over = force > FORCE_N
    at = time[:-1] + (FORCE_N - force[:-1]) / np.where(np.diff(force) == 0, 1, np.diff(force)) * np.diff(time)
    down, off = at[~over[:-1] & over[1:]], at[over[:-1] & ~over[1:]]
    pairs = [(a, off[off > a][0]) for a in down if (off > a).any()]
    return np.array([p for p in pairs if p[1] - p[0] > 0.1]).reshape(-1, 2)


def _centre(a: Array, b: Array) -> Array:
    """Joint of two marker clusters in a plane (SCoRE: Ehrig et al. 2006, J Biomech 39:2798), (T, 2)."""
    (ra, ta), (rb, tb) = _frames(a), _frames(b)
    design = np.concatenate([ra, -rb], axis=2).reshape(-1, 4)
    local = np.linalg.lstsq(design, (tb - ta).reshape(-1), rcond=None)[0]
    return (ra @ local[:2] + ta + rb @ local[2:] + tb) / 2


def _frames(points: Array) -> tuple[Array, Array]:
    centre = points.mean(axis=1)
    local, shape = points - centre[:, None], points[0] - centre[0]
    for _ in range(3):
        cross = (shape[:, 0] * local[..., 1] - shape[:, 1] * local[..., 0]).sum(axis=1)
        turn = np.arctan2(cross, (shape * local).sum(axis=(1, 2)))
        c, s = np.cos(turn), np.sin(turn)
        rotation = np.stack([np.stack([c, -s], -1), np.stack([s, c], -1)], 1)
        shape = np.einsum("tji,tmj->tmi", rotation, local).mean(axis=0)
    return rotation, centre


def _trc(path: Path) -> tuple[Array, dict[str, Array]]:
    lines = path.read_text().splitlines()
    metres = 0.001 if lines[2].split("\t")[4].strip() == "mm" else 1.0
    names = [n.strip() for n in lines[3].split("\t")[2:] if n.strip()]
    width = 2 + 3 * len(names)
    cells = [[c if c.strip() else "nan" for c in (line.split("\t") + [""] * width)[:width]] for line in lines[5:]]
    rows = np.array([row for row in cells if row[1] != "nan"], dtype=np.float64)
    return rows[:, 1], {name: rows[:, 2 + 3 * i : 5 + 3 * i] * metres for i, name in enumerate(names)}


def _mot(path: Path) -> dict[str, Array]:
    lines = [line for line in path.read_text().splitlines() if line.strip()]
    start = next(i for i, line in enumerate(lines) if line.strip() == "endheader") + 1
    rows = np.array([line.split() for line in lines[start + 1 :]], dtype=np.float64)
    return {name: rows[:, i] for i, name in enumerate(lines[start].split())}


def _text(path: Path) -> tuple[list[str], Array]:
    lines = path.read_text().splitlines()
    return lines[0].split("\t"), np.array(
        [line.split("\t") for line in lines[1:] if line.strip()], dtype=np.float64
    )
