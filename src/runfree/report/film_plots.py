"""Plots that lie beside a playing film: all on the film's own time, so that one line can say where it is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from markupsafe import Markup, escape

from runfree.core.wording import number, unit_suffix

WIDTH, HEIGHT = 360, 132
LEFT, RIGHT, TOP, BOTTOM = 40.0, 352.0, 10.0, 96.0
_FEET = 104.0
_MIN_SPAN = 1e-6


def plot_svg(plot: dict[str, Any], steps: Sequence[dict[str, Any]], duration_s: float) -> Markup:
    """Draw one plot of ``player.json`` as SVG, with when each foot is on the ground below it.

    Colours come from classes of the style sheet. ``data-left``, ``data-right`` and ``data-seconds`` say how seconds become
    places, for the script that moves the line with the film.
    """
    low, high = _range(plot)
    inner = [
        *_grid(low, high, plot["unit"], duration_s),
        *_ground(steps, duration_s),
        *(piece for one in plot["series"] for piece in _series(one, low, high, duration_s, curve=plot["curve"])),
        f'<line class="now" x1="{LEFT}" x2="{LEFT}" y1="{TOP - 4}" y2="{_FEET + 10}"/>',
    ]
    return Markup(
        f'<svg class="film-plot" viewBox="0 0 {WIDTH} {HEIGHT}" data-left="{LEFT}" data-right="{RIGHT}" '
        f'data-seconds="{duration_s:.4f}" role="img" aria-label="{escape(_said(plot))}">{"".join(inner)}</svg>'
    )


def _said(plot: dict[str, Any]) -> str:
    values = [v for one in plot["series"] for v in one["value"] if v is not None]
    return f"{plot['title']} over the film, from {_value(min(values), plot['unit'])} to {_value(max(values), plot['unit'])}"


def _value(value: float, unit: str) -> str:
    return number(value, 0 if abs(value) >= 20 else 1) + unit_suffix(unit)


def _range(plot: dict[str, Any]) -> tuple[float, float]:
    values = [v for one in plot["series"] for v in one["value"] if v is not None]
    low, high = min(values), max(values)
    room = 0.12 * max(high - low, _MIN_SPAN + 0.02 * abs(high))
    return low - room, high + room


def _x(at_s: float, duration_s: float) -> float:
    return round(LEFT + (RIGHT - LEFT) * min(max(at_s / duration_s, 0.0), 1.0), 1)


def _y(value: float, low: float, high: float) -> float:
    return round(BOTTOM - (BOTTOM - TOP) * (value - low) / (high - low), 1)


def _grid(low: float, high: float, unit: str, duration_s: float) -> list[str]:
    pieces: list[str] = []
    for value in np.linspace(low, high, 5)[1::2] if high - low < 1 else _round_values(low, high):
        y = _y(float(value), low, high)
        said = number(float(value), 0 if high - low >= 3 else 1 if high - low >= 0.3 else 2)
        pieces.append(f'<line class="grid" x1="{LEFT}" x2="{RIGHT}" y1="{y}" y2="{y}"/>')
        pieces.append(f'<text x="{LEFT - 5}" y="{y + 4}" text-anchor="end">{said}</text>')
    every = next(step for step in (1, 2, 5, 10, 20, 50, 100, 200) if duration_s / step <= 8)
    for second in range(0, int(duration_s) + 1, every):
        x = _x(second, duration_s)
        pieces.append(
            f'<text x="{x}" y="{HEIGHT - 3}" text-anchor="middle">{second}{" s" if second == 0 else ""}</text>'
        )
    return pieces


def _round_values(low: float, high: float) -> list[float]:
    """Two to four round numbers within a range."""
    rough = (high - low) / 3
    size = 10 ** np.floor(np.log10(rough))
    step = float(next(k * size for k in (1, 2, 5, 10) if k * size >= rough))
    return [float(v) for v in np.arange(np.ceil(low / step) * step, high, step)]


def _ground(steps: Sequence[dict[str, Any]], duration_s: float) -> list[str]:
    """A bar while a foot is on the ground; a dot in the middle of its stance where the film does not time it."""
    pieces: list[str] = []
    for step in steps:
        if step["left_out"] is not None:
            continue
        y = _FEET if step["side"] == "left" else _FEET + 6
        if step["down"] is not None and step["off"] is not None:
            x, end = _x(step["down"], duration_s), _x(step["off"], duration_s)
            pieces.append(
                f'<rect class="{step["side"]}" x="{x}" y="{y}" width="{max(1.0, end - x):.1f}" height="4" rx="2"/>'
            )
        else:
            pieces.append(
                f'<circle class="{step["side"]}" cx="{_x(step["mid"], duration_s)}" cy="{y + 2}" r="2"/>'
            )
    return pieces


def _series(one: dict[str, Any], low: float, high: float, duration_s: float, *, curve: bool) -> list[str]:
    points = [
        (_x(at, duration_s), _y(value, low, high))
        for at, value in zip(one["at"], one["value"], strict=True)
        if value is not None
    ]
    if curve:
        return [f'<polyline class="both" points="{" ".join(f"{x},{y}" for x, y in points)}"/>']
    if one["side"] == "right":
        return [f'<path class="right" d="M{x},{y - 4.2:.1f}l4,7.2h-8z"/>' for x, y in points]
    return [f'<circle class="{one["side"]} dot" cx="{x}" cy="{y}" r="3.4"/>' for x, y in points]
