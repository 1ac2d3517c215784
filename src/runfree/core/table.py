"""A table over time: joint angles or forces, column by column, as motion-analysis programs store them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from runfree.core.errors import MotionError


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """Named columns over time.

    Attributes
    ----------
    time_s : array (T,)
        Strictly increasing.
    columns : tuple of str, length C
    values : array (T, C)
        In the file's own units; NaN for a gap.
    in_degrees : bool or None
        Whether rotations are in degrees; None where the file does not say.
    source : str
        Name of the file.

    Raises
    ------
    MotionError
        If shapes do not fit, a name is repeated, or times do not rise.
    """

    time_s: NDArray[np.float64]
    columns: tuple[str, ...]
    values: NDArray[np.float64]
    in_degrees: bool | None = None
    source: str = ""

    def __post_init__(self) -> None:
        problems: list[str] = []
        if self.values.shape != (len(self.time_s), len(self.columns)) or self.values.size == 0:
            problems.append("it holds no values, or not one for each time and column")
        if len(set(self.columns)) != len(self.columns):
            problems.append("a column name is repeated")
        if not np.isfinite(self.time_s).all() or (np.diff(self.time_s) <= 0).any():
            problems.append("its times must rise from row to row")
        if problems:
            raise MotionError(f"The table {self.source}", "; ".join(problems), "Export the trial again.")

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Table):
            return NotImplemented
        return (
            (self.columns, self.in_degrees) == (other.columns, other.in_degrees)
            and np.array_equal(self.time_s, other.time_s)
            and np.array_equal(self.values, other.values, equal_nan=True)
        )

    __hash__ = None  # type: ignore[assignment]

    def column(self, name: str) -> NDArray[np.float64]:
        """One column, (T,)."""
        return self.values[:, self.columns.index(name)]
