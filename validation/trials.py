"""Simulated runners: how often a trial errs, what it sees, and how often its interval holds the truth.

``python -m validation.trials`` writes the tables of ``docs/trials.md``; every seed is fixed. The suite runs a slice of it.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from runfree.trials.blocks import block_means, pair_differences
from runfree.trials.planning import chances, with_change
from runfree.trials.randomisation import LotTest, interval, judge, limits_of, p_value, typical_values
from runfree.trials.verdict import as_it_could_be, could_turn, decide, widened

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
    Scenario("20 % missing, only sore days without the change", missing=0.2, lost="sore without"),
    Scenario("six pairs, 0.7", rho=0.7, pairs=6),
    Scenario("twelve pairs of four days, 0.3", pairs=12, block=4),
)
WITH_EFFECT: Final = (
    *(replace(s, effect=-IMPORTANT) for s in NO_EFFECT),
    Scenario("sets in over days (30 % kept from day to day)", effect=-IMPORTANT, onset=0.3),
    Scenario("0.7, sets in over days", rho=0.7, effect=-IMPORTANT, onset=0.3),
)
DOCS: Final = Path(__file__).resolve().parents[1] / "docs" / "trials.md"
MARKS: Final = ("<!-- tables: python -m validation.trials -->", "<!-- end of tables -->")


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
    pull = {
        "at random": 1 + 0 * pain,
        "sore": 2 * rank,
        "good": 2 * (1 - rank),
        "without": 2 * (1 - on),
        "sore without": 2 * (1 - on) * 2 * rank,
    }
    return np.minimum(1.0, s.missing * pull[s.lost])


@dataclass(frozen=True)
class Run:
    """One simulated trial: its test at the end, whether any look decided, and the verdict at the end."""

    test: LotTest
    look_decides: bool
    verdict: str


def run(days: Array, order: NDArray[np.bool_], skip: int, important: float = IMPORTANT) -> list[Run]:
    """Judge each trial (n, 2 K, block) at its end and at the look after each pair."""
    differences = pair_differences(block_means(days, skip), order)
    planned = differences.shape[1]
    out: list[Run] = []
    for i, row in enumerate(differences):
        kept = row[np.isfinite(row)]
        end = judge(kept, planned=planned, final=True)
        assert end is not None
        early = [(k, limit) for k, limit in enumerate(limits_of(kept, planned, final=True)[:-1], 1) if limit > 0]
        tests = [_look(kept[:k], limit) for k, limit in early]
        further = as_it_could_be(days[i, :, skip:], order[i], planned=planned, final=True)
        end = widened(end, further)
        now = decide(end, important, lower_is_better=True, final=True)
        if now in ("helped", "worse") and could_turn(end, further):
            now = "unknown"
        out.append(
            Run(
                end,
                end.decides or any(t.decides for t in tests),
                now,
            )
        )
    return out


def _look(differences: Array, limit: float) -> LotTest:
    """An earlier look, its limit known already."""
    typical = typical_values(differences)
    low, high = interval(typical, 1 - limit)
    p = float(p_value(typical))
    return LotTest(len(differences), float(differences.mean()), float(low), float(high), p, limit, 1 - limit)


def lower_bound(count: int, n: int) -> float:
    """Return the lower end of the 95 % Clopper-Pearson interval of a rate."""
    return 0.0 if count == 0 else float(stats.beta.ppf(0.025, count, n - count + 1))


def others(days: Array, order: NDArray[np.bool_], alpha: float = 0.05) -> tuple[float, float, float]:
    """Return the error rates of other ways on the same diaries: Welch's t-test, regression on change and day, plain OLS."""
    n, blocks, block = days.shape
    on = np.repeat(with_change(order), block, axis=1)
    y = days.reshape(n, -1)
    known = np.isfinite(y)
    on_mean, on_error, on_n = _arm(y, known & (on > 0))
    off_mean, off_error, off_n = _arm(y, known & (on == 0))
    error = on_error + off_error
    degrees = error**2 / (on_error**2 / (on_n - 1) + off_error**2 / (off_n - 1))
    welch = 2 * stats.t.sf(np.abs(on_mean - off_mean) / np.sqrt(error), degrees)
    time = np.broadcast_to(np.linspace(-1, 1, blocks * block), y.shape)
    return tuple(float(np.mean(p < alpha)) for p in (welch, _ols_p(y, known, on, time), _ols_p(y, known, on)))


def _arm(y: Array, chosen: NDArray[np.bool_]) -> tuple[Array, Array, Array]:
    """Mean, squared standard error and number of the chosen days of each trial."""
    count = chosen.sum(axis=1)
    mean = np.where(chosen, y, 0).sum(axis=1) / count
    squares = np.where(chosen, y - mean[:, None], 0) ** 2
    return mean, squares.sum(axis=1) / (count - 1) / count, count


