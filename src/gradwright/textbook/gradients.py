"""The course's derivatives: central differences with its step of 1e-4, its gradient by moving entries, its descent."""

from __future__ import annotations

import math
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt

from gradwright import _validate, messages
from gradwright.differentiate import derivative
from gradwright.differentiate.calling import number_array
from gradwright.errors import ArgumentError, ArgumentTypeError, FunctionError, PrecisionWarning

STEP = 1e-4


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
    ArgumentError
        If x is read-only.
    FunctionError
        If f returns no number.

    Warns
    -----
    PrecisionWarning
        If x is of less than double precision.

    Notes
    -----
    Two evaluations of f for each entry; with integers one more for each and one at the start, to see which array f
    reads. The course's own version cuts integers to integers again after moving them: 3 - 1e-4 becomes 2, and the
    gradient of x0**2 + x1**2 at (3, 4) becomes [25000 35000]. In float32 the moved entries and the values of f are
    rounded to 7 digits, which leaves about three of the gradient; prefer float64.

    Examples
    --------
    >>> numerical_gradient(lambda x: x[0] ** 2 + x[1] ** 2, np.array([3.0, 4.0])).round(9)
    array([6., 8.])
    """
    moved = _movable(f, x)
    _warn_of_lost_digits(moved)
    return _central(f, moved)


def _central(f: Callable[..., Any], moved: npt.NDArray[Any]) -> npt.NDArray[Any]:
    grad = np.zeros_like(moved)
    for index in np.ndindex(moved.shape):
        middle = moved[index]
        try:
            moved[index] = middle + STEP
            above = _number(f, moved)
            moved[index] = middle - STEP
            below = _number(f, moved)
        finally:
            moved[index] = middle
        grad[index] = (above - below) / (2 * STEP)
    return grad


def gradient_descent(
    f: Callable[..., Any], init_x: npt.NDArray[Any], lr: float = 0.01, step_num: int = 100
) -> npt.NDArray[Any]:
    """Return where `step_num` steps of ``x -= lr * numerical_gradient(f, x)`` from `init_x` lead.

    Parameters
    ----------
    f : callable
        ``f(x) -> number``.
    init_x : ndarray of any shape
        The start. It is moved while this runs, so that an f which reads the array itself sees each step, and then put
        back, also when f raises.
    lr : float
        The learning rate; a negative one climbs.
    step_num : int
        How many steps.

    Returns
    -------
    ndarray of float, shape as init_x
        A new array.

    Raises
    ------
    ArgumentTypeError, ArgumentError, FunctionError
        As in `numerical_gradient`, or if `step_num` is no whole number of at least 0.

    Notes
    -----
    The course's own version leaves the last point in `init_x`, so that a second call with the same array starts where
    the first ended. To keep the result in a network, write ``net.W[...] = gradient_descent(...)``. Where lr is too
    large, x outgrows 1e-4 / eps, about 1e12: the step is absorbed, every difference is 0 and x stands still, far from
    any minimum. `gradwright.descend` says so.

    Examples
    --------
    >>> gradient_descent(lambda x: x[0] ** 2 + x[1] ** 2, np.array([-3.0, 4.0]), lr=0.1, step_num=100)
    array([-6.11110793e-10,  8.14814391e-10])
    """
    step_num = _validate.non_negative_int("step_num", step_num)
    if not math.isfinite(_validate.number_or_nan(lr)):  # below zero it is an ascent
        raise ArgumentError("argument.finite", name="lr", value=lr)
    moved = _movable(f, init_x)
    _warn_of_lost_digits(moved)
    start = moved.copy()
    try:
        for _ in range(step_num):
            moved -= lr * _central(f, moved)
        return moved.copy()
    finally:
        moved[...] = start


def _movable(f: Callable[..., Any], x: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """Return the array whose entries are to be moved: x itself, or of integers a copy in floats."""
    _validate.function("f", f)
    if not isinstance(x, np.ndarray) or x.dtype.kind not in "buif":
        raise ArgumentTypeError("textbook.array", kind=type(x).__name__ if not isinstance(x, np.ndarray) else x.dtype)
    if not x.flags.writeable:
        raise ArgumentError("textbook.read-only")
    if x.dtype.kind == "f":
        return x
    copy = x.astype(np.float64)
    if _reads_itself(f, x, copy):
        raise ArgumentTypeError("textbook.integers", dtype=x.dtype)
    return copy


def _warn_of_lost_digits(x: npt.NDArray[Any]) -> None:
    eps = float(np.finfo(x.dtype).eps)
    if eps > 1e-10:
        # Of f's own digits a difference over 1e-4 loses four.
        digits = max(0, round(-math.log10(eps)) - 4)
        text = messages.text("textbook.precision", dtype=x.dtype, digits=digits)
        warnings.warn(text, PrecisionWarning, stacklevel=3)


def _reads_itself(f: Callable[..., Any], x: npt.NDArray[Any], copy: npt.NDArray[Any]) -> bool:
    """Tell whether the value of f at `copy` changes with the integers in x: then it reads x and not its argument."""
    before = _number(f, copy)
    for index in np.ndindex(x.shape):
        middle = x[index]
        try:
            x[index] = middle ^ 1  # the lowest bit: the least change that every kind of integer, and bool, can hold
            if not np.array_equal(_number(f, copy), before, equal_nan=True):
                return True
        finally:
            x[index] = middle
    return False


def _number(f: Callable[..., Any], x: npt.NDArray[Any]) -> float:
    value = number_array(f(x))
    if value.size != 1:
        raise FunctionError("f.not-scalar", name="f", shape=value.shape)
    if value.dtype.kind == "c":
        raise FunctionError("f.returned-kind", name="f", kind="complex")
    return float(value.item())
