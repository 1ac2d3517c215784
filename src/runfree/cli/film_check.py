"""``runfree film-check``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

if TYPE_CHECKING:
    from runfree.app.film_check import FilmCheck

_MARKS = {"good": "ok", "fair": " -", "poor": "--"}


def film_check(
    film: Annotated[Path, Parameter(name="FILM")],
    /,
    *,
    slowmo: float | None = None,
    person: int | None = None,
    backend: str = "blazepose",
    weights: Path | None = None,
    json: bool = False,
) -> int:
    """Look at a film for some seconds: what it can show, what it cannot, and the one thing to change.

    Parameters
    ----------
    film
        A film of a runner (MP4, MOV, WebM).
    slowmo
        How many times slower than life the film plays, if its metadata do not tell.
    person
        Whom to follow where several people are in the film (runfree people FILM shows their numbers).
    backend
        What finds the body in the film (blazepose unless given).
    weights
        With --backend rtmpose: another network, or the folder it is in.
    json
        Print it as JSON, and nothing else, on stdout.
    """
    from runfree.app.film_check import check_film

    check = check_film(film, backend=backend, weights=weights, slowmo=slowmo, person=person)
    print(_as_json(check) if json else _as_text(check))
    return 0 if check.usable else 3


def _as_json(check: FilmCheck) -> str:
    from dataclasses import asdict
    from json import dumps

    slower = [{"slowmo": factor, "cadence_spm": round(spm, 1)} for factor, spm in check.slowmo.items()]
    cadence = None if check.cadence_spm is None else round(check.cadence_spm, 1)
    plain = asdict(check) | {"cadence_spm": cadence, "slowmo": slower, "change": check.change}
    return dumps({"schema": 1} | plain, indent=2, allow_nan=False)


def _as_text(check: FilmCheck) -> str:
    lines = [check.film, *(f"  {_MARKS[p.grade]}  {p.name}: {p.seen}" for p in check.points), ""]
    if check.shows:
        lines.append(f"It can show: {', '.join(check.shows)}.")
    reasons: dict[str, list[str]] = {}
    for title, reason in check.cannot_show.items():
        reasons.setdefault(reason, []).append(title)
    lines += [f"It cannot show {', '.join(titles)}: {reason}." for reason, titles in reasons.items()]
    lines.append(f"The one thing to change: {check.change}" if check.change else "Nothing needs to change.")
    return "\n".join(lines)
