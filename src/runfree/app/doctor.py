"""What works on this computer, and the exact command for what does not."""

from __future__ import annotations

import platform
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import import_module
from importlib.metadata import entry_points, version
from importlib.util import find_spec
from pathlib import Path
from typing import Literal

import runfree
from runfree.core.errors import MissingPartError
from runfree.pose.backend import GROUP, FrameBackend, load_backend

Area = Literal["this computer", "backend", "reader", "optional part"]
_GIB = 1024**3
_LITTLE_DISK_GIB = 1.0
_CODECS = {"H.264": "h264", "HEVC": "hevc", "VP9": "vp9"}
_ENCODER = "libx264"
_READERS = {"motion files": "h5py"}
_REPORT = {"charts in the report": "vl-convert-python"}


@dataclass(frozen=True, slots=True)
class Check:
    """One thing looked at.

    Attributes
    ----------
    area, name : str
        What it belongs to, and what it is.
    works : bool
        Whether it can be used.
    detail : str
        What was found: a version, a size, a reason.
    remedy : str
        The command or step that would make it work; "" where it works.
    """

    area: Area
    name: str
    works: bool
    detail: str
    remedy: str = ""


def examine() -> tuple[Check, ...]:
    """Look at Python, disk, pose backends (each is started once), readers and parts. Nothing is changed or fetched."""
    return (*_computer(), *_backends(), *_films(), *_packages())


def can_analyse(checks: tuple[Check, ...]) -> bool:
    """Tell whether a film can be analysed here: films can be read, and a backend other than replay works."""
    tracks = any(c.works for c in checks if c.area == "backend" and c.name != "replay")
    return tracks and all(c.works for c in checks if c.area == "reader")


def _computer() -> Iterator[Check]:
    yield Check("this computer", "runfree", True, runfree.__version__)
    yield Check("this computer", "Python", True, f"{platform.python_version()} ({sys.executable})")
    yield Check("this computer", "platform", True, platform.platform(terse=True) + " " + platform.machine())
    free_gib = shutil.disk_usage(Path.cwd()).free / _GIB
    enough = free_gib >= _LITTLE_DISK_GIB
    remedy = "" if enough else "Free some space before analysing a long film with --video."
    yield Check("this computer", "free disk here", enough, f"{free_gib:.1f} GiB", remedy)


def _backends() -> Iterator[Check]:
    for name in sorted(entry_points(group=GROUP).names):
        try:
            backend = load_backend(name)
            if isinstance(backend, FrameBackend):
                with backend.session():
                    pass
        except MissingPartError as problem:
            yield Check("backend", name, False, problem.why, _system_library(problem.why) or problem.remedy)
        else:
            yield Check("backend", name, True, backend.version)


def _system_library(why: str) -> str | None:
    """The command for a library of the system that OpenCV's full build asks for; None if that is not what is missing."""
    if "libGL" not in why and "libgthread" not in why:
        return None
    return "Run: apt-get install libgl1 libglib2.0-0 (Debian, Ubuntu; elsewhere your system's packages of these libraries)."


def _films() -> Iterator[Check]:
    yield _package("reader", "films", "av")
    if find_spec("av") is None:
        return
    known = import_module("av").codecs_available
    for title, codec in _CODECS.items():
        yield Check("reader", f"films in {title}", codec in known, codec, "" if codec in known else _install("av"))
    drawn = _ENCODER in known
    yield Check("optional part", "drawn film (--video)", drawn, _ENCODER, "" if drawn else _install("av"))


def _packages() -> Iterator[Check]:
    yield from (_package("reader", title, name) for title, name in _READERS.items())
    yield from (_package("optional part", title, name) for title, name in _REPORT.items())


def _package(area: Area, title: str, name: str) -> Check:
    if find_spec(name.replace("-python", "").replace("-", "_")) is None:
        return Check(area, title, False, f"{name} is not installed", _install(name))
    return Check(area, title, True, f"{name} {version(name)}")


def _install(name: str) -> str:
    if find_spec("pip") is None:
        return f"Run: uv pip install --reinstall --python {sys.executable} {name}"
    return f"Run: {sys.executable} -m pip install --force-reinstall {name}"
