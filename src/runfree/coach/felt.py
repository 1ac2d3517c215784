"""Belly and toes: a film of running cannot show them, a self-check can."""

from __future__ import annotations

from typing import ClassVar

from runfree.coach.rule import make_finding
from runfree.coach.seen import Seen
from runfree.core.finding import Alignment, Finding


class Belly:
    """The tone of the low belly cannot be seen."""

    title: ClassVar[str] = "Low belly lifted"
    alignment: ClassVar[Alignment] = "belly"
    needs: ClassVar[tuple[str, ...]] = ()
    sources: ClassVar[tuple[str, ...]] = ("B5", "G1")

    def judge(self, seen: Seen) -> Finding:
        """Point to the self-check."""
        text = (
            "No film of running shows the tone of the low belly or the curve of the low back well enough. A short self-check lets you "
            "feel it."
        )
        return make_finding(
            self,
            seen,
            "not_assessable",
            "The low belly can be felt, not seen",
            text,
            see_instead="self_check:belly",
        )


class Toes:
    """The toes are hidden in the shoe."""

    title: ClassVar[str] = "Toes lifted and spread"
    alignment: ClassVar[Alignment] = "toes"
    needs: ClassVar[tuple[str, ...]] = ()
    sources: ClassVar[tuple[str, ...]] = ("F4", "F6", "F5")

    def judge(self, seen: Seen) -> Finding:
        """Point to the self-check."""
        text = "No film of running shows whether the toes lift and spread. A short self-check, barefoot, does."
        return make_finding(
            self, seen, "not_assessable", "The toes show themselves barefoot", text, see_instead="self_check:toes"
        )
