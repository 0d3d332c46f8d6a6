from __future__ import annotations

from typing import Any

import mpmath
import numpy as np
import pytest
import scipy.special
from hypothesis import given
from hypothesis import strategies as st

from gradwright import functions as F
from gradwright.errors import ShapeError

EPS = float(np.finfo(float).eps)
finite = st.floats(-700, 700)
wide = st.floats(-1e300, 1e300)


def exact(name: str, x: float) -> float:
    with mpmath.workdps(400):
        x = mpmath.mpf(x)
        s = 1 / (1 + mpmath.exp(-x))
        values = {
            "sigmoid": lambda: s,
            "sigmoid_derivative": lambda: s * (1 - s),
            "tanh": lambda: mpmath.tanh(x),
            "tanh_derivative": lambda: 1 - mpmath.tanh(x) ** 2,
        }
        return float(values[name]())


@pytest.mark.parametrize("name", ["sigmoid", "sigmoid_derivative", "tanh", "tanh_derivative"])
@pytest.mark.parametrize("x", [-300.0, -40.0, -5.0, -1e-9, 0.0, 1e-3, 0.7, 18.0, 40.0, 300.0])
def test_full_precision_in_the_tails(name: str, x: float) -> None:
    np.testing.assert_allclose(getattr(F, name)(x), exact(name, x), rtol=4 * EPS)


def test_the_usual_formula_fails_the_tail_test() -> None:
    y = F.sigmoid(40.0)
    assert abs(y * (1 - y) / exact("sigmoid_derivative", 40.0) - 1) > 0.1


def test_hand_worked_values(xp: Any) -> None:
    x = xp([-1e4, -np.log(3), 0.0, np.log(3), 1e4])
    np.testing.assert_allclose(xp.numpy(F.sigmoid(x)), [0, 0.25, 0.5, 0.75, 1], rtol=xp.rtol, atol=0)
    np.testing.assert_allclose(xp.numpy(F.sigmoid_derivative(x)), [0, 0.1875, 0.25, 0.1875, 0], rtol=xp.rtol)
    np.testing.assert_allclose(xp.numpy(F.tanh(x)), [-1, -0.8, 0, 0.8, 1], rtol=xp.rtol)
    np.testing.assert_allclose(xp.numpy(F.tanh_derivative(x)), [0, 0.36, 1, 0.36, 0], rtol=xp.rtol)
    np.testing.assert_array_equal(xp.numpy(F.relu(x))[:3], [0, 0, 0])
    np.testing.assert_array_equal(xp.numpy(F.relu(x))[3:], xp.numpy(x)[3:])
    np.testing.assert_array_equal(xp.numpy(F.relu_derivative(x)), [0, 0, 0, 1, 1])
    np.testing.assert_array_equal(xp.numpy(F.step(x)), [0, 0, 0, 1, 1])
    np.testing.assert_array_equal(xp.numpy(F.step_derivative(x)), [0, 0, 0, 0, 0])
    np.testing.assert_array_equal(xp.numpy(F.identity(x)), xp.numpy(x))
    np.testing.assert_array_equal(xp.numpy(F.identity_derivative(x)), [1, 1, 1, 1, 1])


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_sigmoid_of_minus_ten_thousand_is_exactly_zero(dtype: str) -> None:
    with np.errstate(all="raise"):
        assert F.sigmoid(np.array(-1e4, dtype)) == 0.0
        assert F.sigmoid_derivative(np.array(1e4, dtype)) == 0.0
        assert F.sigmoid(np.array([-np.inf, np.inf], dtype)).tolist() == [0.0, 1.0]


@given(wide)
def test_sigmoid_is_scipys_expit_and_symmetric(x: float) -> None:
    np.testing.assert_allclose(F.sigmoid(x), scipy.special.expit(x), rtol=8 * EPS)
    np.testing.assert_allclose(F.sigmoid(x) + F.sigmoid(-x), 1.0, rtol=2 * EPS)
    assert F.sigmoid_derivative(x) == F.sigmoid_derivative(-x)


