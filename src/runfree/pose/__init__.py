"""Film to motion: backends, the one runner, left/right repair."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from runfree.pose.runner import track

__all__ = ["track"]


def __getattr__(name: str) -> object:
    if name == "track":
        from runfree.pose.runner import track

        return track
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
