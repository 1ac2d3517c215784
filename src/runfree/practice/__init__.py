"""Prescribe: one practice from a complaint, findings, time, props and cautions, and the weeks after it."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from runfree.practice.composing import compose
    from runfree.practice.session import Item, LeftOut, Practice, Segment, When, Wishes
    from runfree.practice.weeks import WEEKS, next_level

_HOME = {
    "compose": "composing",
    "Item": "session",
    "LeftOut": "session",
    "Practice": "session",
    "Segment": "session",
    "When": "session",
    "Wishes": "session",
    "WEEKS": "weeks",
    "next_level": "weeks",
}
__all__ = [
    "WEEKS",
    "Item",
    "LeftOut",
    "Practice",
    "Segment",
    "When",
    "Wishes",
    "compose",
    "next_level",
]


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOME[name]}"), name)
