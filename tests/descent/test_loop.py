"""The loop: the figures of the course, every form of x, and what must not happen."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from gradwright import errors
from gradwright.descent import SGD, Adam, DescentStatus, Momentum, bowl, cosine, descend


def square_sum(x: Any) -> Any:
    return x[0] ** 2 + x[1] ** 2


START = np.array([-3.0, 4.0])


class TestFiguresOfTheCourse:
    def test_g2_and_g3(self) -> None:
        run = descend(square_sum, START, learning_rate=0.1, steps=100, step=1e-4)
        np.testing.assert_allclose(run.x, [-6.11110793e-10, 8.14814391e-10], rtol=5e-9)
        np.testing.assert_allclose(run.path[1], [-2.4, 3.2], rtol=1e-12)
        np.testing.assert_allclose(run.path[50], [-4.28174308e-05, 5.70899077e-05], rtol=5e-9)
        np.testing.assert_allclose(run.path[99], [-7.63888491e-10, 1.01851799e-09], rtol=5e-9)
        assert run.status is DescentStatus.CONVERGED
        assert run.path.shape == (101, 2)

    def test_g4_freezes_with_the_step_of_the_course(self) -> None:
        run = descend(square_sum, START, learning_rate=10.0, step=1e-4)
        np.testing.assert_allclose(run.x, [-2.58983747e13, -1.29524862e12], rtol=5e-9)
        assert run.status is DescentStatus.FROZEN
        assert run.facts["since"] in range(8, 13)
        assert "0.0001" in run.advice

    def test_g4_diverges_with_a_sound_step(self) -> None:
        run = descend(square_sum, START, learning_rate=10.0)
        np.testing.assert_allclose(run.x, START * (-19.0) ** 100, rtol=1e-8)
        assert run.status is DescentStatus.DIVERGED
        assert run.steps == 100
        assert run.stable_learning_rate == pytest.approx(1.0)

    def test_g4_overflows_later(self) -> None:
        run = descend(square_sum, START, learning_rate=10.0, steps=200)
        assert run.status is DescentStatus.DIVERGED
        assert 115 <= run.steps <= 125
        assert run.path.shape == (run.steps + 1, 2)
        assert len(run.values) == len(run.gradients) == run.steps + 1
        assert not np.isfinite(run.value)

    def test_g5(self) -> None:
        run = descend(square_sum, START, learning_rate=1e-10, step=1e-4)
        np.testing.assert_allclose(run.x, [-2.99999994, 3.99999992], rtol=5e-9)
        assert run.status is DescentStatus.CRAWLING
        # The distance falls by 1 - 2e-10 a step: ln(1000) / 2e-10.
        assert run.facts["need"] == pytest.approx(np.log(1e3) / 2e-10, rel=1e-3)


class TestForms:
    def test_every_library(self, xp: Any) -> None:
        run = descend(lambda x: x[0] ** 2 + x[1] ** 2, xp([-3.0, 4.0]), steps=20, gradient=lambda x: 2 * x)
        expected = np.outer(0.8 ** np.arange(21), [-3.0, 4.0])
        np.testing.assert_allclose(xp.numpy(run.path), expected, rtol=1e-5 if xp.name == "jax" else 1e-12)
        assert xp.numpy(run.x).dtype == xp.double
        np.testing.assert_allclose(run.values, 25 * 0.64 ** np.arange(21), rtol=1e-5)
        np.testing.assert_allclose(run.gradients, 10 * 0.8 ** np.arange(21), rtol=1e-5)
        assert run.lambda_max == pytest.approx(2, rel=1e-3)

    def test_every_library_without_a_gradient(self, xp: Any) -> None:
        start = xp([[-3.0, 4.0]])
        run = descend(lambda x: x[0, 0] ** 2 + x[0, 1] ** 2, start, steps=5)
        assert xp.numpy(run.path).shape == (6, 1, 2)
        np.testing.assert_allclose(xp.numpy(run.x), [[-3 * 0.8**5, 4 * 0.8**5]], rtol=1e-5)
        np.testing.assert_array_equal(xp.numpy(start), [[-3.0, 4.0]])

    def test_a_number(self) -> None:
        run = descend(lambda x: (x - 1) ** 2, 3.0, steps=50)
        assert isinstance(run.x, float)
        assert run.path.shape == (51,)
        assert run.x == pytest.approx(1 + 2 * 0.8**50)

    def test_a_tree(self) -> None:
        start = {"w": np.ones((2, 2)), "b": [3.0]}
        run = descend(lambda p: (p["w"] ** 2).sum() + p["b"][0] ** 2, start, steps=10)
        assert run.path["w"].shape == (11, 2, 2)
        assert run.path["b"].shape == (11, 1)
        np.testing.assert_allclose(run.x["w"], 0.8**10)
        assert (start["w"] == 1).all()

    def test_integers_are_promoted(self) -> None:
        assert descend(square_sum, np.array([-3, 4]), steps=1).x.tolist() == pytest.approx([-2.4, 3.2])

    def test_vectorized(self) -> None:
        run = descend(lambda x: (x**2).sum(axis=-1), START, steps=10, vectorized=True)
        np.testing.assert_allclose(run.x, START * 0.8**10)

    def test_f_may_change_its_argument(self) -> None:
        def spoil(x: Any) -> float:
            value = float((x**2).sum())
            x[...] = np.nan
            return value

        start = START.copy()
        np.testing.assert_allclose(descend(spoil, start, steps=10).x, START * 0.8**10)
        np.testing.assert_array_equal(start, START)


class TestOptions:
    def test_maximize_mirrors(self) -> None:
        up = descend(lambda x: -square_sum(x), START, maximize=True, steps=10)
        down = descend(square_sum, START, steps=10)
        np.testing.assert_allclose(up.path, down.path)
        np.testing.assert_allclose(up.values, -down.values)

    def test_maximize_reports_the_saddle_mirrored(self) -> None:
        run = descend(lambda x: x[1] ** 2 - x[0] ** 2, [1.0, 0.0], maximize=True, steps=60)
        assert run.status is DescentStatus.SADDLE
        assert run.negative_curvature == pytest.approx(2, rel=1e-5)
        np.testing.assert_allclose(np.abs(run.direction), [0, 1], atol=1e-6)

    def test_tol_stops(self) -> None:
        run = descend(square_sum, START, tol=1e-3)
        assert run.steps < 100
        assert run.gradients[-1] <= 1e-3 < run.gradients[-2]
        assert run.status is DescentStatus.CONVERGED

    def test_tol_met_at_the_start(self) -> None:
        run = descend(square_sum, np.zeros(2), tol=1e-3)
        assert (run.steps, run.status) == (0, DescentStatus.CONVERGED)

    @pytest.mark.parametrize("steps", [1, 2, 3, 5])
    def test_few_steps(self, steps: int) -> None:
        run = descend(square_sum, START, steps=steps)
        assert run.status is DescentStatus.MAX_STEPS
        assert str(run)

    def test_optimizer_and_schedule(self) -> None:
        assert len(descend(square_sum, START, optimizer=Adam(0.1), steps=7).values) == 8
        run = descend(square_sum, START, cosine(0.2, 10), 10)
        np.testing.assert_allclose(run.learning_rates, [cosine(0.2, 10)(k) for k in range(10)])
        assert descend(square_sum, START, optimizer=Momentum(0.01), steps=5).stable_learning_rate is None
        assert descend(square_sum, START, optimizer=SGD(0.1), steps=5).stable_learning_rate == pytest.approx(1)

    def test_bounds_are_never_left(self) -> None:
        seen = []

        def f(x: Any) -> Any:
            seen.append(x.copy())
            return square_sum(x)

        run = descend(f, [-3.0, 4.0], learning_rate=0.3, bounds=([-5.0, 1.0], [5.0, 5.0]))
        np.testing.assert_allclose(run.x, [0, 1], atol=1e-12)
        assert run.status is DescentStatus.CONVERGED
        assert np.min(seen, axis=0).tolist() >= [-5.0, 1.0]
        assert np.min([x[1] for x in seen]) >= 1.0

    def test_evaluations_are_counted(self) -> None:
        calls = 0

        def f(x: Any) -> Any:
            nonlocal calls
            calls += 1
            return square_sum(x)

        assert descend(f, START, steps=10).evaluations == calls

    def test_the_diagnosis_is_cheap(self) -> None:
        rng = np.random.default_rng(0)
        root = rng.standard_normal((15, 15))
        calls = 0

        def f(x: Any) -> float:
            nonlocal calls
            calls += 1
            return float(((root @ x) ** 2).sum())

        descend(f, rng.standard_normal(15), learning_rate=1e-3, steps=100)
        assert calls < 1.4 * 100 * (6 * 15 + 2)

    def test_a_wrong_gradient_shows(self) -> None:
        # Planted: uphill.
        run = descend(square_sum, START, gradient=lambda x: -2 * x)
        assert run.status is DescentStatus.DIVERGED


class TestErrors:
    def test_two_rates(self) -> None:
        with pytest.raises(errors.ArgumentError, match="not both"):
            descend(square_sum, START, 0.1, optimizer=Adam(0.1))

    @pytest.mark.parametrize("wrong", [{"steps": 0}, {"steps": 1.5}, {"learning_rate": -1.0}, {"tol": 0.0}])
    def test_arguments(self, wrong: dict[str, Any]) -> None:
        with pytest.raises(errors.ArgumentError):
            descend(square_sum, START, **wrong)

    def test_types(self) -> None:
        with pytest.raises(errors.ArgumentTypeError):
            descend(square_sum, START, optimizer=3)  # type: ignore[arg-type]
        with pytest.raises(errors.ArgumentError, match="'sgd'"):
            descend(square_sum, START, optimizer="sdg")
        with pytest.raises(errors.ArgumentTypeError):
            descend(3, START)  # type: ignore[arg-type]

    def test_an_optimizer_may_be_named(self) -> None:
        by_name = descend(square_sum, START, optimizer="momentum", learning_rate=0.05)
        np.testing.assert_array_equal(by_name.x, descend(square_sum, START, optimizer=Momentum(0.05)).x)

    def test_no_finite_start(self) -> None:
        with pytest.raises(errors.FunctionError, match="nan at `x0`"):
            descend(lambda x: np.nan, START)

    def test_a_gradient_of_another_shape(self) -> None:
        with pytest.raises(errors.ShapeError):
            descend(square_sum, START, gradient=lambda x: np.zeros(3))

    def test_a_gradient_that_is_not_finite(self) -> None:
        with pytest.raises(errors.FunctionError, match=r"x\[0\]"):
            descend(square_sum, START, gradient=lambda x: np.array([np.nan, 1.0]))

    def test_overflow_of_python_floats(self) -> None:
        assert descend(lambda x: x**4, 3.0, learning_rate=1.0).status is DescentStatus.DIVERGED


def test_text_in_both_languages() -> None:
    run = descend(bowl, bowl.start)
    assert "converged after 100 steps" in str(run)
    assert "수렴" in run.text("ko")
    assert "기울기" in run.advice_text("ko")


def test_an_error_of_f_itself_on_the_way_is_raised() -> None:
    def f(x: float) -> float:
        if x < 0.5:
            raise ValueError("the simulator failed")
        return x**2

    with pytest.raises(ValueError, match="the simulator failed"):
        descend(f, 1.0, 0.1)
    assert descend(lambda x: math.log(x), 1.0, 0.5).reason != "converged"
