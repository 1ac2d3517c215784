"""What the runner really did: measured on the posed joints and skin, never copied from what was asked.

Touch-down and toe-off are where the lowest point of the sole passes 1 mm (240 Hz, interpolated); touches under 80 ms are counted as
scuffs of the swinging foot. Mid-stance is half-way. The keys, units and signs of the JSON are listed in README.md.
"""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
from body import Body

from phantom.motion import Motion, Posed, knee_projection
from phantom.people import SIDES, marks
from phantom.turns import Array

RATE_HZ = 240.0
CONTACT_M, SCUFF_S, LONGEST_S = 0.001, 0.08, 1.2
CENTRES = {"hip": "upperleg01", "knee": "lowerleg01", "ankle": "foot", "shoulder": "upperarm01", "mtp2": "toe2-1"}
Points = dict[str, Array]
Row = dict[str, Any]


def points(body: Body, posed: Posed) -> Points:
    """Named points (N, 3): joint centres, skin marks, and the middles of hips and shoulders."""
    out = {f"{n}_{s}": posed.joints[:, body.bone(f"{bone}.{s}")] for n, bone in CENTRES.items() for s in SIDES}
    named = {n: v for n, v in marks(body).items() if "bottom" not in n}
    only = np.array(list(named.values()))
    skin = np.stack([posed.vertices(body, i, only) for i in range(len(posed.t))])
    out |= {name: skin[:, k] for k, name in enumerate(named)}
    return out | {f"mid_{n}": (out[f"{n}_L"] + out[f"{n}_R"]) / 2 for n in ("hip", "shoulder")}


def truth_of(motion: Motion) -> Row:
    """Everything that is compared with: means, events and one row a step."""
    t = np.arange(0, motion.seconds, 1 / RATE_HZ)
    posed = motion.at(t)
    contacts = {s: _contacts(t, posed.sole[s]) for s in SIDES}
    rows = _steps(motion, contacts)
    if len(rows) < 3:
        raise ValueError("the film is too short: three steps are needed")
    seen = points(motion.body, posed)
    trunk = seen["mid_shoulder"] - seen["mid_hip"]
    step_s = np.mean([r["step_time"] for r in rows if "step_time" in r])
    out: Row = {"n_steps": len(rows), "cadence_spm": float(60 / step_s)}
    for key in ("contact_time", "flight_time", "step_width_cm"):
        out[key] = _spread([r[key] for r in rows if key in r])
    out["duty_factor"] = float(np.mean([r["contact_time"] for r in rows]) / (2 * step_s))
    for key, name in (("pelvis", "mid_hip"), ("head", "head_top")):
        out[f"vert_osc_{key}_cm"] = _spread(_rise_and_fall(t, seen[name][:, 2], rows))
    out["trunk_lean_mean_deg"] = float(np.degrees(np.arctan2(trunk[:, 0], trunk[:, 2])).mean())
    for s in SIDES:
        own = [r for r in rows if r["side"] == s]
        out[s] = {k: _spread([r[k] for r in own]) for k in own[0] if k.endswith("_deg") or k == "contact_time"}
        out[s]["swing_scuffs"] = contacts[s][1]
    out["events"] = {s: {"contact": pairs[:, 0].round(4).tolist(), "toe_off": pairs[:, 1].round(4).tolist()}
                     for s, (pairs, _) in contacts.items()}  # fmt: skip
    return out | {"per_step": rows}


