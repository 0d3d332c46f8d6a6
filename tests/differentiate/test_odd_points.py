"""x in rare forms: the ends of float64, deep trees, float16 alone, tensors that record; `test_points.py` has more.

What fails today is a strict xfail with what happens instead.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from gradwright.differentiate import Status, derivative, gradient, hessian
from gradwright.errors import ArgumentTypeError


def deep() -> dict[str, Any]:
    return {
        "a": {"b": {"half": np.ones(2, np.float16), "whole": np.array([1, 2])}, "single": np.ones((2, 2), np.float32)},
        "c": [(np.array(2.0), [3.0])],
    }


def test_a_tree_three_deep_of_several_dtypes() -> None:
    x, kept = deep(), deep()

    def f(p: Any) -> Any:
        inner = p["a"]["b"]
        total = np.sum(np.exp(inner["half"])) + np.sum(inner["whole"] ** 2) + np.sum(p["a"]["single"] ** 3)
        return total + p["c"][0][0] * p["c"][0][1][0]

    g = gradient(f, x)
    assert g.all_ok
    inner = g.value["a"]["b"]
    assert (inner["half"].dtype, inner["whole"].dtype) == (np.float16, np.float64)
    assert g.value["a"]["single"].dtype == np.float32
    np.testing.assert_array_equal(inner["half"], np.full(2, math.e, np.float16))
    np.testing.assert_allclose(inner["whole"], [2, 4], rtol=1e-9)
    np.testing.assert_array_equal(g.value["a"]["single"], np.full((2, 2), 3, np.float32))
    assert (float(g.value["c"][0][0]), float(g.value["c"][0][1][0])) == pytest.approx((3, 2))
    assert repr(x) == repr(kept)


@pytest.mark.parametrize("x", [1e300, -1e300, 1e-300, 5e-324, -1e-310])
def test_x_at_the_ends_of_float64(x: float) -> None:
    for f, true in ((lambda t: 3 * t, 3.0), (lambda t: 3 * t + 5 * abs(x), 3.0)):
        d = derivative(f, x)
        assert abs(d.value - true) <= d.error
        assert d.value == pytest.approx(true, rel=1e-6)
    assert derivative(math.exp, min(x, 1.0) if abs(x) < 1 else 1.0).ok


def test_a_value_that_overflows_is_not_finite() -> None:
    for f, x in ((lambda t: np.float64(t) * t, 1e300), (lambda t: np.exp(np.float64(t)), 1e3)):
        with np.errstate(over="ignore"):
            assert derivative(f, x).status is Status.NONFINITE


@pytest.mark.parametrize("x", [1e-300, 5e-324])
def test_a_square_that_underflows(x: float) -> None:
    d = derivative(lambda t: t * t, x)
    assert abs(d.value - 2 * x) <= d.error


@pytest.mark.parametrize("x", ["1", b"1", {1.0}, range(3), np.array(["1.0"]), np.array([1.0], dtype=object), 10**400])
def test_x_that_is_no_number_is_named(x: Any) -> None:
    for door in (derivative, gradient, hessian):
        with pytest.raises(ArgumentTypeError, match="`x`"):
            door(lambda p: 1.0, x)


def test_negative_strides_and_fortran_order_of_points() -> None:
    base = np.arange(1.0, 7.0).reshape(2, 3)
    for x in (base[::-1], base[:, ::-1], np.asfortranarray(base), base.T, base[::-1, ::-1].T):
        kept = x.copy()
        np.testing.assert_allclose(derivative(np.log, x).value, 1 / kept, rtol=1e-9)
        np.testing.assert_array_equal(x, kept)


def only_float16(p: np.ndarray) -> Any:
    if p.dtype != np.float16:
        msg = "float16 only"
        raise TypeError(msg)
    return np.sum(p * p)


def test_a_function_that_insists_on_float16_gets_it() -> None:
    x = np.array([0.5, 1.0, 3.0], dtype=np.float16)
    g = gradient(only_float16, x)
    assert g.value.dtype == np.float16
    assert np.all(np.abs(g.value.astype(float) - 2 * x.astype(float)) <= g.error.astype(float))
    assert g.error[2] < 1


def test_float16_alone_is_not_vouched_for_without_a_digit() -> None:
    g = gradient(only_float16, np.array([0.5, 1.0, 3.0], dtype=np.float16))
    assert np.all(~g.ok | (g.error < 0.2 * g.value))


# --- other libraries


def test_a_torch_function_that_mutates_and_records(need_module: Any) -> None:
    torch = need_module("torch")
    x = {"w": torch.tensor([1.0, 2.0], dtype=torch.float64, requires_grad=True), "b": torch.ones(2)}
    seen = []

    def f(p: Any) -> Any:
        seen.append((p["w"].requires_grad, p["w"].device, p["b"].dtype))
        p["w"] *= 2
        p["b"].zero_()
        return (p["w"] ** 2).sum()

    g = gradient(f, x)
    np.testing.assert_allclose(g.value["w"].numpy(), [8, 16], rtol=1e-9)
    assert g.value["b"].dtype == torch.float32
    assert {requires for requires, _, _ in seen} == {False}
    assert {device for _, device, _ in seen} == {x["w"].device}
    assert x["w"].requires_grad
    assert x["w"].grad is None
    assert x["w"].tolist() == [1, 2]
    assert x["b"].tolist() == [1, 1]


def test_a_value_that_carries_a_graph(need_module: Any) -> None:
    torch = need_module("torch")
    weight = torch.nn.Parameter(torch.tensor([2.0, 3.0], dtype=torch.float64))
    d = derivative(lambda t: (weight * t**2).sum(), 3.0)
    assert isinstance(d.value, float)
    assert d.value == pytest.approx(30, rel=1e-9)
    g = gradient(lambda p: (weight * torch.from_numpy(p)).sum(), np.ones(2))
    assert isinstance(g.value, np.ndarray)
    np.testing.assert_allclose(g.value, [2, 3], rtol=1e-9)


@pytest.mark.parametrize("dtype", ["float16", "bfloat16", "float32"])
def test_small_dtypes_of_torch(need_module: Any, dtype: str) -> None:
    torch = need_module("torch")
    x = torch.tensor([0.5, 1.0, 2.0], dtype=getattr(torch, dtype))
    for door in (gradient, lambda f, p: derivative(lambda t: t.exp(), p)):
        g = door(lambda p: p.exp().sum(), x)
        assert g.value.dtype == x.dtype
        assert torch.all((g.value.double() - x.double().exp()).abs() <= g.error.double())
        assert torch.all(g.error.double() < 0.1 * g.value.double())


def test_a_jax_tree_with_a_closure_of_float32(need_module: Any) -> None:
    jnp = need_module("jax").numpy
    weight = jnp.asarray([2.0, 3.0])
    x = {"a": {"w": jnp.asarray([1.0, 2.0])}, "n": jnp.asarray([1, 2])}
    g = gradient(lambda p: jnp.sum(weight * p["a"]["w"] ** 2) + jnp.sum(p["n"] ** 2), x)
    assert g.value["a"]["w"].dtype == jnp.float32
    np.testing.assert_allclose(np.asarray(g.value["a"]["w"]), [4, 12], rtol=1e-6)
    np.testing.assert_allclose(np.asarray(g.value["n"]), [2, 4], rtol=1e-6)
