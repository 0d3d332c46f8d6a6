"""How good a network that predicts values is: how far off, and how much of the spread it explains."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from gradwright import _validate
from gradwright._arrays import array_of, to_numpy
from gradwright.data import Scaling
from gradwright.errors import ArgumentError, ShapeError
from gradwright.nn import Network


@dataclass(frozen=True)
class RegressionEvaluation:
    """How a regression does on a set.

    Attributes
    ----------
    loss : float
        Half the squared error, in the units that the network was trained in.
    rmse, mae, r2 : ndarray, shape (n_values,)
        For each value to predict: the root of the mean squared error and the mean absolute error, in its own unit, and
        the coefficient of determination: 1 is perfect, 0 as good as the mean. NaN where all answers are the same.
    answers, predictions : ndarray, shape (n_samples, n_values)
        In their own units.
    """

    loss: float
    rmse: npt.NDArray[np.float64]
    mae: npt.NDArray[np.float64]
    r2: npt.NDArray[np.float64]
    answers: npt.NDArray[np.float64]
    predictions: npt.NDArray[np.float64]

    def to_dict(self) -> dict[str, Any]:
        """Return everything but the samples as plain values that JSON can hold; None for what is not finite."""

        def plain(values: npt.NDArray[np.float64]) -> list[float | None]:
            return [float(value) if np.isfinite(value) else None for value in values]

        scores = {name: plain(getattr(self, name)) for name in ("rmse", "mae", "r2")}
        return {"loss": self.loss, "n_samples": len(self.answers), **scores}


def evaluate_regression(network: Network, x: Any, t: Any, scaling: Scaling | None = None) -> RegressionEvaluation:
    r"""Evaluate a network that predicts values.

    .. math:: \text{RMSE} = \sqrt{\tfrac{1}{N} \sum_n (y_n - t_n)^2}, \quad
        \text{MAE} = \tfrac{1}{N} \sum_n |y_n - t_n|, \quad
        R^2 = 1 - \frac{\sum_n (y_n - t_n)^2}{\sum_n (t_n - \bar t)^2}

    Parameters
    ----------
    network : Network
        With a loss for values, such as `HalfSquaredError`.
    x : array, shape (n_samples, n_in)
    t : array, shape (n_samples, n_values)
    scaling : Scaling, optional
        What was done to the values before training (`Dataset.target_scaling`): the errors are told in the units before.

    Returns
    -------
    RegressionEvaluation

    Raises
    ------
    ArgumentError, ArgumentTypeError
        If the network classifies, or something is of another kind.
    ShapeError, NonFiniteError
        If x or t does not fit.

    Examples
    --------
    >>> from gradwright.nn import Affine, HalfSquaredError
    >>> net = Network([Affine(1, 1)], HalfSquaredError(), rng=0)
    >>> net.params = {"W1": np.array([[2.0]]), "b1": np.zeros(1)}
    >>> found = evaluate_regression(net, [[1.0], [2.0]], [[2.0], [6.0]])
    >>> found.mae, found.r2
    (array([1.]), array([0.5]))
    """
    _validate.instance("network", network, Network)
    if network.loss_function.classifies:
        raise ArgumentError("evaluation.classifies", loss=type(network.loss_function).__name__)
    if scaling is not None:
        _validate.instance("scaling", scaling, Scaling)
        if len(scaling.mean) != network.n_out:
            raise ShapeError("array.shape", name="scaling", shape=scaling.mean.shape, expected=(network.n_out,))
    samples = array_of(x, name="x")
    if samples.ndim != 2:
        raise ShapeError("network.input", shape=tuple(samples.shape), n_in=network.n_in)
    answers = np.asarray(to_numpy(_validate.real_array("t", t)), np.float64)
    expected = (int(samples.shape[0]), network.n_out)
    if answers.shape != expected:
        raise ShapeError("array.shape", name="t", shape=answers.shape, expected=expected)
    loss = network.loss(samples, answers)
    predictions = np.asarray(to_numpy(network.predict(samples)), np.float64)
    if scaling is not None:
        answers, predictions = scaling.undo(answers), scaling.undo(predictions)
    with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
        errors = predictions - answers
        apart = answers - answers.mean(axis=0)
        rmse, spread = _root_mean_square(errors), _root_mean_square(apart)
        r2 = np.where(spread > 0, 1 - (rmse / spread) ** 2, np.nan)
        return RegressionEvaluation(loss, rmse, np.abs(errors).mean(axis=0), r2, answers, predictions)


def _root_mean_square(values: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Return it of each column; of shares of the largest, so that no square overflows or is lost."""
    largest = np.abs(values).max(axis=0)
    unit = np.where(largest > 0, largest, 1.0)
    return np.asarray(unit * np.sqrt(((values / unit) ** 2).mean(axis=0)))
