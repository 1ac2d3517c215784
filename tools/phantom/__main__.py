"""Make phantom films: ``python -m phantom small FOLDER`` or ``python -m phantom drawn FOLDER --count 60 --seed 1``."""

from __future__ import annotations

import argparse
from pathlib import Path

from phantom.film import make
from phantom.sets import drawn, small


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("set", choices=["small", "drawn"])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--count", type=int, default=60)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    for film in small() if options.set == "small" else drawn(options.count, options.seed):
        if not (options.folder / f"{film.name}.json").exists():
            make(film, options.folder, with_points=options.set == "drawn")
            print(film.name, flush=True)


if __name__ == "__main__":
    main()
