"""Tiny networks of the released shapes, and pictures they can read: every point is a dot of its own colour.

The pose network answers where the colour of each point is; the finder where red outweighs blue. Both take what the released
networks take (RTMPose: standardised RGB, YOLOX: BGR with grey padding), so a wrong order, scale or crop misses the dots.
"""

from __future__ import annotations

from itertools import product
from pathlib import Path

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

Array = NDArray[np.float64]
MEAN, STD = (123.675, 116.28, 103.53), (58.395, 57.12, 57.375)
DOTS = tuple(i for i in range(26) if i not in (1, 2, 17, 18, 19))
"""HALPE's points without eyes, crown, neck and mid-hip, which nothing here uses."""
_FAR = (500.0, 500.0, 500.0)
COLOURS = np.array([_FAR] * 26)
COLOURS[list(DOTS)] = [c for c in product((30, 130, 230), repeat=3) if len(set(c)) > 1][: len(DOTS)]

# A person of height 1 facing the phone, x to the picture's right, by HALPE index.
_HALF = {5: (0.1, 0.2), 7: (0.17, 0.33), 9: (0.2, 0.45), 11: (0.06, 0.5), 13: (0.07, 0.7), 15: (0.07, 0.88)}
_FEET = {24: (0.06, 0.945), 20: (0.05, 1.0), 22: (0.13, 0.985)}
PERSON = np.full((26, 2), np.nan)
PERSON[0] = (0.0, 0.08)
for _i, (_x, _y) in {3: (0.06, 0.04), **_HALF, **_FEET}.items():
    PERSON[_i], PERSON[_i + 1] = (_x, _y), (-_x, _y)


def picture(
    centre_px: float = 200.0, top_px: float = 40.0, height_px: float = 400.0, size: tuple[int, int] = (640, 480)
) -> tuple[NDArray[np.uint8], Array]:
    """A picture of a dotted person on blue, and the places (26, 2) of the dots."""
    width, height = size
    places = PERSON * height_px + (centre_px, top_px)
    rgb = np.full((height, width, 3), (0, 0, 90), dtype=np.uint8)
    y, x = np.mgrid[:height, :width] + 0.5
    low, high = np.nanmin(places, axis=0) - 8, np.nanmax(places, axis=0) + 8
    rgb[(x > low[0]) & (x < high[0]) & (y > low[1]) & (y < high[1])] = (90, 0, 0)
    for i in DOTS:
        rgb[np.hypot(x - places[i, 0], y - places[i, 1]) < height_px / 50] = COLOURS[i]
    return rgb, places


def _constant(name: str, values: object, kind: type = np.float32) -> onnx.TensorProto:
    return numpy_helper.from_array(np.asarray(values, dtype=kind), name)


def _save(path: Path, graph: onnx.GraphProto) -> Path:
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9)
    onnx.checker.check_model(model)
    onnx.save(model, path)
    return path


