"""What every function of the room must do. A function that is added to it is tested here without a further line."""

from __future__ import annotations

import inspect
from typing import Any

import numpy as np
import pytest

from gradwright import functions
from gradwright.errors import ArgumentTypeError

DERIVATIVES = [name for name in functions.__all__ if name.endswith("_derivative")]
NAMES = [name.removesuffix("_derivative") for name in DERIVATIVES]
ALONE = {"one_hot", "softmax_vjp", "expectation"}  # need no derivative of their own


def sample(name: str, rng: np.random.Generator) -> tuple[np.ndarray, ...]:
    """Return arguments for a function, found by the names of its parameters."""
    parameters = list(inspect.signature(getattr(functions, name)).parameters)
    # Away from the kink at 0; one negative entry of six is no palindrome; no probability near the ends.
    row = rng.permutation([-1.5, 0.3, 0.7, 1.1, 1.6, 2.0]) + rng.uniform(-0.2, 0.2, size=6)
    probs = np.exp(row / 2) / np.exp(row / 2).sum()
    t = rng.dirichlet(np.ones(6))
    first = {"x": row, "logits": row, "p": probs, "y": probs}[parameters[0]]
    return (first, t) if "t" in parameters else (first,)


def spread(derivative: np.ndarray, outputs: int, n: int) -> np.ndarray:
    """Return an elementwise derivative as the diagonal Jacobian that it stands for; others as they are."""
    return np.diag(derivative) if outputs > 1 and derivative.ndim == 1 else derivative.reshape(outputs, n)


def agrees(name: str, derivative: Any, args: tuple[np.ndarray, ...], h: float = 1e-6) -> bool:
    f = getattr(functions, name)
    x, rest = args[0], args[1:]
    columns = [np.ravel(f(x + h * e, *rest) - f(x - h * e, *rest)) / (2 * h) for e in np.eye(x.size)]
    numeric = np.stack(columns, axis=1)
    analytic = spread(np.asarray(derivative(*args)), *numeric.shape)
    return bool(np.allclose(analytic, numeric, rtol=1e-7, atol=3e-9))


def test_every_function_has_a_derivative() -> None:
    assert {*NAMES, *DERIVATIVES, *ALONE} == set(functions.__all__)


@pytest.mark.parametrize("name", NAMES)
def test_derivative_is_the_central_difference(name: str, rng: np.random.Generator) -> None:
    for _ in range(3):
        assert agrees(name, getattr(functions, f"{name}_derivative"), sample(name, rng))


MISTAKES = {
    "sign": lambda d: -d,
    "factor": lambda d: 2 * d,
    "offset": lambda d: d + 1e-6,
    "order": lambda d: d[..., ::-1],
}
BLIND = {("step", "sign"), ("step", "factor"), ("step", "order"), ("identity", "order")}  # all zeros, all ones


@pytest.mark.parametrize(("name", "mistake"), [(n, m) for n in NAMES for m in MISTAKES if (n, m) not in BLIND])
def test_central_difference_rejects_a_mistake(name: str, mistake: str, rng: np.random.Generator) -> None:
    right = getattr(functions, f"{name}_derivative")
    assert not agrees(name, lambda *args: MISTAKES[mistake](right(*args)), sample(name, rng))


@pytest.mark.parametrize("name", NAMES + DERIVATIVES)
def test_every_library_gives_what_numpy_gives(name: str, xp: Any, rng: np.random.Generator) -> None:
    f, args = getattr(functions, name), sample(name, rng)
    copies = [a.copy() for a in args]
    arrays = [xp(a) for a in args]
    result = f(*arrays)
    assert result.dtype == arrays[0].dtype
    host = np.asarray(result) if xp.name.startswith("numpy") else xp.numpy(result)
    np.testing.assert_allclose(host, f(*args), rtol=xp.rtol, atol=xp.rtol)
    for array, copy in zip(arrays, copies):
        np.testing.assert_array_equal(xp.numpy(array), copy.astype(xp.double), err_msg="an argument was changed")


@pytest.mark.parametrize("name", NAMES + DERIVATIVES)
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_dtype_is_kept(name: str, dtype: str, xp: Any, rng: np.random.Generator) -> None:
    args = [xp(a, dtype) for a in sample(name, rng)]
    assert getattr(functions, name)(*args).dtype == args[0].dtype


@pytest.mark.parametrize("name", NAMES + DERIVATIVES)
def test_lists_and_integers_become_numpy_floats(name: str, rng: np.random.Generator) -> None:
    f, args = getattr(functions, name), sample(name, rng)
    np.testing.assert_array_equal(f(*(a.tolist() for a in args)), f(*args))
    ones = [np.asarray(np.arange(a.size) == 1, dtype=np.int32) for a in args]
    result = f(*ones)
    assert result.dtype == np.float64
    np.testing.assert_array_equal(result, f(*(a.astype(float) for a in ones)))


