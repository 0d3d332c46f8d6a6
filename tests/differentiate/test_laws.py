"""Laws that every derivative obeys, on random functions: within what the results themselves claim to be wrong by."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gradwright.differentiate import derivative, directional, gradient, hessian, jacobian

numbers = st.floats(-3, 3, allow_nan=False).map(lambda v: round(v, 6))
points = st.floats(0.2, 3, allow_nan=False).map(lambda v: round(v, 6))
coefficients = st.lists(numbers, min_size=1, max_size=5)
laws = settings(max_examples=40, deadline=None, derandomize=True)  # a claim may fail in one case of a hundred
ATOL = 1e-12  # of numbers of size 1 to 100 that the law itself combines


def polynomial(c):
    return lambda x: np.polynomial.polynomial.polyval(x, c) + np.sin(x)


def slope_of(c):
    return lambda x: np.polynomial.polynomial.polyval(x, np.polynomial.polynomial.polyder(c)) + np.cos(x)


def agree(a, b, error) -> bool:
    return bool(np.all(np.abs(np.asarray(a) - np.asarray(b)) <= np.asarray(error) + ATOL * (1 + np.abs(np.asarray(a)))))


@laws
@given(coefficients, coefficients, numbers, numbers, points)
def test_linearity(c1, c2, a, b, x) -> None:
    f, g = polynomial(c1), polynomial(c2)
    df, dg = derivative(f, x), derivative(g, x)
    d = derivative(lambda t: a * f(t) + b * g(t), x)
    assert agree(d.value, a * df.value + b * dg.value, d.error + abs(a) * df.error + abs(b) * dg.error)


@laws
@given(coefficients, coefficients, points)
def test_product_rule(c1, c2, x) -> None:
    f, g = polynomial(c1), polynomial(c2)
    df, dg, d = derivative(f, x), derivative(g, x), derivative(lambda t: f(t) * g(t), x)
    error = d.error + abs(f(x)) * dg.error + abs(g(x)) * df.error
    assert agree(d.value, df.value * g(x) + f(x) * dg.value, error)


@laws
@given(coefficients, points)
def test_chain_rule(c, x) -> None:
    g = polynomial(c)
    dg, outer = derivative(g, x), derivative(np.tanh, g(x))
    d = derivative(lambda t: np.tanh(g(t)), x)
    error = d.error + abs(outer.value) * dg.error + abs(dg.value) * outer.error
    assert agree(d.value, outer.value * dg.value, error)


@laws
@given(coefficients, points)
def test_the_closed_form(c, x) -> None:
    d = derivative(polynomial(c), x)
    assert agree(d.value, slope_of(c)(x), d.error)
    assert d.ok


@laws
@given(points, st.integers(-20, 20), st.integers(-20, 20))
def test_scaling_by_powers_of_two_is_exact(x, a, b) -> None:
    d = derivative(lambda t: 2.0**a * (t**3 - t), x)
    assert d.value == 2.0**a * derivative(lambda t: t**3 - t, x).value
    assert agree(derivative(lambda t: (t / 2.0**b) ** 2, x * 2.0**b).value * 2.0**b, 2 * x, 1e-10)


vectors = st.lists(points, min_size=3, max_size=3).map(np.array)
directions = st.lists(numbers, min_size=3, max_size=3).map(np.array)
matrices = st.lists(st.lists(numbers, min_size=3, max_size=3), min_size=3, max_size=3).map(np.array)


def network(a):
    return lambda p: np.sum(np.tanh(a @ p)) + p[0] * p[1] ** 2


@laws
@given(matrices, vectors, directions)
def test_a_gradient_times_a_direction_is_the_directional_derivative(a, x, v) -> None:
    g, d = gradient(network(a), x), directional(network(a), x, v)
    assert agree(d.value, g.value @ v, d.error + g.error @ np.abs(v))


@laws
@given(matrices, vectors)
def test_the_hessian_is_symmetric_and_the_jacobian_of_the_gradient(a, x) -> None:
    H = hessian(network(a), x)
    np.testing.assert_array_equal(H.value, H.value.T)
    np.testing.assert_array_equal(H.error, H.error.T)

    def exact_gradient(p):
        own = np.array([p[1] ** 2, 2 * p[0] * p[1], 0.0])
        return a.T @ np.cosh(a @ p) ** -2.0 + own  # 1 - tanh**2 would cancel

    J = jacobian(exact_gradient, x)
    assert agree(H.value, J.value, H.error + J.error)


@laws
@given(matrices, vectors, directions)
def test_the_second_derivative_along_a_direction_is_that_of_the_hessian(a, x, v) -> None:
    H, d = hessian(network(a), x), directional(network(a), x, v, 2)
    assert agree(d.value, v @ H.value @ v, d.error + np.abs(v) @ H.error @ np.abs(v))


@laws
@given(matrices, directions)
def test_the_jacobian_of_a_linear_map_is_its_matrix(a, x) -> None:
    J = jacobian(lambda p: a @ p, x)
    assert agree(J.value, a, J.error)
    np.testing.assert_allclose(J.value, a, atol=1e-10)
    assert J.all_ok


@laws
@given(matrices, vectors)
def test_the_jacobian_of_a_composition_is_the_product(a, x) -> None:
    inner, outer = jacobian(lambda p: np.tanh(a @ p), x), jacobian(np.sin, np.tanh(a @ x))
    J = jacobian(lambda p: np.sin(np.tanh(a @ p)), x)
    error = J.error + np.abs(outer.value) @ inner.error + outer.error @ np.abs(inner.value)
    assert agree(J.value, outer.value @ inner.value, error)


def test_the_laws_notice_a_wrong_derivative() -> None:
    d = derivative(np.sin, 1.0)
    assert not agree(d.value * (1 + 1e-9), np.cos(1.0), d.error)
    g = gradient(network(np.eye(3)), np.ones(3))
    v = np.array([1.0, 2.0, 3.0])
    wrong = directional(network(np.eye(3)), np.ones(3), -v)
    assert not agree(wrong.value, g.value @ v, wrong.error + g.error @ np.abs(v))


@pytest.mark.parametrize("seed", range(3))
def test_entries_of_a_derivative_of_points_are_those_of_single_points(seed: int) -> None:
    x = np.random.default_rng(seed).uniform(0.5, 4, 7)
    together = derivative(np.exp, x)
    alone = [derivative(np.exp, t) for t in x.tolist()]
    np.testing.assert_array_equal(together.value, [d.value for d in alone])
    np.testing.assert_array_equal(together.error, [d.error for d in alone])


def test_the_hessian_where_one_variable_is_tiny() -> None:
    """The search may leave the size of x far behind: f varies over lengths of 1, not of 1e-8."""
    h = hessian(lambda x: np.exp(x[0]) * np.cos(x[1]) + x[0] ** 2 * x[1], [1e-8, 2.0])
    c, s = np.exp(1e-8) * np.cos(2.0), np.exp(1e-8) * np.sin(2.0)
    exact = [[c + 4, 2e-8 - s], [2e-8 - s, -c]]
    assert np.all(np.abs(h.value - exact) <= h.error)
    np.testing.assert_allclose(np.diag(h.value), np.diag(exact), rtol=1e-8)
