"""Runs in motion: no end is promised that is not there, and no limit named that is not one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from gradwright.descent import AdaGrad, Adam, Descent, DescentStatus, Momentum, RMSprop, descend

S = DescentStatus
SEEDS = range(20)


def outcomes(make: Callable[[Any], Descent]) -> set[tuple[DescentStatus, str]]:
    runs = [make(np.random.default_rng(seed)) for seed in SEEDS]
    assert all(run.text(lang) for run in runs for lang in ("en", "ko"))
    return {(run.status, run.reason) for run in runs}


class TestNoEnd:
    @pytest.mark.parametrize("optimizer", [None, Adam(0.05), Momentum(0.05), RMSprop(0.02), AdaGrad(0.1)], ids=repr)
    def test_linear(self, optimizer: Any) -> None:
        def slope(rng: Any) -> Descent:
            weight = rng.standard_normal(rng.integers(1, 21))
            start, gradient = rng.standard_normal(len(weight)), lambda x: weight
            return descend(lambda x: float(weight @ x), start, optimizer=optimizer, gradient=gradient)

        assert outcomes(slope) == {(S.MAX_STEPS, "max-steps-unbounded")}

    @pytest.mark.parametrize(
        ("steps", "expected"), [(20, (S.MAX_STEPS, "max-steps-unbounded")), (100, (S.DIVERGED, "unbounded"))]
    )
    def test_up_a_bowl(self, steps: int, expected: Any) -> None:
        def up(rng: Any) -> Descent:
            start = rng.standard_normal(rng.integers(1, 6))
            return descend(lambda x: float(x @ x), start, steps=steps, maximize=True, gradient=lambda x: 2 * x)

        assert outcomes(up) == {expected}

    @pytest.mark.parametrize("f", [lambda x: np.exp(-x), lambda x: np.log1p(np.exp(-x))])
    def test_tails_level_out(self, f: Any) -> None:
        run = descend(f, 0.0, 0.5)
        assert (run.status, run.reason) == (S.MAX_STEPS, "max-steps-levels")

    @pytest.mark.parametrize("steps", [30, 100])
    def test_slower_and_slower(self, steps: int) -> None:
        def quartic(rng: Any) -> Descent:
            weight = rng.uniform(0.5, 2, rng.integers(1, 8))
            start, gradient = rng.uniform(0.3, 1, len(weight)), lambda x: 4 * weight * x**3
            return descend(lambda x: float(weight @ x**4), start, 0.05, steps, gradient=gradient)

        assert outcomes(quartic) <= {(S.MAX_STEPS, "max-steps-slower"), (S.MAX_STEPS, "max-steps-open")}

    def test_an_overshoot_is_not_nearly_there(self) -> None:
        for steps in range(10, 60, 3):
            run = descend(
                lambda x: float(x @ x), [3.0, 4.0], optimizer=Momentum(0.01), steps=steps, gradient=lambda x: 2 * x
            )
            assert run.facts.get("need", 100) > 30


def test_a_promise_is_kept() -> None:
    kept = 0
    for seed in SEEDS:
        rng = np.random.default_rng(seed)
        n = int(rng.integers(1, 12))
        curvatures = 10 ** rng.uniform(-1, 0, n)
        f, gradient = (lambda x, c=curvatures: float(c @ x**2) / 2), (lambda x, c=curvatures: c * x)
        run = descend(f, rng.standard_normal(n), rng.uniform(0.1, 1.5), 15, gradient=gradient)
        if run.reason == "max-steps":
            more = descend(f, run.x, run.learning_rates[0], int(run.facts["need"]) + 1, gradient=gradient)
            assert np.linalg.norm(more.x) / np.linalg.norm(run.x) == pytest.approx(1e-3, rel=0.5)
            kept += 1
    assert kept > 10


class TestKinks:
    @pytest.mark.parametrize("rate", [0.1, 0.25, 0.5])
    def test_the_absolute_value(self, rate: float) -> None:
        run = descend(abs, 1.13, rate)
        assert (run.status, run.reason) == (S.OSCILLATING, "oscillating-kink")
        assert "no constant rate is stable" in run.advice
        assert (run.lambda_max, run.stable_learning_rate, run.facts["x"]) == (None, None, 0.0)

    def test_a_step_that_ends_on_the_kink(self) -> None:
        assert descend(abs, 1.0, 0.25).reason == "converged-kink"

    def test_many(self) -> None:
        def kinks(rng: Any) -> Descent:
            n = int(rng.integers(1, 6))
            weight, other, centre = rng.uniform(0.5, 2, n), rng.uniform(0.3, 2, n), rng.standard_normal(n)
            shapes: list[Callable[[Any], float]] = [
                lambda x: float((weight * np.abs(x - centre)).sum()),
                lambda x: float(np.maximum(weight * (x - centre), other * (centre - x)).sum()),
                lambda x: float((np.maximum(0, x - 1) + np.maximum(0, -1 - x) + 0.5 * np.abs(x)).sum()),
            ]
            return descend(shapes[rng.integers(3)], centre + rng.standard_normal(n), rng.choice([0.1, 0.25]), 100)

        assert outcomes(kinks) <= {(S.OSCILLATING, "oscillating-kink"), (S.MAX_STEPS, "max-steps-kink")}

    def test_cusps(self) -> None:
        for seed in SEEDS:
            rng = np.random.default_rng(seed)
            run = descend(lambda x: abs(x) ** 0.5, rng.uniform(0.5, 2), rng.uniform(0.05, 0.5))
            assert run.reason in ("oscillating-kink", "max-steps-kink")
            assert run.stable_learning_rate is None

    def test_a_sharp_bend_is_none(self) -> None:
        run = descend(lambda x: np.sqrt(x * x + 1e-4), 1.0, 0.1)
        assert (run.status, run.reason) == (S.OSCILLATING, "oscillating")
        assert run.stable_learning_rate == pytest.approx(0.02, rel=0.2)


class TestDomains:
    def test_the_edge_is_named(self) -> None:
        def over(rng: Any) -> Descent:
            share = rng.uniform(0.1, 1)
            shapes: list[Callable[[Any], Any]] = [
                lambda x: np.sqrt(x) + share * x,
                np.log,
                lambda x: np.sqrt(x - 0.2),
            ]
            return descend(shapes[rng.integers(3)], rng.uniform(0.3, 1.5), rng.uniform(1, 4))

        assert outcomes(over) == {(S.DIVERGED, "ended")}

    def test_where_and_what_to_do(self) -> None:
        run = descend(lambda x: float(np.sqrt(x[1] - 0.5) + x[0] ** 2), [1.0, 1.0], 0.4)
        assert run.facts["where"] == "x[1]"
        assert run.facts["edge"] == pytest.approx(0.5, abs=1e-6)
        assert "`bounds`" in run.advice
        assert run.facts["better"] < 0.4

    def test_python_functions_that_raise(self) -> None:
        import math

        assert descend(lambda x: math.sqrt(x), 1.0, 0.3).reason == "ended"
        with pytest.raises(ValueError, match="math domain"):
            descend(lambda x: math.sqrt(x), -1.0)


def test_a_swing_is_named_as_soon_as_it_is_one() -> None:
    # The way to the kink takes up to nine tenths of the steps.
    def late(rng: Any) -> Descent:
        centre, rate = rng.standard_normal(), 0.05
        start = centre + rng.choice([-1, 1]) * rate * rng.uniform(60, 90)
        return descend(lambda x: abs(x - centre), start, rate, 100)

    assert outcomes(late) == {(S.OSCILLATING, "oscillating-kink")}