def pose_onnx(path: Path, *, width: int = 192, height: int = 256, points: int = 26, broken: float = 0.0) -> Path:
    """Write a network of RTMPose's shapes; ``broken`` is added to every answer."""
    constants = [
        _constant("mean", np.reshape(MEAN, (1, 3, 1, 1))),
        _constant("std", np.reshape(STD, (1, 3, 1, 1))),
        _constant("colours", COLOURS[np.arange(points) % 26].reshape(1, points, 3, 1, 1)),
        _constant("one", [1], np.int64),
        _constant("two", [2], np.int64),
        _constant("last", [3], np.int64),
        _constant("reach", 50.0),
        _constant("unity", 1.0),
        _constant("tiny", 1e-6),
        _constant("less", 0.9),
        _constant("broken", broken),
    ]
    nodes = [
        helper.make_node("Mul", ["input", "std"], ["scaled"]),
        helper.make_node("Add", ["scaled", "mean"], ["rgb"]),
        helper.make_node("Unsqueeze", ["rgb", "one"], ["rgb5"]),
        helper.make_node("Sub", ["rgb5", "colours"], ["off"]),
        helper.make_node("Abs", ["off"], ["away"]),
        helper.make_node("ReduceSum", ["away", "two"], ["distance"], keepdims=0),
        helper.make_node("Div", ["distance", "reach"], ["far"]),
        helper.make_node("Sub", ["unity", "far"], ["near"]),
        helper.make_node("Relu", ["near"], ["seen"]),
        helper.make_node("ReduceMax", ["seen"], ["best"], axes=[2, 3], keepdims=0),
        helper.make_node("Unsqueeze", ["best", "two"], ["score"]),
    ]
    for axis, out, bins in ((2, "simcc_x", 2 * width), (3, "simcc_y", 2 * height)):
        constants += [
            _constant(f"{out}_axis", [axis], np.int64),
            _constant(f"{out}_bins", [-1, points, bins], np.int64),
        ]
        nodes += [
            helper.make_node("ReduceSum", ["seen", f"{out}_axis"], [f"{out}_sum"], keepdims=0),
            helper.make_node(
                "AveragePool", [f"{out}_sum"], [f"{out}_mid"], kernel_shape=[5], pads=[2, 2], count_include_pad=1
            ),
            helper.make_node("ReduceMax", [f"{out}_mid"], [f"{out}_top"], axes=[2], keepdims=1),
            helper.make_node("Add", [f"{out}_top", "tiny"], [f"{out}_topped"]),
            helper.make_node("Div", [f"{out}_mid", f"{out}_topped"], [f"{out}_share"]),
            helper.make_node("Mul", [f"{out}_share", "score"], [f"{out}_even"]),
            helper.make_node("Mul", [f"{out}_even", "less"], [f"{out}_odd"]),
            helper.make_node("Unsqueeze", [f"{out}_even", "last"], [f"{out}_even4"]),
            helper.make_node("Unsqueeze", [f"{out}_odd", "last"], [f"{out}_odd4"]),
            helper.make_node("Concat", [f"{out}_even4", f"{out}_odd4"], [f"{out}_both"], axis=3),
            helper.make_node("Reshape", [f"{out}_both", f"{out}_bins"], [f"{out}_whole"]),
            helper.make_node("Add", [f"{out}_whole", "broken"], [out]),
        ]
    graph = helper.make_graph(
        nodes,
        "pose",
        [helper.make_tensor_value_info("input", TensorProto.FLOAT, ["batch", 3, height, width])],
        [
            helper.make_tensor_value_info("simcc_x", TensorProto.FLOAT, ["batch", points, 2 * width]),
            helper.make_tensor_value_info("simcc_y", TensorProto.FLOAT, ["batch", points, 2 * height]),
        ],
        constants,
    )
    return _save(path, graph)


def finder_onnx(path: Path, *, size: int = 416) -> Path:
    """Write a network of YOLOX's shapes with suppression built in: one box (1, 1, 5) around what is red, and its label."""
    constants = [
        _constant("blue", [0], np.int64),
        _constant("red", [2], np.int64),
        _constant("threshold", 45.0),
        _constant("first", [0], np.int64),
        _constant("offset", [0, 0, 1, 1, 0], np.float32),
        _constant("labels", [[0]], np.int64),
    ]
    nodes = [
        helper.make_node("Gather", ["input", "blue"], ["b"], axis=1),
        helper.make_node("Gather", ["input", "red"], ["r"], axis=1),
        helper.make_node("Sub", ["r", "b"], ["redder"]),
        helper.make_node("Greater", ["redder", "threshold"], ["is_red"]),
        helper.make_node("Cast", ["is_red"], ["mask"], to=TensorProto.FLOAT),
        helper.make_node("ReduceMax", ["mask"], ["columns"], axes=[1, 2], keepdims=0),
        helper.make_node("ReduceMax", ["mask"], ["rows"], axes=[1, 3], keepdims=0),
        helper.make_node("ReduceMax", ["mask"], ["any"], axes=[1, 2], keepdims=0),
        helper.make_node("ReduceMax", ["any"], ["score"], axes=[1], keepdims=1),
    ]
    for name, source, late in (("x0", "columns", 0), ("y0", "rows", 0), ("x1", "columns", 1), ("y1", "rows", 1)):
        nodes += [
            helper.make_node("ArgMax", [source], [f"{name}_i"], axis=1, keepdims=1, select_last_index=late),
            helper.make_node("Cast", [f"{name}_i"], [name], to=TensorProto.FLOAT),
        ]
    nodes += [
        helper.make_node("Concat", ["x0", "y0", "x1", "y1", "score"], ["flat"], axis=1),
        helper.make_node("Add", ["flat", "offset"], ["box"]),
        helper.make_node("Unsqueeze", ["box", "first"], ["dets"]),
        helper.make_node("Identity", ["labels"], ["labels_out"]),
    ]
    graph = helper.make_graph(
        nodes,
        "finder",
        [helper.make_tensor_value_info("input", TensorProto.FLOAT, [1, 3, size, size])],
        [
            helper.make_tensor_value_info("dets", TensorProto.FLOAT, [1, 1, 5]),
            helper.make_tensor_value_info("labels_out", TensorProto.INT64, [1, 1]),
        ],
        constants,
    )
    return _save(path, graph)
