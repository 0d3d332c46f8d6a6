"""How good a regression is, against scikit-learn's figures."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn import metrics

from gradwright.data import Scaling
from gradwright.errors import ArgumentError, ArgumentTypeError, ShapeError
from gradwright.nn import HalfSquaredError, Network
from gradwright.training import evaluate_regression


def test_figures_are_those_of_scikit_learn_in_the_units_before():
    rng = np.random.default_rng(0)
    x, raw = rng.normal(size=(50, 4)), rng.normal(size=(50, 2)) * [3, 700] + [1, -90]
    scaling = Scaling.standard(raw)
    net = Network.of_sizes([4, 5, 2], loss=HalfSquaredError(), rng=0, dtype="float64")
    found = evaluate_regression(net, x, scaling.apply(raw), scaling)
    guess = scaling.undo(net.predict(x))
    np.testing.assert_allclose(found.answers, raw, rtol=1e-12)
    np.testing.assert_allclose(found.rmse, metrics.root_mean_squared_error(raw, guess, multioutput="raw_values"))
    np.testing.assert_allclose(found.mae, metrics.mean_absolute_error(raw, guess, multioutput="raw_values"))
    np.testing.assert_allclose(found.r2, metrics.r2_score(raw, guess, multioutput="raw_values"))
    assert found.loss == pytest.approx(net.loss(x, scaling.apply(raw)))


def test_answers_that_are_all_the_same_have_no_r2():
    net = Network.of_sizes([4, 1], loss=HalfSquaredError(), rng=0)
    found = evaluate_regression(net, np.ones((3, 4)), np.ones((3, 1)))
    assert np.isnan(found.r2[0])
    assert found.to_dict()["r2"] == [None]


def test_what_does_not_fit():
    net = Network.of_sizes([4, 1], loss=HalfSquaredError(), rng=0)
    with pytest.raises(ShapeError):
        evaluate_regression(net, np.ones((3, 4)), np.ones((2, 1)))
    with pytest.raises(ArgumentError, match="classes"):
        evaluate_regression(Network.of_sizes([4, 3], rng=0), np.ones((3, 4)), np.ones((3, 1)))


@pytest.mark.parametrize("wrong", [None, "x", 3, 3.5, [], {"a": 1}, object, Network, lambda: 0, np.zeros((3, 2, 2))])
def test_kinds_that_are_wrong(wrong):
    net = Network.of_sizes([4, 2], loss=HalfSquaredError(), rng=0)
    x, t = np.zeros((3, 4)), np.zeros((3, 2))
    with pytest.raises(ArgumentTypeError, match="`network`"):
        evaluate_regression(wrong, x, t)
    with pytest.raises((ArgumentTypeError, ShapeError), match="`x`"):
        evaluate_regression(net, wrong, t)
    with pytest.raises((ArgumentTypeError, ShapeError), match="`t`"):
        evaluate_regression(net, x, wrong)
    if wrong is not None:
        with pytest.raises(ArgumentTypeError, match="`scaling`"):
            evaluate_regression(net, x, t, wrong)


def test_shapes_that_do_not_fit():
    net = Network.of_sizes([4, 1], loss=HalfSquaredError(), rng=0)
    with pytest.raises(ShapeError, match=r"`t` has shape \(3,\), but it must have shape \(3, 1\)"):
        evaluate_regression(net, np.zeros((3, 4)), np.zeros(3))
    with pytest.raises(ShapeError, match="`scaling` has shape"):
        evaluate_regression(net, np.zeros((3, 4)), np.zeros((3, 1)), Scaling.by(2, 2))
    with pytest.raises(ArgumentTypeError, match="`t` must hold real numbers"):
        evaluate_regression(net, np.zeros((3, 4)), np.zeros((3, 1), complex))


def test_values_whose_squares_overflow_or_are_lost():
    net = Network.of_sizes([1, 1], loss=HalfSquaredError(), rng=0, dtype="float64")
    net.params = {"W1": np.array([[1.0]]), "b1": np.zeros(1)}
    for size in (1e200, 1e-200):
        scaling = Scaling(np.zeros(1), np.full(1, size))
        found = evaluate_regression(net, [[1.0], [2.0], [3.0]], [[1.0], [2.0], [6.0]], scaling)
        assert found.rmse[0] == pytest.approx(size * 3**0.5)
        assert found.r2[0] == pytest.approx(1 - 9 / 14)
        assert found.to_dict()["mae"] == [pytest.approx(size)]
