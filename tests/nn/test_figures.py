"""The numbers that the course's notes print for its simple network (rows N1 to N4) and its costs (C1, C2)."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from gradwright.differentiate import gradient
from gradwright.functions import softmax
from gradwright.nn import Affine, Network, TwoLayerNet

WEIGHT = np.array([[-0.28784646, -0.55651218, -0.25385907], [1.38540908, -2.10760105, -0.06095728]])
X = np.array([0.6, 0.9])
T = np.array([0, 0, 1])
PRINTED_DW = np.array([[0.45649284, 0.01675446, -0.4732473], [0.68473926, 0.02513169, -0.70987095]])


def simple_net() -> Network:
    net = Network([Affine(2, 3, bias=False)], dtype="float64", rng=0)
    net.params["W1"] = WEIGHT
    return net


def course_loss(weight: Any) -> Any:
    """The course's cross-entropy, whose logarithm has a delta of 1e-7, so that log 0 is not reached."""
    return -np.log(softmax(X @ weight)[2] + 1e-7)


def test_n1_predict() -> None:
    logits = simple_net().logits(X)
    np.testing.assert_allclose(logits, [1.0741603, -2.23074826, -0.20717699], rtol=0, atol=1e-8)
    assert logits.argmax() == 0


def test_n2_loss() -> None:
    assert float(course_loss(WEIGHT)) == pytest.approx(1.5546929843563622, abs=1e-7)


def test_n3_gradient() -> None:
    numeric = gradient(course_loss, WEIGHT, method="central", step=1e-4).value
    np.testing.assert_allclose(numeric, PRINTED_DW, rtol=0, atol=1e-8)
    np.testing.assert_allclose(gradient(course_loss, WEIGHT).value, PRINTED_DW, rtol=0, atol=1e-8)


def test_the_delta_of_the_course_shifts_loss_and_gradient() -> None:
    net = simple_net()
    # log(p + 1e-7) = log p + 1e-7 / p: with p = 0.2113 the loss falls by 4.7e-7.
    assert net.loss(X, T) - float(course_loss(WEIGHT)) == pytest.approx(1e-7 / softmax(X @ WEIGHT)[2], rel=1e-4)
    exact = net.gradient(X, T)["W1"]
    assert exact[0, 0] == pytest.approx(0.45649305, abs=5e-9)
    assert 1e-7 < np.abs(exact - PRINTED_DW).max() < 4e-7
    np.testing.assert_allclose(net.numerical_gradient(X, T)["W1"], exact, rtol=0, atol=1e-8)


def test_n4_every_gradient_at_this_x_is_two_rows_of_one_vector_that_sums_to_zero() -> None:
    printed = np.array([[0.21924763, 0.14356247, -0.36281009], [0.32887144, 0.2153437, -0.54421514]])
    grads = [(printed, 2e-8)]
    for seed in range(20):
        net = Network([Affine(2, 3, bias=False)], init=1.0, dtype="float64", rng=seed)
        grads.append((net.gradient(X, T)["W1"], 1e-15))
        grads.append((net.numerical_gradient(X, T)["W1"], 1e-9))
    for dw, atol in grads:
        np.testing.assert_allclose(dw[0] / 0.6, dw[1] / 0.9, rtol=0, atol=2 * atol)
        np.testing.assert_allclose(dw.sum(axis=1), 0, atol=2 * atol)
        assert (dw[:, 2] < 0).all()  # the loss falls where the score of the right class rises
        assert (dw[:, :2] > 0).all()


def test_c1_cost_of_a_single_layer() -> None:
    assert Network([Affine(784, 10)], rng=0).numerical_gradient_cost() == {"W1": 15680, "b1": 20}


def test_c2_cost_of_the_course_network() -> None:
    net = TwoLayerNet(784, 50, 10, rng=0)
    assert sum(p.size for p in net.params.values()) == 39_760
    assert net.numerical_gradient_cost() == {"W1": 78_400, "b1": 100, "W2": 1_000, "b2": 20}
    assert sum(net.numerical_gradient_cost().values()) == 79_520
