"""Functions as people write them: they mutate, reuse a buffer, raise, return the wrong thing. Each gets its due."""

from __future__ import annotations

import fractions
import math

import mpmath
import numpy as np
import pytest

from gradwright.differentiate import derivative, directional, gradient, hessian, jacobian, tangent
from gradwright.errors import FunctionError

DOORS = {
    "derivative": lambda f: derivative(f, 2.0),
    "derivative of points": lambda f: derivative(f, np.array([1.0, 2.0])),
    "gradient": lambda f: gradient(f, np.array([1.0, 2.0])),
    "jacobian": lambda f: jacobian(f, np.array([1.0, 2.0])),
    "hessian": lambda f: hessian(f, np.array([1.0, 2.0])),
    "directional": lambda f: directional(f, np.array([1.0, 2.0]), [1.0, 1.0]),
    "tangent": lambda f: tangent(f, 2.0),
    "fixed step": lambda f: gradient(f, np.array([1.0, 2.0]), step=1e-4),
    "vectorized": lambda f: gradient(f, np.array([1.0, 2.0]), vectorized=True),
    "complex": lambda f: gradient(f, np.array([1.0, 2.0]), method="complex"),
}
doors = pytest.mark.parametrize("door", list(DOORS.values()), ids=list(DOORS))


def test_a_function_that_mutates_its_argument() -> None:
    x = np.array([[1.0, 2.0], [3.0, 4.0]])
    kept = x.copy()

    def f(p):
        p *= 2
        p[0, 0] += 1
        return np.sum(p * p)

    g = gradient(f, x)
    np.testing.assert_allclose(g.value, 8 * kept + [[4, 0], [0, 0]], rtol=1e-9)
    np.testing.assert_array_equal(x, kept)
    tree = {"w": x, "rest": [np.ones(2)]}

    def of_tree(p):
        total = np.sum(p["w"] ** 2) + p["rest"][0].sum()
        p["w"][:] = np.nan
        p["rest"].clear()
        p["new"] = 1
        return total

    np.testing.assert_allclose(gradient(of_tree, tree).value["w"], 2 * kept, rtol=1e-9)
    np.testing.assert_array_equal(x, kept)
    assert list(tree) == ["w", "rest"]

    def elementwise(t):
        t += 1
        return t * t

    points = np.array([1.0, 2.0])
    np.testing.assert_allclose(derivative(elementwise, points).value, [4, 6], rtol=1e-9)
    np.testing.assert_array_equal(points, [1, 2])


def test_a_function_that_keeps_its_argument_or_returns_it() -> None:
    kept = []

    def f(p):
        kept.append(p)
        return p

    np.testing.assert_allclose(jacobian(f, np.array([1.0, 2.0])).value, np.eye(2), atol=1e-10)
    np.testing.assert_allclose(derivative(f, np.array([1.0, 2.0])).value, [1, 1], rtol=1e-10)
    assert len({id(p) for p in kept}) == len(kept)


def test_a_function_that_returns_the_same_buffer_each_time() -> None:
    buffer, cell = np.empty(2), np.empty(())

    def f(p):
        np.multiply(p, p, out=buffer)
        return buffer

    def g(p):
        np.sum(p * p, out=cell)
        return cell

    x = np.array([1.0, 2.0])
    np.testing.assert_allclose(jacobian(f, x).value, np.diag(2 * x), atol=1e-10)
    np.testing.assert_allclose(derivative(f, x).value, 2 * x, rtol=1e-10)
    np.testing.assert_allclose(gradient(g, x).value, 2 * x, rtol=1e-10)
    np.testing.assert_allclose(hessian(g, x).value, 2 * np.eye(2), atol=1e-7)


class OwnError(Exception):
    pass


@pytest.mark.parametrize("error", [OwnError, TypeError, ValueError, ZeroDivisionError, KeyError])
@pytest.mark.parametrize("after", [0, 1, 4])
def test_an_error_of_the_function_is_shown_as_it_is(error: type[Exception], after: int) -> None:
    raised = error("mine")
    for name, door in DOORS.items():
        calls = 0

        def f(p, name=name):
            nonlocal calls
            calls += 1
            if calls > (1 if name in ("vectorized", "derivative of points") and after else after):
                p *= 0
                raise raised
            return np.sum(p * p, axis=-1) if name == "vectorized" else (p * p if "points" in name else np.sum(p * p))

        with pytest.raises(error) as caught:
            door(f)
        assert caught.value is raised, name


def test_x_is_untouched_after_an_error() -> None:
    x, calls = np.array([1.0, 2.0]), []

    def f(p):
        calls.append(0)
        p[:] = 7
        if len(calls) > 3:
            raise OwnError
        return p.sum()

    with pytest.raises(OwnError):
        gradient(f, x)
    np.testing.assert_array_equal(x, [1, 2])


def test_a_type_error_inside_a_function_of_points_is_its_own() -> None:
    def f(t):
        return t * t + len(5)

    with pytest.raises(TypeError, match=r"object of type 'int' has no len\(\)"):
        derivative(f, np.array([1.0, 2.0]))
    with pytest.raises(TypeError, match="len"):
        derivative(f, np.array([1.0, 2.0], dtype=np.float32))


