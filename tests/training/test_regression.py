"""How good a regression is, against scikit-learn's figures."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn import metrics

from gradwright.data import Scaling
from gradwright.errors import ArgumentError, ShapeError
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
