"""Camera, light and surroundings: frames of a dressed body, rendered off-screen by VTK on the processor."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pyvista as pv
import vtkmodules.vtkCommonCore as vtk
from body import Body
from scipy.ndimage import gaussian_filter1d

from phantom.people import normals, touching
from phantom.turns import Array, turn

ROUND_DEG = {"side": 90.0, "side_right": -90.0, "front": 0.0, "rear": 180.0, "front45": 45.0}
vtk.vtkObject.GlobalWarningDisplayOff()
FINER = 2
"""Drawn so many times finer and then averaged: on a processor faster than samples within a pixel, and as smooth."""
AIM_M = np.array([0, 0, 0.92])


@dataclass(frozen=True)
class Filming:
    """Where the phone stands and how it is held; degrees. ``yaw``: off the square view; ``shake``: 1 SD of a hand's unrest."""

    view: str = "side"
    width: int = 960
    height: int = 540
    fps: float = 60.0
    distance_m: float = 3.6
    lens_m: float = 1.0
    fill: float = 0.78
    yaw: float = 0.0
    pitch: float = 0.0
    roll: float = 0.0
    shake: float = 0.0
    overground: bool = False
    blur: int = 1
    grain: float = 2.0
    light: float = 1.0
    place: str = "hall"
    seed: int = 0


@dataclass(frozen=True)
class Camera:
    """A pinhole: position (3,), frame (3, 3) whose rows point right, down and ahead, focal length in pixels."""

    position: Array
    frame: Array
    focal_px: float
    width: int
    height: int

    def project(self, x: Array) -> Array:
        """Points (..., 3) to pixels (..., 2); (0, 0) is the picture's upper left corner."""
        seen = (x - self.position) @ self.frame.T
        return self.focal_px * seen[..., :2] / seen[..., 2:] + np.array([self.width, self.height]) / 2


def cameras(filming: Filming, n: int, body_height_m: float) -> list[Camera]:
    """One camera a frame."""
    around = np.radians(ROUND_DEG[filming.view] + filming.yaw)
    position = np.array([np.cos(around), np.sin(around), 0]) * filming.distance_m + [0, 0, filming.lens_m]
    ahead = (AIM_M - position) / np.linalg.norm(AIM_M - position)
    right = np.cross(ahead, [0, 0, 1.0]) / np.hypot(ahead[0], ahead[1])
    square = np.stack([right, np.cross(ahead, right), ahead])
    focal = filming.fill * filming.height * filming.distance_m / body_height_m
    unrest = np.random.default_rng(filming.seed).standard_normal((3, n + 1))
    unrest = gaussian_filter1d(unrest, 0.12 * filming.fps, axis=1)
    unrest *= np.radians(filming.shake) / max(unrest.std(), 1e-9)
    held = np.radians([filming.pitch, 0, filming.roll])[:, None] + unrest[:, :n]
    turned = turn("z", held[2]) @ turn("x", held[0]) @ turn("y", held[1])
    return [Camera(position, one @ square, focal, filming.width, filming.height) for one in turned]


