"""The sets of films: a few small ones for the tests, and as many drawn at random as wanted, the same for the same seed."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from phantom.clothes import Outfit
from phantom.film import Film
from phantom.footfalls import Gait
from phantom.scene import Filming

VIEWS = ("side", "front", "rear", "side_right", "front", "side", "rear", "side", "front", "side_walk")


def small() -> Iterator[Film]:
    """Two films for the tests: a heavy body from the side whose head keeps stiller than its hips, a woman from the front."""
    yield Film(
        "side_still_head", 1.82, 0.2, 1.2, 4.0,
        Gait(speed=2.8, cadence=164, contact_ms=262, vert_osc_cm=8.5, head_still=0.25, nod_deg=3, seed=41),
        Outfit(legs="tights", seed=5), Filming("side", 768, 432, 30, shake=0.15, seed=9), 27,
    )  # fmt: skip
    yield Film(
        "front_turned_out", 1.64, 0.9, 0.3, 4.0,
        Gait(speed=2.9, cadence=176, contact_ms=240, vert_osc_cm=7.5, fpa_left=16, fpa_right=3, head_still=0.2, seed=42),
        Outfit(sleeves="long", seed=7), Filming("front", 432, 768, 30, fill=0.62, yaw=3, seed=10), 27,
    )  # fmt: skip


def drawn(count: int, seed: int) -> Iterator[Film]:
    """Films with every parameter drawn within what runners and phones do."""
    for k in range(count):
        rng = np.random.default_rng([seed, k])
        view = VIEWS[k % len(VIEWS)]
        walking, view = view == "side_walk", view.removesuffix("_walk")
        yield Film(
            name=f"{view}_{'walk' if walking else 'run'}_{seed}_{k:02d}",
            height_m=round(rng.uniform(1.54, 1.96), 2),
            womanly=round(rng.uniform(0, 1), 2),
            build=round(rng.uniform(-0.5, 1.8), 2),
            seconds=4.0,
            gait=_gait(rng, walking),
            outfit=_outfit(rng),
            filming=_filming(rng, view),
        )


def _gait(rng: np.random.Generator, walking: bool) -> Gait:
    between = lambda low, high: round(rng.uniform(low, high), 1)  # noqa: E731
    shared = {
        "fpa_left": between(-4, 22),
        "fpa_right": between(-4, 22),
        "trunk_lean": between(2, 12),
        "pelvic_drop": between(1, 8),
        "head_still": round(rng.uniform(-0.15, 0.25), 2),
        "nod_deg": between(0, 5),
        "seed": int(rng.integers(1000)),
    }
    if walking:
        speed, cadence = round(rng.uniform(1.1, 1.4), 2), between(104, 118)
        return Gait(
            True,
            speed,
            cadence,
            round(1000 * 2 * 60 / cadence * 0.62),
            between(3, 4.5),
            foot_strike=between(12, 18),
            **shared,
        )
    speed, cadence = round(rng.uniform(2.4, 3.8), 2), between(152, 188)
    contact = min(60_000 / cadence - 50, 330 - 32 * speed + rng.uniform(-20, 20))
    return Gait(
        False, speed, cadence, round(contact), between(5.5, 10.5), foot_strike=between(-6, 14), step_width_cm=between(2, 10),
        **shared,
    )  # fmt: skip


def _outfit(rng: np.random.Generator) -> Outfit:
    legs = str(rng.choice(["shorts", "shorts", "tights", "trousers"]))
    sleeves = str(rng.choice(["short", "short", "long"]))
    return Outfit(
        bool(rng.random() < 0.15), legs, sleeves, round(rng.uniform(0.004, 0.012), 4), int(rng.integers(1000))
    )


def _filming(rng: np.random.Generator, view: str) -> Filming:
    return Filming(
        view, 768, 432,
        fps=float(rng.choice([30, 30, 30, 60])),
        distance_m=round(rng.uniform(3.2, 5), 1),
        lens_m=round(rng.uniform(0.7, 1.3), 2),
        fill=round(rng.uniform(0.70, 0.84), 2),
        yaw=round(float(np.clip(rng.normal(0, 6), -15, 15)), 1),
        pitch=round(rng.uniform(-3, 3), 1),
        roll=round(rng.uniform(-2, 2), 1),
        shake=float(rng.choice([0, 0, 0.2])),
        grain=round(rng.uniform(1, 5), 1),
        light=round(rng.uniform(0.6, 1.3), 2),
        place=str(rng.choice(["hall", "hall", "park"])),
        seed=int(rng.integers(1000)),
    )  # fmt: skip
