"""Read the knowledge files: one small YAML file a thing, checked all at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from types import MappingProxyType
from typing import Any, TypeVar, cast

from pydantic import BaseModel, ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from runfree.core.errors import InputError
from runfree.knowledge.schema import AlignmentGuide, Claim, Complaint, RedFlags, Reference

_Model = TypeVar("_Model", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class Knowledge:
    """Everything the method and the research say, by id (the file's name)."""

    complaints: Mapping[str, Complaint]
    alignments: Mapping[str, AlignmentGuide]
    evidence: Mapping[str, Claim]
    red_flags: Mapping[str, RedFlags]
    references: Mapping[str, Reference]


@lru_cache(maxsize=1)
def load() -> Knowledge:
    """Return the knowledge that comes with the package (read once, immutable)."""
    return read(files("runfree.knowledge") / "data")


def read(folder: Traversable) -> Knowledge:
    """Read and check a folder of knowledge files.

    Parameters
    ----------
    folder : Traversable
        Holds ``complaints``, ``alignments``, ``evidence``, ``red_flags`` and ``references``.

    Raises
    ------
    InputError
        Naming every file and field that is off, at once.
    """
    problems: list[str] = []
    knowledge = Knowledge(
        complaints=_models(folder, "complaints", Complaint, problems),
        alignments=_models(folder, "alignments", AlignmentGuide, problems),
        evidence=_models(folder, "evidence", Claim, problems),
        red_flags=_models(folder, "red_flags", RedFlags, problems),
        references=_models(folder, "references", Reference, problems),
    )
    problems += _unresolved(knowledge)
    if problems:
        raise InputError("The knowledge files", "; ".join(problems), "Correct the files named here.")
    return knowledge


def _models(folder: Traversable, kind: str, model: type[_Model], problems: list[str]) -> Mapping[str, _Model]:
    out: dict[str, _Model] = {}
    if not (folder / kind).is_dir():
        problems.append(f"{kind}: the folder is missing")
        return out
    for file in sorted((folder / kind).iterdir(), key=lambda f: f.name):
        name = f"{kind}/{file.name}"
        stem, _, suffix = file.name.rpartition(".")
        if suffix != "yaml":
            problems.append(f"{name}: only .yaml files belong here")
            continue
        try:
            out[stem] = model.model_validate({**_mapping(file), "id": stem})
        except (YAMLError, UnicodeDecodeError, TypeError) as error:
            problems.append(f"{name}: not readable YAML ({' '.join(str(error).split())})")
        except ValidationError as error:
            problems += [f"{name}: {_where(e['loc'])}{e['msg']}" for e in error.errors()]
    return MappingProxyType(out)


def _mapping(file: Traversable) -> dict[str, Any]:
    yaml: Any = YAML(typ="safe", pure=True)
    content: Any = yaml.load(file.read_text(encoding="utf-8"))
    if not isinstance(content, dict):
        raise TypeError("the file must hold fields with values")
    return cast(dict[str, Any], content)


def _where(location: tuple[int | str, ...]) -> str:
    return f"{'.'.join(map(str, location))}: " if location else ""


def _unresolved(knowledge: Knowledge) -> list[str]:
    uses: list[tuple[str, str, Mapping[str, object]]] = []
    for a in knowledge.alignments.values():
        uses += [(f"alignments/{a.id}.yaml: evidence", claim, knowledge.evidence) for claim in a.evidence]
    for c in knowledge.complaints.values():
        where = f"complaints/{c.id}.yaml"
        uses += [(f"{where}: red_flags", name, knowledge.red_flags) for name in c.red_flags]
        uses += [(f"{where}: evidence", claim, knowledge.evidence) for claim in c.evidence]
        uses += [(f"{where}: what_to_do", claim, knowledge.evidence) for t in c.what_to_do for claim in t.evidence]
        uses += [(f"{where}: alignments", a.alignment, knowledge.alignments) for a in c.alignments]
        uses += [(f"{where}: alignments", claim, knowledge.evidence) for a in c.alignments for claim in a.evidence]
    return [f"{where}: {name!r} is not known" for where, name, known in uses if name not in known]
