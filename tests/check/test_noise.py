from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from gradwright.check import check_gradient
from gradwright.check.noise import slope_in_noise
from gradwright.differentiate.point import Point


def problem(seed: int) -> tuple[Any, np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    x = rng.standard_normal(4) * 10 ** rng.uniform(-1, 1)
    a = rng.standard_normal((4, 4))
    a = a @ a.T
    return lambda x: x @ a @ x + np.sin(x).sum() + 3, x, 2 * a @ x + np.cos(x)


@pytest.mark.parametrize("digits", [3, 4, 5, 6, 8, 10])
def test_a_rounded_function_never_makes_a_right_gradient_wrong(digits: int) -> None:
    for seed in range(20):
        f, x, gradient = problem(seed)
        report = check_gradient(lambda x, f=f: float(f"{f(x):.{digits}g}"), x, gradient)
        assert report.verdict != "wrong", str(report)


@pytest.mark.parametrize(("digits", "least"), [(6, 10), (8, 17), (10, 18)])
def test_a_factor_of_two_is_seen_through_rounding(digits: int, least: int) -> None:
    verdicts = []
    for seed in range(20):
        f, x, gradient = problem(seed)
        verdicts.append(check_gradient(lambda x, f=f: float(f"{f(x):.{digits}g}"), x, 2 * gradient).verdict)
    assert "passed" not in verdicts
    assert verdicts.count("wrong") >= least


@pytest.mark.parametrize("size", [1e-3, 1e-6, 1e-9, 1e-12])
def test_random_noise(size: float) -> None:
    for seed in range(10):
        f, x, gradient = problem(seed)
        rng = np.random.default_rng(seed)
        noisy = lambda x, f=f, rng=rng: f(x) + size * rng.standard_normal()  # noqa: E731
        assert check_gradient(noisy, x, gradient).verdict != "wrong"
        if size <= 1e-9:
            assert check_gradient(noisy, x, 2 * gradient).verdict == "wrong"


def test_a_function_that_computes_in_float32() -> None:
    for seed in range(10):
        f, x, gradient = problem(seed)
        single = lambda x, f=f: float(f(x.astype(np.float32)).astype(np.float32))  # noqa: E731
        assert check_gradient(single, x, gradient).verdict != "wrong"
        assert check_gradient(single, x, 2 * gradient).verdict != "passed"


@pytest.mark.parametrize(
    "f",
    [
        lambda x: np.exp(x).sum(),
        lambda x: (x**4).sum(),
        lambda x: np.sin(50 * x).sum(),
        lambda x: np.abs(x - 1.01).sum(),
        lambda x: 3.0,
        lambda x: np.maximum(x - 1, 0).sum() + x.sum(),
    ],
)
def test_functions_without_noise_show_none(f: Any) -> None:
    point = Point(np.array([1.0, 2.0]))
    slope, error, _ = slope_in_noise(f, point, np.arange(2))
    # The rounding of x may show in a steep function; an error as small as that excuses nothing.
    assert (np.isnan(error) | (error < 1e-9 * np.abs(slope))).all()


def test_the_slope_and_its_error_where_there_is_noise() -> None:
    rng = np.random.default_rng(0)
    point, axes = Point(np.array([1.0, 2.0, 0.0])), np.arange(3)
    slope, error, evaluations = slope_in_noise(lambda x: np.exp(x).sum() + 1e-7 * rng.standard_normal(), point, axes)
    assert (np.abs(slope - np.exp([1.0, 2.0, 0.0])) <= error).all()
    assert (error < 1e-3).all()
    assert evaluations == 1 + 3 * 6 * 8
