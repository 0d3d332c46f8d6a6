"""The code of the five course notes (000 to 004) runs on the course's names, and their mistakes are shown.

Each cell stands here as the notes have it once its slips are mended; new are the imports, the folder of the data and
the short loops. The slips themselves are under `TestMistakes`: what they give, beside what the same name gives here.
"""

from __future__ import annotations

import struct
from functools import partial

import numpy as np
import pytest

import gradwright as gw
from gradwright import textbook
from gradwright.errors import ArgumentTypeError
from gradwright.textbook import (
    TwoLayerNet,
    cross_entropy_error,
    function_1,
    function_2,
    gradient_descent,
    load_mnist,
    mean_squared_error,
    numerical_diff,
    numerical_gradient,
    sigmoid,
    sigmoid_grad,
    softmax,
)

# The course draws from NumPy's global generator; so do its cells.
# ruff: noqa: NPY002, E731

T = [0, 0, 1, 0, 0, 0, 0, 0, 0, 0]
Y1 = [0.1, 0.05, 0.6, 0.0, 0.05, 0.1, 0.0, 0.1, 0.0, 0.0]
Y2 = [0.1, 0.05, 0.1, 0.0, 0.05, 0.1, 0.0, 0.6, 0.0, 0.0]


@pytest.fixture(autouse=True)
def _seed():
    np.random.seed(7)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Four files such as MNIST's, with the 8 x 8 digits in them, in a folder named as learners' are."""
    place = tmp_path_factory.mktemp("내 드라이브 '▽'")
    data = gw.data.digits()
    for name, x, t in (("train", data.x_train, data.t_train), ("t10k", data.x_test, data.t_test)):
        pixels = np.rint(x * 255).astype(np.uint8)
        shape = struct.pack(">4I", 0x803, len(x), 8, 8)
        (place / f"{name}-images-idx3-ubyte").write_bytes(shape + pixels.tobytes())
        labels = struct.pack(">2I", 0x801, len(t))
        (place / f"{name}-labels-idx1-ubyte").write_bytes(labels + t.astype(np.uint8).tobytes())
    return place


class simpleNet:
    def __init__(self):
        self.W = np.random.randn(2, 3)

    def predict(self, x):
        return np.dot(x, self.W)

    def loss(self, x, t):
        z = self.predict(x)
        y = softmax(z)
        loss = cross_entropy_error(y, t)

        return loss


class NotesTwoLayerNet:
    """The class of notes 001 and 003."""

    def __init__(self, input_size, hidden_size, output_size, weight_init_std=0.01):
        self.params = {}
        self.params["W1"] = weight_init_std * np.random.randn(input_size, hidden_size)
        self.params["b1"] = np.zeros(hidden_size)
        self.params["W2"] = weight_init_std * np.random.randn(hidden_size, output_size)
        self.params["b2"] = np.zeros(output_size)

    def predict(self, x):
        W1, W2 = self.params["W1"], self.params["W2"]
        b1, b2 = self.params["b1"], self.params["b2"]

        a1 = np.dot(x, W1) + b1
        z1 = sigmoid(a1)
        a2 = np.dot(z1, W2) + b2
        y = softmax(a2)

        return y

    def loss(self, x, t):
        y = self.predict(x)

        return cross_entropy_error(y, t)

    def accuracy(self, x, t):
        y = self.predict(x)
        y = np.argmax(y, axis=1)
        t = np.argmax(t, axis=1)

        accuracy = np.sum(y == t) / float(x.shape[0])
        return accuracy

    def numerical_gradient(self, x, t):
        loss_W = lambda W: self.loss(x, t)

        grads = {}
        grads["W1"] = numerical_gradient(loss_W, self.params["W1"])
        grads["b1"] = numerical_gradient(loss_W, self.params["b1"])
        grads["W2"] = numerical_gradient(loss_W, self.params["W2"])
        grads["b2"] = numerical_gradient(loss_W, self.params["b2"])

        return grads

    def gradient(self, x, t):
        W1, W2 = self.params["W1"], self.params["W2"]
        b1, b2 = self.params["b1"], self.params["b2"]
        grads = {}
        batch_num = x.shape[0]

        a1 = np.dot(x, W1) + b1
        z1 = sigmoid(a1)
        a2 = np.dot(z1, W2) + b2
        y = softmax(a2)

        dy = (y - t) / batch_num
        grads["W2"] = np.dot(z1.T, dy)
        grads["b2"] = np.sum(dy, axis=0)

        da1 = np.dot(dy, W2.T)
        dz1 = sigmoid_grad(a1) * da1
        grads["W1"] = np.dot(x.T, dz1)
        grads["b1"] = np.sum(dz1, axis=0)

        return grads


def train_as_in_the_notes(network, folder, iters_num, batch_size, gradient="gradient"):
    """The loop of notes 000 and 001, which print the accuracies once an epoch."""
    (x_train, t_train), (x_test, t_test) = load_mnist(normalize=True, one_hot_label=True, folder=folder)

    train_size = x_train.shape[0]
    learning_rate = 0.1

    train_loss_list = []
    train_acc_list = []
    test_acc_list = []

    # The notes divide with /, which fits 60,000 / 100; see test_an_epoch_that_is_no_whole_number_of_steps.
    iter_per_epoch = max(train_size // batch_size, 1)

    for i in range(iters_num):
        batch_mask = np.random.choice(train_size, batch_size)
        x_batch = x_train[batch_mask]
        t_batch = t_train[batch_mask]

        grad = getattr(network, gradient)(x_batch, t_batch)

        for key in ("W1", "b1", "W2", "b2"):
            network.params[key] -= learning_rate * grad[key]

        loss = network.loss(x_batch, t_batch)
        train_loss_list.append(loss)

        if i % iter_per_epoch == 0:
            train_acc = network.accuracy(x_train, t_train)
            test_acc = network.accuracy(x_test, t_test)
            train_acc_list.append(train_acc)
            test_acc_list.append(test_acc)
    return train_loss_list, train_acc_list, test_acc_list


class TestNote000:
    def test_gradient_at_three_points(self):
        """Row G1."""
        np.testing.assert_allclose(numerical_gradient(function_2, np.array([3.0, 4.0])), [6, 8], atol=1e-8)
        np.testing.assert_allclose(numerical_gradient(function_2, np.array([0.0, 2.0])), [0, 4], atol=1e-8)
        np.testing.assert_allclose(numerical_gradient(function_2, np.array([3.0, 0.0])), [6, 0], atol=1e-8)

    def test_gradient_descent_by_hand(self):
        """One step of the formula x - lr * gradient, and a hundred."""
        one = gradient_descent(function_2, np.array([-3.0, 4.0]), 0.1, 1)
        np.testing.assert_allclose(one, [-2.4, 3.2], rtol=1e-9)
        np.testing.assert_allclose(gradient_descent(function_2, np.array([-3.0, 4.0])), [-3, 4] * np.array(0.98**100))

    def test_simple_net(self):
        """Row N4: x = (0.6, 0.9) gives rows 0.6 g and 0.9 g; g sums to 0."""
        net = simpleNet()
        x, t = np.array([0.6, 0.9]), np.array([0, 0, 1])

        def f(W):
            return net.loss(x, t)

        dW = numerical_gradient(f, net.W)
        g = softmax(net.predict(x)) - t
        np.testing.assert_allclose(dW, np.outer(x, g), atol=1e-6)
        np.testing.assert_allclose(dW.sum(axis=1), 0, atol=1e-6)

    def test_training_by_the_numerical_gradient(self, folder):
        network = TwoLayerNet(input_size=64, hidden_size=5, output_size=10)
        losses, train_acc, test_acc = train_as_in_the_notes(network, folder, 3, 20, "numerical_gradient")
        assert len(losses) == 3
        assert np.isfinite(losses).all()
        assert len(train_acc) == len(test_acc) == 1


class TestNote001:
    def test_numerical_diff(self):
        """Rows D1, D2, D4, with the brackets that the note forgot."""
        assert numerical_diff(function_1, 5) == 0.1999999999990898
        assert numerical_diff(function_1, 10) == 0.2999999999986347

        def function_tmp1(x0):
            return x0 * x0 + 4.0**2.0

        def function_tmp2(x1):
            return 3.0**2.0 + x1 * x1

        assert numerical_diff(function_tmp1, 3.0) == 6.00000000000378
        assert numerical_diff(function_tmp2, 4.0) == 7.999999999999119

    def test_the_curve(self):
        x = np.arange(0.0, 20.0, 0.1)
        y = function_1(x)
        assert y.shape == (200,)
        np.testing.assert_allclose(numerical_diff(function_1, x), 0.02 * x + 0.1, atol=1e-9)

    def test_gradient_descent_with_three_rates(self):
        """Rows G2, G4, G5."""
        init_x = np.array([-3.0, 4.0])
        x = gradient_descent(function_2, init_x=init_x, lr=0.1, step_num=100)
        assert repr(x) == "array([-6.11110793e-10,  8.14814391e-10])"

        init_x = np.array([-3.0, 4.0])
        x = gradient_descent(function_2, init_x=init_x, lr=10.0, step_num=100)
        assert repr(x) == "array([-2.58983747e+13, -1.29524862e+12])"

        init_x = np.array([-3.0, 4.0])
        x = gradient_descent(function_2, init_x=init_x, lr=1e-10, step_num=100)
        assert repr(x) == "array([-2.99999994,  3.99999992])"

    def test_simple_net(self):
        """Rows N1 to N3."""
        net = simpleNet()
        net.W = np.array([[-0.28784646, -0.55651218, -0.25385907], [1.38540908, -2.10760105, -0.06095728]])

        x = np.array([0.6, 0.9])
        p = net.predict(x)
        np.testing.assert_allclose(p, [1.0741603, -2.23074826, -0.20717699], atol=2e-8)
        assert np.argmax(p) == 0

        t = np.array([0, 0, 1])
        assert net.loss(x, t) == pytest.approx(1.5546929843563622, abs=1e-7)

        def f(W):
            return net.loss(x, t)

        dW = numerical_gradient(f, net.W)
        printed = [[0.45649284, 0.01675446, -0.4732473], [0.68473926, 0.02513169, -0.70987095]]
        np.testing.assert_allclose(dW, printed, atol=6e-9)

    @pytest.mark.parametrize("network_class", [partial(TwoLayerNet, rng=0), NotesTwoLayerNet], ids=["ours", "theirs"])
    def test_mini_batch_training_by_the_numerical_gradient(self, network_class, folder):
        network = network_class(input_size=64, hidden_size=5, output_size=10)
        before = {key: value.copy() for key, value in network.params.items()}
        losses, *_ = train_as_in_the_notes(network, folder, 2, 20, "numerical_gradient")
        assert np.isfinite(losses).all()
        assert all(np.any(network.params[key] != before[key]) for key in before)

    @pytest.mark.parametrize("network_class", [partial(TwoLayerNet, rng=0), NotesTwoLayerNet], ids=["ours", "theirs"])
    def test_training_with_accuracies_by_backpropagation(self, network_class, folder):
        network = network_class(input_size=64, hidden_size=50, output_size=10, weight_init_std=0.3)
        losses, train_acc, test_acc = train_as_in_the_notes(network, folder, 701, 100)
        assert np.mean(losses[-100:]) < losses[0] / 4
        assert train_acc[-1] > 0.9
        assert test_acc[-1] > 0.85


class TestNote002:
    def test_tangent_line(self):
        def tangent_line(f, x, a):
            g = numerical_diff(f, a)
            return g * (x - a) + f(a)

        x = np.array([0.0, 5.0, 20.0])
        by_hand = 0.2 * x - 0.25  # slope 0.02 * 5 + 0.1, through (5, 0.75)
        np.testing.assert_allclose(tangent_line(function_1, x, 5), by_hand, atol=1e-9)
        line = gw.tangent(function_1, 5.0)
        assert line.slope == pytest.approx(0.2, abs=1e-12)
        np.testing.assert_allclose(line(x), by_hand, atol=1e-12)

    def test_numerical_gradient2(self):
        def numerical_gradient2(f, x):
            h = 1e-4
            g = np.zeros_like(x)
            for idx in range(x.size):
                x[idx] += h
                fx_plus_h = f(x)
                x[idx] -= h
                x[idx] -= h
                fx_minus_h = f(x)
                g[idx] = (fx_plus_h - fx_minus_h) / (2 * h)
                x[idx] += h
            return g

        points = np.random.default_rng(0).uniform(-9, 9, (50, 2))
        theirs, ours = points.copy(), points.copy()
        for own, other in zip(theirs, ours):
            note = numerical_gradient2(function_2, own)
            np.testing.assert_allclose(numerical_gradient(function_2, other), note, atol=1e-7)
        # Adding and taking away again is no putting back: the note's point has drifted, ours is what it was.
        assert np.any(theirs != points)
        np.testing.assert_array_equal(ours, points)

    def test_lambda_that_ignores_its_argument(self):
        net = simpleNet()
        x, t = np.array([0.6, 0.9]), np.array([0, 0, 1])
        f = lambda w: net.loss(x, t)
        assert numerical_gradient(f, net.W).shape == (2, 3)
        before = net.loss(x, t)
        net.W[...] = gradient_descent(f, net.W, lr=0.5, step_num=20)
        assert net.loss(x, t) < before / 2

    def test_ascent_is_descent_with_the_other_sign(self):
        hill = lambda x: -function_2(x)
        up = gradient_descent(hill, np.array([-3.0, 4.0]), lr=-0.1)
        np.testing.assert_allclose(up, gradient_descent(function_2, np.array([-3.0, 4.0]), lr=0.1), rtol=1e-12)

    def test_number_of_evaluations(self):
        """Row C1: two for each weight and bias of a 784 x 10 layer."""
        calls = []
        count = lambda w: calls.append(1) or 0.0
        numerical_gradient(count, np.zeros((784, 10)))
        assert len(calls) == 15680
        numerical_gradient(count, np.zeros(10))
        assert len(calls) == 15680 + 20
        assert gw.Network([gw.Affine(784, 10)], rng=0).numerical_gradient_cost() == {"W1": 15680, "b1": 20}

    def test_gradient_check(self, rng):
        x, t = rng.random((8, 6)), np.eye(3)[rng.integers(0, 3, 8)]
        network = TwoLayerNet(6, 4, 3, rng=0)
        assert network.check_gradients(x, t).passed


class TestNote003:
    def test_the_path_by_hand(self):
        """Row G3, from single steps of gradient_descent."""
        x, path = np.array([-3.0, 4.0]), []
        for _ in range(100):
            path.append(x.copy())
            x = gradient_descent(function_2, x, lr=0.1, step_num=1)
        np.testing.assert_allclose(path[1], [-2.4, 3.2], rtol=1e-9)
        np.testing.assert_allclose(path[50], [-4.28174308e-05, 5.70899077e-05], rtol=1e-8)
        np.testing.assert_allclose(path[99], [-7.63888491e-10, 1.01851799e-09], rtol=1e-8)

    def test_simple_net_with_a_matrix(self):
        net = simpleNet()
        x, t = np.array([0.6, 0.9]), np.array([0, 0, 1])
        f = lambda W: net.loss(x, t)
        np.testing.assert_allclose(numerical_gradient(f, net.W), np.outer(x, softmax(x @ net.W) - t), atol=1e-6)

    def test_the_class_and_ours_agree(self, rng):
        """The note's gradient and numerical gradient, and those of `textbook.TwoLayerNet`, at the same parameters."""
        theirs, ours = NotesTwoLayerNet(6, 4, 3, 0.5), TwoLayerNet(6, 4, 3, 0.5, rng=0)
        ours.params.update({key: value.copy() for key, value in theirs.params.items()})
        x, t = rng.random((8, 6)), np.eye(3)[rng.integers(0, 3, 8)]
        np.testing.assert_allclose(ours.predict(x), theirs.predict(x), rtol=1e-13)
        assert ours.loss(x, t) == pytest.approx(theirs.loss(x, t), rel=1e-13)
        assert ours.accuracy(x, t) == theirs.accuracy(x, t)
        exact, note = ours.gradient(x, t), theirs.gradient(x, t)
        assert list(exact) == ["W1", "b1", "W2", "b2"]
        for key, value in note.items():
            np.testing.assert_allclose(exact[key], value, atol=1e-14)
            np.testing.assert_allclose(ours.numerical_gradient(x, t)[key], value, atol=1e-8)
            np.testing.assert_allclose(theirs.numerical_gradient(x, t)[key], value, atol=2e-6)

    def test_the_course_numerical_gradient_moves_our_parameters(self, rng):
        network = TwoLayerNet(6, 4, 3, rng=0)
        x, t = rng.random((8, 6)), np.eye(3)[rng.integers(0, 3, 8)]
        loss_W = lambda W: network.loss(x, t)
        for key, value in network.gradient(x, t).items():
            np.testing.assert_allclose(numerical_gradient(loss_W, network.params[key]), value, atol=2e-6)


