"""Explain: the five alignments judged, and what the method and research say to a complaint."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from runfree.coach.guide import ComplaintGuide, GradedTip, complaint_guide
    from runfree.coach.judging import judge

__all__ = ["ComplaintGuide", "GradedTip", "complaint_guide", "judge"]


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{'judging' if name == 'judge' else 'guide'}"), name)
