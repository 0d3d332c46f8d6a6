"""Runs that were once judged wrongly, each with random relatives of the case."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from gradwright import errors
from gradwright.descent import Adam, Descent, DescentStatus, descend

S = DescentStatus
SEEDS = range(20)


def bowl(x: Any) -> Any:
    return x[0] ** 2 + x[1] ** 2


def runs(make: Callable[[Any], Descent]) -> list[Descent]:
    found = [make(np.random.default_rng(seed)) for seed in SEEDS]
    assert all(run.text(lang) for run in found for lang in ("en", "ko"))
    return found


class TestValleys:
    """Where f does not curve along its floor, what is left of the gradient there is rounding."""

    @pytest.mark.parametrize("given", [False, True])
    def test_rings(self, given: bool) -> None:
        def ring(rng: Any) -> Descent:
            start = rng.uniform(0.1, 0.6, int(rng.integers(2, 5)))
            gradient = (lambda x: 4 * (x @ x - 1) * x) if given else None
            return descend(lambda x: float((x @ x - 1) ** 2), start, 0.05, 150, gradient=gradient)

        assert {run.status for run in runs(ring)} == {S.CONVERGED}

    def test_products(self) -> None:
        def product(rng: Any) -> Descent:
            target, start = rng.uniform(0.5, 2), rng.uniform(0.7, 1.3, int(rng.integers(2, 5)))
            return descend(lambda x: float((np.prod(x) - target) ** 2), start, 0.02, 400)

        assert {run.status for run in runs(product)} <= {S.CONVERGED, S.MAX_STEPS}
        assert descend(lambda x: (x[0] * x[1] - 1) ** 2, [2.0, 0.1]).status is S.CONVERGED

    def test_a_fit_with_one_weight_too_many(self) -> None:
        def fit(rng: Any) -> Descent:
            true, x = rng.standard_normal(3), np.array([-1.0, 0.5])

            def curve(w: Any) -> Any:
                return w[2] * np.tanh(w[0] * x + w[1])

            start = true + 0.3 * rng.standard_normal(3)
            return descend(lambda w: float(((curve(w) - curve(true)) ** 2).sum()), start, 0.1, 300)

        assert {run.status for run in runs(fit)} <= {S.CONVERGED, S.MAX_STEPS}


class TestNoPlateau:
    @pytest.mark.parametrize("steps", [60, 200])
    def test_the_bottom_of_a_bowl_whatever_is_beyond(self, steps: int) -> None:
        def bent(rng: Any) -> Descent:
            level = rng.uniform(1.5, 2.5)
            return descend(lambda x: (math.exp(x) - level) ** 2, rng.uniform(0, 1.2), 0.1, steps)

        assert {run.status for run in runs(bent)} == {S.CONVERGED}

    def test_a_hollow_run_has_none(self) -> None:
        def hollow(rng: Any) -> Descent:
            start = rng.uniform(5, 40)
            return descend(math.exp, start, 10 ** rng.uniform(-4, -1) * math.exp(-start), 30)

        assert {run.status for run in runs(hollow)} <= {S.MAX_STEPS, S.CRAWLING}
        run = descend(lambda x: math.exp(x[0]) + x[1] ** 2, [36.0, 3.0], 1e-16)
        assert run.status is not S.PLATEAU


class TestBounds:
    @pytest.mark.parametrize(
        ("f", "start", "bounds"),
        [
            (math.sqrt, 1.0, (0, None)),
            (math.log1p, 1.0, (0, None)),
            (lambda x: -(x**2), 0.5, (-1, 1)),
            (math.sin, 1.0, (0, math.pi)),
            (math.log, 1.0, (1e-3, None)),
        ],
    )
    def test_a_minimum_on_one(self, f: Any, start: float, bounds: Any) -> None:
        for scale in np.random.default_rng(0).uniform(0.5, 2, 20):
            run = descend(lambda x, scale=scale: scale * f(x), start, bounds=bounds)
            assert (run.status, run.reason) == (S.CONVERGED, "converged-bound")
            up = descend(lambda x, scale=scale: -scale * f(x), start, bounds=bounds, maximize=True)
            assert (up.status, up.reason) == (S.CONVERGED, "converged-bound-up")
            assert up.facts["slope"] == pytest.approx(-run.facts["slope"])

    def test_of_some_entries(self) -> None:
        def indefinite(rng: Any) -> Descent:
            n = int(rng.integers(2, 30))
            signs = rng.choice([-1.0, 1.0], n)
            signs[:2] = 1.0, -1.0
            start, gradient = rng.uniform(0.2, 0.9, n), (lambda x: 2 * signs * x) if n > 5 else None
            return descend(lambda x: float(signs @ x**2), start, 0.2, bounds=(-1, 1), gradient=gradient)

        assert {(run.status, run.reason) for run in runs(indefinite)} == {(S.CONVERGED, "converged-bound")}

    def test_a_saddle_between_bounds_is_still_one(self) -> None:
        run = descend(lambda x: x[0] ** 2 - x[1] ** 2 - x[2], [1.0, 0.0, 0.5], bounds=(-1, 1))
        assert run.status is S.SADDLE


def test_a_start_far_up_hides_nothing() -> None:
    def far(rng: Any) -> Descent:
        start = rng.uniform(1, 9, int(rng.integers(1, 4))) * 10 ** rng.uniform(8, 12)
        return descend(lambda x: float(x @ x), start, 0.1, 85)

    assert {run.status for run in runs(far)} == {S.MAX_STEPS}
    assert descend(lambda x: x**2, 1e8, 0.1, 80).status is S.MAX_STEPS


class TestAboveTheLimit:
    @pytest.mark.parametrize("steps", [1, 2])
    def test_after_a_step_or_two(self, steps: int) -> None:
        def short(rng: Any) -> Descent:
            curvature = 10 ** rng.uniform(-2, 2)
            start = rng.standard_normal(int(rng.integers(1, 5)))
            return descend(lambda x: float(curvature * x @ x) / 2, start, rng.uniform(2.2, 9) / curvature, steps)

        assert {(run.status, run.reason) for run in runs(short)} == {(S.DIVERGED, "diverged")}

    def test_overflow_is_no_end_of_f(self) -> None:
        def over(rng: Any) -> Descent:
            shapes: list[Callable[[float], float]] = [
                lambda x: math.exp(x**2),
                lambda x: math.exp(x) + math.exp(-x),
                lambda x: np.cosh(x),
            ]
            k = int(rng.integers(3))
            return descend(shapes[k], rng.uniform(4, 6) if k == 0 else rng.uniform(8, 12), 1.0)

        for run in runs(over):
            assert (run.status, run.reason) == (S.DIVERGED, "diverged")
            assert run.facts["better"] < run.stable_learning_rate

    def test_below_it_is_not_called_above(self) -> None:
        run = descend(bowl, [-3.0, 4.0], 0.99)
        assert (run.status, run.reason) == (S.OSCILLATING, "oscillating-below")
        assert descend(bowl, [-3.0, 4.0], 1.0).reason == "oscillating"


def test_a_wrong_gradient_is_judged_where_the_run_ended() -> None:
    for sign in (-1, -0.5):
        run = descend(bowl, [-3.0, 4.0], 0.1, gradient=lambda x, sign=sign: 2 * sign * x)
        assert run.reason == "misled"
        assert run.facts["gradient"] == pytest.approx(2 * np.linalg.norm(run.x))


@pytest.mark.parametrize("dtype", ["float64", "float32", "float16"])
def test_the_rate_that_moves_x_is_named(dtype: str) -> None:
    slope = 2.0**-14
    for seed in SEEDS:
        start = np.array([np.random.default_rng(seed).uniform(1, 9)], dtype)
        run = descend(lambda x: float(x[0]) * slope, start, 1e-14, 3, gradient=lambda x: np.full(1, slope, x.dtype))
        assert run.status is S.FROZEN
        needed = run.facts["needed"]
        assert (start - np.asarray(1.01 * needed * slope, dtype) != start).all()
        assert (start - np.asarray(0.99 * needed * slope, dtype) == start).all()


def test_no_promise_for_what_shrinks_in_a_straight_line() -> None:
    def adam(rng: Any) -> Descent:
        start = rng.uniform(2, 5, 2)
        return descend(bowl, start, optimizer=Adam(0.01), steps=int(rng.integers(30, 200)))

    assert all("need" not in run.facts for run in runs(adam))


def test_arguments() -> None:
    with pytest.raises(errors.ArgumentTypeError, match="`maximize`"):
        descend(bowl, [1.0, 2.0], maximize="yes")  # type: ignore[arg-type]
