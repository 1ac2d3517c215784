"""A posed, dressed figure with its props, and the picture planes everything is traced from."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import cv2
import numpy as np
from body import load

from figures import checks, dress, props
from figures.raster import Camera, draw
from figures.rig import Placed, Pose, Rig
from figures.skin import Skin, normals, rest_on_floor
from figures.solver import height, parts, solve
from figures.turns import Array

CLOSE = 1500  # pixels a metre above which only the foot itself is seen
HEIGHTS_M = {"woman": 1.68, "man": 1.76}
# What a vertex carries into the picture, after its normal.
TOP, LEGS, HAIR, HEAD, PROP = range(3, 8)


class Figure:
    """One body, ready to be posed and dressed."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.body = load(name, HEIGHTS_M[name])
        self.skin, self.rig = Skin(self.body), Rig(self.body)
        self.rig.palm_m = self._palm_m()
        self.cloth = dress.dress(self.body, self.skin, sleeves=name == "man")
        self.standoff = dress.thickness(self.cloth, self.body)
        self.head = self.body.share("head", "eye", "neck03")

    def _palm_m(self) -> float:
        """The height of the wrist when the palm lies flat, found by laying it down twice."""
        for _ in range(2):
            placed = self.rig.place({"pelvis": {"pitch": 90, "z": 0.55}, "arms": {"hand": [0.4, 0.2]}})
            lowest = self.body.skin(placed.skin, placed.at, parts(self.body)["hand.L"])[:, 2].min()
            self.rig.palm_m -= lowest
        return self.rig.palm_m

    def belly(self, placed: Placed) -> Array:
        """Which way, and how much of it, the skin of the low belly moves (V, 3) when it is let go or drawn in."""
        low, ahead = self.body.joint("spine05"), self.body.vertices[:, 0] - self.body.joint("spine05")[0]
        away = (self.body.vertices - low - [0, 0, 0.02]) / [1, 0.11, 0.085]
        share = np.exp(-(away[:, 1:] ** 2).sum(1)) * np.clip(ahead / 0.06, 0, 1)
        share *= self.body.share("root", "pelvis", "spine", "upperleg01")
        return share[:, None] * placed.skin[self.body.bone("spine05"), :, 0]

    def arch(self, placed: Placed) -> Array:
        """Which way, and how much of it, the inner sole moves (V, 3) when the arch of the foot is lifted."""
        out = np.zeros_like(self.body.vertices)
        for s, sign in (("L", 1), ("R", -1)):
            ankle, ball = self.body.joint(f"foot.{s}"), self.body.joint(f"toe2-1.{s}")
            x, y, z = ((self.body.vertices - 0.55 * ankle - 0.45 * ball) * [1, sign, 1]).T
            share = (
                self.body.share("foot", side=f".{s}") * np.exp(-((x / 0.036) ** 2)) * np.clip(0.6 - y / 0.03, 0, 1)
            )
            low = np.clip(1 - (z - z[share > 0.1].min()) / 0.06, 0, 1)
            out += (share * low)[:, None] * placed.skin[self.body.bone(f"foot.{s}"), :, 2]
        return out


@cache
def figure(name: str) -> Figure:
    return Figure(name)


@dataclass(frozen=True)
class Scene:
    """Triangles in the room and what they carry: ``points`` (V, 3), ``faces`` (F, 3), ``carried`` (V, 8)."""

    placed: Placed
    points: Array
    faces: Array
    carried: Array
    vertices: Array
    faults: list[str]


def build(pose: Pose) -> Scene:
    """Solve, place, skin, check, dress."""
    who = figure(pose.get("body", "woman"))
    pose = solve(who.rig, pose)
    placed = who.rig.place(pose)
    vertices = who.skin.vertices(placed)
    vertices += who.belly(placed) * pose.get("belly", 0.0) + who.arch(placed) * pose.get("arch", 0.0)
    if pose.get("drop"):
        down = min(height(who.body, vertices, part) for part in parts(who.body))
        vertices, placed.at = vertices - [0, 0, down], placed.at - [0, 0, down]
    found = checks.faults(pose, placed, vertices)
    if pose.get("floor") is not None or pose.get("drop"):
        vertices = rest_on_floor(vertices)
    return _assemble(who, pose, placed, vertices, found)