def _ols_p(y: Array, known: NDArray[np.bool_], *columns: Array) -> Array:
    """Two-sided p of the first column in ordinary least squares, for each trial."""
    design = np.stack([*columns, np.ones(y.shape)], axis=-1) * known[..., None]
    filled = np.where(known, y, 0.0)
    inverse = np.linalg.inv(np.einsum("nti,ntj->nij", design, design))
    beta = np.einsum("nij,ntj,nt->ni", inverse, design, filled)
    rest = ((filled - np.einsum("nti,ni->nt", design, beta)) ** 2).sum(axis=1)
    degrees = known.sum(axis=1) - design.shape[2]
    return 2 * stats.t.sf(np.abs(beta[:, 0]) / np.sqrt(rest / degrees * inverse[:, 0, 0]), degrees)


def coverage(s: Scenario, n: int, seed: int) -> float:
    """Return how often the 95 % interval at the end holds the true effect."""
    days, order = diaries(s, n, seed)
    if "without" in s.lost:
        return float(np.mean([one.test.low <= s.effect <= one.test.high for one in run(days, order, s.skip)]))
    differences = pair_differences(block_means(days, s.skip), order)
    known = np.isfinite(differences)
    held = 0
    for used in np.unique(known.sum(axis=1)):
        rows = known.sum(axis=1) == used
        low, high = interval(typical_values(differences[rows][known[rows]].reshape(-1, used)))
        held += int(((low <= s.effect) & (s.effect <= high)).sum())
    return held / n


def baselines(s: Scenario, n: int, seed: int, days: int) -> Array:
    """Return daily values (n, days) of such runners before their trial."""
    before = replace(s, effect=0.0, pairs=1, block=days, trend=0.0)
    return diaries(before, n, seed)[0][:, 0, :]


def promised(s: Scenario, n: int, seed: int, days: int) -> Array:
    """Return the chance (n,) that planning would promise such runners from a baseline of some days."""
    found = [
        chances(
            (s.pairs,), block=s.block, skip=s.skip, important=IMPORTANT, baseline=base, usual_sd=1.2, rounded=True,
            missing=s.missing, draws=300, seed=seed + i,
        )[0].chance
        for i, base in enumerate(baselines(s, n, seed, days))
    ]  # fmt: skip
    return np.array(found)


def kept(s: Scenario, n: int, seed: int) -> float:
    """Return how often the verdict is "helped" where the change does what matters."""
    days, order = diaries(replace(s, effect=-IMPORTANT), n, seed)
    return float(np.mean([one.verdict == "helped" for one in run(days, order, s.skip)]))


def fast_blocks(n: int, pairs: int, effect: float, seed: int) -> tuple[Array, Array, NDArray[np.bool_]]:
    """Return values and speeds (n, 2 K) of blocks of a minute that tire, with speed that matters, and the order."""
    rng = np.random.default_rng(seed)
    order = rng.integers(0, 2, (n, pairs)).astype(bool)
    speed = 3.0 + 0.2 * rng.standard_normal((n, 2 * pairs))
    drift = np.linspace(0, 0.6, 2 * pairs)
    noise = 0.35 * rng.standard_normal((n, 2 * pairs))
    return 8 + 2.0 * (speed - 3) + drift + noise + effect * with_change(order), speed, order


def fast(n: int, pairs: int, effect: float, seed: int) -> tuple[float, float, float]:
    """Return how often a fast trial decides, with speed taken out and without, and how often its interval holds the effect."""
    values, speed, order = fast_blocks(n, pairs, effect, seed)
    outcome, faster = pair_differences(values, order), pair_differences(speed, order)
    tests = [judge(d, planned=pairs, final=True, speed=v) for d, v in zip(outcome, faster, strict=True)]
    plain = [judge(d, planned=pairs, final=True) for d in outcome]
    held = [t.low <= effect <= t.high for t in tests if t is not None]
    return (
        float(np.mean([t is not None and t.decides for t in tests])),
        float(np.mean([t is not None and t.decides for t in plain])),
        float(np.mean(held)),
    )


def _percent(rate: float) -> str:
    return f"{100 * rate:.1f} %"


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [" | ".join(head), " | ".join(["---"] * len(head)), *(" | ".join(row) for row in rows)]
    return "\n".join(f"| {line} |" for line in lines)


