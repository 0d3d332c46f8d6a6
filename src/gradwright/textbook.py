"""The names, arguments and constants of the from-scratch course, as doors onto the library.

Here alone live the course's step of 1e-4 and its delta of 1e-7 inside the logarithm: code written after chapter 4 gives
the numbers that the chapter prints. The library itself takes the exact logarithm and chooses its steps.
"""

from __future__ import annotations

import math
import os
from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt

from gradwright import _validate, nn
from gradwright.data import mnist
from gradwright.differentiate import derivative
from gradwright.differentiate.sampling import number_array
from gradwright.errors import ArgumentError, ArgumentTypeError, FunctionError
from gradwright.functions import identity as identity_function
from gradwright.functions import one_hot, relu, sigmoid, softmax, step
from gradwright.functions import sigmoid_derivative as sigmoid_grad

__all__ = [
    "TwoLayerNet",
    "cross_entropy_error",
    "function_1",
    "function_2",
    "gradient_descent",
    "identity_function",
    "load_mnist",
    "mean_squared_error",
    "numerical_diff",
    "numerical_gradient",
    "relu",
    "sigmoid",
    "sigmoid_grad",
    "softmax",
    "step_function",
]

STEP = 1e-4
DELTA = 1e-7

Part = tuple[npt.NDArray[Any], npt.NDArray[Any]]


def function_1(x: Any) -> Any:
    """Return ``0.01 * x**2 + 0.1 * x``, whose derivative is ``0.02 * x + 0.1``."""
    return 0.01 * x**2 + 0.1 * x


def function_2(x: Any) -> Any:
    """Return ``x[0]**2 + x[1]**2``, whose gradient is ``2 * x``."""
    return x[0] ** 2 + x[1] ** 2


def step_function(x: Any) -> npt.NDArray[np.int_]:
    """Return 1 where x is above 0 and 0 elsewhere, as integers.

    Parameters
    ----------
    x : array of any shape

    Examples
    --------
    >>> step_function(np.array([-1.0, 0.0, 2.0]))
    array([0, 0, 1])
    """
    return np.asarray(step(np.asarray(x)) == 1, dtype=np.int_)


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
    >>> numerical_diff(function_1, 5)
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

    Notes
    -----
    Two evaluations of f for each entry; with integers one more for each and one at the start, to see which array f
    reads. The course's own version cuts integers to integers again after moving them: 3 - 1e-4 becomes 2, and the
    gradient of `function_2` at (3, 4) becomes [25000 35000]. In float32 the moved entries and the values of f are
    rounded to 7 digits, which leaves about three of the gradient; prefer float64.

    Examples
    --------
    >>> numerical_gradient(function_2, np.array([3.0, 4.0])).round(9)
    array([6., 8.])
    """
    moved = _movable(f, x)
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
    >>> gradient_descent(function_2, np.array([-3.0, 4.0]), lr=0.1, step_num=100)
    array([-6.11110793e-10,  8.14814391e-10])
    """
    step_num = _validate.non_negative_int("step_num", step_num)
    if not math.isfinite(_validate.number_or_nan(lr)):  # below zero it is an ascent
        raise ArgumentError("argument.finite", name="lr", value=lr)
    moved = _movable(f, init_x)
    start = moved.copy()
    try:
        for _ in range(step_num):
            moved -= lr * numerical_gradient(f, moved)
        return moved.copy()
    finally:
        moved[...] = start


class TwoLayerNet(nn.TwoLayerNet):
    """The course's network: affine, sigmoid, affine, softmax, with parameters in float64.

    All that a `gradwright.Network` can do, it can: be trained, checked, saved.

    Parameters
    ----------
    input_size, hidden_size, output_size : int
        The numbers of inputs, hidden units and classes.
    weight_init_std : float
        The standard deviation of the first weights; biases begin at 0.
    rng : int, numpy.random.Generator or None
        The seed. None draws a fresh one: NumPy's global generator, and so ``np.random.seed``, plays no part.

    Attributes
    ----------
    params : dict of ndarray
        ``{"W1", "b1", "W2", "b2"}``, which may be changed in place.

    Raises
    ------
    ArgumentError
        If a size or `weight_init_std` is not positive.

    Notes
    -----
    `loss` is the course's, with the delta of 1e-7. `gradient` and `numerical_gradient` differentiate the exact
    cross-entropy; with y the probability of the right answer the delta would scale a sample's part by y / (y + 1e-7).

    Examples
    --------
    >>> net = TwoLayerNet(input_size=784, hidden_size=50, output_size=10, rng=0)
    >>> {name: array.shape for name, array in net.params.items()}
    {'W1': (784, 50), 'b1': (50,), 'W2': (50, 10), 'b2': (10,)}
    """

    def __init__(
        self,
        input_size: int,
        hidden_size: int,
        output_size: int,
        weight_init_std: float = 0.01,
        rng: int | np.random.Generator | None = None,
    ) -> None:
        super().__init__(
            _validate.positive_int("input_size", input_size),
            _validate.positive_int("hidden_size", hidden_size),
            _validate.positive_int("output_size", output_size),
            init=_validate.positive("weight_init_std", weight_init_std),
            rng=rng,
            dtype="float64",
        )

    def loss(self, x: Any, t: Any) -> float:
        """Return `cross_entropy_error` of the prediction.

        Parameters
        ----------
        x : array, shape (n_samples, input_size) or (input_size,)
        t : array
            One-hot rows, or integer labels.

        Raises
        ------
        ShapeError, LabelError, NonFiniteError
            If x or t does not fit.
        """
        return cross_entropy_error(self.predict(x), t)


def load_mnist(
    normalize: bool = True,
    flatten: bool = True,
    one_hot_label: bool = False,
    folder: str | os.PathLike[str] | None = None,
) -> tuple[Part, Part]:
    """Return MNIST as ``(x_train, t_train), (x_test, t_test)``.

    Parameters
    ----------
    normalize : bool
        Whether pixels are float32 from 0 to 1; otherwise uint8 from 0 to 255.
    flatten : bool
        Whether an image is a row of 784 pixels; otherwise it has the shape (1, 28, 28).
    one_hot_label : bool
        Whether an answer is a row of ten numbers with 1 at the digit (float64); otherwise it is the digit (int64).
    folder : path, optional
        A folder with the four files of MNIST; by default the user's cache, as in `gradwright.data.mnist`.

    Raises
    ------
    DataNotFoundError, DataError, DownloadError, StorageError, MissingExtraError
        As in `gradwright.data.mnist`.
    """
    data = mnist(folder)
    height, width = data.image_shape or (1, data.n_features)

    def part(x: npt.NDArray[Any], t: npt.NDArray[Any]) -> Part:
        pixels = x if normalize else np.rint(x * 255).astype(np.uint8)
        images = pixels if flatten else pixels.reshape(-1, 1, height, width)
        return images, np.eye(data.n_classes)[t] if one_hot_label else t

    return part(data.x_train, data.t_train), part(data.x_test, data.t_test)


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
    return float(value.item())