def _assemble(who: Figure, pose: Pose, placed: Placed, vertices: Array, found: list[str]) -> Scene:
    skin = vertices + normals(vertices, who.body.faces) * who.standoff
    skin[:, 2] = np.where(vertices[:, 2] < 0.004, vertices[:, 2], skin[:, 2])
    n = len(skin)
    pieces = [(skin, who.body.faces, np.column_stack([who.cloth, who.head, np.zeros(n)]))]
    if who.name == "woman":
        head = who.body.bone("head")
        ball = props.bun(placed.at[head], placed.skin[head], who.body.height_m / 1.7, pose.get("bun") == "top")
        pieces.append((*ball, np.tile([-0.1, -0.1, 0.1, 1.0, 0.0], (len(ball[0]), 1))))
    for k, prop in enumerate(pose.get("props", []), 1):
        thing = props.mesh(prop, placed)
        pieces.append((*thing, np.tile([-0.1, -0.1, -0.1, 0.0, k], (len(thing[0]), 1))))
    points, faces, carried, start = [], [], [], 0
    for p, f, c in pieces:
        points.append(p)
        faces.append(f + start)
        carried.append(np.column_stack([normals(p, f), c]))
        start += len(p)
    return Scene(placed, np.concatenate(points), np.concatenate(faces), np.concatenate(carried), vertices, found)


@dataclass(frozen=True)
class Planes:
    """What the camera sees, each (H, W): ``facing`` (H, W, 3) right, up, towards; ``depth``; masks by colour and of each prop; ``shadow``."""

    camera: Camera
    facing: Array
    depth: Array
    mask: Array
    head: Array
    colours: dict[str, Array]
    things: list[Array]
    shadow: Array


def look(scene: Scene, camera: Camera) -> Planes:
    seen, depth, owner = draw(camera.project(scene.points), scene.faces, scene.carried, camera.size)
    facing = seen[:, :, :3] @ camera.axes.T.astype(np.float32)
    facing /= np.maximum(np.linalg.norm(facing, axis=2, keepdims=True), 1e-6)
    mask = owner >= 0
    prop = mask & (seen[:, :, PROP] > 0.5)
    hair = mask & ~prop & (seen[:, :, HAIR] > 0)
    top = mask & ~prop & ~hair & (seen[:, :, TOP] > 0)
    legs = mask & ~prop & ~hair & ~top & (seen[:, :, LEGS] > 0)
    colours = {"skin": mask & ~(prop | hair | top | legs), "legs": legs, "top": top, "hair": hair, "prop": prop}
    which = np.rint(seen[:, :, PROP])
    things = [mask & (which == k) for k in range(1, int(scene.carried[:, PROP].max()) + 1)]
    return Planes(camera, facing, depth, mask, seen[:, :, HEAD], colours, things, _shadow(scene, camera))


def _shadow(scene: Scene, camera: Camera) -> Array:
    """How dark the floor is (H, W), 0 to 1: sharper and darker under what is near it."""
    small = 6
    size = tuple(-(-n // small) for n in camera.size)
    flat = camera.project(scene.points * [1, 1, 0]) / [small, small, 1]
    lowest = scene.points[scene.faces, 2].min(1)
    out = np.zeros(size[::-1], np.float32)
    layers = ((0.6, 0.25), (0.22, 0.35), (0.06, 0.55))
    for limit, dark in layers[1:] if camera.scale > CLOSE else layers:
        below = scene.faces[lowest < limit]
        _, _, owner = draw(flat, below, np.zeros((len(flat), 1)), size)
        blur = max(1.0, camera.scale * (0.02 + 0.09 * limit) / small)
        out = np.maximum(out, dark * cv2.GaussianBlur((owner >= 0).astype(np.float32), (0, 0), blur))
    return cv2.resize(out, camera.size, interpolation=cv2.INTER_LINEAR)
