"""The pass that makes no new arrays, against the plain one."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from gradwright.nn import Affine, HalfSquaredError, Network, SoftmaxCrossEntropy
from gradwright.nn.fast_pass import FastPass
from gradwright.nn.layers import Tanh


def random_case(seed: int, dtype: str) -> tuple[Network, np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    sizes = [int(n) for n in rng.integers(1, 9, size=rng.integers(2, 6))]
    regression = seed % 3 == 0
    layers: list[Any] = []
    for n_in, n_out in pairwise(sizes):
        kind = str(rng.choice(["sigmoid", "tanh", "relu", "identity"]))
        layers += [Affine(n_in, n_out, bias=bool(rng.random() < 0.8)), *Network.of_sizes([1, 1, 1], kind).layers[1:2]]
    net = Network(layers[:-1], HalfSquaredError() if regression else None, rng=seed, dtype=dtype, init=1.0)
    count = int(rng.integers(1, 12))
    x = rng.normal(size=(count, sizes[0])).astype(dtype)
    t = rng.normal(size=(count, sizes[-1])) if regression else rng.integers(0, sizes[-1], count)
    return net, x, t


@pytest.mark.parametrize(("dtype", "rtol"), [("float32", 2e-5), ("float64", 1e-12)])
@pytest.mark.parametrize("seed", range(40))
def test_it_is_the_plain_pass(seed: int, dtype: str, rtol: float) -> None:
    net, x, t = random_case(seed, dtype)
    assert FastPass.suits(net, x, t)
    fast = FastPass(net, 12, dtype)
    assert fast.fits(net.params)
    for rows in (slice(None), slice(0, 1)):
        loss, grads = fast.loss_and_gradient(net.params, x[rows], t[rows])
        expected, plain = net.loss_and_gradient(net.params, x[rows], t[rows])
        assert loss == pytest.approx(float(expected), rel=rtol, abs=rtol)
        assert grads.keys() == plain.keys()
        scale = max(float(np.abs(array).max()) for array in plain.values())
        for name in plain:
            np.testing.assert_allclose(grads[name], plain[name], rtol=0, atol=rtol * max(scale, 1e-3), err_msg=name)
    total, right = fast.score(net.params, x, t)
    assert total / len(x) == pytest.approx(net.loss(x, t), rel=10 * rtol, abs=rtol)
    if net.loss_function.classifies:
        assert right / len(x) == net.accuracy(x, t)


@pytest.mark.parametrize("seed", range(20))
def test_weights_of_samples_are_repetitions(seed: int, rng: np.random.Generator) -> None:
    net, x, t = random_case(seed, "float64")
    weights = rng.integers(0, 4, len(x)).astype(float)
    weights[0] = 1.0
    loss, grads = FastPass(net, 12, "float64").loss_and_gradient(net.params, x, t, weights / weights.mean())
    expected, plain = net.loss_and_gradient(net.params, *(np.repeat(a, weights.astype(int), axis=0) for a in (x, t)))
    assert loss == pytest.approx(float(expected), rel=1e-12)
    for name in plain:
        np.testing.assert_allclose(grads[name], plain[name], rtol=1e-10, atol=1e-12, err_msg=name)


@pytest.mark.parametrize("seed", range(20))
def test_weight_decay_is_half_of_lambda_times_the_squares(seed: int) -> None:
    net, x, t = random_case(seed, "float64")
    loss, grads = FastPass(net, 12, "float64", weight_decay=0.3).loss_and_gradient(net.params, x, t)
    expected, plain = net.loss_and_gradient(net.params, x, t)
    squares = sum((array**2).sum() for name, array in net.params.items() if name.startswith("W"))
    assert loss == pytest.approx(float(expected) + 0.15 * squares, rel=1e-12)
    for name, array in net.params.items():
        penalty = 0.3 * array if name.startswith("W") else 0.0  # no bias decays
        np.testing.assert_allclose(grads[name], plain[name] + penalty, rtol=1e-10, atol=1e-12, err_msg=name)


def test_saturated_units_and_sure_answers() -> None:
    net = Network.of_sizes([2, 3, 2], "sigmoid", rng=0, dtype="float32", init=1.0)
    x, t = np.array([[1e4, -1e4], [-1e4, 1e4]], np.float32), np.array([0, 1])
    with np.errstate(over="ignore"):
        loss, grads = FastPass(net, 2, np.float32).loss_and_gradient(net.params, x, t)
    expected, plain = net.loss_and_gradient(net.params, x, t)
    assert loss == pytest.approx(float(expected), rel=1e-5)
    for name in plain:
        np.testing.assert_allclose(grads[name], plain[name], rtol=1e-5, atol=1e-7)


def test_whatever_is_not_of_this_library_goes_the_plain_way() -> None:
    class Own(Tanh):
        pass

    class OwnLoss(SoftmaxCrossEntropy):
        pass

    class OwnNetwork(Network):
        def forward(self, params: Any, x: Any) -> Any:
            return super().forward(params, x)

    x, labels = np.zeros((3, 2), np.float32), np.array([0, 1, 1])
    layers = [Affine(2, 3), Tanh(), Affine(3, 2)]
    net = Network(layers, rng=0)
    assert FastPass.suits(net, x, labels)
    assert not FastPass.suits(net, x, np.eye(2)[labels])
    assert not FastPass.suits(Network([Affine(2, 3), Own(), Affine(3, 2)], rng=0), x, labels)
    assert not FastPass.suits(Network([*layers, Tanh()], rng=0), x, labels)
    assert not FastPass.suits(Network(layers, OwnLoss(), rng=0), x, labels)
    assert not FastPass.suits(OwnNetwork(layers, rng=0), x, labels)
    fast = FastPass(net, 3, np.float32)
    assert not fast.fits({**net.params, "W1": net.params["W1"].astype(np.float64)})
    assert not fast.fits({**net.params, "W1": net.params["W1"].T})
    assert not fast.fits({"W1": net.params["W1"]})
    net.forward = net.forward  # type: ignore[method-assign]  # anything put in its place might do something else
    assert not FastPass.suits(net, x, labels)
