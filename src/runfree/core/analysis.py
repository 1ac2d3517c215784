"""What an analysis holds: steps, series for plots, one film's measurements, the whole."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from runfree.core.estimate import Estimate, NotAssessable
from runfree.core.finding import Finding
from runfree.core.metrics import Gait, Side, View

if TYPE_CHECKING:
    from runfree.core.motion import Motion
    from runfree.core.recording import Recording


@dataclass(frozen=True, slots=True)
class Step:
    """One step of one foot, in seconds of the film's own clock.

    ``left_out`` is None for a step that was measured, else the reason it was not.
    ``touch_down_s`` and ``toe_off_s`` are None where the film cannot time them.
    """

    side: Side
    mid_stance_s: float
    touch_down_s: float | None = None
    toe_off_s: float | None = None
    left_out: str | None = None


@dataclass(frozen=True, slots=True)
class Series:
    """Values of one measure over the film: one per step, or a curve over time (``side`` "both")."""

    metric: str
    side: Side
    unit: str
    time_s: tuple[float, ...]
    value: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Measured:
    """All that one motion shows.

    Attributes
    ----------
    view : View
        From where the runner was filmed; "3d" where a laboratory measured in space.
    facing : {"left", "right", None}
        Which way a runner filmed from the side faces in the picture.
    gait : Gait
        Running, walking, neither, or nobody in view.
    travel : {"treadmill", "pass", "approach"}
        On the spot, passing sideways, or coming towards (or going from) the phone.
    px_per_m : float or None
        Scale at the runner (median over the film), from the body height.
    steps, estimates, not_assessable
        What was found.
    per_step : tuple of Series
        One value per step, for the plots.
    bounce : Series or None
        The bounce curve: hip height over time in cm (or body heights), mean removed.
    flags : tuple of str
        Codes of :data:`runfree.core.flags.FLAGS` that hold for the whole film.
    """

    view: View
    facing: Side | None
    gait: Gait
    travel: str
    px_per_m: float | None
    steps: tuple[Step, ...]
    estimates: tuple[Estimate, ...]
    not_assessable: tuple[NotAssessable, ...]
    per_step: tuple[Series, ...] = ()
    bounce: Series | None = None
    flags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FilmAnalysis:
    """One film, or one recording of a laboratory.

    Attributes
    ----------
    film : str
        Its name.
    motion : Motion or Recording
        Left and right put right.
    measured : Measured
        What it shows.
    notes : tuple of str
        What was taken for granted or corrected in this film, one sentence each.
    """

    film: str
    motion: Motion | Recording
    measured: Measured
    notes: tuple[str, ...] = ()

    @property
    def slowmo(self) -> float:
        """How many times slower than life the film plays."""
        return float(self.motion.attrs.get("slowmo", 1.0))

    @property
    def pictured(self) -> Motion:
        """The motion of a film in its picture.

        Raises
        ------
        ValueError
            If it was measured in space.
        """
        if self.measured.view == "3d":
            raise ValueError(f"{self.film} was measured in space and has no picture")
        return cast("Motion", self.motion)


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A film or an earlier result that could not be used: which, why, and what would help."""

    film: str
    why: str
    remedy: str


@dataclass(frozen=True, slots=True)
class Analysis:
    """Everything known about one runner from the films given.

    Attributes
    ----------
    films : tuple of FilmAnalysis
        In the order given.
    estimates, not_assessable
        Merged over the films: each measure once, from the film that shows it best.
    findings : tuple of Finding
        The five alignments, those that matter for the complaint first.
    triage : tuple of str or None
        Ids of the red-flag questions answered with yes, or None if nobody has answered.
    complaint : str or None
        ``foot``, ``knee``, ``hamstrings`` or ``back``.
    height_m, speed_mps : float or None
        As given by the runner.
    left_out : tuple of LeftOut
        What was given but could not be used, with the reason.
    earlier : tuple of Estimate
        Of the runner's own earlier film, if one was given to compare with.
    """

    films: tuple[FilmAnalysis, ...]
    estimates: tuple[Estimate, ...]
    not_assessable: tuple[NotAssessable, ...]
    findings: tuple[Finding, ...]
    complaint: str | None = None
    height_m: float | None = None
    speed_mps: float | None = None
    left_out: tuple[LeftOut, ...] = ()
    earlier: tuple[Estimate, ...] = ()
    triage: tuple[str, ...] | None = None

    def estimate(self, metric: str, side: Side = "both") -> Estimate | None:
        """Return the merged estimate of one measure, or None."""
        return next((e for e in self.estimates if e.metric == metric and e.side == side), None)