@pytest.mark.parametrize("name", NAMES + DERIVATIVES)
@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("size", [1e4, 1e30, "max", "tiny"])
def test_no_warning_at_any_size(name: str, dtype: str, size: Any, rng: np.random.Generator) -> None:
    if isinstance(size, str):
        size = getattr(np.finfo(dtype), size)
    args = sample(name, rng)
    if next(iter(inspect.signature(getattr(functions, name)).parameters)) in ("p", "y") and args[0].min() >= 0:
        size = min(float(size), 1.0)
        values = np.array([0.0, size, 1.0, size, 0.0], dtype)
    else:
        values = np.array([-size, size, 0.0, -0.0, -size], dtype)
    rest = [np.array([0.0, 1.0, 0.0, 0.0, 0.0], dtype) for _ in args[1:]]
    with np.errstate(all="raise"):
        result = getattr(functions, name)(values, *rest)
    assert not np.isnan(result).any()


@pytest.mark.parametrize("name", NAMES)
def test_jax_jit_and_jacobian(name: str, need_module: Any, rng: np.random.Generator) -> None:
    jax = need_module("jax")
    f, derivative, args = getattr(functions, name), getattr(functions, f"{name}_derivative"), sample(name, rng)
    with jax.enable_x64(True):
        arrays = [jax.numpy.asarray(a) for a in args]
        np.testing.assert_allclose(jax.jit(f)(*arrays), f(*args), rtol=1e-12, atol=1e-15)
        np.testing.assert_allclose(jax.jit(derivative)(*arrays), derivative(*args), rtol=1e-12, atol=1e-15)
        jacobian = np.asarray(jax.jit(jax.jacrev(f))(*arrays))
    outputs = np.size(f(*args))
    expected = spread(np.asarray(derivative(*args)), outputs, args[0].size)
    np.testing.assert_allclose(jacobian.reshape(expected.shape), expected, rtol=1e-11, atol=1e-14)


# At 0 (and at a tie, for the softmax) automatic differentiation picks up what abs, max and where do there.
@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("where", ["sample", "zeros"])
def test_torch_autograd_agrees(name: str, where: str, need_module: Any, rng: np.random.Generator) -> None:
    torch = need_module("torch")
    f, derivative, args = getattr(functions, name), getattr(functions, f"{name}_derivative"), sample(name, rng)
    if where == "zeros":
        args = (np.full(6, 0.2) if args[0].min() >= 0 else np.zeros(6), *args[1:])
    tensors = [torch.asarray(a) for a in args]
    jacobian = torch.autograd.functional.jacobian(lambda x: f(x, *tensors[1:]), tensors[0], strict=True).numpy()
    expected = spread(np.asarray(derivative(*args)), np.size(f(*args)), args[0].size)
    np.testing.assert_allclose(jacobian.reshape(expected.shape), expected, rtol=1e-11, atol=1e-14)


@pytest.mark.parametrize("name", [n for n in NAMES if "p" not in inspect.signature(getattr(functions, n)).parameters])
@pytest.mark.parametrize("size", [1e4, -1e4])
def test_torch_autograd_is_finite_for_large_inputs(name: str, size: float, need_module: Any) -> None:
    torch = need_module("torch")
    f, derivative = getattr(functions, name), getattr(functions, f"{name}_derivative")
    parameters = list(inspect.signature(f).parameters)
    host = np.array([0.0, 1.0, 0.0]) if name == "cross_entropy" else np.array([0.0, size, -size])
    rest = [np.array([0.0, 1.0, 0.0])] if "t" in parameters else []
    x = torch.asarray(host).requires_grad_(True)
    f(x, *map(torch.asarray, rest)).sum().backward()
    assert torch.isfinite(x.grad).all()
    expected = spread(np.asarray(derivative(host, *rest)), np.size(f(host, *rest)), 3).sum(axis=0)
    np.testing.assert_allclose(x.grad.numpy(), expected, rtol=1e-12, atol=1e-15)


@pytest.mark.parametrize("name", NAMES + DERIVATIVES)
def test_complex_numbers_and_text_are_refused(name: str, rng: np.random.Generator) -> None:
    f, args = getattr(functions, name), sample(name, rng)
    argument = next(iter(inspect.signature(f).parameters))
    for wrong, word in ((args[0] + 0j, "real numbers"), (["a", "b"], "numbers")):
        with pytest.raises(ArgumentTypeError, match=f"`{argument}` must hold {word}"):
            f(wrong, *args[1:])


@pytest.mark.parametrize("name", [n for n in NAMES + DERIVATIVES if n.startswith(("sig", "tanh", "re", "st", "id"))])
def test_elementwise_functions_take_any_shape(name: str, rng: np.random.Generator) -> None:
    f = getattr(functions, name)
    x = rng.normal(size=(2, 3, 4))
    np.testing.assert_array_equal(f(x)[1, 2], f(x[1, 2]))
    assert f(0.5).shape == ()
    assert f(np.zeros((0, 3))).shape == (0, 3)
