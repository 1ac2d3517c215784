"""Simulated runners: how often a trial errs, what it sees, and how often its interval holds the truth.

``python -m validation.trials`` writes the tables of ``docs/trials.md``; every seed is fixed.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from runfree.trials.blocks import block_means, pair_differences
from runfree.trials.planning import chances, with_change
from runfree.trials.randomisation import Test, judge
from runfree.trials.verdict import decide

Array = NDArray[np.float64]
IMPORTANT: Final = 1.2
LEVEL: Final = 5.0


@dataclass(frozen=True)
class Scenario:
    """A kind of runner and diary. ``trend`` is points over the whole trial; ``lost`` says which days go missing."""

    name: str
    rho: float = 0.3
    trend: float = 0.0
    missing: float = 0.0
    lost: str = "at random"
    sd: float = 1.2
    effect: float = 0.0
    onset: float = 0.0
    """Share of the effect that is carried over from day to day."""
    pairs: int = 8
    block: int = 7
    skip: int = 1


NO_EFFECT: Final = (
    Scenario("independent days", rho=0.0),
    Scenario("lag-1 autocorrelation 0.3"),
    Scenario("lag-1 autocorrelation 0.7", rho=0.7),
    Scenario("healing by 3 points", rho=0.3, trend=-3.0),
    Scenario("getting worse by 3 points", rho=0.3, trend=3.0),
    Scenario("0.7, healing by 3 points", rho=0.7, trend=-3.0),
    Scenario("20 % missing at random", rho=0.3, missing=0.2),
    Scenario("20 % missing, most on sore days", rho=0.3, missing=0.2, lost="sore"),
    Scenario("20 % missing, most on good days", rho=0.7, missing=0.2, lost="good"),
    Scenario("20 % missing, most without the change", rho=0.7, missing=0.2, lost="without"),
    Scenario("0.7, healing, 20 % missing on sore days", rho=0.7, trend=-3.0, missing=0.2, lost="sore"),
    Scenario("six pairs, 0.7", rho=0.7, pairs=6),
    Scenario("twelve pairs of four days, 0.3", pairs=12, block=4),
)


def diaries(s: Scenario, n: int, seed: int) -> tuple[Array, NDArray[np.bool_]]:
    """Return daily values (n, 2 K, block) on the 0 to 10 scale, NaN where missing, and the order (n, K) drawn."""
    rng = np.random.default_rng(seed)
    order = rng.integers(0, 2, (n, s.pairs)).astype(bool)
    length = 2 * s.pairs * s.block
    noise = np.empty((n, length))
    noise[:, 0] = rng.standard_normal(n)
    for day in range(1, length):
        noise[:, day] = s.rho * noise[:, day - 1] + np.sqrt(1 - s.rho**2) * rng.standard_normal(n)
    on = np.repeat(with_change(order), s.block, axis=1)
    felt, last = np.empty_like(on), np.zeros(n)
    for day in range(length):
        last = s.onset * last + (1 - s.onset) * on[:, day]
        felt[:, day] = last
    level = LEVEL + rng.uniform(-0.5, 0.5, (n, 1))
    pain = level + s.trend * (np.linspace(0, 1, length) - 0.5) + s.sd * noise + s.effect * felt
    pain = np.clip(np.round(pain), 0, 10)
    pain[rng.random(pain.shape) < _loss(s, pain, on)] = np.nan
    return pain.reshape(n, 2 * s.pairs, s.block), order


def _loss(s: Scenario, pain: Array, on: Array) -> Array:
    """Chance of each day to go missing, ``missing`` on average."""
    rank = np.argsort(np.argsort(pain, axis=1), axis=1) / pain.shape[1]
    pull = {"at random": 1 + 0 * pain, "sore": 2 * rank, "good": 2 * (1 - rank), "without": 2 * (1 - on)}
    return s.missing * pull[s.lost]


def tested(days: Array, order: NDArray[np.bool_], skip: int, *, looks: bool) -> list[list[Test | None]]:
    """Return the test at the end of each trial, or with ``looks`` after each pair."""
    differences = pair_differences(block_means(days, skip), order)
    planned = differences.shape[1]
    out: list[list[Test | None]] = []
    for row in differences:
        ends = range(2, planned + 1) if looks else (planned,)
        out.append([judge(row[:k][np.isfinite(row[:k])], planned=planned, final=k == planned) for k in ends])
    return out


def verdicts(found: list[list[Test | None]]) -> list[set[str]]:
    """Return what the verdicts of each trial said, at any of its looks."""
    out: list[set[str]] = []
    for trial in found:
        last = len(trial) - 1
        out.append(
            {
                decide(test, IMPORTANT, lower_is_better=True, final=i == last)
                for i, test in enumerate(trial)
                if test is not None
            }
        )
    return out


def false_alarms(s: Scenario, n: int, seed: int, *, looks: bool = False) -> int:
    """Count the trials of a change that does nothing whose verdict is "helped" or "worse"."""
    days, order = diaries(replace(s, effect=0.0), n, seed)
    return sum(bool(said & {"helped", "worse"}) for said in verdicts(tested(days, order, s.skip, looks=looks)))


def lower_bound(count: int, n: int) -> float:
    """Return the lower end of the 95 % Clopper-Pearson interval of a rate."""
    return 0.0 if count == 0 else float(stats.beta.ppf(0.025, count, n - count + 1))


def coverage(s: Scenario, n: int, seed: int) -> float:
    """Return how often the 95 % interval holds the true effect."""
    days, order = diaries(s, n, seed)
    held = [t.low <= s.effect <= t.high for (t,) in tested(days, order, s.skip, looks=False) if t is not None]
    return float(np.mean(held))


def promised_and_kept(s: Scenario, n: int, seed: int, *, before: int = 14) -> tuple[Array, NDArray[np.bool_]]:
    """Return for each simulated runner the chance that was promised from ``before`` days of baseline, and whether it was seen."""
    whole = replace(s, block=s.block, effect=-IMPORTANT)
    days, order = diaries(whole, n, seed)
    promised = np.empty(n)
    base = baselines(s, n, seed, before)
    for i in range(n):
        (option,) = chances(
            (s.pairs,), block=s.block, skip=s.skip, important=IMPORTANT, baseline=base[i], usual_sd=1.2,
            rounded=True, missing=s.missing, draws=200, seed=seed + i,
        )  # fmt: skip
        promised[i] = option.chance
    said = verdicts(tested(days, order, s.skip, looks=False))
    return promised, np.array(["helped" in one for one in said])


def baselines(s: Scenario, n: int, seed: int, before: int) -> Array:
    """Return daily values (n, before) of the same runners before their trial."""
    first = replace(s, effect=0.0, pairs=1, block=before, trend=0.0)
    return diaries(first, n, seed + 1)[0][:, 0, :]
