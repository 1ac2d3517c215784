"""Explain: the five alignments judged, and what the method and research say to a complaint."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from runfree.coach.guide import ComplaintGuide, GradedTip, complaint_guide
    from runfree.coach.judging import judge
    from runfree.coach.triage import Triage, questions, triage

__all__ = ["ComplaintGuide", "GradedTip", "Triage", "complaint_guide", "judge", "questions", "triage"]

_HOME = {"judge": "judging", "Triage": "triage", "questions": "triage", "triage": "triage"}


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOME.get(name, 'guide')}"), name)
