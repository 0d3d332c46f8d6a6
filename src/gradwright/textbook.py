"""The names, arguments and constants of the from-scratch course, as doors onto the library.

Here alone live the course's step of 1e-4 and its delta of 1e-7 inside the logarithm: code written after chapter 4 gives
the numbers that the chapter prints. The library itself takes the exact logarithm and chooses its steps.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt

from gradwright import _validate
from gradwright.differentiate import derivative
from gradwright.differentiate.sampling import number_array
from gradwright.errors import ArgumentTypeError, FunctionError
from gradwright.functions import half_squared_error, one_hot, relu, sigmoid, softmax
from gradwright.functions import sigmoid_derivative as sigmoid_grad

__all__ = [
    "cross_entropy_error",
    "mean_squared_error",
    "numerical_diff",
    "numerical_gradient",
    "relu",
    "sigmoid",
    "sigmoid_grad",
    "softmax",
]

STEP = 1e-4
DELTA = 1e-7


def mean_squared_error(y: Any, t: Any) -> Any:
    """Return half the sum of squared errors, which the course calls the mean squared error.

    ``0.5 * sum((y - t)**2)``, the mean of it over a batch. The mean of the squares is `gradwright.mean_squared_error`.

    Parameters
    ----------
    y, t : array, shape (n,) or (batch, n)
        Prediction and answer.

    Examples
    --------
    >>> round(float(mean_squared_error([0.1, 0.6, 0.3], [0.0, 1.0, 0.0])), 6)
    0.13
    """
    return half_squared_error(y, t)


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
    answers = np.asarray(t)
    if answers.ndim == probs.ndim - 1:
        answers = one_hot(answers, probs.shape[-1], like=probs)
    _validate.same_shape("y", probs, "t", answers)
    batch = 1 if probs.ndim == 1 else len(probs)
    return float(-np.sum(answers * np.log(probs + DELTA)) / batch)


def numerical_diff(f: Callable[..., Any], x: Any) -> Any:
    """Return the central difference with the course's step, ``(f(x + h) - f(x - h)) / (2 * h)`` with h = 1e-4.

    Parameters
    ----------
    f : callable
        A function of one variable.
    x : float or array
        The point or points.

    Examples
    --------
    >>> numerical_diff(lambda x: 0.01 * x**2 + 0.1 * x, 5)
    0.1999999999990898
    """
    return derivative(f, x, method="central", step=STEP).value


def numerical_gradient(f: Callable[..., Any], x: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """Return the gradient by central differences with h = 1e-4, moving the entries of `x` itself, one by one.

    So a function that ignores its argument and reads the same array, as ``lambda W: net.loss(x, t)`` does, sees the
    change. Each entry is put back exactly, also when f raises. Integers cannot be moved by 1e-4: of such an array f
    gets a copy in floats, and must read its argument.

    Parameters
    ----------
    f : callable
        ``f(x) -> number``.
    x : ndarray of any shape
        The point.

    Returns
    -------
    ndarray of float, shape as x

    Raises
    ------
    ArgumentTypeError
        If x is no array, or holds integers while f reads the array itself.
    FunctionError
        If f returns no number.

    Examples
    --------
    >>> numerical_gradient(lambda x: x[0] ** 2 + x[1] ** 2, np.array([3.0, 4.0])).round(9)
    array([6., 8.])
    """
    _validate.function("f", f)
    if not isinstance(x, np.ndarray) or x.dtype.kind not in "buif":
        raise ArgumentTypeError("textbook.array", kind=type(x).__name__ if not isinstance(x, np.ndarray) else x.dtype)
    moved = x if x.dtype.kind == "f" else x.astype(np.float64)
    unmoved = None if moved is x else _number(f, moved)
    seen = moved is x
    grad = np.zeros(x.shape, moved.dtype)
    for index in np.ndindex(x.shape):
        middle = moved[index]
        try:
            moved[index] = middle + STEP
            above = _number(f, moved)
            moved[index] = middle - STEP
            below = _number(f, moved)
        finally:
            moved[index] = middle
        grad[index] = (above - below) / (2 * STEP)
        seen = seen or above != unmoved or below != unmoved
    if not seen:
        raise ArgumentTypeError("textbook.integers", dtype=x.dtype)
    return grad


def _number(f: Callable[..., Any], x: npt.NDArray[Any]) -> float:
    value = number_array(f(x))
    if value.size != 1:
        raise FunctionError("f.not-scalar", name="f", shape=value.shape)
    return float(value.item())
