from __future__ import annotations

import copy
from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from gradwright.errors import ArgumentError, ArgumentTypeError, LabelError, ShapeError
from gradwright.nn import (
    Affine,
    HalfSquaredError,
    Identity,
    Network,
    ReLU,
    Sigmoid,
    SoftmaxCrossEntropy,
    TwoLayerNet,
    scoring,
)
from gradwright.nn.layers import ACTIVATIONS


def random_net(seed: int, dtype: str) -> tuple[Network, np.ndarray, np.ndarray]:
    """Return a network of random depth, sizes, activation and loss, with a batch for it."""
    rng = np.random.default_rng(seed)
    sizes = [int(n) for n in rng.integers(1, 6, size=rng.integers(2, 5))]
    sizes[-1] += 1
    classifies = bool(rng.integers(2))
    net = Network.of_sizes(
        sizes,
        activation=str(rng.choice(list(ACTIVATIONS))),
        loss=SoftmaxCrossEntropy() if classifies else HalfSquaredError(),
        init=1.0,
        rng=rng,
        dtype=dtype,
    )
    for name in net.params:  # biases too, and so no ReLU exactly at its kink
        net.params[name] = net.params[name] + rng.uniform(0.1, 0.5, net.params[name].shape).astype(dtype)
    n = int(rng.integers(2, 7))
    x = rng.standard_normal((n, sizes[0])).astype(dtype)
    t = rng.integers(0, sizes[-1], n) if classifies else rng.standard_normal((n, sizes[-1])).astype(dtype)
    return net, x, t


@pytest.mark.parametrize("sizes", [[4, 3], [4, 5, 3], [6, 5, 4, 3, 2]])
def test_parameters_of_any_depth(sizes: list[int]) -> None:
    net = Network.of_sizes(sizes, rng=0)
    wanted = {}
    for i, (n_in, n_out) in enumerate(pairwise(sizes), 1):
        wanted |= {f"W{i}": (n_in, n_out), f"b{i}": (n_out,)}
    assert {name: p.shape for name, p in net.params.items()} == wanted
    assert list(net.params) == list(wanted)
    assert (net.n_in, net.n_out) == (sizes[0], sizes[-1])
    grads = net.gradient(np.ones((2, sizes[0])), [0, 1])
    assert {name: g.shape for name, g in grads.items()} == wanted
    assert list(grads) == list(wanted)


def test_a_layer_without_bias_and_layers_around() -> None:
    net = Network([Identity(), Affine(3, 4, bias=False), ReLU(), Sigmoid(), Affine(4, 2)], rng=0)
    assert list(net.params) == ["W1", "W2", "b2"]
    assert net.predict(np.ones((5, 3))).shape == (5, 2)
    assert [getattr(layer, "name", None) for layer in net.layers] == [None, "hidden1", None, None, "output"]


def test_first_weights() -> None:
    course = TwoLayerNet(784, 50, 10, rng=0)
    assert course.params["W1"].std() == pytest.approx(0.01, rel=0.02)
    assert course.params["W2"].std() == pytest.approx(0.01, rel=0.15)
    auto = Network.of_sizes([200, 300, 100], "relu", rng=0)
    assert auto.params["W1"].std() == pytest.approx(0.1, rel=0.02)  # He: sqrt(2 / 200), before the ReLU
    assert auto.params["W2"].std() == pytest.approx(np.sqrt(2 / 400), rel=0.02)  # Xavier, before the softmax
    for net in (course, auto):
        assert not net.params["b1"].any()
        assert not net.params["b2"].any()


def test_a_seed_means_the_same_in_both_dtypes() -> None:
    single, double = (Network.of_sizes([5, 4, 3], rng=7, dtype=dtype) for dtype in ("float32", "float64"))
    again = Network.of_sizes([5, 4, 3], rng=np.random.default_rng(7))
    for name in single.params:
        assert single.params[name].dtype == np.float32
        np.testing.assert_array_equal(single.params[name], double.params[name].astype(np.float32))
        np.testing.assert_array_equal(single.params[name], again.params[name])
    assert not np.array_equal(Network([Affine(5, 4)]).params["W1"], Network([Affine(5, 4)]).params["W1"])


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_predictions_are_probabilities(dtype: str) -> None:
    net, x = Network.of_sizes([4, 6, 3], rng=0, init=3.0, dtype=dtype), np.random.default_rng(0).normal(size=(50, 4))
    probs = net.predict(x)
    assert probs.dtype == np.dtype(dtype)
    np.testing.assert_allclose(probs.sum(axis=1), 1, rtol=1e-6)
    assert (probs >= 0).all()
    np.testing.assert_array_equal(probs.argmax(axis=1), net.logits(x).argmax(axis=1))


