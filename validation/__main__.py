"""Run rendered films with known truth through the product and write the tables and plots of docs/accuracy.md.

    make validate                             all of it: renders the films first (some hours)
    python -m validation FOLDER …             the films of these folders, to the terminal
    python -m validation FOLDER … --write     the same into docs/accuracy.md

Pose results are kept in ``--cache`` by the film's content, so that a second run takes a minute.
"""

from __future__ import annotations

import argparse
import re
from pathlib import Path

from runfree.core.metrics import METRICS
from validation import calibration, pictures, published, tables
from validation.phantom import Row, rows_of_folders

ROOT = Path(__file__).resolve().parents[1]
PAGE, PLOTS = ROOT / "docs" / "accuracy.md", ROOT / "docs" / "images" / "accuracy"


def blocks(rows: list[Row], seen: list[Row]) -> dict[str, str]:
    """What stands between the page's marks, by name; the table of films seen before stays where none are given."""
    every = rows + seen
    before = {"seen": f"{tables.summary(seen)}\n\n{tables.by_place(seen)}"} if seen else {}
    return before | {
        "judged": f"{tables.summary(rows)}\n\n{tables.by_place(rows)}",
        "frame-rate": tables.by_frame_rate(every),
        "body": tables.by_body(every),
        "published": published.table(every),
        "calibration": calibration.leave_one_out(every),
    }


def filled(page: str, parts: dict[str, str]) -> str:
    """The page with the text between ``<!-- name -->`` and ``<!-- /name -->`` replaced."""
    for name, text in parts.items():
        pattern = rf"(<!-- {name} -->\n).*?(\n<!-- /{name} -->)"
        page, count = re.subn(pattern, lambda m, text=text: f"{m[1]}\n{text}\n{m[2]}", page, flags=re.DOTALL)
        if count != 1:
            raise ValueError(f"docs/accuracy.md has no place for {name}")
    return page


def main() -> None:
    """Parse, run, show or write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", nargs="+", type=Path)
    parser.add_argument("--seen", nargs="*", type=Path, default=[], help="films that the intervals were set on")
    parser.add_argument("--cache", type=Path, default=ROOT / "build" / "motions")
    parser.add_argument("--write", action="store_true", help="into docs/accuracy.md and its plots")
    options = parser.parse_args()
    rows = rows_of_folders(options.folders, options.cache)
    if not rows:
        parser.error("no film with a truth in these folders: render some with tools/phantom")
    seen = rows_of_folders(options.seen, options.cache)
    parts = blocks(rows, seen)
    if options.write:
        drawn = pictures.draw(rows + seen, PLOTS)
        parts["plots"] = "\n".join(
            f"![{METRICS[m].title}: measured against true](images/accuracy/{m}.svg)" for m in drawn
        )
        PAGE.write_text(filled(PAGE.read_text(), parts))
    print(*parts.values(), tables.outside(rows), sep="\n\n")


if __name__ == "__main__":
    main()
