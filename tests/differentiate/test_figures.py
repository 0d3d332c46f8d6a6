"""The numbers printed in the course's notes, to their last bit, and the mistake that some of them were made with."""

from __future__ import annotations

import numpy as np
import pytest

from gradwright.differentiate import derivative, gradient

H = 1e-4


def quadratic(x: float) -> float:
    return 0.01 * x**2 + 0.1 * x


def wrong_numerical_diff(f, x: float) -> float:
    """The course's slip: without parentheses, `/ 2*h` divides by two and multiplies by h."""
    return (f(x + H) - f(x - H)) / 2 * H


@pytest.mark.parametrize(("x", "figure"), [(5.0, 0.1999999999990898), (10.0, 0.2999999999986347)])
def test_central_difference_of_the_quadratic(x: float, figure: float) -> None:
    d = derivative(quadratic, x, method="central", step=H)
    assert d.value == figure
    assert abs(d.value - (0.02 * x + 0.1)) <= d.error < 1e-10
    assert d.evaluations == 5
    assert d.all_ok


@pytest.mark.parametrize(("x", "figure"), [(5.0, 1.9999999999908982e-09), (10.0, 2.999999999986347e-09)])
def test_the_mistake_of_the_quadratic(x: float, figure: float) -> None:
    assert wrong_numerical_diff(quadratic, x) == figure
    d = derivative(quadratic, x)
    assert abs(wrong_numerical_diff(quadratic, x) - d.value) > 1e6 * d.error


def first(x0: float) -> float:
    return x0 * x0 + 4.0**2.0


def second(x1: float) -> float:
    return 3.0**2.0 + x1 * x1


PARTIALS = [
    (first, 3.0, 6.00000000000378, 6.000000000003781e-08),
    (second, 4.0, 7.999999999999119, 7.999999999999119e-08),
]


@pytest.mark.parametrize(("f", "x", "figure", "mistake"), PARTIALS)
def test_partial_derivatives(f, x: float, figure: float, mistake: float) -> None:
    d = derivative(f, x, method="central", step=H)
    assert d.value == figure
    assert abs(d.value - 2 * x) <= d.error
    assert wrong_numerical_diff(f, x) == mistake


def test_a_step_too_small_for_float32_vanishes() -> None:
    assert np.float32(1e-50) == 0.0


@pytest.mark.parametrize(("x", "figure"), [((3.0, 4.0), (6, 8)), ((0.0, 2.0), (0, 4)), ((3.0, 0.0), (6, 0))])
def test_gradient_of_the_sum_of_squares(x: tuple[float, float], figure: tuple[float, float]) -> None:
    def f(p):
        return p[0] ** 2 + p[1] ** 2

    for options in ({}, {"method": "central", "step": H}):
        g = gradient(f, np.array(x), **options)
        np.testing.assert_allclose(g.value, figure, atol=1e-8)
        assert np.all(np.abs(g.value - figure) <= g.error)
        assert g.all_ok


def test_the_formula_is_literally_the_textbooks(rng: np.random.Generator) -> None:
    for x, h in zip(rng.uniform(-9, 9, 40).tolist(), 10.0 ** rng.uniform(-6, -1, 40), strict=True):
        f = np.sin
        assert derivative(f, x, method="central", step=h).value == (f(x + h) - f(x - h)) / (2 * h)
        assert derivative(f, x, method="forward", step=h).value == (f(x + h) - f(x)) / h
        assert derivative(f, x, method="backward", step=h).value == (f(x) - f(x - h)) / h