@dataclass
class Stage:
    """The surroundings with the runner in them.

    For a camera that keeps still, what keeps still is drawn once, and each picture of runner, shadow and belt is laid over it.
    """

    filming: Filming
    body: Body
    colours: Array
    belt_mps: float
    _rng: np.random.Generator = field(init=False)
    _belt: pv.PolyData | None = field(init=False, default=None)
    _behind: Array | None = field(init=False, default=None)

    def __post_init__(self) -> None:
        self._rng = np.random.default_rng(self.filming.seed)
        window = (FINER * self.filming.width, FINER * self.filming.height)
        self._plotter = pv.Plotter(off_screen=True, window_size=window, lighting="none")
        self._plotter.disable_anti_aliasing()
        self._light()
        self._surroundings()
        still = [] if self.filming.shake else list(self._plotter.renderer.actors.values())
        self._touching = touching(self.body.faces, len(self.body.vertices))
        faces = np.column_stack([np.full(len(self.body.faces), 3), self.body.faces])
        self._mesh = pv.PolyData(self.body.vertices.astype(np.float32), faces)
        self._mesh.point_data["colour"] = self.colours.astype(np.uint8)
        self._mesh.point_data["Normals"] = self.body.vertices
        self._mesh.point_data.active_normals_name = "Normals"
        skin = self._plotter.add_mesh(  # named: of two nameless actors of one mesh pyvista lists only the second
            self._mesh, name="runner", scalars="colour", rgb=True,
            ambient=0.34, diffuse=0.72, specular=0.05, specular_power=12,
        )  # fmt: skip
        skin.prop.interpolation = "Gouraud"
        self._plotter.add_mesh(
            self._mesh, name="shadow", color=(0.17, 0.16, 0.16), lighting=False
        ).user_matrix = self._onto_the_ground()
        self._plotter.ren_win.SetAlphaBitPlanes(1)
        self._plotter.show(auto_close=False)
        self._plotter.image_transparent_background = True
        self._still = [actor for actor in still if actor.mapper.dataset is not self._belt]

    def frame(self, camera: Camera, vertices: Array, t: float) -> Array:
        """One picture (H, W, 3) of 0 to 255, without grain."""
        self._mesh.points = vertices.astype(np.float32)
        self._mesh.point_data["Normals"] = normals(vertices, self.body.faces, self._touching).astype(np.float32)
        if self._belt is not None:
            self._belt.active_texture_coordinates = self._belt_at + np.array([0, self.belt_mps * t / 2.1 % 1])
        if not self._still:
            return self._shot(camera)[..., :3]
        if self._behind is None:
            self._behind = self._background(camera)
        seen = self._shot(camera)
        return seen[..., :3] + self._behind * (1 - seen[..., 3:] / 255)

    def _onto_the_ground(self) -> Array:
        """What makes the runner a shadow (4, 4)."""
        flat = np.diag([1.0, 1.0, 0, 1])
        flat[:3, 2], flat[2, 3] = self._slant, 0.002
        return flat

    def _shot(self, camera: Camera) -> Array:
        """Everything that is visible (H, W, 4), as if over black, 0 to 255; the last channel: how much of a pixel it covers."""
        view = self._plotter.camera
        view.position, view.focal_point, view.up = (
            camera.position,
            camera.position + camera.frame[2],
            -camera.frame[1],
        )
        view.view_angle = 2 * np.degrees(np.arctan(camera.height / 2 / camera.focal_px))
        view.clipping_range = (0.3, 80)
        self._plotter.ren_win.Render()
        fine = np.asarray(self._plotter.image)
        parts = [fine[i::FINER, j::FINER].astype(np.float32) for i in range(FINER) for j in range(FINER)]
        return sum(parts) / FINER**2

    def _background(self, camera: Camera) -> Array:
        """What keeps still (H, W, 3); from here on it is no longer drawn."""
        runner = [actor for actor in self._plotter.renderer.actors.values() if actor not in self._still]
        for actor in runner:
            actor.visibility = False
        behind = self._shot(camera)[..., :3]
        for actor in (*runner, *self._still):
            actor.visibility = not actor.visibility
        self._plotter.set_background("black")
        return behind

    def grained(self, picture: Array) -> Array:
        """With the sensor's noise."""
        noise = self.filming.grain * self._rng.standard_normal((*picture.shape[:2], 1), np.float32)
        return np.clip(picture + noise, 0, 255).astype(np.uint8)

    def _light(self) -> None:
        turned = turn("z", self._rng.uniform(-1, 1))[0]
        places = np.array([[4, 5, 7], [6, -4, 5], [-6, 0, 6.0]]) @ turned.T
        self._slant = -np.append(places[0, :2] / places[0, 2] * 0.25, 0)
        for place, strength in zip(places, (0.62, 0.42, 0.34), strict=True):
            strength = strength * self.filming.light
            self._plotter.add_light(
                pv.Light(position=place, focal_point=(0, 0, 1), intensity=strength, light_type="scene light")
            )

    def _surroundings(self) -> None:
        rng, outdoors = self._rng, self.filming.place == "park"
        drop = 0.0 if self.filming.overground else -0.14
        ground = (104, 128, 78) if outdoors else rng.uniform(90, 170, 3)
        self._panel((0, 0, drop), (40, 0, 0), (0, 40, 0), _mottled(rng, ground, 0.10 if outdoors else 0.05), 20)
        self._plotter.set_background((0.74, 0.83, 0.93) if outdoors else tuple(rng.uniform(0.5, 0.8, 3)))
        if outdoors:
            for _ in range(40):
                away, around, tall = rng.uniform(16, 34), rng.uniform(0, 2 * np.pi), rng.uniform(2, 7)
                place = (away * np.cos(around), away * np.sin(around), tall / 2)
                tree = (
                    pv.Sphere(radius=1.0, theta_resolution=16, phi_resolution=12)
                    .scale((tall / 3, tall / 3, tall / 2))
                    .translate(place)
                )
                self._plotter.add_mesh(tree, color=rng.uniform((0.1, 0.25, 0.1), (0.3, 0.5, 0.25)), ambient=0.4)
        else:
            self._walls(rng)
        if not self.filming.overground:
            self._treadmill(rng)

    def _walls(self, rng: np.random.Generator) -> None:
        paint = rng.uniform(120, 225, 3)
        away = max(5.0, self.filming.distance_m + 2)
        for k in range(4):
            normal, along = (
                np.array([np.cos(k * np.pi / 2), np.sin(k * np.pi / 2), 0]),
                np.array([-np.sin(k * np.pi / 2), np.cos(k * np.pi / 2), 0]),
            )
            self._panel(normal * away + (0, 0, 3), along * 20, (0, 0, 3.5), _mottled(rng, paint, 0.04), 6)
            for _ in range(int(rng.integers(0, 6))):
                at = normal * (away - 0.4) + along * rng.uniform(-5, 5)
                half = rng.uniform(0.15, 0.7, 2)
                size = {"x_length": 2 * half[0], "y_length": 2 * half[0], "z_length": 2 * half[1]}
                box = pv.Cube(center=at + np.array([0, 0, rng.uniform(0.2, 2.4)]), **size)
                self._plotter.add_mesh(box, color=rng.uniform(0.1, 0.9, 3), ambient=0.5, diffuse=0.5)

    def _treadmill(self, rng: np.random.Generator) -> None:
        self._belt = self._panel((0, 0, -0.001), (1.05, 0, 0), (0, 0.28, 0), _belt(rng), 1)
        self._belt_at = np.array([[0, 0], [0, 1], [1, 1], [1, 0]], float)
        for bounds, grey in (((-1.15, 1.15, 0.28, 0.40, -0.14, -0.004), 0.43), ((-1.15, 1.15, -0.40, -0.28, -0.14, -0.004), 0.43),
                             ((-1.05, 1.05, -0.28, 0.28, -0.13, -0.02), 0.12)):  # fmt: skip
            self._plotter.add_mesh(pv.Box(bounds), color=(grey,) * 3, ambient=0.4, diffuse=0.6)

    def _panel(self, centre: object, u: object, v: object, image: Array, repeats: float) -> pv.PolyData:
        c, u, v = (np.asarray(x, float) for x in (centre, u, v))
        panel = pv.PolyData(np.array([c - u - v, c + u - v, c + u + v, c - u + v]), [4, 0, 1, 2, 3])
        panel.active_texture_coordinates = np.array([[0, 0], [1, 0], [1, 1], [0, 1]], float) * repeats
        texture = pv.numpy_to_texture(np.ascontiguousarray(image))
        texture.repeat = texture.interpolate = texture.mipmap = True
        self._plotter.add_mesh(panel, texture=texture, ambient=0.55, diffuse=0.45 * self.filming.light)
        return panel


def _mottled(rng: np.random.Generator, colour: object, contrast: float, size: int = 256) -> Array:
    pattern = sum(
        np.kron(rng.standard_normal((k, k)), np.ones((size // k, size // k))) * k**-0.7 for k in (4, 8, 16, 32, 64)
    )
    pattern = pattern / pattern.std()
    return np.clip(np.asarray(colour) * (1 + contrast * pattern[..., None]), 0, 255).astype(np.uint8)


def _belt(rng: np.random.Generator) -> Array:
    image = _mottled(rng, (58, 58, 60), 0.10)
    image[:6] = 150
    return image
