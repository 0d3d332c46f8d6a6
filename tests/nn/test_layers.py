"""What every kind of layer must do. A kind that is added to LAYERS is tested here without a further line."""

from __future__ import annotations

import inspect
import json
from typing import Any

import numpy as np
import pytest

from gradwright.differentiate import gradient
from gradwright.errors import ArgumentError, ShapeError
from gradwright.nn.layers import ACTIVATIONS, LAYERS, Affine, Layer, ReLU, Sigmoid, Tanh, layer

N_IN, N_OUT, BATCH = 3, 4, 5  # all different: a transposed gradient does not fit


def make(kind: str) -> Layer:
    """Return a layer of that kind, its sizes found by the names of its parameters."""
    sizes = {"n_in": N_IN, "n_out": N_OUT}
    wanted = inspect.signature(LAYERS[kind]).parameters
    return LAYERS[kind](**{name: size for name, size in sizes.items() if name in wanted})


def arguments(one: Layer, seed: int = 0) -> tuple[dict[str, np.ndarray], np.ndarray, np.ndarray]:
    """Return parameters, inputs away from kinks and an upstream gradient that is the same nowhere."""
    rng = np.random.default_rng(seed)
    params = {name: rng.uniform(0.2, 1.0, shape) * rng.choice([-1, 1], shape) for name, shape in one.shapes().items()}
    x = rng.uniform(0.2, 1.5, (BATCH, N_IN)) * rng.choice([-1, 1], (BATCH, N_IN))
    upstream = rng.standard_normal((BATCH, one.width(N_IN)))
    return params, x, upstream


def backward_agrees(one: Layer, seed: int = 0) -> bool:
    """Compare `backward` with derivatives of sum(upstream * forward(params, x)) at every parameter and input."""
    params, x, upstream = arguments(one, seed)

    def f(tree: dict[str, Any]) -> Any:
        return (upstream * one.forward(tree["params"], tree["x"])[0]).sum()

    numeric = gradient(f, {"params": params, "x": x}).value
    dx, grads = one.backward(params, one.forward(params, x)[1], upstream)
    if set(grads) != set(params):
        return False
    pairs = [(dx, numeric["x"]), *((grads[name], numeric["params"][name]) for name in params)]
    return all(
        analytic.shape == want.shape and np.allclose(analytic, want, rtol=1e-8, atol=1e-10) for analytic, want in pairs
    )


@pytest.mark.parametrize("kind", LAYERS)
@pytest.mark.parametrize("seed", range(3))
def test_backward_is_the_derivative_of_forward(kind: str, seed: int) -> None:
    assert backward_agrees(make(kind), seed)


def _planted(kind: str, mistake: str) -> Layer:
    right = make(kind)

    class Planted(type(right)):  # type: ignore[misc]
        def backward(self, params: Any, cache: Any, upstream: Any) -> Any:
            dx, grads = super().backward(params, cache, upstream)
            if mistake == "factor":
                return 2 * dx, {name: 2 * g for name, g in grads.items()}
            if mistake == "upstream-ignored":
                return super().backward(params, cache, np.ones_like(upstream))
            if mistake == "one-entry":
                dx = dx.copy()
                dx.flat[np.abs(dx).argmax()] *= 1.001
                return dx, grads
            return -dx, grads

    return Planted(**{k: v for k, v in right.config().items() if k != "kind"})


@pytest.mark.parametrize("kind", LAYERS)
@pytest.mark.parametrize("mistake", ["factor", "sign", "upstream-ignored", "one-entry"])
def test_a_planted_mistake_is_rejected(kind: str, mistake: str) -> None:
    assert not backward_agrees(_planted(kind, mistake))


@pytest.mark.parametrize(
    "wrong",
    [
        lambda x, w, u: {"W": (u.T @ x).reshape(w.shape), "b": u.sum(axis=0)},  # transposed
        lambda x, w, u: {"W": x.T @ u / len(x), "b": u.sum(axis=0)},  # a mean taken twice
        lambda x, w, u: {"W": x.T @ u, "b": u.mean(axis=0)},
        lambda x, w, u: {"W": x.T @ u, "b": np.resize(u.sum(axis=1), w.shape[1])},  # summed over the wrong axis
        lambda x, w, u: {"W": x.T @ u},  # forgotten
    ],
)
def test_a_wrong_affine_gradient_is_rejected(wrong: Any) -> None:
    class Planted(Affine):
        def backward(self, params: Any, cache: Any, upstream: Any) -> Any:
            return upstream @ params["W"].T, wrong(cache, params["W"], upstream)

    assert not backward_agrees(Planted(N_IN, N_OUT))


