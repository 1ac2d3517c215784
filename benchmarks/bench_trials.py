"""Planning with simulation, and one analysis: aims 3 s and 1 s on two cores. Nothing is asserted here."""

from __future__ import annotations

import numpy as np

from runfree.trials.bayes import believe
from runfree.trials.planning import chances
from runfree.trials.randomisation import judge


def test_planning(benchmark) -> None:
    days = np.random.default_rng(1).standard_normal(28) + 3
    benchmark(
        chances, (6, 8, 10, 12, 16), block=7, skip=1, important=1.2, baseline=days, usual_sd=1.2, rounded=True
    )


def test_one_analysis(benchmark) -> None:
    rng = np.random.default_rng(2)
    days, differences = rng.standard_normal(224) + 3, rng.standard_normal(16)
    on = np.arange(224) // 7 % 2 == 0

    def analyse() -> None:
        judge(differences, planned=16, final=True)
        believe(days, on, important=1.2, lower_is_better=True)

    benchmark(analyse)
