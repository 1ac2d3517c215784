"""What a cohort shows: measures of many films of many runners, by group, with what was left out and why."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from runfree.core.metrics import Gait

Design = Literal["between runners", "within runners"]


@dataclass(frozen=True, slots=True)
class Difference:
    """One group against the reference, in one measure.

    Attributes
    ----------
    level, reference : str
    value, low, high : float
        Level minus reference, and its 95 % interval (of this comparison alone).
    p, p_adjusted : float
        Two-sided, alone and after Holm's correction for every comparison of the cohort.
    """

    level: str
    reference: str
    value: float
    low: float
    high: float
    p: float
    p_adjusted: float


@dataclass(frozen=True, slots=True)
class Comparison:
    """What a model says of one measure.

    Attributes
    ----------
    design : Design or None
        Whether the groups are of different runners, or of the same runners at different times.
    differences : tuple of Difference
        Empty where ``why_not`` says why nothing can be said.
    between_sd, film_sd : float or None
        Standard deviation between runners, and between films of one runner (measurement error included). ``film_sd`` alone
        holds both where no runner has a second film.
    at_equal_speed : bool
        Whether the model takes the speed of each film into account.
    why_not : str
        Why there is no difference to show.
    """

    design: Design | None = None
    differences: tuple[Difference, ...] = ()
    between_sd: float | None = None
    film_sd: float | None = None
    at_equal_speed: bool = False
    why_not: str = ""


@dataclass(frozen=True, slots=True)
class Film:
    """One value of one film: the mean of left and right where there is one each."""

    film: str
    runner: str | None
    level: str
    value: float
    error_sd: float


@dataclass(frozen=True, slots=True)
class CohortMeasure:
    """One measure over the cohort.

    Attributes
    ----------
    metric, unit, view : str
        The view from which most films show it; others are left out of it (``other_view``).
    films : tuple of Film
    error_sd : float
        Typical standard deviation of measurement (root mean square over films).
    comparison : Comparison
    outliers : tuple of Film
        Far from the others of their group, by more than the error of measurement.
    other_view : int
        Films that show it from elsewhere or in another unit, left out of this measure.
    """

    metric: str
    unit: str
    view: str
    films: tuple[Film, ...]
    error_sd: float
    comparison: Comparison
    outliers: tuple[Film, ...] = ()
    other_view: int = 0


@dataclass(frozen=True, slots=True)
class Cohort:
    """All of it.

    Attributes
    ----------
    by : str or None
        The column whose values are the groups.
    activity : Gait
        What most films show; others are left out.
    films, runners : int
        Used.
    levels : tuple of (str, int, int)
        Each group with its films and its runners, the reference first.
    measures : tuple of CohortMeasure
    comparisons : int
        How many differences were tested.
    quality : tuple of (str, int)
        Estimates by quality.
    flags : tuple of (str, int)
        Flags with the films that carry them, the commonest first.
    left_out : tuple of (str, tuple of str)
        Reasons, each with its films.
    """

    by: str | None
    activity: Gait
    films: int
    runners: int
    levels: tuple[tuple[str, int, int], ...]
    measures: tuple[CohortMeasure, ...]
    comparisons: int
    quality: tuple[tuple[str, int], ...]
    flags: tuple[tuple[str, int], ...]
    left_out: tuple[tuple[str, tuple[str, ...]], ...]
