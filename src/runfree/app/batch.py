"""The use case for many films: every one analysed once, on all cores or a cluster, each failure explained."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from concurrent.futures import Executor
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from hashlib import sha256
from os import PathLike, fspath
from pathlib import Path
from typing import Any

import runfree
from runfree.app.batch_film import analyze_one, read_digest
from runfree.app.batch_tables import write_films
from runfree.core.errors import InputError
from runfree.io.film_list import ListedFilm, list_films
from runfree.io.film_source import stamp
from runfree.io.result_tables import schemas
from runfree.io.whole_file import whole_file
from runfree.jobs.cluster import cluster, is_lost
from runfree.jobs.dataset import publish
from runfree.jobs.drive import WINDOW, Tally, Work, drive
from runfree.jobs.guarded import Limits
from runfree.jobs.state import Item, open_state
from runfree.jobs.workers import local_workers, usable_cores

FILM_LIMITS = Limits(seconds=3600.0, memory_bytes=4_000_000_000)
MOTIONS = "motions"


@dataclass(frozen=True, slots=True)
class Ended:
    """How one film ended, and how far the batch is.

    Attributes
    ----------
    film : str
        Its name.
    end : str
        ``done``, or why not: ``refused``, ``failed``, ``crashed``, ``too slow``, ``too much memory``.
    why : str
        The reason in words.
    done, known, failed, total : int
        Films done now, done before, failed, and in all.
    left_s : float or None
        Seconds left, judged by the films so far.
    """

    film: str
    end: str
    why: str
    done: int
    known: int
    failed: int
    total: int
    left_s: float | None


@dataclass(frozen=True, slots=True)
class Batch:
    """What became of a batch: films in all, done now, done before, failed; and where the tables are."""

    folder: Path
    total: int
    done: int
    known: int
    failed: int


def batch(
    manifest: str | PathLike[str],
    out: str | PathLike[str] = "cohort",
    *,
    executor: Executor | None = None,
    scheduler: str | None = None,
    workers: int | None = None,
    height_m: float | None = None,
    speed_mps: float | None = None,
    backend: str = "blazepose",
    weights: str | PathLike[str] | None = None,
    slowmo: float | None = None,
    motions: bool = False,
    limits: Limits = FILM_LIMITS,
    progress: Callable[[Ended], None] | None = None,
) -> Batch:
    """Analyse every film of a folder or a list once, and keep the results as Parquet tables.

    The result of a film is a function of its bytes, the settings and the version; a second call does only what is new
    or has failed. Interrupted or killed at any moment, it goes on where it was. Several calls at once share the work.

    Parameters
    ----------
    manifest : path or URL
        A folder of films, or a CSV list with a column ``film`` and any of ``runner``, ``group``, ``height`` (178cm), ``speed``
        (10.5kmh), ``slowmo``; all other columns go into the table ``films`` as they are.
    out : path
        Folder for the results, new or of an earlier batch.
    executor : concurrent.futures.Executor, optional
        Where the work is done; by default in child processes of this one. It is not shut down.
    scheduler : str, optional
        Address of a Dask scheduler to do it.
    workers : int, optional
        How many films at a time on this machine; by default one for each core.
    height_m, speed_mps, slowmo : float, optional
        For films of which the list does not say it.
    backend, weights
        As for :func:`runfree.analyze`. Workers elsewhere must find the weights under the same path.
    motions : bool
        Keep every film's motion too, as ``motions/KEY.nc``.
    limits : Limits
        Time and memory for each film.
    progress : callable, optional
        Called with :class:`Ended` for every film that is new or failed.

    Returns
    -------
    Batch

    Raises
    ------
    InputError
        If the list cannot be understood, or names no film. Nothing has been done then.
    OutputError
        If the results cannot be kept, or all workers are lost. What is done is kept.
    MissingPartError
        If the pose backend, or the part that reaches a cluster, is not here.

    Examples
    --------
    >>> import runfree
    >>> runfree.batch("films/", "cohort/")  # doctest: +SKIP
    """
    folder = Path(out)
    if workers is not None and workers < 1:
        raise InputError(f"{workers} workers", "at least one is needed", "Leave it out to use every core.")
    network = _network(backend, weights)
    given = {"backend": backend, "height_m": height_m, "speed_mps": speed_mps, "slowmo": slowmo}
    films = list_films(fspath(manifest), besides=folder)
    first = next(films, None)
    if first is None:
        raise InputError(
            f"The films {fspath(manifest)}", "there is none", "Give a folder of films, or a list of them."
        )
    do = partial(analyze_one, limits=limits, weights=fspath(weights) if weights else None, motion=motions)
    with ExitStack() as held:
        state = held.enter_context(open_state(folder))
        total = state.enrol(_items(first, films, given))
        runner, window = _executor(held, executor, scheduler, workers)
        work = Work(
            stamp=stamp,
            digest=read_digest,
            provenance=partial(_provenance, network),
            key=_key,
            do=do,
            keep=partial(_keep, folder),
            publish=lambda: publish(state, folder, schemas()),
            release=f"v{runfree.__version__}",
        )
        try:
            tally = drive(
                state, work, runner, total, _told(progress), window=window, lost=partial(is_lost, runner)
            )
        finally:
            write_films(state, folder)
    return Batch(folder, total, tally.done, tally.known, tally.failed)


def _network(backend: str, weights: str | PathLike[str] | None) -> str:
    from runfree.pose.backend import load_backend

    part = load_backend(backend, Path(weights) if weights is not None else None)
    return f"{part.name} {part.version}"


def _items(first: ListedFilm, others: Iterator[ListedFilm], given: dict[str, Any]) -> Iterator[Item]:
    yield _item(first, given)
    for film in others:
        yield _item(film, given)


def _item(film: ListedFilm, given: dict[str, Any]) -> Item:
    own = {name: getattr(film, name) for name in ("height_m", "speed_mps", "slowmo")}
    settings = given | {name: value for name, value in own.items() if value is not None}
    return Item(film.source, film.name, film.labels, settings)


def _provenance(network: str, item: Item, digest: str) -> dict[str, Any]:
    return {
        "film_sha256": digest,
        "runfree": runfree.__version__,
        "backend": network,
        "settings": json.dumps(item.settings, sort_keys=True),
    }


def _key(provenance: dict[str, Any]) -> str:
    return sha256(json.dumps(provenance, sort_keys=True).encode()).hexdigest()[:32]


def _executor(
    held: ExitStack, executor: Executor | None, scheduler: str | None, workers: int | None
) -> tuple[Executor, int]:
    if executor is not None:
        return executor, WINDOW
    if scheduler is not None:
        runner, count = held.enter_context(cluster(scheduler))
        return runner, max(WINDOW, 4 * count)
    count = workers or usable_cores()
    return held.enter_context(local_workers(count)), 4 * count


def _keep(folder: Path, key: str, files: dict[str, bytes]) -> None:
    place = folder / MOTIONS
    place.mkdir(exist_ok=True)
    for ending, content in files.items():
        with whole_file(place / f"{key}{ending}", "motion", "Free some space.") as part:
            part.write_bytes(content)


def _told(progress: Callable[[Ended], None] | None) -> Callable[[Item, str, str, Tally], None]:
    def report(item: Item, end: str, why: str, tally: Tally) -> None:
        if progress is not None:
            progress(Ended(item.name, end, why, tally.done, tally.known, tally.failed, tally.total, tally.left_s))

    return report
