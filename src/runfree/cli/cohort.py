"""``runfree cohort``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from runfree.core.cohort import Cohort


def cohort(folder: Path, /, *, by: str | None = None, html: Path | None = None) -> int:
    """Show many films together: distributions, differences between groups, outliers, quality, and what was left out.

    Parameters
    ----------
    folder
        What runfree batch wrote.
    by
        Column of the list whose values are the groups, such as group or session (before and after).
    html
        Write one page that opens offline and prints, instead of text.
    """
    from runfree.app.cohort import cohort as look_at

    seen = look_at(folder, by=by)
    if html is None:
        print(_text(seen))
    else:
        from runfree.report.cohort import write_cohort_page

        write_cohort_page(html, seen)
        print(f"Cohort: {html}")
    return 0


def _text(seen: Cohort) -> str:
    from runfree.report.cohort import measure_lines

    lines = [f"{seen.films} films of {seen.runners or 'unnamed'} runners, {seen.activity}"]
    lines += [f"  {level}: {films} films, {runners} runners" for level, films, runners in seen.levels]
    for measure in seen.measures:
        lines += measure_lines(measure)
    left = sum(len(names) for _, names in seen.left_out)
    lines += [f"{left} films left out:"] if left else []
    lines += [f"  {len(names)}: {reason}" for reason, names in seen.left_out]
    return "\n".join(lines)
