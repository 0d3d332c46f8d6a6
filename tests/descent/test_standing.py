"""Runs at rest: where they stopped is told as what it is."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from gradwright.descent import SGD, Adam, Descent, DescentStatus, Momentum, cosine, descend

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


def test_a_minimum_in_noise_is_called_one() -> None:
    for sigma in (1e-6, 1e-3):
        for seed in range(5):
            rng = np.random.default_rng(seed)
            run = descend(lambda x, r=rng, s=sigma: float(x @ x) + s * r.normal(), rng.uniform(-2, 2, 2), steps=100)
            assert run.reason in ("converged-noise", "max-steps-noise")
            assert 0.2 * sigma < run.facts["noise"] < 4 * sigma
            assert np.linalg.norm(2 * run.x) < 100 * sigma
            assert "noise" in run.advice
            assert "잡음" in run.text("ko")


@pytest.mark.parametrize("rule", [SGD, Momentum, Adam], ids=lambda rule: rule.__name__)
def test_no_noisy_run_is_called_ill(rule: Any) -> None:
    for seed in range(12):
        rng = np.random.default_rng(seed)
        n, sigma, sign = int(rng.integers(1, 6)), 10 ** rng.uniform(-8, -2), -1 if seed % 4 == 3 else 1
        bends, centre, offset = 10 ** rng.uniform(-1, 0, n), rng.standard_normal(n), rng.standard_normal()
        rate = {SGD: rng.uniform(0.2, 1.8), Momentum: 0.3, Adam: 0.05 * bends.max()}[rule] / bends.max()

        def f(x: Any, rng: Any = rng, b: Any = bends, c: Any = centre, o: Any = offset, s: float = sigma) -> float:
            return float(b @ (x - c) ** 2) / 2 + o + s * rng.normal()

        start = centre + 2 * rng.standard_normal(n)
        steps = int(rng.choice([20, 50, 100]))
        run = descend(lambda x, f=f, t=sign: t * f(x), start, optimizer=rule(rate), steps=steps, maximize=sign < 0)
        assert run.status in (S.CONVERGED, S.MAX_STEPS), (seed, str(run))
        assert "unbounded" not in run.reason
        assert "kink" not in run.reason


@pytest.mark.parametrize("given", [False, True])
def test_noise_hides_no_crawling(given: bool) -> None:
    def crawl(rng: Any) -> Descent:
        bends, start, sigma = 10 ** rng.uniform(-1, 0, 3), 2 * rng.standard_normal(3), 10 ** rng.uniform(-8, -3)
        return descend(
            lambda x: float(bends @ x**2) / 2 + sigma * rng.normal(),
            start,
            1e-8,
            20,
            gradient=(lambda x: bends * x) if given else None,
        )

    assert {status for status, _ in outcomes(crawl)} == {S.CRAWLING}


def test_a_given_gradient_is_not_asked_for() -> None:
    def exact(rng: Any) -> Descent:
        f = lambda x: float(x @ x) + 1e-3 * rng.normal()  # noqa: E731
        return descend(f, rng.standard_normal(3), 0.1, int(rng.choice([10, 50, 200])), gradient=lambda x: 2 * x)

    assert {reason for _, reason in outcomes(exact)}.isdisjoint({"max-steps-noise", "converged-noise"})


def test_noise_hides_no_divergence() -> None:
    def away(rng: Any) -> Descent:
        return descend(lambda x: float(x @ x) + 1e-3 * rng.normal(), rng.standard_normal(3), rng.uniform(1.1, 3), 40)

    assert {status for status, _ in outcomes(away)} == {S.DIVERGED}


def test_rounding_alone_is_not_called_noise() -> None:
    assert outcomes(lambda rng: descend(lambda x: float((x**2).sum()) + 3, rng.uniform(-1, 1, 3), 0.4)) == {
        (S.CONVERGED, "converged")
    }


def test_frozen_is_only_what_the_next_step_cannot_move() -> None:
    # Of the largest of several slopes only one is seen at a time: that entry stood still when another one moved.
    def steepest(rng: Any) -> Descent:
        n = int(rng.integers(3, 6))
        weights, centre = rng.uniform(0.5, 2, n), rng.standard_normal(n)
        start = centre + rng.standard_normal(n)
        return descend(lambda x: float((weights * np.abs(x - centre)).max()), start, 0.03, int(rng.integers(20, 60)))

    assert S.FROZEN not in {status for status, _ in outcomes(steepest, range(40))}


def test_the_entry_whose_step_is_absorbed_is_named() -> None:
    start = {"W": np.ones(2), "b": 1e13}
    run = descend(lambda p: float((p["W"] ** 2).sum() + p["b"] ** 2), start, 1e-3, 5, step=1e-4)
    assert run.reason == "frozen-difference"
    assert "At b = 1e+13 floats lie 0.002 apart" in run.advice
