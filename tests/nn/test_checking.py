from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from gradwright.errors import ArgumentError, NonFiniteError
from gradwright.nn import Affine, HalfSquaredError, Network, ReLU, Sigmoid, SoftmaxCrossEntropy, TwoLayerNet
from gradwright.nn.layers import ACTIVATIONS


@pytest.mark.parametrize("activation", ACTIVATIONS)
@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("loss", [SoftmaxCrossEntropy(), HalfSquaredError()])
def test_right_networks_pass(activation: str, dtype: str, loss: Any) -> None:
    for seed in range(2):
        rng = np.random.default_rng(seed)
        net = Network.of_sizes([3, 4, 3, 3], activation, loss, rng=seed, dtype=dtype)
        for name in ("b1", "b2"):  # units of a ReLU away from 0
            net.params[name] = rng.uniform(0.5, 1, net.params[name].shape).astype(dtype)
        x, t = rng.standard_normal((6, 3)), np.eye(3)[rng.integers(0, 3, 6)]
        report = net.check_gradients(x, t, sample=None)
        assert report.passed, str(report)
        assert report.checked == report.total == sum(p.size for p in net.params.values())


def test_a_sample_of_each_array_is_checked_by_default() -> None:
    net, x = TwoLayerNet(50, 30, 10, rng=0), np.random.default_rng(0).normal(size=(4, 50))
    report = net.check_gradients(x, [0, 3, 2, 9])
    assert report.passed
    assert report.checked == 20 + 20 + 20 + 10
    assert report.total == 50 * 30 + 30 + 30 * 10 + 10
    assert net.check_gradients(x, [0, 3, 2, 9], sample=2, rng=None).checked == 8
    with pytest.raises(ArgumentError, match="`sample`"):
        net.check_gradients(x, [0, 3, 2, 9], sample=0)


MISTAKES = {
    "factor": lambda dx, g, u: (dx, {name: 2 * a for name, a in g.items()}),
    "sign": lambda dx, g, u: (-dx, g),
    "transposed": lambda dx, g, u: (dx, {**g, "W": np.ascontiguousarray(g["W"].T)}),
    "missing-batch-mean": lambda dx, g, u: (dx, {name: len(u) * a for name, a in g.items()}),
    "extra-batch-mean": lambda dx, g, u: (dx, {**g, "b": u.mean(axis=0)}),
    "bias-axis": lambda dx, g, u: (dx, {**g, "b": np.resize(u.sum(axis=1), u.shape[1])}),
    "zero-block": lambda dx, g, u: (dx, {**g, "W": np.zeros_like(g["W"])}),
    "one-percent": lambda dx, g, u: (dx, {**g, "W": 1.01 * g["W"]}),
}


@pytest.mark.parametrize("mistake", MISTAKES)
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_a_wrong_backward_is_caught(mistake: str, dtype: str, monkeypatch: pytest.MonkeyPatch) -> None:
    net = Network([Affine(4, 4), Sigmoid(), Affine(4, 3)], rng=0, dtype=dtype)
    x, t = np.random.default_rng(0).normal(size=(6, 4)), [0, 1, 2, 2, 1, 0]
    right = Affine.backward

    def wrong(self: Affine, params: Any, cache: Any, upstream: Any) -> Any:
        dx, grads = right(self, params, cache, upstream)
        return MISTAKES[mistake](dx, grads, upstream) if self.name == "hidden1" or mistake == "sign" else (dx, grads)

    assert net.check_gradients(x, t).passed
    monkeypatch.setattr(Affine, "backward", wrong)
    report = net.check_gradients(x, t)
    assert report.verdict == "wrong"
    assert {m.path for m in report.mismatches} <= {"W1", "b1"}


def test_a_forgotten_activation_derivative_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    net, x = Network.of_sizes([4, 5, 3], "relu", rng=3), np.random.default_rng(0).normal(size=(6, 4))
    monkeypatch.setattr(ReLU, "backward", lambda self, params, cache, upstream: (upstream, {}))
    assert net.check_gradients(x, [0, 1, 2, 2, 1, 0]).verdict == "wrong"


def test_parameters_stay_as_they_are(xp: Any) -> None:
    net = Network.of_sizes([3, 4, 2], rng=0)
    net.params = {name: xp(p, "float32") for name, p in net.params.items()}
    arrays = dict(net.params)
    before = {name: xp.numpy(p).copy() for name, p in arrays.items()}
    assert net.check_gradients(np.random.default_rng(0).normal(size=(5, 3)), [0, 1, 1, 0, 1]).passed
    for name in before:
        assert net.params[name] is arrays[name]
        np.testing.assert_array_equal(xp.numpy(net.params[name]), before[name])


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_a_network_that_is_sure_of_its_answers_passes(dtype: str) -> None:
    """Where p is nearly t, the difference p - t keeps few digits: that is no mistake of the backward pass."""
    rng = np.random.default_rng(0)
    net, x, t = Network.of_sizes([4, 8, 3], "tanh", rng=0, dtype=dtype), rng.normal(size=(6, 4)), [0, 1, 2, 2, 1, 0]
    for _ in range(2000):
        for name, gradient in net.gradient(x, t).items():
            net.params[name] -= gradient
    assert net.loss(x, t) < 2e-3
    report = net.check_gradients(x, t, sample=None)
    assert report.passed, str(report)


def test_a_perfect_fit_is_never_called_wrong() -> None:
    for seed in range(5):
        rng = np.random.default_rng(seed)
        net = Network([Affine(5, 3)], HalfSquaredError(), rng=seed, dtype="float64")
        x = rng.normal(size=(4, 5))
        t = net.predict(x)
        net.params["W1"] = net.params["W1"] + 1e-15 * rng.standard_normal((5, 3))
        assert net.check_gradients(x, t, sample=None).verdict != "wrong"


def test_parameters_that_are_not_finite_are_named() -> None:
    net = Network.of_sizes([3, 4, 2], rng=0)
    net.params["W2"][1, 0] = np.nan
    with pytest.raises(NonFiniteError, match=r"`params\['W2'\]` holds nan at \(1, 0\)"):
        net.check_gradients(np.ones((2, 3)), [0, 1])