def test_a_single_sample_is_a_batch_of_one() -> None:
    net, x = Network.of_sizes([4, 6, 3], rng=0, dtype="float64"), np.random.default_rng(0).normal(size=(5, 4))
    batch, t = net.predict(x), [2, 0, 1, 1, 0]
    for i in range(5):
        assert net.predict(x[i]).shape == (3,)
        np.testing.assert_allclose(net.predict(x[i]), batch[i], rtol=1e-14)
        np.testing.assert_allclose(net.logits(x[i].tolist()), net.logits(x)[i], rtol=1e-13)
    assert np.mean([net.loss(x[i], t[i]) for i in range(5)]) == pytest.approx(net.loss(x, t), rel=1e-14)
    assert net.loss(x[0], np.eye(3)[2]) == net.loss(x[0], 2)
    assert net.gradient(x[0], 2)["W1"].shape == (4, 6)
    assert net.accuracy(x[0], int(batch[0].argmax())) == 1.0


def test_labels_and_one_hot_rows_mean_the_same() -> None:
    net, x, t = (
        Network.of_sizes([4, 6, 3], rng=0),
        np.random.default_rng(0).normal(size=(5, 4)),
        np.array([2, 0, 1, 1, 0]),
    )
    for answers in (np.eye(3)[t], np.eye(3, dtype=int)[t], t.tolist(), t.astype(np.uint8)):
        assert net.loss(x, answers) == net.loss(x, t)
        assert net.accuracy(x, answers) == net.accuracy(x, t)
        np.testing.assert_array_equal(net.gradient(x, answers)["W1"], net.gradient(x, t)["W1"])


@pytest.mark.parametrize("chunk", [1, 3, 7, 8192])
def test_accuracy_of_more_samples_than_a_chunk(chunk: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scoring, "_CHUNK", chunk)
    net = Network([Affine(3, 3)], rng=0)
    net.params["W1"] = np.eye(3, dtype=np.float32)
    x = np.eye(3)[[0, 1, 2, 0, 1, 2, 0]]
    assert net.accuracy(x, [0, 1, 2, 0, 1, 2, 0]) == 1.0
    assert net.accuracy(x, [0, 1, 2, 0, 1, 1, 1]) == 5 / 7  # the last two are wrong
    assert net.accuracy(x, np.eye(3)[[1, 1, 2, 0, 1, 2, 0]]) == 6 / 7


@pytest.mark.parametrize("seed", range(25))
@pytest.mark.parametrize(("dtype", "atol"), [("float32", 1e-6), ("float64", 1e-8)])
def test_gradient_is_the_numerical_gradient(seed: int, dtype: str, atol: float) -> None:
    net, x, t = random_net(seed, dtype)
    # A step of 1e-4 is wrong by about 1e-8 itself: the third derivative times h^2 / 6.
    exact, numeric = net.gradient(x, t), net.numerical_gradient(x, t, step=1e-5)
    for name in net.params:
        assert exact[name].dtype == np.dtype(dtype)
        scale = max(1.0, np.abs(numeric[name]).max())
        np.testing.assert_allclose(exact[name], numeric[name], rtol=0, atol=atol * scale)


@pytest.mark.parametrize("seed", range(10))
def test_loss_and_gradient_are_those_of_torch(seed: int, need_module: Any) -> None:
    torch = need_module("torch")
    net, x, t = random_net(seed, "float64")
    params = {name: torch.tensor(p, requires_grad=True) for name, p in net.params.items()}
    out, number = torch.tensor(x), 0
    for layer in net.layers:
        if layer.kind == "affine":
            number += 1
            out = out @ params[f"W{number}"] + params[f"b{number}"]
        elif layer.kind != "identity":
            out = getattr(torch, layer.kind)(out)
    if net.loss_function.classifies:
        loss = torch.nn.functional.cross_entropy(out, torch.tensor(t))
    else:
        loss = ((out - torch.tensor(t)) ** 2).sum() / 2 / len(x)
    loss.backward()
    assert net.loss(x, t) == pytest.approx(float(loss.detach()), rel=1e-12)
    for name, gradient in net.gradient(x, t).items():
        np.testing.assert_allclose(gradient, params[name].grad.numpy(), rtol=1e-11, atol=1e-14)


