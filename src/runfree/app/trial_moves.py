"""What moved since a verdict was last read: late files, late entries, corrections."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from runfree.core.trial import Plan, TrialEntry
from runfree.trials.blocks import BlockValue, block_of


def looked_at(days: Mapping[date, float], blocks: Mapping[int, BlockValue], code: str) -> dict[str, Any]:
    """Return what a look rested on, to be kept with it."""
    values = {day.isoformat(): value for day, value in sorted(days.items())}
    return {"code": code, "values": values | {str(i): round(b.value, 6) for i, b in sorted(blocks.items())}}


def moved(plan: Plan, look: TrialEntry, days: Mapping[date, float], blocks: Mapping[int, BlockValue]) -> list[str]:
    """Say what changed since a look: values of days before it that came, went or differ, and the block each counts for."""
    before: dict[str, float] = look.data["values"]
    now: dict[str, float] = looked_at(days, blocks, "")["values"]
    out: list[str] = []
    late: list[int] = []
    for key in sorted(before.keys() | now.keys(), key=lambda k: (len(k), k)):
        old, new = before.get(key), now.get(key)
        if old == new or (old is None and not _earlier(plan, key, look)):
            continue
        if old is None and "-" not in key:
            late.append(int(key) + 1)
        elif old is None:
            out.append(f"Since you last looked, {_where(plan, key)} came late: {new:g}.")
        elif new is None:
            out.append(f"Since you last looked, {_where(plan, key)} was taken away (it was {old:g}).")
        else:
            out.append(f"Since you last looked, {_where(plan, key)} changed from {old:g} to {new:g}.")
    if late:
        out.append(f"Since you last looked, these blocks came late: {', '.join(map(str, late))}.")
    return out


def _earlier(plan: Plan, key: str, look: TrialEntry) -> bool:
    """Whether a value is of a day before the look."""
    if "-" in key:
        return date.fromisoformat(key) < look.local_date
    return plan.session_day(int(key) // (2 * plan.pairs_per_run)) < look.local_date


def _where(plan: Plan, key: str) -> str:
    if "-" not in key:
        number = int(key)
        return f"block {number + 1} ({'with' if plan.is_on(number) else 'without'})"
    day = date.fromisoformat(key)
    found = block_of(plan, day)
    if found is None:
        return f"{day.day} {day:%B} (before the blocks)"
    number, counts = found
    state = "with" if plan.is_on(number) else "without"
    return f"{day.day} {day:%B} (block {number + 1}, {state}{'' if counts else ', a day that does not count'})"
