"""Read the knowledge files: one small YAML file a thing, checked all at once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
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
from runfree.core.finding import Alignment
from runfree.knowledge.exercise import Breath, Condition, Drill, Exercise, Plan, Pose, Prop
from runfree.knowledge.links import unresolved
from runfree.knowledge.progress import PainRule, ReturnToRunning
from runfree.knowledge.schema import AlignmentGuide, Claim, Complaint, Cue, Footwear, RedFlags, Reference
from runfree.knowledge.self_check import SelfCheck
from runfree.knowledge.trial import Outcome, TrialChange

_Model = TypeVar("_Model", bound=BaseModel)

FOLDERS: Mapping[str, type[BaseModel]] = {
    "complaints": Complaint,
    "alignments": AlignmentGuide,
    "cues": Cue,
    "evidence": Claim,
    "red_flags": RedFlags,
    "references": Reference,
    "poses": Pose,
    "drills": Drill,
    "breath": Breath,
    "conditions": Condition,
    "props": Prop,
    "plans": Plan,
    "footwear": Footwear,
    "self_checks": SelfCheck,
    "trial_changes": TrialChange,
    "outcomes": Outcome,
}
SINGLE: Mapping[str, type[BaseModel]] = {"pain_rule": PainRule, "return_to_running": ReturnToRunning}
"""The kinds of files: a folder of many, or one file; the model that each is checked against."""


@dataclass(frozen=True, slots=True)
class Knowledge:
    """Everything the method and the research say, by id (the file's name)."""

    complaints: Mapping[str, Complaint]
    alignments: Mapping[str, AlignmentGuide]
    cues: Mapping[str, Cue]
    evidence: Mapping[str, Claim]
    red_flags: Mapping[str, RedFlags]
    references: Mapping[str, Reference]
    poses: Mapping[str, Pose]
    drills: Mapping[str, Drill]
    breath: Mapping[str, Breath]
    conditions: Mapping[str, Condition]
    props: Mapping[str, Prop]
    plans: Mapping[str, Plan]
    footwear: Mapping[str, Footwear]
    self_checks: Mapping[str, SelfCheck]
    trial_changes: Mapping[str, TrialChange]
    outcomes: Mapping[str, Outcome]
    pain_rule: PainRule
    return_to_running: ReturnToRunning

    @property
    def exercises(self) -> Mapping[str, Exercise]:
        """Poses, drills and breath together."""
        return {**self.poses, **self.drills, **self.breath}

    def words_for(self, alignment: Alignment) -> str:
        """Return the words to run with for an alignment."""
        return self.cues[self.alignments[alignment].cue].say[0]


@lru_cache(maxsize=1)
def load() -> Knowledge:
    """Return the knowledge that comes with the package (read once, immutable)."""
    return read(files("runfree.knowledge") / "data")


def red_flags(region: str) -> RedFlags:
    """Return the red flags of one region alone, for screens that need nothing else of the knowledge.

    Raises
    ------
    InputError
        If their file is off.
    """
    problems: list[str] = []
    file = files("runfree.knowledge") / "data" / "red_flags" / f"{region}.yaml"
    found = _model(file, f"red_flags/{region}.yaml", RedFlags, {"id": region}, problems)
    if found is None:
        raise InputError("The knowledge files", "; ".join(problems), "Correct the files named here.")
    return found


def figure(name: str) -> str | None:
    """Return the picture of a pose, drill, self-check or alignment as SVG text, or None where there is none yet."""
    file = files("runfree.knowledge") / "figures" / f"{name}.svg"
    return file.read_text(encoding="utf-8") if file.is_file() else None


def read(folder: Traversable) -> Knowledge:
    """Read and check a folder of knowledge files.

    Parameters
    ----------
    folder : Traversable
        Holds the folders of :data:`FOLDERS` and the files of :data:`SINGLE`.

    Raises
    ------
    InputError
        Naming every file and field that is off, at once.
    """
    problems: list[str] = []
    many = {kind: _models(folder, kind, model, problems) for kind, model in FOLDERS.items()}
    one = {
        kind: _model(folder / f"{kind}.yaml", f"{kind}.yaml", model, {}, problems)
        for kind, model in SINGLE.items()
    }
    problems += unresolved(many)
    if problems:
        raise InputError("The knowledge files", "; ".join(problems), "Correct the files named here.")
    return Knowledge(**cast(dict[str, Any], {**many, **one}))


def _models(folder: Traversable, kind: str, model: type[_Model], problems: list[str]) -> Mapping[str, _Model]:
    if not (folder / kind).is_dir():
        problems.append(f"{kind}: the folder is missing")
        return MappingProxyType({})
    return MappingProxyType(dict(_each(folder / kind, kind, model, problems)))


def _each(
    folder: Traversable, kind: str, model: type[_Model], problems: list[str]
) -> Iterator[tuple[str, _Model]]:
    for file in sorted(folder.iterdir(), key=lambda f: f.name):
        stem, _, suffix = file.name.rpartition(".")
        if suffix != "yaml":
            problems.append(f"{kind}/{file.name}: only .yaml files belong here")
            continue
        found = _model(file, f"{kind}/{file.name}", model, {"id": stem}, problems)
        if found is not None:
            yield stem, found


def _model(
    file: Traversable, name: str, model: type[_Model], given: dict[str, str], problems: list[str]
) -> _Model | None:
    try:
        return model.model_validate({**_mapping(file), **given})
    except FileNotFoundError:
        problems.append(f"{name}: the file is missing")
    except (YAMLError, UnicodeDecodeError, TypeError) as error:
        problems.append(f"{name}: not readable YAML ({' '.join(str(error).split())})")
    except ValidationError as error:
        problems += [f"{name}: {_where(e['loc'])}{e['msg']}" for e in error.errors()]
    return None


def _mapping(file: Traversable) -> dict[str, Any]:
    yaml: Any = YAML(typ="safe", pure=True)
    content: Any = yaml.load(file.read_text(encoding="utf-8"))
    if not isinstance(content, dict):
        raise TypeError("the file must hold fields with values")
    return cast(dict[str, Any], content)


def _where(location: tuple[int | str, ...]) -> str:
    return f"{'.'.join(map(str, location))}: " if location else ""
