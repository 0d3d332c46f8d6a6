"""Options: the complex step, higher orders, fixed steps, and the errors of what does not fit."""

from __future__ import annotations

import math

import numpy as np
import pytest

from gradwright.differentiate import Status, derivative, directional, gradient, hessian, jacobian
from gradwright.errors import ArgumentError, FunctionError

ANALYTIC = [
    (np.exp, np.exp),
    (np.sin, np.cos),
    (np.log, lambda x: 1 / x),
    (lambda x: np.exp(x) * np.sin(x), lambda x: np.exp(x) * (np.sin(x) + np.cos(x))),
    (lambda x: np.log(x) * x**3, lambda x: x**2 + 3 * x**2 * np.log(x)),
    (lambda x: np.exp(x) / np.sqrt(x), lambda x: np.exp(x) / np.sqrt(x) * (1 - 0.5 / x)),
]


@pytest.mark.parametrize(("f", "slope"), ANALYTIC)
@pytest.mark.parametrize("x", [0.2, 1.5, 3.0, 1e-6, 50.0])
def test_the_complex_step_is_right_to_rounding(f, slope, x: float) -> None:
    d = derivative(f, x, method="complex")
    assert d.value == pytest.approx(slope(x), rel=1e-14)
    assert abs(d.value - slope(x)) <= d.error + 1e-15 * abs(slope(x))
    assert d.error < 1e-13 * abs(slope(x))
    assert d.evaluations == 7  # one at x, two complex, four real to see whether f is analytic
    assert d.status is Status.CONVERGED


@pytest.mark.parametrize(
    ("f", "x"), [(lambda x: x * abs(x), 1.0), (lambda x: x * x.conjugate(), 1.0), (lambda x: np.maximum(x, 0), 0.0)]
)
def test_a_function_that_is_not_analytic_is_not_believed(f, x: float) -> None:
    d = derivative(f, x, method="complex")
    assert d.status is Status.UNRESOLVED
    assert not d.ok


def test_the_complex_step_of_many_variables(rng: np.random.Generator) -> None:
    a, x = rng.standard_normal((5, 4)), rng.standard_normal(4)
    J = jacobian(lambda p: np.sin(a @ p), x, method="complex")
    np.testing.assert_allclose(J.value, np.cos(a @ x)[:, None] * a, rtol=1e-13, atol=1e-15)
    points = np.array([[0.5, 1.0], [2.0, 3.0]])
    np.testing.assert_allclose(derivative(np.exp, points, method="complex").value, np.exp(points), rtol=1e-14)
    g = gradient(lambda p: p["a"] * p["b"] ** 2, {"a": 2.0, "b": 3.0}, method="complex")
    assert (float(g.value["a"]), float(g.value["b"])) == pytest.approx((9, 12), rel=1e-14)
    assert directional(lambda p: p[0] * p[1], [2.0, 3.0], [1.0, -1.0], method="complex").value == pytest.approx(1)


def test_a_function_that_drops_the_imaginary_part_is_named() -> None:
    for f in (np.abs, lambda x: np.real(x) ** 2, lambda x: 3.0):
        with pytest.raises(FunctionError, match="real number for a complex argument"):
            derivative(f, 1.0, method="complex")
    for f in (np.abs, lambda x: np.real(x) ** 2):
        with pytest.raises(FunctionError, match="Use another method"):
            derivative(f, np.array([1.0, 2.0]), method="complex")
    with pytest.raises(FunctionError, match="complex"):
        gradient(lambda p: np.abs(p).sum(), [1.0, 2.0], method="complex")
    with pytest.raises(TypeError):
        derivative(math.sin, 1.0, method="complex")


HIGHER = [
    (np.exp, lambda x, n: math.exp(x)),
    (np.sin, lambda x, n: math.sin(x + n * math.pi / 2)),
    (lambda x: x**5, lambda x, n: math.perm(5, n) * x ** (5 - n)),
    (lambda x: 1 / x, lambda x, n: (-1) ** n * math.factorial(n) / x ** (n + 1)),
]


@pytest.mark.parametrize(("f", "true"), HIGHER)
@pytest.mark.parametrize("x", [0.3, 1.0, 2.5])
@pytest.mark.parametrize(("order", "rtol"), [(2, 1e-8), (3, 1e-6), (4, 1e-5)])
@pytest.mark.parametrize("method", ["auto", "central"])
def test_higher_orders(f, true, x: float, order: int, rtol: float, method: str) -> None:
    d = derivative(f, x, order, method=method)
    exact = true(x, order)
    assert abs(d.value - exact) <= d.error
    assert d.value == pytest.approx(exact, rel=rtol, abs=rtol)
    assert d.ok


@pytest.mark.parametrize("method", ["forward", "backward"])
@pytest.mark.parametrize(("order", "rtol"), [(1, 1e-9), (2, 1e-6), (3, 1e-4)])
def test_one_sided_methods(method: str, order: int, rtol: float) -> None:
    seen = []

    def f(x):
        seen.append(x)
        return np.exp(x)

    d = derivative(f, 1.0, order, method=method)
    assert d.value == pytest.approx(math.e, rel=rtol)
    assert abs(d.value - math.e) <= d.error
    assert d.status is Status.ONE_SIDED
    assert min(seen) == 1.0 if method == "forward" else max(seen) == 1.0


