"""Runs at rest: where they stopped is told as what it is."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from gradwright.descent import Descent, DescentStatus, cosine, descend

S = DescentStatus
SEEDS = range(20)


def outcomes(make: Callable[[Any], Descent], seeds: Any = SEEDS) -> set[tuple[DescentStatus, str]]:
    runs = [make(np.random.default_rng(seed)) for seed in seeds]
    assert all(run.text(lang) for run in runs for lang in ("en", "ko"))
    return {(run.status, run.reason) for run in runs}


def test_a_maximum_is_called_one() -> None:
    def top(rng: Any) -> Descent:
        n = int(rng.integers(1, 8))
        start = 2 * np.pi * rng.integers(-2, 3, n) + rng.choice([0, 1e-10, 1e-8])
        return descend(lambda x: float(np.cos(x).sum()), start, 0.1, int(rng.choice([10, 30, 60])))

    assert outcomes(top) == {(S.SADDLE, "maximum")}
    up = descend(lambda x: float(x @ x), [0.0, 0.0], maximize=True)
    assert (up.status, up.reason) == (S.SADDLE, "maximum-up")
    assert "this is a minimum, not a maximum" in up.advice


def test_level_places_are_saddles() -> None:
    assert outcomes(lambda rng: descend(lambda x: rng.uniform(1, 2) * 0 + x**3, 0.0)) == {(S.SADDLE, "saddle-level")}
    monkey = descend(lambda x: x[0] ** 3 - 3 * x[0] * x[1] ** 2, [0.0, 0.0])
    assert monkey.status is S.SADDLE


def test_a_loose_tol_is_no_minimum() -> None:
    def loose(rng: Any) -> Descent:
        n = int(rng.integers(1, 10))
        curvatures = rng.uniform(0.1, 1, n)
        return descend(lambda x: float(curvatures @ x**2) / 2, rng.standard_normal(n) * 3, 1.0, tol=0.3)

    assert outcomes(loose) == {(S.CONVERGED, "converged-tol")}
    run = descend(lambda x: x * x, 4.0, tol=1.0)
    assert run.facts["distance"] == pytest.approx(abs(run.x), rel=1e-4)
    assert run.facts["gain"] == pytest.approx(run.value, rel=1e-4)
    assert "A minimum" not in run.advice
    assert descend(lambda x: np.exp(-x), 0.0, 0.5, tol=0.1).reason == "converged-tol-open"


def test_landing_on_a_kink() -> None:
    run = descend(lambda x: np.abs(x).sum(), np.array([0.0, 0.0]), 0.25)
    assert (run.status, run.reason) == (S.CONVERGED, "converged-kink")
    assert (run.facts["left"], run.facts["right"]) == pytest.approx((-1, 1))
    assert run.stable_learning_rate is None
    assert descend(lambda x: -abs(x), 0.0).status is S.SADDLE


SHAPES: list[Callable[[float], float]] = [
    lambda z: 1 / (1 + np.exp(-z)),
    np.tanh,
    lambda z: (1 / (1 + np.exp(-z)) - 0.5) ** 2,
    lambda z: 1 - np.exp(-z * z / 2),
]


def test_tails() -> None:
    def tail(rng: Any) -> Descent:
        weight = rng.standard_normal(rng.integers(1, 10))
        weight /= np.linalg.norm(weight)
        shape = SHAPES[rng.integers(len(SHAPES))]
        start = weight * rng.uniform(14, 40) * rng.choice([-1, 1])
        return descend(lambda x: float(shape(weight @ x)), start, rng.uniform(0.05, 1), int(rng.choice([20, 60])))

    assert outcomes(tail, range(100)) == {(S.PLATEAU, "plateau")}


def test_flat_bottoms_on_either_side() -> None:
    for side in (1.0, -1.0):
        bottoms: list[Callable[[Any], float]] = [
            lambda x, side=side: max(0.0, side * x[0]),
            lambda x, side=side: max(0.0, side * x[0]) ** 2,
        ]
        for f in bottoms:
            assert outcomes(lambda rng, f=f, s=side: descend(f, [-s * rng.uniform(0.1, 9)])) == {
                (S.CONVERGED, "converged")
            }


def test_a_schedule_at_zero_is_not_frozen() -> None:
    run = descend(lambda x: x * x, 3.0, cosine(0.02, 30), 60)
    assert (run.status, run.reason, run.facts["since"]) == (S.MAX_STEPS, "max-steps-spent", 30)


def test_float32_at_its_last_digit_has_converged() -> None:
    for seed in SEEDS:
        start = np.random.default_rng(seed).standard_normal(3).astype(np.float32)
        run = descend(lambda x: ((x - 1.1) ** 2).sum(), start, 0.2, gradient=lambda x: 2 * (x - np.float32(1.1)))
        assert run.status is S.CONVERGED
