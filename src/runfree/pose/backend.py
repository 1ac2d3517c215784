"""What a pose backend is, and how one is found by name."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from contextlib import AbstractContextManager
from importlib.metadata import entry_points
from pathlib import Path
from typing import Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from runfree.core.errors import InputError, MissingPartError
from runfree.core.motion import Motion

GROUP = "runfree.pose"


Place = NDArray[np.float64]
"""Where somebody is (3,): x and y of mid-hip and the radius of the circle round the whole body, in pixels."""
Seen = tuple[NDArray[np.float32], NDArray[np.float32]]
"""Positions (K, 2) in pixels of the picture looked at, and confidence (K,)."""
Finder = Callable[[NDArray[np.uint8]], NDArray[np.float64]]
"""Returns the people in an RGB picture, one row (:data:`Place`) a person, the surest first."""


class Session(Protocol):
    """A network at work on consecutive frames of one film, which chooses whom to look at."""

    def infer(self, rgb: NDArray[np.uint8]) -> Seen | None:
        """Return what is seen, or None for nobody."""
        ...


class Following(Protocol):
    """A network at work on consecutive frames of one film, which is told whom to look at."""

    def infer(self, rgb: NDArray[np.uint8], near: Place) -> Seen | None:
        """Return what is seen of the person near a place, or None. That it is that person is for the caller to check."""
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

    def following(self) -> AbstractContextManager[Following]:
        """Start afresh, to follow a person whose place is known."""
        ...

    def people_finder(self) -> AbstractContextManager[Finder]:
        """Start what finds everybody in a picture; it remembers nothing from picture to picture."""
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