@pytest.mark.parametrize("method", ["central", "forward", "backward"])
@pytest.mark.parametrize("order", [1, 2, 3, 4])
def test_the_error_of_a_fixed_step_covers(method: str, order: int) -> None:
    for f, true in HIGHER:
        for x in (0.3, 1.0, 2.5):
            for h in (1e-2, 1e-3, 1e-5, 1e-7) if order < 3 else (1e-3, 1e-5, 1e-7):
                d = derivative(f, x, order, method=method, step=h)
                assert abs(d.value - true(x, order)) <= d.error
                assert d.status in (Status.CONVERGED, Status.ONE_SIDED)


def test_the_error_of_a_fixed_step_covers_where_f_is_small() -> None:
    # f is nearly 0 and exactly computed, but x + h itself is rounded.
    for h in (1e-4, 1e-7, 1e-10):
        d = derivative(lambda x: x - 5.0, 5.0, step=h)
        assert 0 < abs(d.value - 1) <= d.error < 1e-3


def test_a_step_absorbed_by_rounding_gives_the_formula_and_says_so() -> None:
    for x, h in ((1e15, 1e-4), (1e13, 1e-4), (1.0, 1e-17)):
        d = derivative(lambda t: t * t, x, method="central", step=h)
        assert d.value == 0
        assert d.status is Status.UNRESOLVED
        assert math.isinf(d.error)
        assert not d.ok
    assert derivative(lambda t: t * t, 1e15, method="central", step=1.0).ok
    g = gradient(lambda p: np.sum(p * p), [1e15, 3.0], step=1e-4)
    assert g.ok.tolist() == [False, True]
    single = gradient(lambda p: np.sum(p.astype(np.float32) ** 2), np.array([1.0]), step=1e-9)
    assert math.isfinite(single.error[0])


def test_steps_per_entry() -> None:
    x = np.array([1.0, 100.0])
    g = gradient(lambda p: p[0] * p[0] * p[0] + p[1] * p[1] * p[1], x, step=[1e-4, 1e-2], method="central")
    np.testing.assert_allclose(g.step, [1e-4, 1e-2])
    for i, h in enumerate((1e-4, 1e-2)):
        rest = x[1 - i] ** 3

        def f(t: float, rest: float = rest) -> float:
            return t * t * t + rest

        assert g.value[i] == (f(x[i] + h) - f(x[i] - h)) / (2 * h)
    tree = gradient(lambda p: p["a"] ** 2 + p["b"] ** 2, {"a": 1.0, "b": 2.0}, step={"a": 1e-3, "b": 1e-5})
    assert (float(tree.step["a"]), float(tree.step["b"])) == (1e-3, 1e-5)
    H = hessian(lambda p: p[0] ** 2 * p[1], x, step=[1e-3, 1e-1])
    np.testing.assert_allclose(H.value, [[200, 2], [2, 0]], atol=1e-3)
    assert np.all(np.abs(H.value - [[200, 2], [2, 0]]) <= H.error)
    np.testing.assert_allclose(np.diag(H.step), [1e-3, 1e-1])


def test_the_hessian_with_variables_of_very_different_size() -> None:
    x = np.array([1e-6, 1e6])
    H = hessian(lambda p: p[0] ** 2 * p[1] + np.sin(1e6 * p[0]), x)
    true = np.array([[2e6 - 1e12 * math.sin(1), 2e-6], [2e-6, 0]])
    assert np.all(np.abs(H.value - true) <= H.error)
    assert H.value[0, 0] == pytest.approx(true[0, 0], rel=1e-6)


@pytest.mark.parametrize("door", [derivative, gradient, jacobian, hessian])
def test_options_that_do_not_fit(door) -> None:
    def f(x):
        return x * x

    for method in ("centre", None, 1, ["auto"]):
        with pytest.raises(ArgumentError, match="`method` must be one of"):
            door(f, 1.0, method=method)
    for step in (0, -1e-4, math.nan, math.inf, "small", [1e-4, 1e-4]):
        with pytest.raises(ArgumentError, match="`step`"):
            door(f, 1.0, step=step)
    for rtol in (0, -1, math.nan, "tight"):
        with pytest.raises(ArgumentError, match="`rtol`"):
            door(f, 1.0, rtol=rtol)


def test_orders_that_do_not_fit() -> None:
    for order in (0, -1, 1.5, "2", True, None):
        with pytest.raises(ArgumentError, match="`order`"):
            derivative(np.sin, 1.0, order)
        with pytest.raises(ArgumentError, match="`order`"):
            directional(np.sin, 1.0, 1.0, order)
    with pytest.raises(ArgumentError, match="`order` must be 1"):
        derivative(np.sin, 1.0, 2, method="complex")
    with pytest.raises(ArgumentError, match="`order` must be 1"):
        hessian(lambda p: p[0] ** 2, [1.0], method="complex")
    with pytest.raises(ArgumentError, match="`step`"):
        directional(np.sum, [1.0, 2.0], [1.0, 1.0], step=[1e-4, 1e-3])
