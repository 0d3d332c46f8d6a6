"""The diagnosis on random problems whose right answer is known, and on sound runs, which must not be called ill."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from gradwright.descent import (
    SGD,
    AdaGrad,
    Adam,
    Descent,
    DescentStatus,
    Momentum,
    Nesterov,
    RMSprop,
    cosine,
    descend,
    elongated_bowl,
    himmelblau,
    plateau,
    rosenbrock,
    saddle,
    two_basins,
)
from gradwright.descent.curvature import Curvature

S = DescentStatus
SOUND = (S.CONVERGED, S.MAX_STEPS)
SEEDS = range(20)


class Quadratic:
    """``(x - c)' H (x - c) / 2`` with known eigenvalues, in 1 to 20 dimensions, of any size."""

    def __init__(self, seed: int, condition: float = 100, low: int = 1, high: int = 20) -> None:
        self.rng = rng = np.random.default_rng(seed)
        n = int(rng.integers(low, high + 1))
        self.axes, _ = np.linalg.qr(rng.standard_normal((n, n)))
        self.lambdas = condition ** -rng.uniform(0, 1, n)
        self.lambdas[0] = 1.0
        self.lambdas *= 10 ** rng.uniform(-2, 2)
        self.minimum = rng.standard_normal(n) * 10 ** rng.uniform(-1, 1)
        self.start = self.minimum + rng.standard_normal(n) * 10 ** rng.uniform(-1, 1)
        self.limit = 2 / self.lambdas[0]

    @property
    def matrix(self) -> Any:
        return (self.axes * self.lambdas) @ self.axes.T

    def __call__(self, x: Any) -> float:
        return float((x - self.minimum) @ self.matrix @ (x - self.minimum)) / 2

    def gradient(self, x: Any) -> Any:
        return self.matrix @ (x - self.minimum)

    def descend(self, low: float, high: float, steps: int = 100, numerical: bool = False, **more: Any) -> Descent:
        """Run at a rate from `low` to `high` times the stability limit."""
        rate = self.limit * float(np.exp(self.rng.uniform(np.log(low), np.log(high))))
        if "optimizer" in more:
            more["optimizer"] = more["optimizer"](rate)
        else:
            more["learning_rate"] = rate
        return descend(self, self.start, steps=steps, gradient=None if numerical else self.gradient, **more)


def statuses(make: Callable[[int], Descent]) -> set[DescentStatus]:
    runs = [make(seed) for seed in SEEDS]
    assert all(run.text(lang) for run in runs for lang in ("en", "ko"))
    return {run.status for run in runs}


