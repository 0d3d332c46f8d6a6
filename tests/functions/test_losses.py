from __future__ import annotations

import math
from typing import Any

import mpmath
import numpy as np
import pytest
import scipy.special
from hypothesis import given
from hypothesis import strategies as st

from gradwright.errors import ArgumentError, ArgumentTypeError, LabelError, ShapeError
from gradwright.functions import (
    cross_entropy,
    cross_entropy_derivative,
    cross_entropy_with_logits,
    cross_entropy_with_logits_derivative,
    entropy,
    half_squared_error,
    half_squared_error_derivative,
    mean_squared_error,
    mean_squared_error_derivative,
    one_hot,
    softmax,
)

# The notes' example: class 2 is right, y1 bets on it, y2 on class 7.
T = [0, 0, 1, 0, 0, 0, 0, 0, 0, 0]
Y1 = [0.1, 0.05, 0.6, 0.0, 0.05, 0.1, 0.0, 0.1, 0.0, 0.0]
Y2 = [0.1, 0.05, 0.1, 0.0, 0.05, 0.1, 0.0, 0.6, 0.0, 0.0]

LOSSES = [half_squared_error, mean_squared_error, cross_entropy, cross_entropy_with_logits]
SLOPES = [
    half_squared_error_derivative,
    mean_squared_error_derivative,
    cross_entropy_derivative,
    cross_entropy_with_logits_derivative,
]
CLASSIFICATION = [*LOSSES[2:], *SLOPES[2:]]


def number(xp: Any, value: Any) -> float:
    assert tuple(value.shape) == ()
    return float(np.asarray(value) if xp.name.startswith("numpy") else xp.numpy(value))


def test_half_squared_error_of_the_notes() -> None:
    """Rows L1 and L2, to the last digit printed."""
    assert float(half_squared_error(np.array(Y1), np.array(T))) == 0.09750000000000003
    assert float(half_squared_error(np.array(Y2), np.array(T))) == 0.5975
    assert float(half_squared_error(Y1, T)) == 0.09750000000000003


def test_squared_errors_of_three_pupils() -> None:
    """Row L5: 90 for 70, 70 for 55, 50 for 40."""
    y, t = np.array([90, 70, 50]), np.array([70, 55, 40])
    assert half_squared_error_derivative(y, t).tolist() == [20, 15, 10]
    assert [float(2 * half_squared_error(a, b)) for a, b in zip(y, t)] == [400, 225, 100]
    assert float(mean_squared_error(y, t)) == 725 / 3


def test_cross_entropy_is_exact_where_the_delta_shifts_it() -> None:
    assert float(cross_entropy(Y1, T)) == 0.5108256237659907 == -math.log(0.6)
    assert float(cross_entropy(Y2, T)) == -math.log(0.1)
    assert float(cross_entropy(Y1, 2)) == 0.5108256237659907
    assert abs(0.5108256237659907 - 0.510825457099338) > 1e-7  # what row L3 prints would not pass


@pytest.mark.parametrize("loss", LOSSES[:3])
def test_quiz_1_the_first_prediction_is_better(loss: Any) -> None:
    assert loss(Y1, T) < loss(Y2, T)


def test_labels_one_hot_and_batch_agree(xp: Any) -> None:
    y, one = xp([Y1, Y2, Y1]), one_hot([2, 2, 7], 10)
    expected = -(np.log(0.6) + np.log(0.1) + np.log(0.1)) / 3
    for t in (xp([2, 2, 7]), np.array([2, 2, 7], "uint8"), [2, 2, 7], xp(one), one, one.astype("int8"), one > 0):
        assert number(xp, cross_entropy(y, t)) == pytest.approx(expected, rel=xp.rtol)
        slope = xp.numpy(cross_entropy_derivative(y, t))
        wanted = np.zeros((3, 10))
        wanted[[0, 1, 2], [2, 2, 7]] = -1 / 3 / np.array([0.6, 0.1, 0.1])
        np.testing.assert_allclose(slope, wanted, rtol=xp.rtol)
    assert number(xp, cross_entropy(xp(Y1), 2)) == pytest.approx(-np.log(0.6), rel=xp.rtol)
    assert number(xp, cross_entropy(xp(Y1), np.int64(2))) == pytest.approx(-np.log(0.6), rel=xp.rtol)