@doors
@pytest.mark.parametrize(("result", "kind"), [("text", "str"), ({}, "dict"), (object(), "object"), ([1, "a"], "list")])
def test_what_is_no_number_is_named(door, result, kind: str) -> None:
    with pytest.raises(FunctionError, match=f"`f` returned {kind}"):
        door(lambda p: result)


@doors
def test_none_is_named(door) -> None:
    with pytest.raises(FunctionError, match=r"returned None.*`return`"):
        door(lambda p: None)


@pytest.mark.parametrize("door", [d for n, d in DOORS.items() if n != "complex"])
def test_complex_values_are_refused(door) -> None:
    with pytest.raises(FunctionError, match="complex"):
        door(lambda p: p[..., 0] * 1j if np.ndim(p) > 1 else np.asarray(p).ravel()[0] * 1j)


def test_an_array_where_a_number_is_needed() -> None:
    for f in (lambda p: p, lambda p: np.outer(p, p)):
        with pytest.raises(FunctionError, match=r"shape \(2,.*gw\.jacobian"):
            gradient(f, [1.0, 2.0])
        with pytest.raises(FunctionError, match=r"gw\.jacobian"):
            hessian(f, [1.0, 2.0])
    with pytest.raises(FunctionError, match="shape"):
        derivative(lambda t: np.array([t, t]), 1.0)
    with pytest.raises(FunctionError, match=r"shape \(\) for points of shape \(3,\).*gw\.gradient"):
        derivative(lambda t: np.sum(t * t), np.array([1.0, 2.0, 3.0]))
    with pytest.raises(FunctionError, match=r"shape \(3, 2\) for points of shape \(2, 3\)"):
        derivative(np.transpose, np.ones((2, 3)))


def test_one_number_in_any_wrapping() -> None:
    x = np.array([3.0, 4.0])
    for wrap in (float, np.float64, lambda v: [v], lambda v: np.array([v]), lambda v: np.array([[v]]), np.asarray):
        g = gradient(lambda p, wrap=wrap: wrap(np.sum(p * p)), x)
        np.testing.assert_allclose(g.value, [6, 8], rtol=1e-9)
        assert g.value.shape == (2,)
    assert derivative(lambda t: np.array([t * t]), 3.0).value == pytest.approx(6)
    assert derivative(lambda t: mpmath.exp(t), 1.0).value == pytest.approx(math.e)
    assert derivative(lambda t: fractions.Fraction(t) ** 2, 3.0).value == pytest.approx(6)


def test_python_integers_and_booleans_are_numbers() -> None:
    d = derivative(lambda t: 3, 1.0)
    assert (d.value, d.ok) == (0.0, True)
    assert derivative(lambda t: t > 0, 5.0).value == 0
    np.testing.assert_allclose(gradient(lambda p: 7, [1.0, 2.0]).value, [0, 0], atol=1e-12)


def test_a_shape_that_depends_on_the_point() -> None:
    def f(p):
        return np.ones(2) if p[0] > 1 else np.ones(3)

    with pytest.raises(FunctionError, match=r"shape \(2,\) where it returned \(3,\) before"):
        jacobian(f, [1.0, 2.0])
    with pytest.raises(FunctionError, match="shape"):
        derivative(lambda t: t if np.all(t <= [1.0, 2.0]) else t[:1], np.array([1.0, 2.0]))


def test_functions_of_single_numbers_are_called_point_by_point() -> None:
    points = np.array([[0.5, 1.0], [2.0, -3.0]])
    d = derivative(math.sin, points)
    np.testing.assert_allclose(d.value, np.cos(points), rtol=1e-9)
    assert d.value.shape == (2, 2)

    def branches(t):
        return t * t if t > 0 else -t

    np.testing.assert_allclose(derivative(branches, points).value, [[1, 2], [4, -1]], rtol=1e-9)
    single = derivative(math.sin, points.astype(np.float32))
    assert single.value.dtype == np.float32
    np.testing.assert_array_equal(single.value, np.cos(points).astype(np.float32))


def test_a_function_of_arrays_is_called_with_all_points() -> None:
    sizes = set()

    def f(t):
        sizes.add(t.shape)
        return np.where(t > 0, t * t, -t)

    derivative(f, np.array([1.0, -2.0, 3.0]))
    assert sizes == {(3,)}


def test_a_function_that_is_no_function() -> None:
    for door in DOORS.values():
        with pytest.raises(TypeError, match="`f`"):
            door(5)


def test_vectorized_functions_that_are_not() -> None:
    with pytest.raises(FunctionError, match="vectorized=True"):
        gradient(np.sum, np.array([1.0, 2.0]), vectorized=True)
    with pytest.raises(FunctionError, match="shape"):
        gradient(lambda p: p, np.array([1.0, 2.0]), vectorized=True)
    with pytest.raises(FunctionError, match="vectorized=True"):
        gradient(lambda p: np.zeros(3), np.array([1.0, 2.0]), vectorized=True)


def test_errors_are_in_korean_too() -> None:
    with pytest.raises(FunctionError) as caught:
        gradient(lambda p: None, [1.0])
    assert "반환값" in caught.value.text("ko")
    assert isinstance(caught.value, ValueError)
