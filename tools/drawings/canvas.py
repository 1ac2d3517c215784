"""SVG as plain strings: one palette, and the few shapes all drawings share. Angles in degrees, 0 = down, + = towards +x."""

from __future__ import annotations

import math

Point = tuple[float, float]

STYLE = """
svg{--paper:#faf8f4;--edge:#dcd8cf;--near:#aab8b3;--far:#d9dfda;--ink:#20302f;--soft:#70807d;--accent:#c4511c;--calm:#1f6f68}
@media (prefers-color-scheme:dark){svg{--paper:#1c2526;--edge:#324041;--near:#7d918d;--far:#43524f;--ink:#e7ece9;--soft:#a0b0ab;\
--accent:#ff9a62;--calm:#7cc7bb}}
.card{fill:var(--paper);stroke:var(--edge)}
.near,.far,.prop{stroke:var(--paper);stroke-width:3;stroke-linejoin:round;paint-order:stroke}
.near{fill:var(--near)}.far{fill:var(--far)}.prop{fill:var(--soft)}
.line,.mark{fill:none;stroke-linecap:round;stroke-linejoin:round}
.line{stroke:var(--soft);stroke-width:1.5}.dash{stroke-dasharray:1 5;stroke-width:2}
.mark{stroke:var(--accent);stroke-width:3.5}.thin{stroke-width:2}
.fill{fill:var(--accent)}.wash{fill:var(--accent);opacity:.2}.view{fill:var(--calm);opacity:.14}
.dot{fill:var(--paper);stroke:var(--accent);stroke-width:3}
text{font:500 13px system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",sans-serif;fill:var(--soft)}
.name{fill:var(--accent);font-weight:650}.in{fill:var(--paper);font-weight:650}
""".strip()


def num(x: float) -> str:
    text = f"{x:.1f}".removesuffix(".0")
    return "0" if text == "-0" else text


def xy(p: Point) -> str:
    return f"{num(p[0])} {num(p[1])}"


def page(title: str, parts: list[str], width: int = 320, height: int = 240) -> str:
    card = f'<rect class="card" x=".5" y=".5" width="{width - 1}" height="{height - 1}" rx="14"/>'
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" '
        f'role="img" aria-label="{title}">\n<title>{title}</title>\n<style>{STYLE}</style>'
    )
    clip = f'<clipPath id="c"><rect width="{width}" height="{height}" rx="14"/></clipPath><g clip-path="url(#c)">'
    return "\n".join([head, clip, card, *parts, "</g>", "</svg>"]) + "\n"


def towards(start: Point, angle: float, length: float) -> Point:
    turn = math.radians(angle)
    return start[0] + length * math.sin(turn), start[1] + length * math.cos(turn)


def angle_of(start: Point, end: Point) -> float:
    return math.degrees(math.atan2(end[0] - start[0], end[1] - start[1]))


def capsule(a: Point, b: Point, ra: float, rb: float) -> str:
    """Two circles and all between them, as a closed path; always drawn the same way round."""
    distance = math.dist(a, b)
    axis = math.atan2(b[1] - a[1], b[0] - a[0])
    lean = math.acos(max(-1.0, min(1.0, (ra - rb) / distance)))
    spots = [(c[0] + r * math.cos(axis + s * lean), c[1] + r * math.sin(axis + s * lean))
             for c, r, s in ((a, ra, 1), (a, ra, -1), (b, rb, -1), (b, rb, 1))]  # fmt: skip
    wide_a, wide_b = int(ra > rb), int(rb > ra)
    return (
        f"M{xy(spots[0])}A{num(ra)} {num(ra)} 0 {wide_a} 1 {xy(spots[1])}L{xy(spots[2])}"
        f"A{num(rb)} {num(rb)} 0 {wide_b} 1 {xy(spots[3])}Z"
    )


def circle_path(c: Point, r: float) -> str:
    return f"M{xy((c[0] - r, c[1]))}A{num(r)} {num(r)} 0 1 1 {xy((c[0] + r, c[1]))}A{num(r)} {num(r)} 0 1 1 {xy((c[0] - r, c[1]))}Z"