@pytest.mark.parametrize(("loss", "slope"), list(zip(LOSSES, SLOPES)))
def test_a_batch_is_the_mean_of_its_samples(loss: Any, slope: Any, xp: Any, rng: np.random.Generator) -> None:
    y, t = rng.dirichlet(np.ones(4), size=3), rng.dirichlet(np.ones(4), size=3)
    rows = [float(loss(a, b)) for a, b in zip(y, t)]
    assert number(xp, loss(xp(y), xp(t))) == pytest.approx(np.mean(rows), rel=xp.rtol)
    slopes = np.stack([slope(a, b) for a, b in zip(y, t)]) / 3
    np.testing.assert_allclose(xp.numpy(slope(xp(y), xp(t))), slopes, rtol=50 * xp.rtol, atol=xp.rtol)


@pytest.mark.parametrize(("loss", "slope"), list(zip(LOSSES, SLOPES)))
def test_batch_derivative_is_the_central_difference(loss: Any, slope: Any, rng: np.random.Generator) -> None:
    y, t, h = rng.dirichlet(np.full(4, 9.0), size=3), rng.uniform(size=(3, 4)), 1e-6  # t sums to anything
    numeric = np.zeros((3, 4))
    for index in np.ndindex(3, 4):
        e = np.zeros((3, 4))
        e[index] = h
        numeric[index] = (loss(y + e, t) - loss(y - e, t)) / (2 * h)
    np.testing.assert_allclose(slope(y, t), numeric, rtol=1e-6, atol=1e-8)
    for mistaken in (3 * slope(y, t), slope(y, t) / 3):  # no batch mean; taken twice
        assert not np.allclose(mistaken, numeric, rtol=1e-6, atol=1e-8)


@pytest.mark.parametrize(("loss", "slope"), [(cross_entropy, SLOPES[2]), (cross_entropy_with_logits, SLOPES[3])])
@pytest.mark.parametrize("base", [2, 10, 0.5])
def test_base(loss: Any, slope: Any, base: float) -> None:
    y, t = [[0.5, 0.25, 0.25], [0.1, 0.2, 0.7]], [1, 2]
    np.testing.assert_allclose(loss(y, t, base=base), loss(y, t) / np.log(base), rtol=1e-14)
    np.testing.assert_allclose(slope(y, t, base=base), slope(y, t) / np.log(base), rtol=1e-14)
    for wrong in (1, 0, -2, "2"):
        with pytest.raises(ArgumentError, match="`base` must be"):
            loss(y, t, base=wrong)


@given(st.lists(st.floats(0, 1), min_size=1, max_size=5))
def test_cross_entropy_of_a_distribution_with_itself_is_its_entropy(p: list[float]) -> None:
    np.testing.assert_allclose(cross_entropy(p, p), entropy(p), rtol=1e-14)


@given(st.integers(2, 6), st.integers(0, 2**32 - 1))
def test_gibbs_inequality(n: int, seed: int) -> None:
    t, y = np.random.default_rng(seed).dirichlet(np.ones(n), size=2)
    assert cross_entropy(y, t) >= entropy(t) - 1e-12


def test_certainty(xp: Any) -> None:
    with np.errstate(all="raise"):
        right, wrong = cross_entropy(xp([0.0, 1.0]), 1), cross_entropy(xp([0.0, 1.0]), 0)
        assert number(xp, right) == 0.0
        assert not np.signbit(number(xp, right))
        assert number(xp, wrong) == np.inf
        np.testing.assert_array_equal(xp.numpy(cross_entropy_derivative(xp([0.0, 1.0]), 0)), [-np.inf, 0])
        np.testing.assert_array_equal(xp.numpy(cross_entropy_derivative(xp([0.0, 1.0]), 1)), [0, -1])


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_logits_of_ten_thousand(dtype: str, xp: Any) -> None:
    x = xp([1e4, -1e4, 0.0], dtype)
    with np.errstate(all="raise"):
        assert [number(xp, cross_entropy_with_logits(x, k)) for k in range(3)] == [0.0, 2e4, 1e4]
        np.testing.assert_array_equal(xp.numpy(cross_entropy_with_logits_derivative(x, 1)), [1.0, -1.0, 0.0])
        masked = xp([0.0, -np.inf, 0.0], dtype)
        assert number(xp, cross_entropy_with_logits(masked, 0)) == pytest.approx(np.log(2), rel=1e-6)
        assert number(xp, cross_entropy_with_logits(masked, 1)) == np.inf


def test_cross_entropy_with_logits_is_scipys_log_softmax(xp: Any, rng: np.random.Generator) -> None:
    x = rng.normal(scale=10, size=(4, 5))
    x[1] = 3.0  # a tie
    expected = -scipy.special.log_softmax(x, axis=-1)
    for k in range(5):
        loss = cross_entropy_with_logits(xp(x), [k] * 4)
        assert number(xp, loss) == pytest.approx(expected[:, k].mean(), rel=10 * xp.rtol)
    p = softmax(xp(x))
    np.testing.assert_allclose(
        number(xp, cross_entropy(p, [1, 2, 3, 4])),
        number(xp, cross_entropy_with_logits(xp(x), [1, 2, 3, 4])),
        rtol=100 * xp.rtol,
    )