@given(finite)
def test_tanh_is_a_stretched_sigmoid(x: float) -> None:
    np.testing.assert_allclose(F.tanh(x), 2 * F.sigmoid(2 * x) - 1, atol=4 * EPS)
    np.testing.assert_allclose(F.tanh_derivative(x), 4 * F.sigmoid_derivative(2 * x), rtol=4 * EPS)


@pytest.mark.parametrize("name", [n for n in F.__all__ if n.startswith(("sigmoid", "tanh", "relu")) or n == "step"])
def test_nan_stays_nan(name: str, xp: Any) -> None:
    result = xp.numpy(getattr(F, name)(xp([np.nan, 1.0])))
    np.testing.assert_array_equal(np.isnan(result), [True, False])


def test_identity_is_a_copy() -> None:
    x = np.ones(3)
    F.identity(x)[0] = 5.0
    assert x[0] == 1.0


@pytest.mark.parametrize("shape", [(4,), (3, 4), (2, 3, 4), (0, 4)])
def test_softmax_is_scipys(shape: tuple[int, ...], xp: Any, rng: np.random.Generator) -> None:
    x = rng.normal(scale=5, size=shape)
    p = xp.numpy(F.softmax(xp(x)))
    np.testing.assert_allclose(p, scipy.special.softmax(x, axis=-1) if x.size else x, rtol=10 * xp.rtol)
    np.testing.assert_allclose(p.sum(axis=-1), 1.0, rtol=xp.rtol)


@given(st.lists(finite, min_size=1, max_size=6), finite)
def test_softmax_is_unchanged_by_a_shift(x: list[float], shift: float) -> None:
    np.testing.assert_allclose(F.softmax(x), F.softmax(np.array(x) + shift), rtol=1e-11, atol=1e-300)


def test_softmax_at_the_ends(xp: Any) -> None:
    with np.errstate(all="raise"):
        np.testing.assert_array_equal(xp.numpy(F.softmax(xp([1e4, -1e4, 1e4]))), [0.5, 0.0, 0.5])
        np.testing.assert_array_equal(xp.numpy(F.softmax(xp([0.0, -np.inf, 0.0]))), [0.5, 0.0, 0.5])


@pytest.mark.parametrize("shape", [(4,), (3, 4), (2, 3, 4)])
def test_softmax_jacobian(shape: tuple[int, ...], xp: Any, rng: np.random.Generator) -> None:
    x = xp(rng.normal(size=shape))
    p = xp.numpy(F.softmax(x))
    jacobian = xp.numpy(F.softmax_derivative(x))
    expected = np.eye(4) * p[..., None] - p[..., :, None] * p[..., None, :]
    np.testing.assert_allclose(jacobian, expected, rtol=10 * xp.rtol, atol=xp.rtol)
    np.testing.assert_allclose(jacobian.sum(axis=-1), 0, atol=xp.rtol)
    g = rng.normal(size=shape)
    np.testing.assert_allclose(
        xp.numpy(F.softmax_vjp(F.softmax(x), xp(g))),
        np.einsum("...ij,...i->...j", jacobian, g),
        rtol=100 * xp.rtol,
        atol=10 * xp.rtol,
    )


def test_softmax_jacobian_keeps_its_digits_where_p_rounds_to_one() -> None:
    tail = float(mpmath.exp(-60))
    np.testing.assert_allclose(F.softmax_derivative([60.0, 0.0]), [[tail, -tail], [-tail, tail]], rtol=8 * EPS)


def test_softmax_vjp_is_not_its_diagonal() -> None:
    p, g = F.softmax([1.0, 2.0, 0.5]), np.array([1.0, -1.0, 0.5])
    assert np.abs(F.softmax_vjp(p, g) - g * p * (1 - p)).max() > 0.05
    assert F.softmax_vjp(p.astype("float32"), g).dtype == np.float32


def test_softmax_errors() -> None:
    with pytest.raises(ShapeError, match="`x` is a single number"):
        F.softmax(3.0)
    with pytest.raises(ShapeError, match="`x` is empty"):
        F.softmax_derivative(np.zeros((3, 0)))
    with pytest.raises(ShapeError, match=r"`upstream` has shape \(3,\) but `probs` has shape \(2,\)"):
        F.softmax_vjp([0.5, 0.5], [1.0, 2.0, 3.0])
