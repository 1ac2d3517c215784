"""The use case for many results: groups compared, with measurement error, quality, outliers, and what was left out."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from os import PathLike
from pathlib import Path
from typing import Any

import numpy as np
from statsmodels.stats.multitest import multipletests

from runfree.app.batch_tables import bring_up_to_date
from runfree.core.cohort import Cohort, CohortMeasure, Comparison, Difference, Film
from runfree.core.errors import InputError, NothingAssessableError
from runfree.core.metrics import METRICS, Gait
from runfree.io.cohort_tables import read_rows
from runfree.signal.mixed import NoModelError, compare

FIRST = ("before", "baseline", "pre", "control", "controls", "reference")
"""A group of such a name is what the others are compared with; else the first in the alphabet."""
MOST_GROUPS = 12
OUTLIER = 3.5
"""Robust standard deviations from the median of a group (Iglewicz & Hoaglin 1993, How to detect and handle outliers)."""
LEAST_FOR_OUTLIERS = 5
EVERYONE = "all films"
_Z = 1.959964
_Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class _Listed:
    """A film of the list that gave a result, with its group."""

    film: str
    key: str
    runner: str | None
    level: str
    speed_mps: float | None


def cohort(folder: str | PathLike[str], *, by: str | None = None) -> Cohort:
    """Look at all results of a batch.

    Parameters
    ----------
    folder : path
        What :func:`runfree.batch` wrote.
    by : str, optional
        Column of the list whose values are groups: of different runners, or the same runners before and after.

    Raises
    ------
    InputError
        If it holds no results of a batch, or the list had no such column.
    NothingAssessableError
        If no film gave a result.
    """
    place = Path(folder)
    bring_up_to_date(place)
    rows = read_rows(place, "films")
    if not rows:
        raise InputError(
            f"The results {place.name!r}", "there are none", "Give a folder that runfree batch wrote."
        )
    if by is not None and by not in rows[0]:
        columns = [name for name in rows[0] if name not in ("film", "source", "key", "film_sha256", "status")]
        raise InputError(f"Groups by {by!r}", "the list had no such column", f"It had: {', '.join(columns)}.")
    analyses = {row["key"]: row for row in read_rows(place, "analyses", ["key", "activity", "flags"])}
    activity = _commonest(analyses[row["key"]]["activity"] for row in rows if row["key"] in analyses)
    if activity is None:
        raise NothingAssessableError(
            f"The results {place.name!r}", "no film gave any", "Its table failures says why, film by film."
        )
    films, left_out = _used(place, rows, analyses, activity, by)
    levels = _in_order({film.level for film in films})
    if len(levels) > MOST_GROUPS:
        raise InputError(
            f"Groups by {by!r}", f"there are {len(levels)} of them", f"Choose a column with at most {MOST_GROUPS}."
        )
    measures, quality = _measures(place, films, levels)
    return Cohort(
        by,
        activity,
        len(films),
        len({film.runner for film in films if film.runner}),
        tuple(_sizes(level, films) for level in levels),
        measures,
        sum(len(m.comparison.differences) for m in measures),
        tuple((grade, quality[grade]) for grade in ("good", "fair", "poor")),
        tuple(Counter(flag for film in films for flag in analyses[film.key]["flags"]).most_common()),
        tuple(sorted(left_out.items(), key=lambda item: -len(item[1]))),
    )


def _commonest(values: Iterable[Any]) -> Any:
    found = Counter(values).most_common(1)
    return found[0][0] if found else None


def _used(
    place: Path, rows: list[_Row], analyses: Mapping[str, _Row], activity: Gait, by: str | None
) -> tuple[list[_Listed], dict[str, tuple[str, ...]]]:
    """The films that count, and the others by the reason they do not."""
    out: dict[str, list[str]] = defaultdict(list)
    why = {row["source"]: row["why"] for row in read_rows(place, "failures", ["source", "why"])}
    films: list[_Listed] = []
    for row in rows:
        level = row[by] if by is not None else EVERYONE
        if row["key"] not in analyses:
            out[_reason(why.get(row["source"]), row["film"])].append(row["film"])
        elif analyses[row["key"]]["activity"] != activity:
            out[f"it shows {analyses[row['key']]['activity']}, and most films {activity}"].append(row["film"])
        elif not level:
            out[f"the list gives it no {by}"].append(row["film"])
        else:
            films.append(_Listed(row["film"], row["key"], row.get("runner") or None, level, row["speed_mps"]))
    return films, {reason: tuple(names) for reason, names in out.items()}


def _reason(why: str | None, film: str) -> str:
    """Why a film failed, without its name, so that equal reasons meet."""
    if why is None:
        return "it has not been analysed yet"
    return why.removeprefix(f"The film {Path(film).name}: ").removeprefix(f"{Path(film).name}: ").rstrip(".")


def _in_order(levels: set[str]) -> list[str]:
    return sorted(levels, key=lambda level: (level.lower() not in FIRST, level.lower(), level))


def _sizes(level: str, films: Sequence[_Listed]) -> tuple[str, int, int]:
    own = [film for film in films if film.level == level]
    return level, len(own), len({film.runner for film in own if film.runner})


def _measures(
    place: Path, films: Sequence[_Listed], levels: Sequence[str]
) -> tuple[tuple[CohortMeasure, ...], Counter[str]]:
    quality: Counter[str] = Counter()
    found: list[CohortMeasure] = []
    columns = ["key", "metric", "side", "value", "low", "high", "unit", "quality", "view"]
    for metric in METRICS:
        by_key: dict[str, list[_Row]] = defaultdict(list)
        for row in read_rows(place, "estimates", columns, metric=metric):
            by_key[row["key"]].append(row)
        shown = [(film, by_key[film.key]) for film in films if film.key in by_key]
        if shown:
            quality.update(row["quality"] for _, rows in shown for row in rows)
            found.append(_measure(metric, shown, levels))
    return _holm(found), quality


def _measure(metric: str, shown: Sequence[tuple[_Listed, list[_Row]]], levels: Sequence[str]) -> CohortMeasure:
    view, unit = _commonest((rows[0]["view"], rows[0]["unit"]) for _, rows in shown)
    fitting = [(film, rows) for film, rows in shown if (rows[0]["view"], rows[0]["unit"]) == (view, unit)]
    values = tuple(_value(film, rows) for film, rows in fitting)
    speeds = [film.speed_mps for film, _ in fitting]
    error_sd = float(np.sqrt(np.mean([film.error_sd**2 for film in values])))
    return CohortMeasure(
        metric,
        unit,
        view,
        values,
        error_sd,
        _comparison(values, speeds, levels),
        _outliers(values, levels),
        len(shown) - len(fitting),
    )


def _value(film: _Listed, rows: list[_Row]) -> Film:
    """The whole body's value, else the mean of the sides; their errors share their cause, so they are not averaged out."""
    both = [row for row in rows if row["side"] == "both"] or rows
    value = float(np.mean([row["value"] for row in both]))
    error = float(np.mean([(row["high"] - row["low"]) / (2 * _Z) for row in both]))
    return Film(film.film, film.runner, film.level, value, error)