@pytest.mark.parametrize("gap", [1.0, 40.0, 300.0])
def test_a_loss_near_zero_keeps_its_digits(gap: float) -> None:
    with mpmath.workdps(200):
        expected = float(mpmath.log1p(mpmath.exp(-mpmath.mpf(gap))))
    np.testing.assert_allclose(cross_entropy_with_logits([0.0, gap], 1), expected, rtol=1e-15)


def test_nan_in_the_logits_is_passed_on() -> None:
    assert np.isnan(cross_entropy_with_logits([0.0, np.nan], 0))


@pytest.mark.parametrize("f", [cross_entropy, cross_entropy_derivative])
@pytest.mark.parametrize("wrong", [-0.2, 1.2, np.nan])
def test_what_is_no_probability_names_softmax(f: Any, wrong: float, xp: Any) -> None:
    with pytest.raises(ArgumentError, match=r"`y` .* at index \(1, 0\)\. Apply softmax first, or .*with_logits"):
        f(xp([[0.5, 0.5], [wrong, 0.5]]), [0, 1])


@pytest.mark.parametrize("f", CLASSIFICATION)
def test_targets_that_cannot_be(f: Any, xp: Any) -> None:
    y = xp([[0.5, 0.5], [0.25, 0.75], [1.0, 0.0]])
    with pytest.raises(LabelError, match=r"`t` holds the label 2 at index \(1,\).* 2 classes they must be 0 to 1"):
        f(y, xp([0, 2, 1]))
    with pytest.raises(LabelError, match=r"label -1 at index \(2,\)"):
        f(y, [0, 1, -1])
    with pytest.raises(LabelError, match=r"dtype is float.*integers"):
        f(y, xp([0.0, 1.0, 1.0]))
    for wrong in (-0.5, np.nan, np.inf):
        with pytest.raises(ArgumentError, match=r"`t` must hold .*, 0 or more, but it holds .* at index \(0, 1\)"):
            f(y, xp([[1.5, wrong], [0.0, 1.0], [0.0, 1.0]]))
    for shape in ((3, 1), (2,), (2, 3), ()):
        with pytest.raises(ShapeError, match=r"labels of shape \(3,\), or .* of shape \(3, 2\)"):
            f(y, xp(np.zeros(shape, dtype="int64")))
    with pytest.raises(ShapeError, match=r"\(n,\) for one sample or \(batch, n\)"):
        f(xp(np.zeros((2, 2, 2))), xp(np.zeros((2, 2, 2))))
    with pytest.raises(ShapeError, match="is empty"):
        f(xp(np.zeros((0, 2))), xp(np.zeros((0, 2))))


@pytest.mark.parametrize("f", [*LOSSES[:2], *SLOPES[:2]])
def test_squared_errors_refuse_other_shapes(f: Any, xp: Any) -> None:
    with pytest.raises(ShapeError, match=r"class labels, write one_hot\(t, 2\)"):
        f(xp([[0.5, 0.5], [0.5, 0.5]]), [0, 1])
    with pytest.raises(ShapeError, match=r"`t` has shape \(2,\) but `y` has shape \(2, 1\); they must be the same"):
        f(xp([[0.5], [0.5]]), [0.0, 1.0])
    with pytest.raises(ShapeError, match="`y` is empty"):
        f(xp(np.zeros(0)), xp(np.zeros(0)))


def test_half_squared_error_takes_no_third_axis() -> None:
    with pytest.raises(ShapeError, match=r"\(batch, n\)"):
        half_squared_error(np.zeros((2, 2, 2)), np.zeros((2, 2, 2)))
    assert mean_squared_error(np.zeros((2, 2, 2)), np.ones((2, 2, 2))) == 1.0


@pytest.mark.parametrize("f", LOSSES)
def test_the_dtype_is_that_of_the_output_and_not_of_the_target(f: Any, xp: Any) -> None:
    y = xp([[0.5, 0.5], [0.25, 0.75]], "float32")
    assert f(y, np.eye(2)).dtype == y.dtype
    assert f(np.array([0.5, 0.5], "float32"), xp([0.0, 1.0])).shape == ()


def test_two_libraries_are_refused(need_module: Any) -> None:
    torch, jax = need_module("torch"), need_module("jax")
    with pytest.raises(ArgumentTypeError, match="jax, torch"):
        cross_entropy(torch.asarray([0.5, 0.5]), jax.numpy.asarray([0.0, 1.0]))