def smooth(points: list[Point]) -> str:
    """A closed curve through points (Catmull and Rom's spline, as Bézier curves); give them clockwise."""
    out, n = f"M{xy(points[0])}", len(points)
    for i in range(n):
        before, a, b, after = (points[(i + k) % n] for k in (-1, 0, 1, 2))
        one = (a[0] + (b[0] - before[0]) / 6, a[1] + (b[1] - before[1]) / 6)
        two = (b[0] - (after[0] - a[0]) / 6, b[1] - (after[1] - a[1]) / 6)
        out += f"C{xy(one)} {xy(two)} {xy(b)}"
    return out + "Z"


def path(kind: str, d: str) -> str:
    return f'<path class="{kind}" d="{d}"/>'


def line(kind: str, *points: Point) -> str:
    return path(kind, "M" + "L".join(xy(p) for p in points))


def dot(c: Point, r: float = 4.5) -> str:
    return circle("dot", c, r)


def circle(kind: str, c: Point, r: float) -> str:
    return f'<circle class="{kind}" cx="{num(c[0])}" cy="{num(c[1])}" r="{num(r)}"/>'


def bar(kind: str, x: float, y: float, width: float, height: float, rx: float = 6) -> str:
    return f'<rect class="{kind}" x="{num(x)}" y="{num(y)}" width="{num(width)}" height="{num(height)}" rx="{num(rx)}"/>'


def text(p: Point, words: str, kind: str = "", anchor: str = "start") -> str:
    name = f' class="{kind}"' if kind else ""
    place = "" if anchor == "start" else f' text-anchor="{anchor}"'
    return f'<text{name} x="{num(p[0])}" y="{num(p[1])}"{place}>{words}</text>'


def wedge(c: Point, r: float, start: float, end: float) -> str:
    """A washed sector between two directions with its arc drawn strongly."""
    a, b = towards(c, start, r), towards(c, end, r)
    sweep = int(end < start)
    arc = f"A{num(r)} {num(r)} 0 0 {sweep} {xy(b)}"
    return path("wash", f"M{xy(c)}L{xy(a)}{arc}Z") + path("mark thin", f"M{xy(a)}{arc}")


def head(tip: Point, angle: float, size: float = 9) -> str:
    """An arrow head whose tip looks along ``angle``."""
    a, b = (towards(tip, angle + 180 + turn, size) for turn in (-26, 26))
    return f"M{xy(tip)}L{xy(a)}L{xy(b)}Z"


def arrow(a: Point, b: Point, *, both: bool = False, kind: str = "mark", fill: str = "fill") -> str:
    way = angle_of(a, b)
    inner = towards(b, way + 180, 7)
    outer = towards(a, way, 7) if both else a
    heads = head(b, way) + (head(a, way + 180) if both else "")
    return line(kind, outer, inner) + path(fill, heads)


def ground(y: float, x0: float = 16, x1: float = 304) -> str:
    return line("line", (x0, y), (x1, y))


def travel(x: float, y: float, words: str = "travel", length: float = 34) -> str:
    """A small arrow to the right in the corner: which way the runner goes."""
    return arrow((x, y), (x + length, y), kind="line", fill="prop") + text((x, y - 8), words)


def wave(low: Point, high: Point) -> str:
    """One rise through a lowest and a highest point, with a little before and after."""
    half = (high[0] - low[0]) / 2
    start, end = (low[0] - 1.1 * half, high[1] + 9), (high[0] + 0.8 * half, high[1] + 11)
    return path(
        "mark thin",
        f"M{xy(start)}Q{xy((low[0] - 0.6 * half, low[1]))} {xy(low)}"
        f"C{xy((low[0] + half, low[1]))} {xy((high[0] - half, high[1]))} {xy(high)}"
        f"Q{xy((high[0] + 0.5 * half, high[1]))} {xy(end)}",
    )
