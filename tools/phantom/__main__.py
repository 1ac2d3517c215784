"""Make phantom films: ``python -m phantom small FOLDER`` or ``python -m phantom drawn FOLDER --count 60 --seed 1``."""

from __future__ import annotations

import argparse
import os
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from multiprocessing import get_context
from pathlib import Path

os.environ.setdefault("LP_NUM_THREADS", "0")  # one thread a film: as many films at once as there are cores

from phantom.film import make
from phantom.sets import drawn, small


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("set", choices=["small", "drawn"])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--count", type=int, default=60)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=os.cpu_count(), help="films at once")
    options = parser.parse_args()
    films = small() if options.set == "small" else drawn(options.count, options.seed)
    missing = [film for film in films if not (options.folder / f"{film.name}.json").exists()]
    one = partial(make, folder=options.folder, with_points=options.set == "drawn")
    with ProcessPoolExecutor(options.jobs, get_context("spawn")) as pool:
        for film, _ in zip(missing, pool.map(one, missing), strict=True):
            print(film.name, flush=True)


if __name__ == "__main__":
    main()