def _contacts(t: Array, sole: Array) -> tuple[Array, int]:
    """Touch-down and toe-off (K, 2) of one foot, and the number of scuffs."""
    z = sole - CONTACT_M
    crossing = np.flatnonzero((z[:-1] > 0) != (z[1:] > 0))
    when = t[crossing] + z[crossing] / (z[crossing] - z[crossing + 1]) * (t[1] - t[0])
    first = int(len(crossing) and z[crossing[0]] <= 0)  # the film may begin in a stance
    pairs = when[first:][: (len(when) - first) // 2 * 2].reshape(-1, 2)
    scuff = np.diff(pairs, axis=1)[:, 0] < SCUFF_S
    return pairs[~scuff], int(scuff.sum())


def _steps(motion: Motion, contacts: dict[str, tuple[Array, int]]) -> list[Row]:
    stances = sorted(
        (*pair, s) for s, (pairs, _) in contacts.items() for pair in pairs if pair[1] - pair[0] < LONGEST_S
    )
    down, off = (np.array([s[i] for s in stances], dtype=float) for i in (0, 1))
    at_middle, at_landing = (points(motion.body, motion.at(t)) for t in ((down + off) / 2, down + 1e-4))
    rows = [
        {
            "side": s,
            "contact": float(a),
            "toe_off": float(b),
            "contact_time": float(b - a),
            "mid_stance": float((a + b) / 2),
        }
        | _at_middle({k: v[i] for k, v in at_middle.items()}, s)
        | _at_landing({k: v[i] for k, v in at_landing.items()}, s, motion.body)
        for i, (a, b, s) in enumerate(stances)
    ]
    for i, (row, after) in enumerate(itertools.pairwise(rows)):
        if row["side"] != after["side"]:
            row["step_time"] = after["contact"] - row["contact"]
            row["flight_time"] = after["contact"] - row["toe_off"]
            heels = at_middle[f"heel_{row['side']}"][i] - at_middle[f"heel_{after['side']}"][i + 1]
            row["step_width_cm"] = float(100 * SIDES[row["side"]] * heels[1])
    return rows


def _at_middle(p: Points, s: str) -> Row:
    sign, hip, knee, ankle, heel = SIDES[s], p[f"hip_{s}"], p[f"knee_{s}"], p[f"ankle_{s}"], p[f"heel_{s}"]
    foot = p[f"second_toe_{s}"] - heel
    along = foot[:2] / np.linalg.norm(foot[:2])
    inside = -sign * (along[0] * (knee - heel)[1] - along[1] * (knee - heel)[0])
    line, trunk = p["hip_L"] - p["hip_R"], p["mid_shoulder"] - p["mid_hip"]
    bend = knee_projection(hip[None], knee[None], ankle[None], sign)[0]
    return _degrees(
        fpa=sign * np.arctan2(foot[1], foot[0]),
        fppa=bend,
        knee_over_foot_line=np.arctan2(inside, knee[2] - ankle[2]),
        knee_flexion_midstance=_flexion(hip, knee, ankle),
        pelvic_drop=sign * np.arctan2(line[2], abs(line[1])),
        trunk_lean_midstance=np.arctan2(trunk[0], trunk[2]),
    )


def _at_landing(p: Points, s: str, body: Body) -> Row:
    shank, foot = p[f"knee_{s}"] - p[f"ankle_{s}"], p[f"mtp2_{s}"] - p[f"heel_{s}"]
    rest = body.joint(f"toe2-1.{s}") - body.vertices[marks(body)[f"heel_{s}"]]
    return _degrees(
        knee_flexion_contact=_flexion(p[f"hip_{s}"], p[f"knee_{s}"], p[f"ankle_{s}"]),
        tibia_angle_contact=np.arctan2(-shank[0], shank[2]),
        foot_strike_angle=_pitch(foot) - _pitch(rest),
    )


def _flexion(hip: Array, knee: Array, ankle: Array) -> float:
    a, b = hip - knee, ankle - knee
    return np.pi - float(np.arccos(a @ b / np.linalg.norm(a) / np.linalg.norm(b)))


def _pitch(v: Array) -> float:
    return float(np.arctan2(v[2], np.hypot(v[0], v[1])))


def _degrees(**radians: float) -> Row:
    return {f"{name}_deg": float(np.degrees(angle)) for name, angle in radians.items()}


def _rise_and_fall(t: Array, z: Array, rows: list[Row]) -> list[float]:
    steps = ((t >= a["contact"]) & (t < b["contact"]) for a, b in itertools.pairwise(rows))
    return [float(100 * np.ptp(z[inside])) for inside in steps if inside.sum() > 5]


def _spread(values: list[float]) -> Row | None:
    return {"mean": float(np.mean(values)), "sd": float(np.std(values)), "n": len(values)} if values else None
