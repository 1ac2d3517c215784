"""Runfree: one film in, an honest report out."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from runfree import practice
    from runfree.app.analyze import analyze
    from runfree.app.batch import batch
    from runfree.core.analysis import Analysis

__version__ = "0.1.0"
__all__ = ["Analysis", "__version__", "analyze", "batch", "practice"]

_LAZY = {"Analysis": "runfree.core.analysis", "analyze": "runfree.app.analyze", "batch": "runfree.app.batch"}


def __getattr__(name: str) -> object:
    if name == "practice":
        return import_module("runfree.practice")
    if name not in _LAZY:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_LAZY[name]), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