class TestNote004:
    def test_losses(self):
        """Rows L1 to L4."""
        assert mean_squared_error(np.array(Y1), np.array(T)) == 0.09750000000000003
        assert mean_squared_error(np.array(Y2), np.array(T)) == 0.5975
        assert cross_entropy_error(np.array(Y1), np.array(T)) == 0.510825457099338
        assert cross_entropy_error(np.array(Y2), np.array(T)) == 2.302584092994546

    def test_expectation_and_entropy(self):
        """Row L6; the entropy is the expectation of the information."""
        assert 5 * 0.9 == 4.5
        assert 9 * 0.1 == 0.9
        p = np.array([0.9, 0.1])
        assert gw.entropy(p) == pytest.approx(np.sum(p * gw.information(p)), rel=1e-15)
        assert gw.cross_entropy(np.array(Y1), np.array(T)) == pytest.approx(gw.information(0.6), rel=1e-15)

    def test_quiz_1_the_better_prediction_has_the_smaller_loss(self):
        for loss in (mean_squared_error, cross_entropy_error):
            assert loss(np.array(Y1), np.array(T)) < loss(np.array(Y2), np.array(T))

    def test_quiz_2_a_loss_needs_a_slope(self):
        """The step function has the slope 0 away from its jump, the sigmoid nowhere: so the sigmoid."""
        for x in (-2.0, -0.5, 0.5, 2.0):
            assert numerical_diff(textbook.step_function, x) == 0
            assert numerical_diff(sigmoid, x) == pytest.approx(float(sigmoid_grad(x)), abs=1e-8)
            assert numerical_diff(sigmoid, x) > 0.1

    def test_accuracy_has_no_slope_but_the_loss_has(self, rng):
        network = TwoLayerNet(6, 4, 3, 0.5, rng=0)
        x, t = rng.random((8, 6)), np.eye(3)[rng.integers(0, 3, 8)]
        assert not numerical_gradient(lambda W: network.accuracy(x, t), network.params["W1"]).any()
        assert numerical_gradient(lambda W: network.loss(x, t), network.params["W1"]).all()

    def test_quiz_3_the_loss_is_a_function_of_weight_and_bias(self, rng):
        network = TwoLayerNet(6, 4, 3, rng=0)
        x, t = rng.random((8, 6)), rng.integers(0, 3, 8)
        assert {name[0] for name in network.gradient(x, t)} == {"W", "b"}

    def test_quiz_4_alpha_is_the_learning_rate(self):
        """It sets how far w moves: w - alpha * dL/dw, against the sign of the slope."""
        for w, alpha in ((-1.0, 0.1), (2.0, 0.3)):
            (moved,) = gradient_descent(lambda w: w[0] ** 2, np.array([w]), alpha, 1)
            assert moved - w == pytest.approx(-alpha * 2 * w, rel=1e-8)

    def test_partial_derivatives(self):
        """Row D4, with the digits that the note lost in copying."""
        assert numerical_diff(lambda x0: x0**2 + 4.0**2, 3.0) == 6.00000000000378
        assert numerical_diff(lambda x1: 3.0**2 + x1**2, 4.0) == 7.999999999999119

    def test_batch_stochastic_and_mini_batch_descent(self):
        data = gw.Dataset([[0.0], [0.1], [0.9], [1.0]] * 5, [0, 0, 1, 1] * 5, name="two")
        for size in ("full", 1, 5):
            network = TwoLayerNet(1, 3, 2, 0.5, rng=0)
            history = gw.train(network, data, learning_rate=1.0, steps=30, batch_size=size, rng=0)
            assert np.isfinite(history.loss).all()

    def test_is_it_a_five(self):
        data = gw.data.digits().one_vs_rest(5)
        network = TwoLayerNet(64, 20, 2, 0.1, rng=0)
        gw.train(network, data, learning_rate=0.5, steps=600, batch_size=50, rng=0)
        assert network.accuracy(data.x_test, data.t_test) > 0.95