@pytest.mark.parametrize("labels", ["numpy", "own", "one-hot"])
def test_parameters_of_any_library(xp: Any, labels: str) -> None:
    net, x, t = Network.of_sizes([2, 3, 3], rng=0), np.random.default_rng(0).normal(size=(6, 2)), np.arange(6) % 3
    want = net.gradient(x, t), net.numerical_gradient(x, t), net.predict(x), net.loss(x, t)
    net.params = {name: xp(p, "float32") for name, p in net.params.items()}
    answers = {"numpy": t, "own": xp(t), "one-hot": xp(np.eye(3)[t])}[labels]
    for inputs in (x, x.tolist(), xp(x)):
        for name, gradient in net.gradient(inputs, answers).items():
            assert gradient.dtype == net.params[name].dtype
            np.testing.assert_allclose(xp.numpy(gradient), want[0][name], rtol=1e-4, atol=1e-6)
        np.testing.assert_allclose(xp.numpy(net.predict(inputs)), want[2], rtol=1e-5)
        assert net.loss(inputs, answers) == pytest.approx(want[3], rel=1e-6)
        assert 0 <= net.accuracy(inputs, answers) <= 1
    if labels == "own" and xp.name == "jax":
        return  # each shape is compiled once more in float64, and the other two cases did
    for name, gradient in net.numerical_gradient(x, answers).items():
        assert str(gradient.dtype).endswith("float64")
        np.testing.assert_allclose(xp.numpy(gradient), want[1][name], rtol=1e-6, atol=1e-9)


def test_inputs_of_another_library_are_brought_to_the_parameters(xp: Any) -> None:
    net, x, t = Network.of_sizes([4, 5, 3], rng=0), np.random.default_rng(0).normal(size=(6, 4)), np.arange(6) % 3
    assert type(net.predict(xp(x))) is np.ndarray
    assert net.loss(xp(x), xp(t)) == pytest.approx(net.loss(x, t), rel=1e-6)
    assert net.accuracy(xp(x), xp(np.eye(3)[t])) == net.accuracy(x, t)
    for name, gradient in net.gradient(xp(x), xp(t)).items():
        assert type(gradient) is np.ndarray
        np.testing.assert_allclose(gradient, net.gradient(x, t)[name], rtol=1e-4, atol=1e-6)


def test_inputs_and_labels_of_two_other_libraries(need_module: Any) -> None:
    torch, jnp = need_module("torch"), need_module("jax.numpy")
    net, x, t = Network.of_sizes([4, 3], rng=0), np.random.default_rng(0).normal(size=(6, 4)), np.arange(6) % 3
    want = net.loss(x, t)
    assert net.loss(jnp.asarray(x), torch.tensor(t)) == pytest.approx(want, rel=1e-6)
    net.params = {name: jnp.asarray(p) for name, p in net.params.items()}
    assert net.loss(torch.tensor(x), torch.tensor(t)) == pytest.approx(want, rel=1e-6)


def test_tensors_that_record_gradients(need_module: Any) -> None:
    torch = need_module("torch")
    net, x, t = Network.of_sizes([4, 5, 3], rng=0), np.random.default_rng(0).normal(size=(6, 4)), np.arange(6) % 3
    want = net.loss(x, t)
    net.params = {name: torch.nn.Parameter(torch.tensor(p)) for name, p in net.params.items()}
    assert net.loss(x, t) == pytest.approx(want, rel=1e-6)
    assert net.check_gradients(x, t).passed
    assert net.numerical_gradient(x, t)["W1"].dtype == torch.float64


def test_a_step_of_descent_in_place_as_in_the_course() -> None:
    net, x, t = TwoLayerNet(4, 5, 3, rng=0, init=1.0), np.random.default_rng(0).normal(size=(6, 4)), np.arange(6) % 3
    for grads in (net.gradient, net.numerical_gradient):
        before = net.loss(x, t)
        for name, gradient in grads(x, t).items():
            net.params[name] -= 0.1 * gradient
        assert net.params["W1"].dtype == np.float32
        assert net.loss(x, t) < before


