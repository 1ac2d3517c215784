"""``runfree batch``."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from runfree.core.units import parse_height, parse_speed

if TYPE_CHECKING:
    from collections.abc import Callable

    from runfree.app.batch import Batch, Ended


def batch(
    films: Annotated[str, Parameter(name="FILMS")],
    /,
    *,
    out: Path = Path("cohort"),
    height: str | None = None,
    speed: str | None = None,
    slowmo: float | None = None,
    scheduler: str | None = None,
    workers: int | None = None,
    backend: str = "blazepose",
    weights: Path | None = None,
    motions: bool = False,
    minutes: float = 60.0,
    gigabytes: float = 4.0,
    json: bool = False,
) -> int:
    """Analyse a folder of films, or a list of them, on all cores or a cluster; run it again and it does only what is new.

    Parameters
    ----------
    films
        A folder, or a list (CSV) with columns film, runner, height, speed, group and others; paths or URLs.
    out
        Folder for the tables (cohort/ unless given), new or of an earlier batch.
    height
        Body height for films of which the list does not say it: 178cm, 1.78m or 5ft10.
    speed
        The same for speed: 10.5kmh, 2.9m/s, 6.5mph or 5:40/km.
    slowmo
        How many times slower than life the films play, if neither list nor metadata tell.
    scheduler
        Address of a Dask scheduler whose workers do the work, such as tcp://host:8786.
    workers
        How many films at a time on this machine (one a core unless given). The numbers are the same for any.
    backend
        What finds the body in the films (blazepose unless given); runfree doctor lists them.
    weights
        With --backend rtmpose: another network, as for runfree analyze.
    motions
        Keep the motion of every film too.
    minutes
        What one film may take before it is given up (60 unless given).
    gigabytes
        How much memory one film may take (4 unless given).
    json
        Print one line of JSON for each film that is new or failed, and one at the end, on stdout.
    """
    height_m = parse_height(height) if height is not None else None
    speed_mps = parse_speed(speed) if speed is not None else None

    from runfree.app.batch import batch as run_batch
    from runfree.jobs.guarded import Limits

    with _shown(as_json=json) as show:
        ended = run_batch(
            films,
            out,
            scheduler=scheduler,
            workers=workers,
            height_m=height_m,
            speed_mps=speed_mps,
            backend=backend,
            weights=weights,
            slowmo=slowmo,
            motions=motions,
            limits=Limits(60 * minutes, int(1e9 * gigabytes)),
            progress=show,
        )
    print(_line(ended) if json else _summary(ended))
    return 1 if ended.failed else 0


@contextmanager
def _shown(*, as_json: bool) -> Iterator[Callable[[Ended], None]]:
    """Give a function that shows how each film ended: a line of JSON on stdout, or the reason of a failure and a bar on stderr."""
    if as_json:
        yield _print_json
        return
    from runfree.cli.progress import bars

    with bars() as bar:

        def show(film: Ended) -> None:
            if film.end != "done":
                print(_failure(film), file=sys.stderr)
            bar("films", film.done + film.known + film.failed, film.total)

        yield show


def _print_json(film: Ended) -> None:
    from dataclasses import asdict
    from json import dumps

    left_s = None if film.left_s is None else round(film.left_s, 1)
    print(dumps(asdict(film) | {"left_s": left_s}), flush=True)


def _failure(film: Ended) -> str:
    return film.why if film.end == "refused" and film.film in film.why else f"The film {film.film}: {film.why}."


def _line(ended: Batch) -> str:
    from dataclasses import asdict
    from json import dumps

    return dumps(asdict(ended) | {"folder": str(ended.folder)})


def _summary(ended: Batch) -> str:
    known = f", {ended.known} known already" if ended.known else ""
    failed = f", {ended.failed} left out ({ended.folder / 'failures'} says why)" if ended.failed else ""
    done = ended.done + ended.known
    return f"{ended.total} films: {ended.done} analysed{known}{failed}. {done} are in {ended.folder}; see: runfree cohort {ended.folder}"