class TestMistakes:
    """What the notes' slips give, beside what gradwright gives."""

    def test_the_brackets_around_two_h(self):
        """Rows D3, D5 (note 001): `/ 2*h` divides by 2 and multiplies by h."""

        def wrong(f, x):
            h = 1e-4
            return (f(x + h) - f(x - h)) / 2 * h

        assert wrong(function_1, 5) == 1.9999999999908982e-09
        assert wrong(function_1, 10) == 2.999999999986347e-09
        assert wrong(lambda x0: x0 * x0 + 4.0**2.0, 3.0) == 6.000000000003781e-08
        assert wrong(lambda x1: 3.0**2.0 + x1 * x1, 4.0) == 7.999999999999119e-08
        assert numerical_diff(function_1, 5) == pytest.approx(0.2, abs=1e-11)

    def test_a_step_that_vanishes(self):
        """Row D6 (note 001): 10e-50 is lost beside any x, in float64 too; the difference is 0 and not the slope."""
        assert np.float32(1e-50) == 0.0
        h = 10e-50
        assert (function_1(5.0 + h) - function_1(5.0)) / h == 0.0
        d = gw.derivative(function_1, 5.0, method="forward", step=h)
        assert not d.all_ok

    def test_the_sum_in_place_of_the_difference(self):
        """Note 002: `f(x-h) + f(x+h)` is twice f over 2h, 7,500 where the slope is 0.2."""

        def wrong(f, x):
            h = 1e-4
            return (f(x - h) + f(x + h)) / (2 * h)

        assert wrong(function_1, 5) == pytest.approx(function_1(5) / 1e-4)
        assert wrong(function_1, 5) == pytest.approx(7500)
        assert numerical_diff(function_1, 5) == pytest.approx(0.2, abs=1e-11)

    def test_a_matrix_in_the_version_for_vectors(self):
        """Notes 002, 003: x[idx] of a matrix is a row and a view: the index runs out, or half the slope comes out."""

        def one_axis_only(f, x):
            h = 1e-4
            grad = np.zeros_like(x)
            for idx in range(x.size):
                tmp_val = x[idx]
                x[idx] = tmp_val + h
                fxh1 = f(x)
                x[idx] = tmp_val - h
                fxh2 = f(x)
                grad[idx] = (fxh1 - fxh2) / (2 * h)
                x[idx] = tmp_val
            return grad

        net = simpleNet()
        x, t = np.array([0.6, 0.9]), np.array([0, 0, 1])
        f = lambda W: net.loss(x, t)
        right = np.outer(x, softmax(x @ net.W) - t)
        np.testing.assert_allclose(numerical_gradient(f, net.W), right, atol=1e-6)
        with pytest.raises(IndexError):
            one_axis_only(f, net.W)
        # Of one column the index does not run out; but "the value kept" moves with x, so x - h is x: a one-sided
        # difference over 2h.
        column = np.array([[3.0], [4.0]])
        total = lambda x: np.sum(x**2)
        np.testing.assert_allclose(one_axis_only(total, column), [[3], [4]], atol=1e-3)
        np.testing.assert_allclose(numerical_gradient(total, column), [[6], [8]], atol=1e-7)

    def test_an_array_of_integers(self):
        """The course's code on integers: 3 - 1e-4 becomes 2, and the gradient [25000 35000] in place of [6 8]."""

        def course(f, x):
            h = 1e-4
            grad = np.zeros_like(x)
            for idx in range(x.size):
                tmp_val = x[idx]
                x[idx] = tmp_val + h
                fxh1 = f(x)
                x[idx] = tmp_val - h
                fxh2 = f(x)
                grad[idx] = (fxh1 - fxh2) / (2 * h)
                x[idx] = tmp_val
            return grad

        assert course(function_2, np.array([3, 4])).tolist() == [25000, 35000]
        np.testing.assert_allclose(numerical_gradient(function_2, np.array([3, 4])), [6, 8], atol=1e-8)
        x = np.array([3, 4])
        for call in (numerical_gradient, gradient_descent):
            with pytest.raises(ArgumentTypeError, match="array of floats"):
                call(lambda _: function_2(x), x)
            assert x.tolist() == [3, 4]

    def test_the_sign_of_an_error(self):
        """Row L5 (note 004): prediction minus answer is 20, 15 and 10; the -10 is the answer minus the prediction."""
        y, t = np.array([90.0, 70.0, 50.0]), np.array([70.0, 55.0, 40.0])
        assert (y - t).tolist() == [20, 15, 10]
        assert ((y - t) ** 2).tolist() == [400, 225, 100]
        assert mean_squared_error(y, t) == (400 + 225 + 100) / 2
        assert gw.mean_squared_error(y, t) == pytest.approx((400 + 225 + 100) / 3)
        assert gw.functions.half_squared_error_derivative(y, t).tolist() == [20, 15, 10]

    def test_the_gradient_points_uphill(self):
        """Notes 000, 001, 003 say that it points to where f falls most; that is the way of its negative (note 002)."""
        x = np.array([3.0, 4.0])
        way = numerical_gradient(function_2, x) * 1e-3
        assert function_2(x + way) > function_2(x) > function_2(x - way)

    def test_a_start_that_is_used_twice(self):
        """The course's descent leaves its last point in init_x, so that a second run begins there; ours does not."""

        def course(f, init_x, lr=0.01, step_num=100):
            x = init_x
            for _ in range(step_num):
                grad = numerical_gradient(f, x)
                x -= lr * grad
            return x

        init_x = np.array([-3.0, 4.0])
        first, again = (course(function_2, init_x, 0.1).copy() for _ in range(2))
        assert np.abs(again).max() < 1e-6 * np.abs(first).max()
        init_x = np.array([-3.0, 4.0])
        first, again = (gradient_descent(function_2, init_x, 0.1) for _ in range(2))
        assert first.tolist() == again.tolist()
        assert init_x.tolist() == [-3.0, 4.0]

    def test_an_epoch_that_is_no_whole_number_of_steps(self):
        """Note 000: with `/` and a size that 100 does not divide, `i % iter_per_epoch == 0` holds at step 0 alone."""
        assert [i for i in range(2000) if i % max(60000 / 100, 1) == 0] == [0, 600, 1200, 1800]
        assert [i for i in range(2000) if i % max(1437 / 100, 1) == 0] == [0]
        network, data = TwoLayerNet(64, 5, 10, rng=0), gw.data.digits()
        history = gw.train(network, data, epochs=3, batch_size=100, rng=0)
        assert len(history.test_accuracy) == 3

    def test_a_rate_too_large_freezes(self):
        """Row G4 (note 001): it does not diverge but stands still where x + 1e-4 == x, far from the minimum."""
        start = np.array([-3.0, 4.0])
        after = {n: gradient_descent(function_2, start, 10.0, n) for n in (5, 100, 200)}
        np.testing.assert_allclose(after[5], start * (-19.0) ** 5, rtol=1e-3)
        np.testing.assert_array_equal(after[100], after[200])
        assert np.all(after[100] + 1e-4 == after[100])
        assert not numerical_gradient(function_2, after[100]).any()
        true = gw.gradient(function_2, after[100]).value
        np.testing.assert_allclose(true, 2 * after[100], rtol=1e-9)

    def test_digits_lost_in_copying(self):
        """Rows D2, D4 (note 004): its code gives other numbers than it prints, and 0.1999999999990898 is no 0.199."""
        printed = {10: 0.29999999999986347, 3: 6.0000000000378, 4: 7.9999999999119}
        given = {
            10: numerical_diff(function_1, 10),
            3: numerical_diff(lambda x0: x0**2 + 4.0**2, 3.0),
            4: numerical_diff(lambda x1: 3.0**2 + x1**2, 4.0),
        }
        assert given == {10: 0.2999999999986347, 3: 6.00000000000378, 4: 7.999999999999119}
        assert all(given[x] != printed[x] for x in printed)
        assert f"{numerical_diff(function_1, 5):.3f}" == "0.200"

    def test_a_step_may_be_smaller_than_the_notes_say(self):
        """Note 002: "h must be larger than 1e-4". Here a tenth of it is better; the best is between 1e-6 and 1e-4."""

        def error(h):
            return abs(float(gw.derivative(np.exp, 1.0, method="central", step=h).value) - np.e)

        assert error(1e-5) < error(1e-4) / 10
        assert error(1e-12) > error(1e-4) * 10
        curve = gw.differentiate.sweep(np.exp, 1.0)["central"]
        assert 1e-6 < curve.best_step < 1e-4

    def test_what_the_half_of_the_squared_error_is_for(self):
        """Note 004: "to keep errors of the descent small". It takes away the 2 of the derivative: y - t is left."""
        y, t = np.array([0.7, 0.2]), np.array([1.0, 0.0])
        np.testing.assert_allclose(numerical_gradient(lambda y: mean_squared_error(y, t), y), y - t, atol=1e-9)
        np.testing.assert_allclose(numerical_gradient(lambda y: np.sum((y - t) ** 2), y), 2 * (y - t), atol=1e-9)

    def test_a_plateau_is_no_local_minimum(self):
        """Note 002 calls a plateau one: there the slope is nearly 0 and f still falls, unlike at a minimum."""
        plateau = lambda x: 1 / (1 + np.exp(-x[0]))
        flat = np.array([-9.0])
        assert abs(numerical_gradient(plateau, flat)[0]) < 2e-4
        further = gradient_descent(plateau, flat, lr=100.0, step_num=100)
        assert plateau(further) < plateau(flat)

    def test_a_loss_is_no_gradient(self):
        """Note 002: "the value of the loss is the gradient". It is two of them that give one entry, apart by 2 h."""
        net, x, t = simpleNet(), np.array([0.6, 0.9]), np.array([0, 0, 1])
        middle, sides = net.W[0, 0], []
        for moved in (middle + 1e-4, middle - 1e-4):
            net.W[0, 0] = moved
            sides.append(net.loss(x, t))
        net.W[0, 0] = middle
        first = numerical_gradient(lambda W: net.loss(x, t), net.W)[0, 0]
        assert (sides[0] - sides[1]) / 2e-4 == first
        assert abs(first - net.loss(x, t)) > 0.01

    def test_a_curve_without_its_values(self):
        """Note 004 plots (x, y) where y was never set in the cell: y is function_1(x)."""
        x = np.arange(0.0, 20.0, 0.1)
        with pytest.raises(NameError):
            exec("plot(x, y)", {"x": x, "plot": lambda *_: None})
        line = gw.plot.tangent(function_1, 5.0, limits=(0.0, 20.0)).axes[0].lines[0]
        np.testing.assert_allclose(line.get_ydata(), function_1(line.get_xdata()), rtol=1e-12)

    def test_labels_where_the_course_needs_one_hot(self, rng):
        """Notes 001, 003: argmax over axis 1 of plain labels fails; ours takes both forms."""
        x, labels = rng.random((8, 6)), rng.integers(0, 3, 8)
        theirs, ours = NotesTwoLayerNet(6, 4, 3), TwoLayerNet(6, 4, 3, rng=0)
        with pytest.raises(np.exceptions.AxisError):
            theirs.accuracy(x, labels)
        assert ours.accuracy(x, labels) == ours.accuracy(x, np.eye(3)[labels])
        assert ours.loss(x, labels) == ours.loss(x, np.eye(3)[labels])
