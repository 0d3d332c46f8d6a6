"""x in every form: any shape, layout, dtype, tree and array library; the result in the same form, x untouched."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pytest

from gradwright.differentiate import derivative, directional, gradient, hessian, jacobian
from gradwright.errors import ArgumentTypeError, NonFiniteError, ShapeError


def squares(p):
    return np.sum(p * p)


@pytest.mark.parametrize("shape", [(), (1,), (3,), (2, 3), (2, 1, 3), (1, 1)])
def test_any_shape(shape: tuple[int, ...], rng: np.random.Generator) -> None:
    x = rng.standard_normal(shape) + 3
    x = np.array(x)
    d, g = derivative(np.sin, x), gradient(squares, x)
    assert d.value.shape == d.error.shape == d.status.shape == np.shape(d.ok) == shape
    np.testing.assert_allclose(d.value, np.cos(x), rtol=1e-9, atol=1e-10)
    np.testing.assert_allclose(g.value, 2 * x, rtol=1e-9)
    assert g.value.shape == g.left.shape == g.right.shape == g.step.shape == shape
    assert jacobian(lambda p: p * 2, x).value.shape == shape + shape
    assert hessian(squares, x).value.shape == shape + shape
    assert d.all_ok
    assert g.all_ok


def layouts(x: np.ndarray):
    frozen = x.copy()
    frozen.flags.writeable = False
    wide = np.zeros((x.shape[0], 2 * x.shape[1]))
    wide[:, ::2] = x
    return {
        "read-only": frozen,
        "fortran": np.asfortranarray(x),
        "reversed": x[::-1, ::-1].copy()[::-1, ::-1],
        "strided": wide[:, ::2],
        "transposed": x.T.copy().T,
        "list": x.tolist(),
        "tuple": tuple(map(tuple, x.tolist())),
        "broadcast": np.broadcast_to(x[:1], x.shape),
        "big-endian": x.astype(">f8"),
    }


@pytest.mark.parametrize("name", list(layouts(np.ones((2, 3)))))
def test_any_layout(name: str, rng: np.random.Generator) -> None:
    x = layouts(rng.standard_normal((2, 3)))[name]
    before = np.array(x)
    weight = np.arange(6.0).reshape(2, 3)
    g = gradient(lambda p: np.sum(weight * p * p), x)
    np.testing.assert_allclose(g.value, 2 * weight * before, atol=1e-10)
    J = jacobian(lambda p: np.sum(weight * p, axis=1), x)
    assert J.value.shape == (2, 2, 3)
    np.testing.assert_allclose(J.value[0], weight * [[1], [0]], atol=1e-10)
    np.testing.assert_array_equal(np.array(x), before)


def test_integers_and_plain_numbers() -> None:
    assert isinstance(derivative(lambda x: x**2, 3).value, float)
    assert derivative(lambda x: x**2, 3).value == pytest.approx(6)
    assert derivative(lambda x: x**2, np.float64(3)).value == pytest.approx(6)
    for x in (np.array([1, 2, 3]), [1, 2, 3], np.array([1, 2, 3], dtype=np.int8)):
        g = gradient(squares, x)
        assert g.value.dtype == np.float64
        np.testing.assert_allclose(g.value, [2, 4, 6])
    assert gradient(lambda x: x * x, 3.0).value == pytest.approx(6)
    assert isinstance(hessian(lambda x: x**3, 2.0).value, float)
    assert hessian(lambda x: x**3, 2.0).value == pytest.approx(12, rel=1e-7)
    J = jacobian(lambda x: np.array([x, x * x]), 3.0)
    np.testing.assert_allclose(J.value, [1, 6], rtol=1e-9)


class Pair(NamedTuple):
    w: object
    b: object


def test_trees_keep_their_structure() -> None:
    x = {"layers": [{"W": np.array([[1.0, 2.0], [3.0, 4.0]]), "b": [0.5, 1.5]}, Pair(np.array(2.0), 3)], "scale": 1.5}

    def f(p):
        first, second = p["layers"]
        assert isinstance(second, Pair)
        return p["scale"] * (np.sum(first["W"] ** 2) + np.sum(first["b"]) * second.w) + second.b**2

    g = gradient(f, x)
    first, second = g.value["layers"]
    np.testing.assert_allclose(first["W"], 3 * np.array([[1.0, 2.0], [3.0, 4.0]]), rtol=1e-9)
    np.testing.assert_allclose(first["b"], [3, 3], rtol=1e-9)
    assert float(second.w) == pytest.approx(3)
    assert float(second.b) == pytest.approx(6)
    assert float(g.value["scale"]) == pytest.approx(34)
    assert isinstance(second, Pair)
    assert g.status["layers"][0]["W"].shape == g.ok["layers"][0]["W"].shape == (2, 2)
    assert g.all_ok


def test_jacobian_and_hessian_of_trees() -> None:
    x = {"W": np.arange(6.0).reshape(2, 3) + 1, "b": np.array([1.0, 2.0])}
    J = jacobian(lambda p: p["W"].sum(axis=1) * p["b"], x)
    assert J.value["W"].shape == (2, 2, 3)
    assert J.value["b"].shape == (2, 2)
    np.testing.assert_allclose(J.value["b"], np.diag([6.0, 15.0]), atol=1e-9)
    np.testing.assert_allclose(J.value["W"][1], [[0, 0, 0], [2, 2, 2]], atol=1e-9)
    H = hessian(lambda p: np.sum(p["W"].sum(axis=1) * p["b"] ** 2), x)
    assert H.value["W"]["b"].shape == (2, 3, 2)
    assert H.value["b"]["W"].shape == (2, 2, 3)
    np.testing.assert_allclose(H.value["b"]["b"], 2 * np.diag([6.0, 15.0]), atol=1e-6)
    np.testing.assert_allclose(H.value["W"]["b"][:, 0, :], 2 * np.diag([1.0, 2.0]), atol=1e-6)
    np.testing.assert_array_equal(H.value["W"]["b"], np.moveaxis(H.value["b"]["W"], 0, -1))
    v = {"W": np.ones((2, 3)), "b": np.zeros(2)}
    assert directional(lambda p: np.sum(p["W"] * p["W"]), x, v).value == pytest.approx(42)


def test_matrix_in_matrix_out(rng: np.random.Generator) -> None:
    a, x = rng.standard_normal((4, 2)), rng.standard_normal((2, 3))
    J = jacobian(lambda p: a @ p, x)
    np.testing.assert_allclose(J.value, np.einsum("ik,jl->ijkl", a, np.eye(3)), atol=1e-11)


@pytest.mark.parametrize("dtype", ["float32", "float16"])
def test_small_floats_are_computed_in_float64(dtype: str) -> None:
    kinds = set()

    def f(p):
        kinds.add(p.dtype)
        return np.sum(np.sin(p))

    x = np.array([0.5, 1.0, 2.0], dtype=dtype)
    g = gradient(f, x)
    assert kinds == {np.dtype(np.float64)}
    assert g.value.dtype == g.error.dtype == np.dtype(dtype)
    true = np.cos(x.astype(np.float64))
    np.testing.assert_array_equal(g.value, true.astype(dtype))  # right to the last bit of the small dtype
    assert np.all(np.abs(g.value.astype(np.float64) - true) <= g.error.astype(np.float64))
    assert g.all_ok


def test_a_value_beyond_the_small_dtype_is_infinite_with_an_infinite_error() -> None:
    g = gradient(lambda p: 1e6 * p[0], np.array([1.0], dtype=np.float16))
    assert np.isinf(g.value[0])
    assert np.isinf(g.error[0])
    g = gradient(lambda p: 1e-9 * p[0], np.array([1.0], dtype=np.float16))
    assert abs(float(g.value[0]) - 1e-9) <= float(g.error[0])


def test_mixed_dtypes_each_get_their_own_rounding() -> None:
    x = {"half": np.array([1.0, 2.0], dtype=np.float16), "double": np.array([1.0, 2.0])}
    g = gradient(lambda p: np.sum(np.exp(p["half"])) + np.sum(np.exp(p["double"])), x)
    assert g.value["half"].dtype == np.float16
    assert g.value["double"].dtype == np.float64
    assert np.all(g.error["double"] < 1e-10)
    assert np.all(g.error["half"] < 1e-2)


def test_a_function_that_insists_on_float32_gets_it() -> None:
    def picky(p):
        if p.dtype != np.float32:
            msg = "float32 only"
            raise TypeError(msg)
        return np.sum(np.sin(p))

    x = np.array([0.5, 1.0], dtype=np.float32)
    g = gradient(picky, x)
    assert np.all(np.abs(g.value - np.cos(x)) <= g.error)
    assert np.all(g.error < 1e-2)
    assert g.all_ok


def test_what_is_no_point() -> None:
    for empty in ([], np.zeros((0, 3)), {}, {"a": np.zeros(0)}):
        with pytest.raises(ShapeError):
            gradient(squares, empty)
    with pytest.raises(NonFiniteError, match=r"nan at x\[1\]"):
        gradient(squares, [1.0, np.nan])
    with pytest.raises(NonFiniteError, match=r"inf at W\[0, 2\]"):
        gradient(lambda p: p["W"].sum(), {"W": np.array([[1.0, 2.0, np.inf]])})
    with pytest.raises(NonFiniteError):
        derivative(np.sin, -np.inf)
    for bad in (1j, np.array([1 + 2j]), {"a": np.array([1j])}):
        with pytest.raises(ArgumentTypeError, match="complex"):
            gradient(squares, bad)
    for bad in ("text", None, ["a", "b"], object(), {"a": "b"}):
        with pytest.raises(ArgumentTypeError):
            gradient(squares, bad)
    with pytest.raises(ArgumentTypeError):
        gradient(squares, [[1.0], [1.0, 2.0]])
    with pytest.raises(ArgumentTypeError, match="a number or an array"):
        derivative(np.sin, {"a": 1.0})
    with pytest.raises(ArgumentTypeError, match="`f`"):
        derivative(3.0, 1.0)


def test_the_direction_must_fit() -> None:
    with pytest.raises(ShapeError, match="`v`"):
        directional(squares, [1.0, 2.0], [1.0, 2.0, 3.0])
    with pytest.raises(ValueError, match="`v`"):
        directional(lambda p: p["a"], {"a": 1.0}, {"b": 1.0})
    with pytest.raises(NonFiniteError, match="`v`"):
        directional(squares, [1.0, 2.0], [np.nan, 2.0])
    assert directional(squares, [1.0, 2.0], [0.0, 0.0]).value == 0
