"""The course's `common.functions`: activations and losses, with its delta of 1e-7 in the logarithm.

For a number they give a NumPy number, as the course's own do: it can be a key, be printed and be formatted.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from gradwright import _validate, functions
from gradwright._arrays import array_of
from gradwright.errors import ShapeError
from gradwright.functions.labels import one_hot_rows
from gradwright.messages import phrase

DELTA = 1e-7


def _plain(value: Any) -> Any:
    """Return a NumPy array without axes as the number that it holds; anything else as it is."""
    return value[()] if isinstance(value, np.ndarray) else value


def step_function(x: Any) -> Any:
    """Return 1 where x is above 0 and 0 elsewhere, as integers.

    Parameters
    ----------
    x : array of any shape

    Examples
    --------
    >>> step_function(np.array([-1.0, 0.0, 2.0]))
    array([0, 0, 1])
    """
    return _plain(np.asarray(functions.step(np.asarray(_validate.real_array("x", x))) == 1, dtype=np.int_))


def sigmoid(x: Any) -> Any:
    """Return ``1 / (1 + exp(-x))``, as `gradwright.functions.sigmoid` does; a number for a number."""
    return _plain(functions.sigmoid(x))


def sigmoid_grad(x: Any) -> Any:
    """Return the derivative of `sigmoid`, ``(1 - sigmoid(x)) * sigmoid(x)``."""
    return _plain(functions.sigmoid_derivative(x))


def relu(x: Any) -> Any:
    """Return x where it is above 0 and 0 elsewhere."""
    return _plain(functions.relu(x))


def relu_grad(x: Any) -> Any:
    """Return the derivative of `relu`: 1 where x is above 0, and 0 elsewhere.

    Notes
    -----
    The course's own version has 1 at 0, though its layer passes nothing back there. There is no derivative at the kink;
    0 is what the layer, and the rest of this library, uses.
    """
    return _plain(functions.relu_derivative(x))


def identity_function(x: Any) -> Any:
    """Return x."""
    return _plain(functions.identity(x))


def softmax(x: Any) -> Any:
    """Return the exponentials over the last axis, divided by their sum."""
    return _plain(functions.softmax(x))


def mean_squared_error(y: Any, t: Any) -> float:
    """Return half the sum of squared errors, which the course calls the mean squared error.

    ``0.5 * sum((y - t)**2)``, over a batch too: no mean is taken anywhere.

    Parameters
    ----------
    y, t : array, shape (n,) or (batch, n)
        Prediction and answer.

    Raises
    ------
    ShapeError
        If the shapes differ.

    Notes
    -----
    The mean of the squares is `gradwright.mean_squared_error`; half the sum, averaged over the batch, is
    `gradwright.half_squared_error`.

    Examples
    --------
    >>> round(mean_squared_error([0.1, 0.6, 0.3], [0.0, 1.0, 0.0]), 6)
    0.13
    """
    outputs, answers = (np.asarray(_validate.real_array(name, value)) for name, value in (("y", y), ("t", t)))
    _validate.same_shape("y", outputs, "t", answers)
    return float(0.5 * np.sum((outputs - answers) ** 2))


def cross_entropy_error(y: Any, t: Any) -> float:
    r"""Return the cross-entropy with the course's delta in the logarithm.

    .. math:: E = -\frac{1}{N} \sum_n \sum_k t_{nk} \log(y_{nk} + 10^{-7})

    The delta keeps the logarithm of 0 finite and shifts every value by about 1e-7 / y; the exact value is
    `gradwright.cross_entropy`.

    Parameters
    ----------
    y : array, shape (n,) or (batch, n)
        Probabilities.
    t : array
        One-hot, shape as y; or integer labels, shape () or (batch,).

    Raises
    ------
    ShapeError, LabelError
        If t does not fit y.

    Examples
    --------
    >>> cross_entropy_error(np.array([0.1, 0.6, 0.3]), np.array([0, 1, 0]))
    0.510825457099338
    """
    probs = np.asarray(_validate.real_array("y", y))
    if probs.ndim not in (1, 2):
        raise ShapeError("array.shape", name="y", shape=probs.shape, expected=phrase("kind.row-or-rows"))
    answers = np.asarray(array_of(t, name="t"))
    if answers.ndim == probs.ndim - 1:
        answers = one_hot_rows("t", answers, probs.shape[-1], probs)
    answers = _validate.real_array("t", answers)
    _validate.same_shape("y", probs, "t", answers)
    batch = 1 if probs.ndim == 1 else len(probs)
    return float(-np.sum(answers * np.log(probs + DELTA)) / batch)


def sum_squared_error(y: Any, t: Any) -> float:
    """Return half the sum of squared errors: `mean_squared_error` under the name of the course's later editions.

    Examples
    --------
    >>> sum_squared_error([1.0, 2.0], [0.0, 0.0])
    2.5
    """
    return mean_squared_error(y, t)


def softmax_loss(X: Any, t: Any) -> float:
    """Return `cross_entropy_error` of the softmax of X.

    Examples
    --------
    >>> round(softmax_loss(np.array([0.0, 0.0]), np.array([0, 1])), 6)
    0.693147
    """
    return cross_entropy_error(softmax(X), t)
