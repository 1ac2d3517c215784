"""The guide as one page that opens offline."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable
from importlib.resources import files
from pathlib import Path
from typing import Any

from markupsafe import Markup

import runfree
from runfree.knowledge import figure, load
from runfree.knowledge.exercise import EFFORTS
from runfree.report.page import GENERATOR, environment, write_page


def write_guide(told: dict[str, Any], path: Path) -> None:
    """Write the guide as one self-contained HTML page: no script, no request to anywhere.

    Parameters
    ----------
    told : dict
        As made by :func:`runfree.app.guide.guide`.
    path : Path
        The file. A page of Runfree that is already there is replaced, any other file is left alone.

    Raises
    ------
    OutputError
        If the file cannot be written; nothing half-written is left.
    """
    write_page(path, render_guide(told))


def write_poses(found: list[dict[str, Any]], path: Path) -> None:
    """Write poses, as made by :func:`runfree.app.guide.poses`, as one page with pictures; as :func:`write_guide`."""
    write_page(path, _render("poses.html.j2", {"found": found}))


def render_guide(told: dict[str, Any]) -> str:
    """Return the page of a guide."""
    return _render("guide.html.j2", {"told": told})


def _render(template: str, values: dict[str, Any]) -> str:
    templates = files("runfree.report") / "templates"
    css = "".join((templates / f"{name}.css").read_text(encoding="utf-8") for name in ("style", "guide"))
    return (
        environment()
        .get_template(template)
        .render(
            values | guide_values(picture),
            css=Markup(css),
            generator=Markup(GENERATOR),
            version=runfree.__version__,
        )
    )


def guide_values(address: Callable[[str], str | None]) -> dict[str, Any]:
    """Return what the templates ``guide_main`` and ``poses_main`` need beside what they show.

    ``address`` gives the address of a picture, or None where there is none.
    """
    return {"picture": address, "dose": _doses, "exercises": load().exercises}


def _doses(form: dict[str, Any]) -> str:
    return ", ".join(f"{level} {dose_words(form[level])}" for level in EFFORTS)


def dose_words(dose: dict[str, Any]) -> str:
    """Say a dose in words: ``2 x 5 breaths``."""
    if dose["reps"]:
        one = f"{dose['reps']} times"
    else:
        one = f"{dose['breaths']} breaths" if dose["breaths"] else f"{dose['hold_s']:g} s"
    return f"{dose['sets']} x {one}" if dose["sets"] > 1 else one


def picture(name: str) -> str | None:
    """Return the picture of a pose, drill, self-check or alignment as a data URI, or None where there is none yet."""
    svg = figure(name)
    return None if svg is None else f"data:image/svg+xml;base64,{b64encode(svg.encode()).decode()}"