def test_nothing_that_was_passed_is_changed() -> None:
    net, x, t = (
        Network.of_sizes([4, 5, 3], "relu", rng=0),
        np.random.default_rng(0).normal(size=(6, 4)),
        np.arange(6) % 3,
    )
    params, x_before, t_before = copy.deepcopy(net.params), x.copy(), t.copy()
    for method in (net.loss, net.gradient, net.accuracy, net.numerical_gradient, net.check_gradients):
        method(x, t)
    net.predict(x)
    np.testing.assert_array_equal(x, x_before)
    np.testing.assert_array_equal(t, t_before)
    for name in params:
        np.testing.assert_array_equal(net.params[name], params[name])


def test_integer_images_are_taken() -> None:
    net = Network([Affine(4, 3)], rng=0)
    x = np.arange(8, dtype=np.uint8).reshape(2, 4)
    np.testing.assert_array_equal(net.logits(x), net.logits(x.astype(np.float32)))


def test_repr() -> None:
    assert repr(TwoLayerNet(784, 50, 10, rng=0)) == "TwoLayerNet(784-50-10, SoftmaxCrossEntropy, 39,760 parameters)"


@pytest.mark.parametrize(
    ("build", "error", "message"),
    [
        (lambda: Network([]), ArgumentError, "at least one Affine layer"),
        (lambda: Network([Sigmoid()]), ArgumentError, "at least one Affine layer"),
        (lambda: Network([Affine(4, 5), Affine(6, 2)]), ShapeError, "Affine 'output' takes 6 inputs, but .* gives 5"),
        (lambda: Network([Affine(4, 5), Sigmoid]), ArgumentTypeError, r"`layers` needs .* write gw\.Sigmoid\(\.\.\.\)"),
        (lambda: Network(Affine(4, 5)), None, ""),
        (lambda: Network([Affine(4, 5), "relu"]), ArgumentTypeError, "`layers` must be a Layer, not str"),
        (lambda: Network(None), ArgumentTypeError, "`layers` must be a Layer, not NoneType"),
        (lambda: Network([Affine(4, 5)], loss="mse"), ArgumentTypeError, "`loss` must be a Loss, not str"),
        (lambda: Network([Affine(4, 5)], loss=HalfSquaredError), ArgumentTypeError, "write gw.HalfSquaredError"),
        (lambda: Network([Affine(4, 5)], init="glorot"), ArgumentError, "`init` must be .* not 'glorot'"),
        (lambda: Network([Affine(4, 5)], init=0), ArgumentError, "`init` must be a positive number"),
        (
            lambda: Network([Affine(4, 5)], dtype="float16"),
            ArgumentError,
            "`dtype` must be one of 'float32', 'float64'",
        ),
        (lambda: Network([Affine(4, 5)], rng="seed"), ArgumentError, "`rng` must be"),
        (lambda: Network.of_sizes([4]), ArgumentError, "`sizes` must hold at least"),
        (lambda: Network.of_sizes(4), ArgumentError, "`sizes` must hold at least"),
        (lambda: Network.of_sizes([4, 0, 2]), ArgumentError, "`n_out` must be a positive whole number, not 0"),
        (lambda: Network.of_sizes([4, 2], "softplus"), ArgumentError, "`activation` must be one of 'sigmoid'"),
        (lambda: TwoLayerNet(4, 5, 2, activation="step"), ArgumentError, "`activation` must be one of 'sigmoid'"),
        (lambda: TwoLayerNet(4, 5.0, 2), ArgumentError, "`n_out` must be a positive whole number, not 5.0"),
    ],
)
def test_networks_that_do_not_fit_together(build: Any, error: Any, message: str) -> None:
    if error is None:
        assert build().n_in == 4  # a single layer needs no list
        return
    with pytest.raises(error, match=message):
        build()


def test_regression_has_no_accuracy() -> None:
    net = Network([Affine(2, 1)], HalfSquaredError(), rng=0)
    with pytest.raises(ArgumentError, match="HalfSquaredError predicts numbers, not classes"):
        net.accuracy([[1.0, 2.0]], [[1.0]])
    assert net.predict([[1.0, 2.0]]).shape == (1, 1)


def test_accuracy_says_which_label_names_no_class() -> None:
    net = Network([Affine(2, 3)], rng=0)
    with pytest.raises(LabelError, match=r"label 3 at index \(1,\)"):
        net.accuracy(np.ones((2, 2)), [0, 3])
