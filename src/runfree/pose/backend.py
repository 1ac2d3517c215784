"""What a pose backend is, and how one is found by name."""

from __future__ import annotations

import inspect
from contextlib import AbstractContextManager
from importlib.metadata import entry_points
from pathlib import Path
from typing import Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from runfree.core.errors import InputError, MissingPartError
from runfree.core.motion import Motion

GROUP = "runfree.pose"


class Session(Protocol):
    """A network at work on consecutive frames of one film."""

    def infer(self, rgb: NDArray[np.uint8]) -> tuple[NDArray[np.float32], NDArray[np.float32]] | None:
        """Return positions (K, 2) in pixels of the given picture and confidence (K,), or None for nobody."""
        ...


@runtime_checkable
class FrameBackend(Protocol):
    """A backend that looks at frames."""

    name: str
    version: str
    keypoints: tuple[str, ...]

    def session(self) -> AbstractContextManager[Session]:
        """Start afresh: nothing is remembered from frames seen in another session."""
        ...


@runtime_checkable
class FileBackend(Protocol):
    """A backend that has the motion already."""

    name: str
    version: str

    def motion(self, path: Path) -> Motion:
        """Return the motion stored in a file."""
        ...


def load_backend(name: str, weights: Path | None = None) -> FrameBackend | FileBackend:
    """Load a backend by its entry-point name in the group ``runfree.pose``.

    Parameters
    ----------
    name : str
    weights : Path, optional
        Network to use in place of the backend's own; for backends whose factory takes ``weights``.

    Raises
    ------
    MissingPartError
        If there is none of that name, or what it needs is not installed or not available here.
    InputError
        If the weights cannot be used, or the backend takes none.
    """
    known = entry_points(group=GROUP)
    if name not in known.names:
        raise MissingPartError(
            f"The pose backend {name!r}",
            "there is none of that name",
            f"Use one of: {', '.join(sorted(known.names))}.",
        )
    factory = known[name].load()
    if weights is None:
        return factory()
    if "weights" not in inspect.signature(factory).parameters:
        raise InputError(f"The pose backend {name!r}", "it takes no weights", "Leave --weights out.")
    return factory(weights=weights)
