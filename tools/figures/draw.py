"""Draw the figures of the pose files: ``python -m figures.draw [NAME …]`` from tools/, all without a name.

Says what is wrong with each pose (see checks.py) and ends with 1 if anything is.
"""

from __future__ import annotations

import copy
import sys
from pathlib import Path
from typing import Any

import numpy as np
from ruamel.yaml import YAML

from figures.art import Panel, sheet
from figures.raster import Camera
from figures.scene import build

POSES = Path(__file__).with_name("poses")
OUT = Path(__file__).parents[2] / "src/runfree/knowledge/figures"
SCALE = 200.0  # units a metre, one for every whole body
MARGIN = 26.0
WIDTHS, HEIGHTS = (300, 400, 480, 640), (240, 320, 400, 480)


def read() -> dict[str, dict[str, Any]]:
    """Every figure of the pose files; ``like`` takes another's keys over first."""
    yaml, found = YAML(typ="safe"), {}
    for file in sorted(POSES.glob("*.yaml")):
        for name, spec in yaml.load(file.read_text("utf-8")).items():
            if name in found:
                raise SystemExit(f"{file.name}: {name} is there twice.")
            found[name] = spec
    return {name: spec for name, spec in found.items() if not name.startswith("_")} | {
        k: v for k, v in found.items() if k.startswith("_")
    }


def inherit(spec: dict[str, Any], every: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """A pose with what it takes over from another (nested keys are joined, lists replaced)."""
    if "like" not in spec:
        return copy.deepcopy(spec)
    return _join(inherit(every[spec["like"]], every), {k: v for k, v in spec.items() if k != "like"})


def _join(base: dict[str, Any], over: dict[str, Any]) -> dict[str, Any]:
    out = copy.deepcopy(base)
    for key, value in over.items():
        if isinstance(value, dict) and isinstance(out.get(key), dict) and key not in ("want",):
            out[key] = _join(out[key], value)
        elif value is None:
            out.pop(key, None)
        else:
            out[key] = copy.deepcopy(value)
    return out


def drawn(name: str, every: dict[str, dict[str, Any]]) -> tuple[str, list[str]]:
    """The SVG of a figure and what is wrong with its poses."""
    spec = inherit(every[name], every)
    stages = [_join({k: v for k, v in spec.items() if k not in ("stages", "moving")}, inherit(s, every))
              for s in spec.get("stages", [{}])]  # fmt: skip
    scenes = [build(stage) for stage in stages]
    panels, size = _lay_out(spec, stages, scenes)
    return sheet(name, spec, panels, size), [f for scene in scenes for f in scene.faults]


def _lay_out(
    spec: dict[str, Any], stages: list[dict[str, Any]], scenes: list[Any]
) -> tuple[list[Panel], tuple[int, int]]:
    sizes, centres = zip(*(_frame(stage, scene) for stage, scene in zip(stages, scenes, strict=True)), strict=True)
    columns = spec.get("columns", len(stages))
    width, high = max(s[0] for s in sizes), max(s[1] for s in sizes)
    if columns == 1 or len(stages) == 1:
        width, high = _round_up(width, WIDTHS), _round_up(high, HEIGHTS)
    elif not any("crop" in s for s in stages):
        high = _round_up(high, HEIGHTS)
    panels = []
    for k, (stage, scene) in enumerate(zip(stages, scenes, strict=True)):
        box = (width * (k % columns), high * (k // columns), width, high)
        centre, scale = centres[k], stage.get("scale", SCALE)
        if "crop" not in stage:  # feet stand on one line near the bottom
            centre = (centre[0], centre[1] + (high - sizes[k][1]) / 2 / scale)
        panels.append(Panel(scene, tuple(stage.get("view", (28, 6))), scale, centre, box, stage))
    rows = -(-len(stages) // columns)
    return panels, (round(width * columns), round(high * rows))


def _frame(stage: dict[str, Any], scene: Any) -> tuple[tuple[float, float], tuple[float, float]]:
    """The size (units) a stage needs and the middle (metres, right and up) of its picture."""
    scale = stage.get("scale", SCALE)
    camera = Camera(*stage.get("view", (28, 6)), 1.0, (0, 0), (0.0, 0.0))
    if "crop" in stage:
        x, y, z, width, high = stage["crop"]
        seen = camera.axes @ np.array([x, y, z])
        return (width, high), (float(seen[0]), float(seen[1]))
    floor = scene.points * [1, 1, 0]
    walls = [np.array(w, float) for w in stage.get("walls", [])]
    if isinstance(mat := stage.get("mat"), list):
        walls.append(np.array([[x, y, 0] for x in mat[::2] for y in mat[1::2]]))
    seen = np.concatenate([scene.points, floor, *walls]) @ camera.axes.T
    low, top = seen[:, :2].min(0), seen[:, :2].max(0)
    label = 22 if stage.get("label") else 0
    size = (top - low) * scale + 2 * MARGIN + [0, label]
    middle = (low + top) / 2 - [0, label / 2 / scale]
    return (float(size[0]), float(size[1])), (float(middle[0]), float(middle[1]))


def _round_up(value: float, steps: tuple[int, ...]) -> float:
    return next((s for s in steps if s >= value), value)


def main(names: list[str]) -> int:
    every, wrong = read(), 0
    OUT.mkdir(parents=True, exist_ok=True)
    for name in names or [n for n in every if not n.startswith("_")]:
        svg, faults = drawn(name, every)
        (OUT / f"{name}.svg").write_text(svg, encoding="utf-8")
        print(f"{name}: {len(svg) / 1000:.0f} kB", *faults, sep="\n    ")
        wrong += len(faults)
    return int(wrong > 0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
