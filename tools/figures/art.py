"""One SVG from the panels of a figure: flat colours, two tones, inner lines; colours by CSS custom properties."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from itertools import pairwise
from typing import Any

import numpy as np

from figures import ink
from figures.props import point
from figures.raster import Camera
from figures.scene import Planes, Scene, look
from figures.trace import number, path
from figures.turns import Array

DENSITY = 3  # pixels a drawing unit
SKINS = ("#dba587", "#b57c58", "#8d5a3f", "#e6bfa3")
HAIRS = ("#80503c", "#5a4038", "#4a3a38", "#b0824e")
STYLE = """
.fig{--sk:var(--figure-skin,var(--tone));--hr:var(--figure-hair,var(--lock));--lg:var(--figure-legs,#2f7f86);--tp:var(--figure-top,#e08566)
;--ln:var(--figure-line,#3b2d36);--mt:var(--figure-mat,#dbe6e1);--pr:var(--figure-prop,#cfae7c);--fl:var(--figure-shadow,#20302f)
;--go:var(--figure-good,#1f7a5c);--no:var(--figure-care,#b4540a);--tx:var(--figure-text,#4d5d5b);--bg:var(--figure-paper,#fff);--ol:var(--ln)}
@media (prefers-color-scheme:dark){.fig{--ln:var(--figure-line,#191417);--mt:var(--figure-mat,#2c3d3d);--fl:var(--figure-shadow,#000)
;--go:var(--figure-good,#6fd0a8);--no:var(--figure-care,#f3a35c);--tx:var(--figure-text,#b4c1be);--bg:var(--figure-paper,#1c2526);--ol:var(--figure-line,#75858a)}}
.fig .k{fill:var(--sk)}.fig .l{fill:var(--lg)}.fig .t{fill:var(--tp)}.fig .h{fill:var(--hr)}.fig .p{fill:var(--pr)}
.fig .s{fill:#3a1f3f;opacity:.23}.fig .i{fill:#fff;opacity:.1}.fig .n{fill:var(--ln)}.fig .f{fill:var(--fl);opacity:.11}
.fig .o{fill:none;stroke:var(--ol);stroke-width:1.1;stroke-linejoin:round;opacity:.75}.fig .m{fill:var(--mt)}.fig .y{fill:#8fb27c}
.fig .b{opacity:.6}.fig .w{stroke:var(--tx);stroke-width:2;stroke-linecap:round;opacity:.55;fill:none}
.fig .u{stroke:var(--bg);stroke-width:6;opacity:.8}.fig .u,.fig .g,.fig .c,.fig .d,.fig .a{fill:none;stroke-linecap:round;stroke-linejoin:round}
.fig .g,.fig .c,.fig .d,.fig .a{stroke-width:3.2}
.fig .g{stroke:var(--go)}.fig .c{stroke:var(--no)}.fig .d{stroke:var(--tx);stroke-width:2;stroke-dasharray:1 6}.fig .a{stroke:var(--go)}
.fig .gd,.fig .cd{stroke-width:3;fill:var(--bg)}.fig .gd{stroke:var(--go)}.fig .cd{stroke:var(--no)}
.fig text{font:600 15px system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",sans-serif;text-anchor:middle;fill:var(--tx)}
.fig .gt{fill:var(--go)}.fig .ct{fill:var(--no)}
""".strip().replace("\n", "")
CLASSES = {"legs": "l", "top": "t", "hair": "h"}


@dataclass(frozen=True)
class Panel:
    """One scene on the sheet: seen from where, how large (units a metre), and which part of the sheet it fills."""

    scene: Scene
    view: tuple[float, float]
    scale: float
    centre: tuple[float, float]
    box: tuple[float, float, float, float]
    spec: dict[str, Any]

    def camera(self) -> Camera:
        size = (round(self.box[2] * DENSITY), round(self.box[3] * DENSITY))
        return Camera(*self.view, self.scale * DENSITY, size, self.centre)


def sheet(name: str, spec: dict[str, Any], panels: list[Panel], size: tuple[int, int]) -> str:
    """The whole drawing as SVG text."""
    tone = int(spec.get("skin", 0)) % len(SKINS)
    inner = "".join(_panel(p, f"{name}-{k}") for k, p in enumerate(panels)) + _arrows_between(panels, spec)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size[0]} {size[1]}" class="fig" role="img" '
        f'aria-labelledby="{name}-t {name}-d" style="--tone:{SKINS[tone]};--lock:{HAIRS[tone]}">'
        f'<title id="{name}-t">{escape(spec["title"])}</title><desc id="{name}-d">{escape(spec["alt"])}</desc>'
        f"<style>{STYLE}</style>{inner}</svg>\n"
    )


def _panel(panel: Panel, name: str) -> str:
    camera = panel.camera()
    planes = look(panel.scene, camera)
    x, y, width, high = panel.box
    caption = 26 if panel.spec.get("label") and "crop" in panel.spec else 0
    clip = f'<clipPath id="{name}-c"><rect width="{number(width)}" height="{number(high - caption)}" rx="10"/></clipPath>'
    body = _ground(panel, camera, planes) + _body(planes, panel.spec.get("light") == "front")
    marks = "".join(_mark(m, panel, camera) for m in panel.spec.get("marks", []))
    return (
        f'<g transform="translate({number(x)} {number(y)})">{clip}<g clip-path="url(#{name}-c)">{body}{marks}</g>'
        f"{_label(panel)}</g>"
    )


def _ground(panel: Panel, camera: Camera, planes: Planes) -> str:
    out = ""
    if mat := panel.spec.get("mat", "auto"):
        grass = mat == "grass"
        shape = _mat("auto" if grass else mat, panel, camera)
        out += f'<path class="{"m y" if grass else "m"}" d="{shape}"/>'
    out += "".join(_mark(m, panel, camera) for m in panel.spec.get("under", []))
    for edge in panel.spec.get("walls", []):
        flat = "z" if len(edge) > 2 else ""  # corners of a wall seen at an angle, or its edge
        out += f'<path class="{"m b" if flat else "w"}" d="{_line(edge, panel, camera)}{flat}"/>'
    for dark in (0.06, 0.2):
        if d := path(planes.shadow > dark, 1 / DENSITY, tolerance_px=1.5, blur_px=4):
            out += f'<path class="f" d="{d}"/>'
    return out


def _mat(mat: Any, panel: Panel, camera: Camera) -> str:
    if mat == "auto":
        near = panel.scene.points[panel.scene.points[:, 2] < 0.15]
        low, high = near[:, :2].min(0) - 0.13, near[:, :2].max(0) + 0.13
        narrow = np.maximum(0, 0.5 - (high - low)) / 2
        mat = [*(low - narrow), *(high + narrow)]
    x0, y0, x1, y1 = mat
    corners = camera.project(np.array([[x0, y0, 0], [x1, y0, 0], [x1, y1, 0], [x0, y1, 0]]))[:, :2] / DENSITY
    return "M" + "L".join(f"{number(a)} {number(b)}" for a, b in corners) + "z"


def _body(planes: Planes, front_light: bool) -> str:
    unit, mask = 1 / DENSITY, planes.mask & ~planes.colours["prop"]
    whole = path(mask, unit)
    grown = np.ones((3, 3), np.uint8)
    out = f'<path class="k" d="{whole}"/>'
    for colour in ("legs", "top", "hair"):
        region = ink.cv2.dilate(planes.colours[colour].astype(np.uint8), grown).astype(bool) & mask
        out += _fill(CLASSES[colour], path(region, unit))
    rigid = "".join(path(t, unit, tolerance_px=2.0, blur_px=0.6, straight=True) for t in planes.things)
    out += _fill("p", rigid)
    shaded, lit = ink.shade(planes, ink.FRONT_LIGHT if front_light else ink.LIGHT)
    out += _fill("i", path(lit, unit, least_px=250, blur_px=4)) + _fill(
        "s", path(shaded, unit, least_px=500, blur_px=3)
    )
    out += _fill("n", path(ink.lines(planes), unit, least_px=60, blur_px=1.1))
    return out + f'<path class="o" d="{whole}{rigid}"/>'


def _fill(kind: str, d: str) -> str:
    return f'<path class="{kind}" d="{d}"/>' if d else ""


# ---- marks: lines, dots and arrows in the room
def _mark(mark: dict[str, Any], panel: Panel, camera: Camera) -> str:
    kind = mark.get("kind", "g")
    if "line" in mark:
        out = _stroke(kind, _line(mark["line"], panel, camera))
        return out + "".join(_dot(kind, p) for p in _points(mark.get("dots", []), panel, camera))
    if "wave" in mark:
        return _stroke(kind, _wave(*mark["wave"], panel, camera))
    return _arrow(_points(mark["arrow"], panel, camera), kind)


def _stroke(kind: str, d: str) -> str:
    """A mark with a light edge, so that it is seen on cloth and skin too."""
    edge = "" if kind == "d" else f'<path class="u" d="{d}"/>'
    return f'{edge}<path class="{kind}" d="{d}"/>'


def _dot(kind: str, p: Array) -> str:
    return f'<circle class="{kind}d" cx="{number(p[0])}" cy="{number(p[1])}" r="5.5"/>'


def _points(where: list[Any], panel: Panel, camera: Camera) -> Array:
    if not where:
        return np.zeros((0, 2))
    return camera.project(np.array([point(p, panel.scene.placed) for p in where]))[:, :2] / DENSITY


def _line(where: list[Any], panel: Panel, camera: Camera) -> str:
    return "M" + "L".join(f"{number(x)} {number(y)}" for x, y in _points(where, panel, camera))


def _wave(rise_m: float, height_m: float, panel: Panel, camera: Camera) -> str:
    """The path of the head over two steps: ``rise_m`` from its lowest to its highest, about ``height_m`` up."""
    along = camera.axes[0] * [1, 1, 0] * np.linspace(-0.6, 0.6, 5)[:, None]
    up = height_m + rise_m / 2 * np.array([-1, 1, -1, 1, -1])
    points = camera.project(along + np.column_stack([np.zeros((5, 2)), up]))[:, :2] / DENSITY
    out, half = f"M{number(points[0, 0])} {number(points[0, 1])}", (points[1, 0] - points[0, 0]) * 0.45
    for a, b in pairwise(points):
        out += f"C{number(a[0] + half)} {number(a[1])} {number(b[0] - half)} {number(b[1])} {number(b[0])} {number(b[1])}"
    return out


def _arrow(points: Array, kind: str) -> str:
    """A smooth arrow through two or three points (the middle one pulls the curve)."""
    start, end, pull = points[0], points[-1], points[len(points) // 2] if len(points) > 2 else points.mean(0)
    ahead = (end - pull) / np.linalg.norm(end - pull)
    side = np.array([-ahead[1], ahead[0]])
    tips = [end - 9 * ahead + 6 * side, end, end - 9 * ahead - 6 * side]
    shaft = f"M{number(start[0])} {number(start[1])}Q{number(pull[0])} {number(pull[1])} {number(end[0])} {number(end[1])}"
    head = "M" + "L".join(f"{number(x)} {number(y)}" for x, y in tips)
    return _stroke(kind, shaft + head)


def _label(panel: Panel) -> str:
    if not (label := panel.spec.get("label")):
        return ""
    kind = {"✓": "gt", "○": "ct"}.get(label[0], "")
    return f'<text class="{kind}" x="{number(panel.box[2] / 2)}" y="{number(panel.box[3] - 8)}">{escape(label)}</text>'


def _arrows_between(panels: list[Panel], spec: dict[str, Any]) -> str:
    """A small arrow from each stage of a movement to the next; both ways if it goes back and forth."""
    if not spec.get("moving"):
        return ""
    out = ""
    for one in panels[:-1] if spec.get("columns") != 1 else []:
        x, y = one.box[0] + one.box[2], one.box[1] + one.box[3] * spec.get("arrow_at", 0.42)
        out += _arrow(np.array([[x - 13, y], [x + 13, y]]), "a")
    return out
