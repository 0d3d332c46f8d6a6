"""Networks with parameters of each array library, both dtypes, both gradients, and regression."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from gradwright.nn import Affine, HalfSquaredError, Network
from gradwright.training import Trainer, train

RNG = np.random.default_rng(2)
X = RNG.normal(size=(24, 3)).astype(np.float32)
T = (X[:, 0] > 0).astype(int)
V = (X @ RNG.normal(size=(3, 2))).astype(np.float32)


def net(values: bool, dtype: str) -> Network:
    loss = HalfSquaredError() if values else None
    return Network.of_sizes([3, 4, 2], "tanh", loss, rng=0, dtype=dtype)


@pytest.mark.parametrize("values", [False, True], ids=["labels", "values"])
def test_parameters_keep_library_and_dtype(xp: Any, values: bool) -> None:
    t = V if values else T
    for dtype in ("float32", xp.double)[: 1 if xp.double == "float32" else 2]:
        plain, network = net(values, dtype), net(values, dtype)
        network.params = {name: xp(array, dtype) for name, array in network.params.items()}
        # Batches and sets of 8: JAX compiles its operations anew for each shape.
        options: dict[str, Any] = {"optimizer": "adam", "learning_rate": 0.02, "steps": 4, "batch_size": 8, "rng": 0}
        expected = train(plain, (X, t, X[:8], t[:8]), **options)
        history = train(network, (X, t, X[:8], t[:8]), **options)
        tolerance = 1e-4 if dtype == "float32" else 1e-9
        for name, array in network.params.items():
            host = xp.numpy(array)  # also says that the library is the same
            assert str(host.dtype) == dtype
            np.testing.assert_allclose(host, plain.params[name], rtol=tolerance, atol=tolerance)
        np.testing.assert_allclose(history.loss, expected.loss, rtol=tolerance)
        assert history.records[-1].train_loss == pytest.approx(expected.records[-1].train_loss, rel=tolerance)
        assert history.train_accuracy == expected.train_accuracy
        assert history.test_accuracy == expected.test_accuracy


def test_parameters_that_record_gradients_go_on_recording(need_module: Any) -> None:
    torch = need_module("torch")
    network = net(False, "float32")
    network.params = {name: torch.nn.Parameter(torch.from_numpy(array)) for name, array in network.params.items()}
    history = train(network, (X, T, X, T), steps=3, batch_size=8, validation=0.25, early_stopping=2, rng=0)
    assert len(history.loss) == 3
    trainer = Trainer(network, (X, T), steps=3, batch_size=8, rng=0)
    trainer.restore(trainer.state())
    for array in network.params.values():
        assert array.requires_grad
        assert array.is_leaf  # no graph grows from step to step


def test_numerical_gradients_end_where_backprop_does(xp: Any) -> None:
    ends = []
    for gradient in ("backprop", "numerical"):
        network = Network.of_sizes([3, 2, 2], "tanh", rng=0)
        network.params = {name: xp(array, "float32") for name, array in network.params.items()}
        steps = 3 if xp.name == "jax" else 20
        history = train(network, (X, T), learning_rate=0.3, steps=steps, batch_size=8, gradient=gradient, rng=0)
        ends.append(({name: xp.numpy(array) for name, array in network.params.items()}, history.loss))
    for name, array in ends[0][0].items():
        assert ends[1][0][name].dtype == np.float32
        assert abs(array - ends[1][0][name]).max() < 1e-4
        assert not np.array_equal(array, Network.of_sizes([3, 2, 2], "tanh", rng=0).params[name])
    np.testing.assert_allclose(ends[0][1], ends[1][1], atol=1e-4)


@pytest.mark.parametrize("gradient", ["backprop", "numerical"])
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_a_line_is_learned(gradient: str, dtype: str) -> None:
    network = Network([Affine(1, 1)], HalfSquaredError(), rng=0, dtype=dtype)
    x = np.linspace(-1, 1, 21)[:, None]
    history = train(
        network, (x, 3 * x - 0.5, x, 3 * x - 0.5), learning_rate=0.5, steps=200, batch_size=7, gradient=gradient, rng=0
    )
    assert network.params["W1"].item() == pytest.approx(3, abs=1e-5)
    assert network.params["b1"].item() == pytest.approx(-0.5, abs=1e-5)
    assert network.params["W1"].dtype == dtype
    assert set(history.train_accuracy) == set(history.test_accuracy) == {None}
    assert history.records[-1].test_loss == pytest.approx(0, abs=1e-9)
    assert history.overfits_from() is None  # what is left is rounding
