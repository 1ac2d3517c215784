"""What the method and the research say: claims, complaints, alignments, red flags, usual values."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from runfree.knowledge.loader import Knowledge, figure, load, read
    from runfree.knowledge.usual import UsualRange, usual_range

__all__ = ["Knowledge", "UsualRange", "figure", "load", "read", "usual_range"]

_HOME = {"UsualRange": "usual", "usual_range": "usual"}


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOME.get(name, 'loader')}"), name)
