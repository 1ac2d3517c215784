"""Where runners usually lie on a measure."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from runfree.core.metrics import Gait
from runfree.knowledge.loader import reference
from runfree.knowledge.schema import AtSpeed, Confidence, Reference

AT_SPEED = "runners at this speed"
ENVELOPE = "runners from 8 to 15 km/h"
LABORATORY = "healthy runners in a laboratory study"
JUDGEMENT = "a judgement: no measured norm exists"


@dataclass(frozen=True, slots=True)
class UsualRange:
    """Limits of the usual, in the unit of the measure, with what they rest on."""

    metric: str
    low: float
    high: float
    unit: str
    basis: str
    confidence: Confidence


def usual_range(metric: str, *, speed_mps: float | None = None, gait: Gait = "running") -> UsualRange | None:
    """Return the usual range of a measure: mean ± one SD between runners, or limits set by judgement.

    Parameters
    ----------
    metric : str
        Id in :data:`runfree.core.metrics.METRICS`.
    speed_mps : float or None
        Running speed. Without it, a measure that depends on speed gets the envelope over the whole table.
    gait : Gait
        Walkers have limits only where the files give some.

    Returns
    -------
    UsualRange or None
        None where no values exist: for this measure, for this gait, or outside the speeds of the table.
    """
    known = reference(metric)
    if known is None or gait not in ("running", "walking"):
        return None
    if known.band is not None:
        walking_high = known.band.walking_high if gait == "walking" else None
        high = known.band.high if walking_high is None else walking_high
        return _range(known, known.band.low, high, JUDGEMENT)
    if gait == "walking" or known.sd is None:
        return None
    if known.by_speed:
        return _by_speed(known, known.sd, speed_mps)
    if known.mean is None:
        return None
    return _range(known, known.mean - known.sd, known.mean + known.sd, LABORATORY)


def _by_speed(reference: Reference, sd: float, speed_mps: float | None) -> UsualRange | None:
    means = [row.mean for row in reference.by_speed]
    if speed_mps is None:
        return _range(reference, min(means) - sd, max(means) + sd, ENVELOPE)
    mean = _interpolated(reference.by_speed, round(3.6 * speed_mps, 3))
    return None if mean is None else _range(reference, mean - sd, mean + sd, AT_SPEED)


def _interpolated(rows: tuple[AtSpeed, ...], kmh: float) -> float | None:
    if not rows[0].kmh <= kmh <= rows[-1].kmh:
        return None
    return float(np.interp(kmh, [row.kmh for row in rows], [row.mean for row in rows]))


def _range(reference: Reference, low: float, high: float, basis: str) -> UsualRange:
    return UsualRange(reference.id, low, high, reference.unit, basis, reference.confidence)