def _comparison(films: tuple[Film, ...], speeds: list[float | None], levels: Sequence[str]) -> Comparison:
    if len(levels) < 2:
        return Comparison(why_not="there is one group only")
    known = [i for i, film in enumerate(films) if film.runner]
    if len(known) < len(films):
        return Comparison(
            why_not=f"the list names no runner for {len(films) - len(known)} of its films: "
            "fill its column runner, so that films of one runner are known to be that"
        )
    present = [level for level in levels if any(film.level == level for film in films)]
    if len(present) < len(levels):
        return Comparison(why_not=f"no film of {', '.join(sorted(set(levels) - set(present)))} shows it")
    runners = sorted({str(film.runner) for film in films})
    at_speed = None if None in speeds or len(set(speeds)) < 2 else np.array(speeds, dtype=float)
    try:
        model = compare(
            np.array([film.value for film in films]),
            np.array([levels.index(film.level) for film in films]),
            np.array([runners.index(str(film.runner)) for film in films]),
            at_speed,
        )
    except NoModelError as problem:
        return Comparison(why_not=str(problem))
    return Comparison(
        "within runners" if model.within else "between runners",
        tuple(
            Difference(level, levels[0], float(value), float(low), float(high), float(p), float(p))
            for level, value, low, high, p in zip(
                levels[1:], model.difference, model.low, model.high, model.p, strict=True
            )
        ),
        model.between_sd,
        model.film_sd,
        at_speed is not None,
    )


def _holm(measures: Sequence[CohortMeasure]) -> tuple[CohortMeasure, ...]:
    """Correct every p of the cohort for the number of differences looked at (Holm 1979, Scand J Stat 6:65)."""
    p = [difference.p for m in measures for difference in m.comparison.differences]
    adjusted = iter(np.asarray(multipletests(p, method="holm")[1]).tolist() if p else ())
    return tuple(
        replace(
            m,
            comparison=replace(
                m.comparison,
                differences=tuple(replace(d, p_adjusted=float(next(adjusted))) for d in m.comparison.differences),
            ),
        )
        for m in measures
    )


def _outliers(films: tuple[Film, ...], levels: Sequence[str]) -> tuple[Film, ...]:
    """Films far from the median of their group, by the spread of that group and by their own error."""
    far: list[tuple[float, Film]] = []
    for level in levels:
        own = [film for film in films if film.level == level]
        if len(own) < LEAST_FOR_OUTLIERS:
            continue
        values = np.array([film.value for film in own])
        off = np.abs(values - np.median(values))
        spread = 1.4826 * float(np.median(off))
        far += [
            (float(distance), film)
            for distance, film in zip(off, own, strict=True)
            if distance > OUTLIER * spread and distance > _Z * film.error_sd
        ]
    return tuple(film for _, film in sorted(far, key=lambda one: -one[0]))