@pytest.mark.parametrize("kind", LAYERS)
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_every_library_gives_what_numpy_gives(kind: str, dtype: str, xp: Any) -> None:
    one = make(kind)
    params, x, upstream = (
        {k: v.astype(dtype) for k, v in a.items()} if isinstance(a, dict) else a.astype(dtype) for a in arguments(one)
    )
    own = {name: xp(value, dtype) for name, value in params.items()}
    x_own, upstream_own = xp(x, dtype), xp(upstream, dtype)
    before = [xp.numpy(a).copy() for a in (x_own, upstream_own, *own.values())]
    y, cache = one.forward(own, x_own)
    dx, grads = one.backward(own, cache, upstream_own)
    y_np, cache_np = one.forward(params, x)
    dx_np, grads_np = one.backward(params, cache_np, upstream)
    rtol = 2e-5 if dtype == "float32" else max(xp.rtol, 1e-12)
    for got, want in [(y, y_np), (dx, dx_np), *((grads[k], grads_np[k]) for k in grads_np)]:
        assert got.dtype == x_own.dtype
        assert want.dtype == np.dtype(dtype)
        np.testing.assert_allclose(xp.numpy(got), want, rtol=rtol, atol=rtol)
    for array, copy in zip((x_own, upstream_own, *own.values()), before):
        np.testing.assert_array_equal(xp.numpy(array), copy, err_msg="an argument was changed")


@pytest.mark.parametrize("kind", LAYERS)
def test_forward_and_backward_may_be_called_again(kind: str) -> None:
    one = make(kind)
    params, x, upstream = arguments(one)
    y, cache = one.forward(params, x)
    first = one.backward(params, cache, upstream)
    one.forward(params, -2 * x)  # another pass under way must not spoil the first
    again, _ = one.forward(params, x)
    np.testing.assert_array_equal(y, again)
    second = one.backward(params, cache, upstream)
    np.testing.assert_array_equal(first[0], second[0])
    for name in first[1]:
        np.testing.assert_array_equal(first[1][name], second[1][name])


@pytest.mark.parametrize("kind", LAYERS)
def test_shapes(kind: str) -> None:
    one = make(kind)
    params, x, _ = arguments(one)
    assert one.forward(params, x)[0].shape == (BATCH, one.width(N_IN))


@pytest.mark.parametrize("kind", LAYERS)
def test_config_makes_the_same_layer_also_by_way_of_json(kind: str) -> None:
    one = make(kind)
    assert one.kind == kind
    assert layer(json.loads(json.dumps(one.config()))) == one


def test_affine_config_keeps_what_differs_from_the_default() -> None:
    one = Affine(np.int64(2), np.uint8(3), bias=False, name="은닉층")
    again = layer(json.loads(json.dumps(one.config())))
    assert again == one
    assert again.shapes() == {"W": (2, 3)}


def test_affine_by_hand(xp: Any) -> None:
    params = {"W": xp([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]), "b": xp([10.0, 20.0, 30.0])}
    y, cache = Affine(2, 3).forward(params, xp([[1.0, 1.0], [2.0, 0.0]]))
    np.testing.assert_array_equal(xp.numpy(y), [[15, 27, 39], [12, 24, 36]])
    dx, grads = Affine(2, 3).backward(params, cache, xp([[1.0, 0.0, 2.0], [0.0, 3.0, 0.0]]))
    np.testing.assert_array_equal(xp.numpy(dx), [[7, 16], [6, 15]])
    np.testing.assert_array_equal(xp.numpy(grads["W"]), [[1, 6, 2], [1, 0, 2]])
    np.testing.assert_array_equal(xp.numpy(grads["b"]), [1, 3, 2])


@pytest.mark.parametrize(
    ("one", "slope_at_zero"), [(Sigmoid(), 0.25), (Tanh(), 1.0), (ReLU(), 0.0), (ACTIVATIONS["identity"](), 1.0)]
)
def test_slope_at_zero(one: Layer, slope_at_zero: float) -> None:
    _, cache = one.forward({}, np.zeros((1, 1)))
    assert one.backward({}, cache, np.ones((1, 1)))[0].item() == slope_at_zero


@pytest.mark.parametrize("kind", ACTIVATIONS)
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_activations_neither_overflow_nor_warn(kind: str, dtype: str) -> None:
    x = np.array([[-1e4, -1.0, 0.0, 1.0, 1e4]], dtype)
    y, cache = ACTIVATIONS[kind]().forward({}, x)
    dx, _ = ACTIVATIONS[kind]().backward({}, cache, np.ones_like(x))
    assert np.isfinite(y).all()
    assert np.isfinite(dx).all()


def test_affine_says_which_layer_does_not_fit() -> None:
    with pytest.raises(ShapeError) as caught:
        Affine(784, 50, name="hidden1").forward({"W": np.zeros((784, 50)), "b": np.zeros(50)}, np.zeros((32, 780)))
    assert str(caught.value) == (
        "Affine 'hidden1': `x` has shape (32, 780) but `weight` has shape (784, 50); the last axis of `x` must be 784."
    )
    with pytest.raises(ShapeError, match=r"^Affine: `x` has shape \(2,\)"):
        Affine(3, 1).forward({"W": np.zeros((3, 1)), "b": np.zeros(1)}, np.zeros(2))


@pytest.mark.parametrize(
    ("n_in", "n_out", "name"), [(0, 1, "n_in"), (1, -2, "n_out"), (2.5, 1, "n_in"), ("3", 1, "n_in")]
)
def test_affine_refuses_sizes(n_in: Any, n_out: Any, name: str) -> None:
    with pytest.raises(ArgumentError, match=f"`{name}` must be a positive whole number"):
        Affine(n_in, n_out)


def test_unknown_kind_of_layer() -> None:
    with pytest.raises(ArgumentError, match=r"`kind` must be one of 'affine', .* not 'conv'"):
        layer({"kind": "conv"})
