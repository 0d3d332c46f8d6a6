"""The names, arguments and constants of the from-scratch course, as doors onto the library.

Here alone live the course's step of 1e-4 and its delta of 1e-7 inside the logarithm: code written after chapter 4 gives
the numbers that the chapter prints. The library itself takes the exact logarithm and chooses its steps.
"""

from __future__ import annotations

import os
from typing import Any

import numpy as np
import numpy.typing as npt

from gradwright import _validate, nn
from gradwright.data import mnist
from gradwright.errors import ArgumentTypeError
from gradwright.textbook.functions import (
    cross_entropy_error,
    identity_function,
    mean_squared_error,
    relu,
    relu_grad,
    sigmoid,
    sigmoid_grad,
    softmax,
    softmax_loss,
    step_function,
    sum_squared_error,
)
from gradwright.textbook.gradients import gradient_descent, numerical_diff, numerical_gradient

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
    "relu_grad",
    "sigmoid",
    "sigmoid_grad",
    "softmax",
    "softmax_loss",
    "step_function",
    "sum_squared_error",
]

Part = tuple[npt.NDArray[Any], npt.NDArray[Any]]


def function_1(x: Any) -> Any:
    """Return ``0.01 * x**2 + 0.1 * x``, whose derivative is ``0.02 * x + 0.1``."""
    try:
        return 0.01 * x**2 + 0.1 * x
    except (TypeError, OverflowError):
        raise ArgumentTypeError("array.not-array", name="x", kind=type(x).__name__) from None


def function_2(x: Any) -> Any:
    """Return ``x[0]**2 + x[1]**2``, whose gradient is ``2 * x``."""
    try:
        return x[0] ** 2 + x[1] ** 2
    except (TypeError, LookupError):
        raise ArgumentTypeError("textbook.two-numbers", kind=type(x).__name__) from None


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
    if folder is not None:
        folder = _validate.path("folder", folder)
    normalize, flatten = _validate.flag("normalize", normalize), _validate.flag("flatten", flatten)
    one_hot_label = _validate.flag("one_hot_label", one_hot_label)
    data = mnist(folder)
    height, width = data.image_shape or (1, data.n_features)

    def part(x: npt.NDArray[Any], t: npt.NDArray[Any]) -> Part:
        pixels = x if normalize else np.rint(x * 255).astype(np.uint8)
        images = pixels if flatten else pixels.reshape(-1, 1, height, width)
        return images, np.eye(data.n_classes)[t] if one_hot_label else t

    return part(data.x_train, data.t_train), part(data.x_test, data.t_test)
