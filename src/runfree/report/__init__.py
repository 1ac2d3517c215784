"""The report: one page that opens anywhere, with its numbers and, if wanted, the drawn film beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from runfree.report.write import check_place, write_report

__all__ = ["check_place", "write_report"]


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from runfree.report import write

    return getattr(write, name)
