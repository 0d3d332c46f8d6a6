"""The course's names give the course's numbers, and its mistakes are shown for what they are."""

from __future__ import annotations

import numpy as np
import pytest

import gradwright as gw
from gradwright import textbook
from gradwright.errors import ArgumentTypeError, FunctionError, LabelError, ShapeError

T = np.array([0, 0, 1, 0, 0, 0, 0, 0, 0, 0])
Y1 = np.array([0.1, 0.05, 0.6, 0.0, 0.05, 0.1, 0.0, 0.1, 0.0, 0.0])
Y2 = np.array([0.1, 0.05, 0.1, 0.0, 0.05, 0.1, 0.0, 0.6, 0.0, 0.0])
W = np.array([[-0.28784646, -0.55651218, -0.25385907], [1.38540908, -2.10760105, -0.06095728]])


def function_1(x):
    return 0.01 * x**2 + 0.1 * x


def function_2(x):
    return x[0] ** 2 + x[1] ** 2


def test_losses_as_printed():
    """Rows L1 to L4."""
    assert textbook.mean_squared_error(Y1, T) == 0.09750000000000003
    assert textbook.mean_squared_error(Y2, T) == 0.5975
    assert textbook.cross_entropy_error(Y1, T) == 0.510825457099338
    assert textbook.cross_entropy_error(Y2, T) == 2.302584092994546


def test_derivatives_as_printed():
    """Rows D1, D2, D4 (004 prints D2 and D4 with digits lost or added in copying)."""
    assert textbook.numerical_diff(function_1, 5) == 0.1999999999990898
    assert textbook.numerical_diff(function_1, 10) == 0.2999999999986347
    assert textbook.numerical_diff(lambda x0: x0 * x0 + 4.0**2.0, 3.0) == 6.00000000000378
    assert textbook.numerical_diff(lambda x1: 3.0**2.0 + x1 * x1, 4.0) == 7.999999999999119


def test_gradients_as_printed():
    """Row G1."""
    for point, gradient in (((3.0, 4.0), (6, 8)), ((0.0, 2.0), (0, 4)), ((3.0, 0.0), (6, 0))):
        np.testing.assert_allclose(textbook.numerical_gradient(function_2, np.array(point)), gradient, atol=1e-8)


class SimpleNet:
    def __init__(self, weight):
        self.W = weight

    def predict(self, x):
        return np.dot(x, self.W)

    def loss(self, x, t):
        return textbook.cross_entropy_error(textbook.softmax(self.predict(x)), t)


def test_simple_net_as_printed():
    """Rows N1 to N3: the array itself is moved, so a function that ignores its argument is differentiated."""
    net, x, t = SimpleNet(W.copy()), np.array([0.6, 0.9]), np.array([0, 0, 1])
    np.testing.assert_allclose(net.predict(x), [1.0741603, -2.23074826, -0.20717699], atol=2e-8)
    assert np.argmax(net.predict(x)) == 0
    assert net.loss(x, t) == pytest.approx(1.5546929843563622, abs=1e-7)
    gradient = textbook.numerical_gradient(lambda W: net.loss(x, t), net.W)
    printed = [[0.45649284, 0.01675446, -0.4732473], [0.68473926, 0.02513169, -0.70987095]]
    np.testing.assert_allclose(gradient, printed, atol=6e-9)
    np.testing.assert_array_equal(net.W, W)


def test_the_printed_gradient_without_its_weights_has_the_form_of_an_outer_product():
    """Row N4: rows 0.6 g and 0.9 g of one g that sums to 0, as softmax minus one-hot does."""
    printed = np.array([[0.21924763, 0.14356247, -0.36281009], [0.32887144, 0.2153437, -0.54421514]])
    np.testing.assert_allclose(printed[1], 1.5 * printed[0], atol=2e-8)
    np.testing.assert_allclose(printed.sum(axis=1), 0, atol=2e-8)
    g = printed[0] / 0.6
    probs = g + np.array([0, 0, 1])
    net = SimpleNet(np.outer([0.6, 0.9], np.log(probs)) / (0.6**2 + 0.9**2))  # one W that gives these probabilities
    x, t = np.array([0.6, 0.9]), np.array([0, 0, 1])
    np.testing.assert_allclose(textbook.numerical_gradient(lambda W: net.loss(x, t), net.W), printed, atol=2e-7)


def test_the_delta_is_the_only_difference_from_the_exact_cross_entropy():
    assert gw.cross_entropy(Y1, T) == pytest.approx(-np.log(0.6), abs=0)
    assert textbook.cross_entropy_error(Y1, T) == -np.log(0.6 + 1e-7)
    batch, labels = np.stack([Y1, Y2]), np.array([2, 2])
    mean = (0.510825457099338 + 2.302584092994546) / 2
    assert textbook.cross_entropy_error(batch, labels) == pytest.approx(mean, rel=1e-15)
    assert textbook.cross_entropy_error(batch, np.stack([T, T])) == pytest.approx(mean, rel=1e-15)


def test_an_array_of_integers_is_promoted_where_f_reads_its_argument():
    np.testing.assert_allclose(textbook.numerical_gradient(function_2, np.array([3, 4])), [6, 8], atol=1e-8)
    np.testing.assert_allclose(textbook.numerical_gradient(function_2, np.array([0, 0])), [0, 0], atol=1e-8)


def test_an_array_of_integers_is_refused_where_f_reads_the_array_itself():
    x = np.array([3, 4])
    with pytest.raises(ArgumentTypeError, match="floats"):
        textbook.numerical_gradient(lambda _: float(x[0] ** 2 + x[1] ** 2), x)


def test_x_is_put_back_when_f_raises_half_way():
    x = np.array([[1.0, 2.0], [3.0, 4.0]])
    calls = []

    def f(x):
        calls.append(1)
        if len(calls) == 6:
            raise ZeroDivisionError
        return float((x**2).sum())

    with pytest.raises(ZeroDivisionError):
        textbook.numerical_gradient(f, x)
    np.testing.assert_array_equal(x, [[1.0, 2.0], [3.0, 4.0]])
    np.testing.assert_allclose(textbook.numerical_gradient(lambda x: (x**2).sum(), x), 2 * x, atol=1e-7)


def test_what_is_no_array_or_no_number_is_refused():
    with pytest.raises(ArgumentTypeError, match="NumPy array"):
        textbook.numerical_gradient(function_2, [3.0, 4.0])
    with pytest.raises(FunctionError, match="one number"):
        textbook.numerical_gradient(lambda x: x, np.array([3.0, 4.0]))
    with pytest.raises(ShapeError):
        textbook.cross_entropy_error(Y1, T[:5])
    with pytest.raises(LabelError):
        textbook.cross_entropy_error(np.stack([Y1]), np.array([10]))