class TestQuadratics:
    @pytest.mark.parametrize("steps", [20, 100, 300])
    def test_sound_rates(self, steps: int) -> None:
        assert statuses(lambda seed: Quadratic(seed).descend(0.1, 0.9, steps)) <= set(SOUND)

    def test_sound_rates_without_a_gradient(self) -> None:
        assert statuses(lambda seed: Quadratic(seed, high=5).descend(0.1, 0.9, 60, numerical=True)) <= set(SOUND)

    def test_sound_rates_of_bad_condition_and_many_entries(self) -> None:
        assert statuses(lambda seed: Quadratic(seed, 1e5).descend(0.1, 0.9)) <= set(SOUND)
        assert statuses(lambda seed: Quadratic(seed, low=30, high=60).descend(0.1, 0.9)) <= set(SOUND)

    @pytest.mark.parametrize(
        "optimizer",
        [
            lambda rate: Momentum(rate / 2),
            lambda rate: Nesterov(rate / 2),
            lambda rate: AdaGrad(0.5),
            lambda rate: Adam(0.05),
            lambda rate: SGD(cosine(rate, 100)),
        ],
        ids=["momentum", "nesterov", "adagrad", "adam", "cosine"],
    )
    def test_sound_optimizers(self, optimizer: Any) -> None:
        assert statuses(lambda seed: Quadratic(seed).descend(0.1, 0.9, optimizer=optimizer)) <= set(SOUND)

    @pytest.mark.parametrize(("low", "high", "steps"), [(1.01, 1.1, 100), (1.1, 50, 100), (1.1, 50, 20), (2, 50, 500)])
    def test_above_the_limit(self, low: float, high: float, steps: int) -> None:
        assert statuses(lambda seed: Quadratic(seed).descend(low, high, steps)) == {S.DIVERGED}

    def test_above_the_limit_without_a_gradient(self) -> None:
        assert statuses(lambda seed: Quadratic(seed, high=5).descend(1.05, 5, 60, numerical=True)) == {S.DIVERGED}

    def test_momentum_above_its_limit(self) -> None:
        # It is 2 (1 + mu) / lambda: 1.9 times that of plain descent.
        run = statuses(lambda seed: Quadratic(seed).descend(2.2, 9, optimizer=Momentum))
        assert run == {S.DIVERGED}

    def test_at_the_limit(self) -> None:
        assert statuses(lambda seed: Quadratic(seed).descend(0.995, 1.0)) == {S.OSCILLATING}

    def test_far_below(self) -> None:
        assert statuses(lambda seed: Quadratic(seed).descend(1e-9, 1e-4)) == {S.CRAWLING}
        slow = statuses(lambda seed: Quadratic(seed).descend(1, 1, optimizer=lambda rate: Adam(1e-8)))
        assert slow == {S.CRAWLING}

    def test_absorbed(self) -> None:
        assert statuses(lambda seed: Quadratic(seed).descend(1e-22, 1e-20)) == {S.FROZEN}

    def test_difference_step_absorbed(self) -> None:
        def far(seed: int) -> Descent:
            problem = Quadratic(seed, condition=2, high=4)
            start = problem.minimum + 1e13 * np.random.default_rng(seed).uniform(1, 9, len(problem.start))
            return descend(problem, start, learning_rate=problem.limit / 4, steps=10, step=1e-4)

        assert statuses(far) == {S.FROZEN}

    def test_curvature_is_measured(self) -> None:
        for seed in SEEDS:
            problem = Quadratic(seed)
            run = problem.descend(0.1, 5, numerical=seed % 2 == 0, steps=40)
            assert run.stable_learning_rate == pytest.approx(problem.limit, rel=1e-3)
            assert run.lambda_max == pytest.approx(problem.lambdas.max(), rel=1e-3)

    @pytest.mark.parametrize("share", [1e-6, 1.0, 3.0])
    def test_the_advice_helps(self, share: float) -> None:
        for seed in SEEDS:
            problem = Quadratic(seed, condition=2)
            better = problem.descend(share, share).facts["better"]
            run = descend(problem, problem.start, learning_rate=better, gradient=problem.gradient)
            assert run.status is S.CONVERGED
            np.testing.assert_allclose(run.x, problem.minimum, atol=1e-5)

    def test_the_steps_needed_are_about_right(self) -> None:
        for seed in SEEDS:
            problem = Quadratic(seed, condition=1.5)
            run = problem.descend(0.01, 0.02, steps=20)
            more = int(run.facts["need"])
            end = descend(problem, run.x, learning_rate=run.learning_rates[0], steps=more, gradient=problem.gradient)
            left = np.linalg.norm(end.x - problem.minimum) / np.linalg.norm(run.x - problem.minimum)
            assert 1e-4 < left < 1e-2


class TestSaddles:
    @pytest.mark.parametrize("numerical", [False, True])
    def test_random(self, numerical: bool) -> None:
        for seed in SEEDS:
            problem = Quadratic(seed, condition=5, low=2, high=6 if numerical else 20)
            problem.lambdas[-1] *= -1
            down = problem.axes[:, -1]
            away = problem.rng.standard_normal(len(down))
            start = problem.minimum + away - down * (down @ away)
            rate = 0.6 / np.abs(problem.lambdas).max()
            run = descend(problem, start, rate, 40, gradient=None if numerical else problem.gradient)
            assert run.status is S.SADDLE
            assert run.negative_curvature == pytest.approx(problem.lambdas[-1], rel=1e-3)
            assert abs(run.direction @ down) == pytest.approx(1, abs=1e-3)

    def test_at_the_point_itself(self) -> None:
        run = descend(saddle, [0.0, 0.0])
        assert run.status is S.SADDLE
        assert saddle(run.x + 0.1 * run.direction) < run.value

    def test_going_by_is_no_saddle(self) -> None:
        assert descend(saddle, [1.0, 0.1], steps=30).status is S.MAX_STEPS


SHAPES: list[Callable[[float], float]] = [
    lambda z: 1 / (1 + np.exp(-z)),
    np.tanh,
    lambda z: (1 / (1 + np.exp(-z)) - 0.5) ** 2,
]