@pytest.mark.parametrize("f", [cross_entropy, cross_entropy_with_logits])
def test_labels_inside_jax_transformations(f: Any, need_module: Any) -> None:
    jax = need_module("jax")
    y, t = jax.numpy.asarray([[0.5, 0.5], [0.25, 0.75]]), np.array([0, 1])
    expected = f(y, t)
    np.testing.assert_allclose(jax.jit(f)(y, t), expected, rtol=1e-6)  # labels traced too
    np.testing.assert_allclose(jax.jit(lambda y: f(y, t))(y), expected, rtol=1e-6)  # labels known
    np.testing.assert_allclose(jax.vmap(f)(y, t).mean(), expected, rtol=1e-6)
    slope = {cross_entropy: SLOPES[2], cross_entropy_with_logits: SLOPES[3]}[f]
    np.testing.assert_allclose(jax.grad(f)(y, t), slope(y, t), rtol=1e-6)
    np.testing.assert_allclose(jax.jit(jax.grad(f))(y, t), slope(y, t), rtol=1e-6)
    with pytest.raises(LabelError, match="label 2"):  # known labels are checked beside traced outputs
        jax.jit(lambda y: f(y, np.array([0, 2])))(y)


@pytest.mark.filterwarnings("ignore:`torch.jit.script` is deprecated")  # torch's own, on the way into forward mode
@pytest.mark.parametrize("labels", ["integers", "one-hot", "numpy"])
@pytest.mark.parametrize("f", [cross_entropy, cross_entropy_with_logits])
def test_labels_inside_torch_transforms(f: Any, labels: str, need_module: Any) -> None:
    torch = need_module("torch")
    y = torch.asarray([[0.5, 0.5], [0.25, 0.75]], dtype=torch.float64)
    host = np.array([0, 1])
    t = {"integers": torch.asarray(host), "one-hot": torch.eye(2, dtype=torch.float64), "numpy": host}[labels]
    slope = {cross_entropy: SLOPES[2], cross_entropy_with_logits: SLOPES[3]}[f](y.numpy(), host)
    np.testing.assert_allclose(torch.func.grad(lambda y: f(y, t))(y), slope, rtol=1e-12)
    np.testing.assert_allclose(torch.func.jacrev(lambda y: f(y, t))(y), slope, rtol=1e-12)
    np.testing.assert_allclose(torch.func.jacfwd(lambda y: f(y, t))(y), slope, rtol=1e-12)
    twice = torch.autograd.functional.hessian(lambda y: f(y, t), y)
    np.testing.assert_allclose(torch.func.hessian(lambda y: f(y, t))(y), twice, rtol=1e-12, atol=1e-15)
    if labels != "numpy":
        each = torch.func.vmap(torch.func.grad(f))(y, t)  # of single samples: no mean
        np.testing.assert_allclose(each, slope * 2, rtol=1e-12)
    with pytest.raises(LabelError, match="label 2"):  # and outside they are still looked at
        f(y, torch.asarray([0, 2]))


def test_torch_autograd_with_labels_and_zeros(need_module: Any) -> None:
    torch = need_module("torch")
    y = torch.asarray([[0.0, 1.0], [0.25, 0.75]], dtype=torch.float64, requires_grad=True)
    cross_entropy(y, [1, 0]).backward()
    np.testing.assert_allclose(y.grad, cross_entropy_derivative(y.detach(), [1, 0]))
    logits = torch.zeros((3, 4), requires_grad=True)  # all tied, as in a new network
    cross_entropy_with_logits(logits, [1, 0, 3]).backward()
    expected = cross_entropy_with_logits_derivative(logits.detach(), [1, 0, 3])
    np.testing.assert_allclose(logits.grad, expected, rtol=1e-6)


def test_jax_differentiates_the_losses(need_module):
    jax = need_module("jax")
    jnp = need_module("jax.numpy")
    from gradwright import functions

    logits, labels = jnp.asarray([[1.0, 2.0, 0.5], [0.0, -1.0, 1.0]]), jnp.asarray([0, 2])
    for t in (labels, jnp.asarray(np.eye(3, dtype=np.float32)[np.asarray(labels)])):
        slope = jax.grad(lambda a, t=t: functions.cross_entropy_with_logits(a, t))(logits)
        expected = functions.cross_entropy_with_logits_derivative(logits, t)
        np.testing.assert_allclose(np.asarray(slope), np.asarray(expected), atol=1e-6)
    for loss in (functions.half_squared_error, functions.mean_squared_error):
        slope = jax.grad(lambda y, loss=loss: loss(y, logits + 1))(logits)
        expected = getattr(functions, f"{loss.__name__}_derivative")(logits, logits + 1)
        np.testing.assert_allclose(np.asarray(slope), np.asarray(expected), atol=1e-6)