def error_table(n: int, seed: int = 100) -> str:
    """Return the table of errors where the change does nothing."""
    rows: list[list[str]] = []
    totals = np.zeros(3)
    for i, s in enumerate(NO_EFFECT):
        days, order = diaries(s, n, seed + i)
        found = run(days, order, s.skip)
        false = sum(one.verdict in ("helped", "worse") for one in found)
        test = sum(one.test.decides for one in found)
        looks = sum(one.look_decides for one in found)
        welch, regression, ols = others(days, order)
        totals += [false, test, looks]
        rows.append(
            [s.name, _percent(false / n), _percent(lower_bound(false, n)), _percent(test / n), _percent(looks / n)]
            + [_percent(rate) for rate in (welch, regression, ols)]
        )
        print(rows[-1], file=sys.stderr, flush=True)
    pooled = totals / n / len(NO_EFFECT)
    first, second, third = (f"**{_percent(rate)}**" for rate in pooled)
    rows.append(["**pooled**", first, "", second, third, "", "", ""])
    head = ["no true effect", "false helped or worse", "its lower bound", "the test alone", "test, looking every day",
            "Welch t-test", "regression on change and day", "plain OLS"]  # fmt: skip
    return _table(head, rows)


def coverage_table(n: int, seed: int = 300) -> str:
    """Return the table of how often the 95 % interval holds the truth."""
    rows: list[list[str]] = []
    for i, s in enumerate(WITH_EFFECT):
        rates = [coverage(replace(s, effect=effect), n, seed + i) for effect in (0.0, s.effect)]
        rows.append([s.name, *map(_percent, rates)])
        print(rows[-1], file=sys.stderr, flush=True)
    return _table(["interval holds the truth", "no effect", "an effect of 1.2 points"], rows)


def power_table(n: int, runners: int, seed: int = 500) -> str:
    """Return the table of what was promised and what was kept."""
    rows: list[list[str]] = []
    for pairs, block in ((8, 7), (12, 4)):
        for rho in (0.0, 0.3, 0.7):
            s = Scenario(
                f"{pairs} pairs of {block} days, autocorrelation {rho:g}", rho=rho, pairs=pairs, block=block
            )
            told = [float(promised(s, runners, seed, days).mean()) for days in (14, 60, 365)]
            rows.append([s.name, *map(_percent, told), _percent(kept(s, n, seed))])
            print(rows[-1], file=sys.stderr, flush=True)
    for name, told, seen in mixed(4 * runners, seed):
        rows.append([name, _percent(told), "", "", _percent(seen)])
        print(rows[-1], file=sys.stderr, flush=True)
    return _table(["a change of 1.2 points", "promised from 14 days", "from 60 days", "from a year", "kept"], rows)


def mixed(runners: int, seed: int) -> list[tuple[str, float, float]]:
    """Return promise and outcome for runners who all differ (sd 0.8 to 1.7, autocorrelation 0 to 0.7), in thirds by promise."""
    rng = np.random.default_rng(seed)
    told, seen = np.empty(runners), np.empty(runners)
    for i in range(runners):
        s = Scenario("", rho=rng.uniform(0, 0.7), sd=1.2 * np.exp(rng.uniform(-0.4, 0.35)))
        told[i] = promised(s, 1, seed + i, 14)[0]
        seen[i] = kept(s, 20, seed + i)
    out = [("runners who all differ", float(told.mean()), float(seen.mean()))]
    for name, third in zip(
        ("promised little", "promised more", "promised most"), np.array_split(np.argsort(told), 3), strict=True
    ):
        out.append((f"of them, {name}", float(told[third].mean()), float(seen[third].mean())))
    return out


def fast_table(n: int, seed: int = 700) -> str:
    """Return the table of fast trials, with speed that drifts from block to block."""
    rows: list[list[str]] = []
    for pairs in (6, 12):
        nothing, matters = fast(n, pairs, 0.0, seed), fast(n, pairs, -0.7, seed + 1)
        rows.append(
            [
                f"{pairs} pairs of a minute",
                *map(_percent, (nothing[0], matters[0], matters[1], nothing[2], matters[2])),
            ]
        )
    head = [
        "bounce",
        "false alarms",
        "sees 0.7 cm",
        "without taking speed out",
        "interval, no effect",
        "interval, 0.7 cm",
    ]
    return _table(head, rows)


def main() -> None:
    """Write the tables."""
    n = int(sys.argv[1]) if len(sys.argv) > 1 else 2000
    parts = [
        ("### Errors where the change does nothing", error_table(n)),
        ("### Intervals", coverage_table(n)),
        ("### Promised and kept", power_table(n, max(20, n // 40))),
        ("### Fast trials", fast_table(n)),
    ]
    tables = "\n\n".join(f"{title}\n\n{table}" for title, table in parts)
    text = DOCS.read_text(encoding="utf-8")
    before, _, rest = text.partition(MARKS[0])
    _, _, after = rest.partition(MARKS[1])
    DOCS.write_text(
        f"{before}{MARKS[0]}\n\n{n} simulated trials a row.\n\n{tables}\n\n{MARKS[1]}{after}", encoding="utf-8"
    )


if __name__ == "__main__":
    main()
