"""Whether every id that a knowledge file names is there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import cast

from pydantic import BaseModel

_NAMES = {
    "evidence": ("evidence",),
    "why_evidence": ("evidence",),
    "red_flags": ("red_flags",),
    "alignment": ("alignments",),
    "cue": ("cues",),
    "condition": ("conditions",),
    "conditions": ("conditions",),
    "leave_if": ("conditions",),
    "props": ("props",),
    "props_optional": ("props",),
    "footwear": ("footwear",),
    "self_check": ("self_checks",),
    "complaint": ("complaints",),
    "exercise": ("poses", "drills", "breath"),
    "session": ("poses", "drills", "breath"),
    "daily": ("poses", "drills", "breath"),
    "practise": ("poses", "drills", "breath"),
    "leave": ("poses", "drills", "breath"),
}
"""Fields that hold ids, wherever they stand, and the folders that their ids come from."""


def unresolved(knowledge: Mapping[str, Mapping[str, BaseModel]]) -> list[str]:
    """Return a sentence for each id that names nothing, and for each id used by two pictures.

    Parameters
    ----------
    knowledge : mapping
        The files by folder and id.
    """
    out: list[str] = []
    for kind, things in knowledge.items():
        for name, thing in things.items():
            for field, wanted in _ids(thing):
                if not any(wanted in knowledge[folder] for folder in _NAMES[field]):
                    out.append(f"{kind}/{name}.yaml: {field}: {wanted!r} is not known")
    return out + _twice(knowledge)


def _ids(thing: BaseModel) -> Iterator[tuple[str, str]]:
    for field, value in thing:
        if field in _NAMES:
            yield from ((field, item) for item in _strings(value))
        for part in _parts(value):
            if isinstance(part, BaseModel):
                yield from _ids(part)


def _strings(value: object) -> Iterator[str]:
    return (item for item in _parts(value) if isinstance(item, str))


def _parts(value: object) -> tuple[object, ...]:
    return cast(tuple[object, ...], value) if isinstance(value, tuple) else (value,)


def _twice(knowledge: Mapping[str, Mapping[str, BaseModel]]) -> list[str]:
    """Poses, drills, breath, self-checks and alignments share one folder of pictures."""
    seen: dict[str, str] = {}
    out: list[str] = []
    for kind in ("poses", "drills", "breath", "self_checks", "alignments"):
        for name in knowledge[kind]:
            if name in seen:
                out.append(f"{kind}/{name}.yaml: the id is taken by {seen[name]}/{name}.yaml")
            seen[name] = kind
    return out
