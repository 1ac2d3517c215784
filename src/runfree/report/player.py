"""What a page needs to play a film beside its plots: a copy that every browser plays, and everything by its time in it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from runfree.core.analysis import FilmAnalysis, Series
from runfree.core.metrics import METRICS
from runfree.core.wording import seen_how
from runfree.io.video import FilmInfo, probe
from runfree.report.film import write_film

DATA = "player.json"


def write_player(
    folder: Path,
    films: list[tuple[FilmAnalysis, Path]],
    *,
    blur_face: bool,
    progress: Callable[[int, int], None] | None = None,
) -> None:
    """Write ``film-1.webm`` and so on, drawn over, and ``player.json`` with steps and plots by the time in them.

    Times are seconds of the copy, whatever the film's own clock and however slow it plays, so that a page seeks without
    knowing either.

    Raises
    ------
    FilmError, OutputError
        If a film cannot be read, or its copy not written.
    """
    told: list[dict[str, Any]] = []
    total, done = sum(film.motion.sizes["time"] for film, _ in films), 0
    for i, (film, source) in enumerate(films, start=1):
        copy = folder / f"film-{i}.webm"
        told_so_far = _after(progress, done, total)
        write_film(copy, film, source, blur_face=blur_face, progress=told_so_far)
        told.append(
            player_data(film, probe(source, slowmo=film.slowmo), probe(copy, slowmo=1.0)) | {"src": copy.name}
        )
        done += film.motion.sizes["time"]
    (folder / DATA).write_text(json.dumps(told, allow_nan=False), encoding="utf-8")


def _after(
    progress: Callable[[int, int], None] | None, done: int, total: int
) -> Callable[[int, int], None] | None:
    return None if progress is None else lambda now, _: progress(min(done + now, total), total)


def player_data(film: FilmAnalysis, source: FilmInfo, copy: FilmInfo) -> dict[str, Any]:
    """Return what a page knows of one film: frames, steps and plots in seconds of the copy."""
    seen = film.measured

    def at(time_s: float | None) -> float | None:
        """When the copy shows a moment of the runner's clock."""
        return None if time_s is None else round(float(time_s * source.slowmo - source.played_s[0]), 4)

    steps = [
        {
            "side": s.side,
            "mid": at(s.mid_stance_s),
            "down": at(s.touch_down_s),
            "off": at(s.toe_off_s),
            "left_out": s.left_out,
        }
        for s in seen.steps
    ]
    curves = [seen.bounce] if seen.bounce is not None and seen.bounce.time_s else []
    plots = [_plot("Your bounce: the height of the hips", "", curves, at)] if curves else []
    for metric in METRICS.values():
        series = [s for s in seen.per_step if s.metric == metric.id and np.isfinite(s.value).any()]
        if series:
            plots.append(_plot(metric.title, metric.sign, series, at))
    return {
        "film": film.film,
        "what": f"{seen.gait}, {seen_how(seen.view)}",
        "view": seen.view,
        "width": copy.width_px,
        "height": copy.height_px,
        "slowmo": round(film.slowmo, 3),
        "frames": [round(float(t), 4) for t in copy.time_s],
        "steps": steps,
        "plots": plots,
    }


def _plot(
    title: str, sign: str, series: list[Series], at: Callable[[float | None], float | None]
) -> dict[str, Any]:
    return {
        "title": title,
        "sign": sign,
        "unit": series[0].unit,
        "curve": series[0].side == "both" and len(series) == 1 and len(series[0].time_s) > 200,
        "series": [
            {
                "side": s.side,
                "at": [at(t) for t in s.time_s],
                "value": [round(float(v), 4) if np.isfinite(v) else None for v in s.value],
            }
            for s in series
        ],
    }
