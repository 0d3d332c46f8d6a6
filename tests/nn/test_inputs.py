from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from gradwright.errors import ArgumentTypeError, LabelError, NonFiniteError, ShapeError
from gradwright.nn import Affine, HalfSquaredError, Network, TwoLayerNet

METHODS = ("loss", "accuracy", "gradient", "numerical_gradient", "check_gradients")


@pytest.fixture
def net() -> Network:
    return Network.of_sizes([4, 5, 3], rng=0)


def test_the_message_for_a_wrong_shape() -> None:
    net = TwoLayerNet(784, 50, 10, rng=0)
    with pytest.raises(ShapeError) as caught:
        net.predict(np.zeros((32, 780)))
    assert str(caught.value) == (
        "Affine 'hidden1': `x` has shape (32, 780) but `weight` has shape (784, 50); the last axis of `x` must be 784."
    )
    assert "'hidden1'" in caught.value.text("ko")
    assert "형상" in caught.value.text("ko")


def test_a_layer_keeps_its_own_name_in_messages() -> None:
    with pytest.raises(ShapeError, match="Affine '첫째 층': `x` has shape"):
        Network([Affine(4, 3, name="첫째 층")], rng=0).predict(np.zeros((1, 2)))


@pytest.mark.parametrize(
    ("x", "error", "message"),
    [
        (np.zeros(3), ShapeError, r"`x` has shape \(3,\); it must be \(n_samples, 4\), or \(4,\) for one sample"),
        (np.zeros((2, 2, 4)), ShapeError, r"`x` has shape \(2, 2, 4\)"),
        (np.float64(1.0), ShapeError, r"`x` has shape \(\)"),
        (np.zeros((0, 4)), ShapeError, r"`x` is empty \(shape \(0, 4\)\)"),
        ([], ShapeError, "`x` is empty"),
        ([[1, 2, 3, np.nan]], NonFiniteError, r"`x` holds nan at index \(0, 3\)"),
        ([[1, 2, -np.inf, 4]], NonFiniteError, r"`x` holds -inf at index \(0, 2\)"),
        ([[1, 2, 3, 1e300]], NonFiniteError, r"`x` holds inf at index \(0, 3\)"),  # float32 ends at 3e38
        (np.ones((1, 4)) * 1j, ArgumentTypeError, "`x` must hold real numbers, but its dtype is complex128"),
        ([["a", "b", "c", "d"]], ArgumentTypeError, "`x` must hold numbers"),
        ([[1, 2], [3]], ArgumentTypeError, "rows have different lengths"),
        ("image.png", ArgumentTypeError, "`x` must be a number or an array of numbers, not str"),
        (None, ArgumentTypeError, "`x` must be a number or an array of numbers, not NoneType"),
    ],
)
def test_inputs_that_cannot_be_used(net: Network, x: Any, error: type[Exception], message: str) -> None:
    for method in ("predict", "logits"):
        with pytest.raises(error, match=message):
            getattr(net, method)(x)
    for method in METHODS:
        with pytest.raises(error, match=message):
            getattr(net, method)(x, [0])


@pytest.mark.parametrize(
    ("t", "error", "message"),
    [
        ([0, 1, 3], LabelError, r"`t` holds the label 3 at index \(2,\), .* with 3 classes they must be 0 to 2"),
        ([0, -1, 2], LabelError, r"`t` holds the label -1 at index \(1,\)"),
        ([0.0, 1.0, 2.0], LabelError, "labels must be integers"),
        ([0, 1], ShapeError, r"`x` has shape \(3, 4\) but `t` has shape \(2,\); there must be one answer for each"),
        (1, ShapeError, r"`t` has shape \(\)"),
        (np.eye(4)[:3], ShapeError, r"`t` has shape \(3, 4\) but `logits` has shape \(3, 3\)"),
        (np.zeros((3, 3, 2)), ShapeError, r"`t` has shape \(3, 3, 2\)"),
        ([[0, 1, 0], [1, 0, 0], [np.nan, 0, 1]], NonFiniteError, r"`t` holds nan at index \(2, 0\)"),
        (["a", "b", "c"], ArgumentTypeError, "`t` must hold numbers"),
        (None, ArgumentTypeError, "`t` must be a number or an array of numbers, not NoneType"),
    ],
)
@pytest.mark.parametrize("method", METHODS)
def test_answers_that_cannot_be_used(
    net: Network, method: str, t: Any, error: type[Exception], message: str, xp: Any
) -> None:
    net.params = {name: xp(p, "float32") for name, p in net.params.items()}
    with pytest.raises(error, match=message):
        getattr(net, method)(np.ones((3, 4)), t)


def test_answers_of_a_regression() -> None:
    net = Network([Affine(4, 2)], HalfSquaredError(), rng=0)
    with pytest.raises(NonFiniteError, match="`t` holds nan"):
        net.loss(np.ones((1, 4)), [[np.nan, 1.0]])
    with pytest.raises(ShapeError, match=r"shape \(3,\)"):
        net.loss(np.ones((3, 4)), [1.0, 2.0, 3.0])
    assert net.loss(np.ones((1, 4)), [[1, 2]]) == pytest.approx(net.loss(np.ones(4), [1.0, 2.0]))
