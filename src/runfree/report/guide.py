"""The guide as one page that opens offline."""

from __future__ import annotations

from base64 import b64encode
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

import runfree
from runfree.knowledge import figure, load
from runfree.knowledge.exercise import EFFORTS
from runfree.report.page import GENERATOR, write_page


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
    css = (files("runfree.report") / "templates" / "style.css").read_text(encoding="utf-8")
    template = _environment().get_template("poses.html.j2")
    write_page(
        path,
        template.render(found=found, css=Markup(css), generator=Markup(GENERATOR), version=runfree.__version__),
    )


def render_guide(told: dict[str, Any]) -> str:
    """Return the page of a guide."""
    css = (files("runfree.report") / "templates" / "style.css").read_text(encoding="utf-8")
    template = _environment().get_template("guide.html.j2")
    return template.render(told=told, css=Markup(css), generator=Markup(GENERATOR), version=runfree.__version__)


@lru_cache(maxsize=1)
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("runfree.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals["picture"] = picture
    environment.globals["dose"] = _doses
    environment.globals["exercises"] = load().exercises
    return environment


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