class TestPlateaus:
    def test_tails_of_a_sigmoid(self) -> None:
        def tail(seed: int) -> Descent:
            rng = np.random.default_rng(seed)
            weight = rng.standard_normal(rng.integers(1, 6))
            weight /= np.linalg.norm(weight)
            start = weight * rng.uniform(14, 40) * rng.choice([-1, 1])
            return descend(lambda x: float(SHAPES[seed % 3](weight @ x)), start, rng.uniform(0.05, 1), 60)

        assert statuses(tail) == {S.PLATEAU}

    def test_gradient_of_exactly_zero(self) -> None:
        assert descend(plateau, [30.0, 40.0]).status is S.PLATEAU

    def test_bottoms_are_none(self) -> None:
        assert descend(lambda x: 1.0, [1.0, 2.0]).status is S.CONVERGED
        assert descend(lambda x: max(0.0, x[0]), [-5.0]).status is S.CONVERGED
        for steps in (50, 300):
            assert descend(lambda x: float(np.exp(x)), 0.0, steps=steps).status is S.MAX_STEPS
            assert descend(lambda x: float(x**4), 1.0, steps=steps).status in SOUND


class TestKinks:
    @pytest.mark.parametrize("numerical", [False, True])
    def test_random(self, numerical: bool) -> None:
        def kinks(seed: int) -> Descent:
            rng = np.random.default_rng(seed)
            n = int(rng.integers(1, 4))
            weight, centre = rng.uniform(0.5, 2, n), rng.standard_normal(n)
            return descend(
                lambda x: float((weight * np.abs(x - centre)).sum()),
                centre + rng.standard_normal(n),
                rng.uniform(0.05, 0.2),
                steps=60,
                gradient=None if numerical else lambda x: weight * np.sign(x - centre),
            )

        assert statuses(kinks) == {S.OSCILLATING}

    def test_no_constant_rate_is_called_stable(self) -> None:
        run = descend(abs, 0.37)
        assert run.status is S.OSCILLATING
        assert run.stable_learning_rate is None


class TestOtherFunctions:
    @pytest.mark.parametrize(
        "optimizer", [SGD(0.5), Momentum(0.2), Nesterov(0.2), AdaGrad(0.3), RMSprop(0.01), Adam(0.05)], ids=repr
    )
    def test_logistic_regression(self, optimizer: Any) -> None:
        def fit(seed: int) -> Descent:
            rng = np.random.default_rng(seed)
            x = rng.standard_normal((50, int(rng.integers(2, 12))))
            t = np.where(rng.random(50) < 1 / (1 + np.exp(-2 * x[:, 0])), 1.0, -1.0)
            return descend(
                lambda w: float(np.logaddexp(0, -t * (x @ w)).mean()),
                rng.standard_normal(x.shape[1]),
                optimizer=optimizer,
                gradient=lambda w: -(x.T @ (t / (1 + np.exp(t * (x @ w))))) / len(t),
            )

        assert statuses(fit) <= set(SOUND)

    @pytest.mark.parametrize(("landscape", "rate"), [(himmelblau, 0.008), (two_basins, 0.05), (elongated_bowl, 0.3)])
    def test_landscapes(self, landscape: Any, rate: float) -> None:
        def run(seed: int) -> Descent:
            start = [np.random.default_rng(seed).uniform(*ends) for ends in landscape.limits]
            return descend(landscape, start, rate, gradient=landscape.gradient)

        assert statuses(run) <= set(SOUND)

    def test_rosenbrock(self) -> None:
        assert descend(rosenbrock, rosenbrock.start, 1e-3, 500, gradient=rosenbrock.gradient).status is S.MAX_STEPS
        assert descend(rosenbrock, rosenbrock.start, 1e-2, gradient=rosenbrock.gradient).status is S.DIVERGED

    def test_no_bottom(self) -> None:
        run = descend(lambda x: -float(x**2), 1.0, 0.3, 200)
        assert (run.status, run.reason) == (S.DIVERGED, "unbounded")

    def test_a_minimum_far_from_zero(self) -> None:
        assert descend(lambda x: (x[0] - 1e8) ** 2, [0.0]).status is S.CONVERGED
        assert descend(lambda x: 1e6 + x[0] ** 2 + x[1] ** 2, [-3.0, 4.0]).status is S.CONVERGED


class TestCurvature:
    SEEN = Curvature(np.array([2.0, 8.0]), np.eye(2), 1e-12)

    def test_gain_is_that_of_the_quadratic(self) -> None:
        # f = x**2 + 4 y**2 at (3, 1): gradient (6, 8), 13 above its minimum.
        assert self.SEEN.gain(np.array([6.0, 8.0])) == pytest.approx(13)
        assert self.SEEN.newton(np.array([6.0, 8.0])) == pytest.approx(np.hypot(3, 1))

    def test_no_bottom_no_gain(self) -> None:
        assert Curvature(np.array([-2.0, 8.0]), np.eye(2), 1e-12).gain(np.array([6.0, 8.0])) == np.inf

    def test_along(self) -> None:
        assert self.SEEN.along(np.array([0.6, 0.8])) == pytest.approx(2 * 0.36 + 8 * 0.64)
