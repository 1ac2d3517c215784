"""``runfree people``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

if TYPE_CHECKING:
    from runfree.app.people import Somebody


def people(
    film: Annotated[Path, Parameter(name="FILM")],
    /,
    *,
    out: Path = Path("people.png"),
    slowmo: float | None = None,
    backend: str = "blazepose",
    weights: Path | None = None,
    json: bool = False,
) -> int:
    """Number the people in a film, and write a picture of them: the number is what --person takes.

    Parameters
    ----------
    film
        A film of a runner and others (MP4, MOV, WebM).
    out
        The picture (people.png unless given). One that is already there is replaced.
    slowmo
        How many times slower than life the film plays, if its metadata do not tell.
    backend
        What finds people and bodies in the film (blazepose unless given).
    weights
        With --backend rtmpose: another network, or the folder it is in.
    json
        Print the list as JSON, and nothing else, on stdout.
    """
    from runfree.app.people import show_people

    found = show_people(film, out, backend=backend, weights=weights, slowmo=slowmo)
    print(_as_json(found, out) if json else _as_text(found, out))
    return 0


def _as_json(found: tuple[Somebody, ...], out: Path) -> str:
    from dataclasses import asdict
    from json import dumps

    return dumps({"schema": 1, "picture": str(out), "people": [asdict(one) for one in found]}, indent=2)


def _as_text(found: tuple[Somebody, ...], out: Path) -> str:
    lines = [
        f"  {one.number}  {one.first_s:.1f} to {one.last_s:.1f} s, {one.where} of the picture, "
        f"about {one.tall:.0%} of its height{' (followed unless you say --person)' if one.followed else ''}"
        for one in found
    ]
    return "\n".join([*lines, f"Picture: {out}"])
