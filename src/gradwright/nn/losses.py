"""The last step of a network: from its outputs and the answers to one number, and back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from gradwright._arrays import Array
from gradwright.functions import (
    cross_entropy_with_logits,
    cross_entropy_with_logits_derivative,
    half_squared_error,
    half_squared_error_derivative,
    softmax,
)


class Loss:
    """Base of the losses of a network.

    Attributes
    ----------
    kind : str
        The name by which files know the loss.
    classifies : bool
        Whether the answers are classes, so that there is an accuracy.
    """

    kind: ClassVar[str] = ""
    classifies: ClassVar[bool] = False

    def predict(self, outputs: Array) -> Array:
        """Return what the network predicts, from the outputs of its last layer."""
        return outputs

    def value(self, outputs: Array, t: Array) -> Array:
        """Return the loss, a 0-d array: the mean over the batch."""
        raise NotImplementedError

    def gradient(self, outputs: Array, t: Array) -> Array:
        """Return the gradient of the loss with respect to `outputs`, of their shape."""
        raise NotImplementedError


@dataclass(frozen=True)
class SoftmaxCrossEntropy(Loss):
    r"""Softmax and cross-entropy in one, for classification.

    .. math:: L = -\frac{1}{N} \sum_n \sum_k t_{nk} \log y_{nk}, \quad y = \mathrm{softmax}(a), \qquad
        \frac{\partial L}{\partial a} = \frac{y - t}{N}

    Computed from the logits a, so it is exact where the probabilities would round to 0. `t` is integer labels, one-hot
    or any distribution.

    Examples
    --------
    >>> import numpy as np
    >>> loss = SoftmaxCrossEntropy()
    >>> round(float(loss.value(np.array([[0.0, 0.0]]), np.array([1]))), 6)
    0.693147
    >>> loss.gradient(np.array([[0.0, 0.0]]), np.array([1]))
    array([[ 0.5, -0.5]])
    """

    kind: ClassVar[str] = "softmax-cross-entropy"
    classifies: ClassVar[bool] = True

    def predict(self, outputs: Array) -> Array:
        """Return probabilities: each row sums to 1."""
        return softmax(outputs)

    def value(self, outputs: Array, t: Array) -> Array:
        """Return the mean cross-entropy in nats."""
        return cross_entropy_with_logits(outputs, t)

    def gradient(self, outputs: Array, t: Array) -> Array:
        """Return (y - t) / N."""
        return cross_entropy_with_logits_derivative(outputs, t)


@dataclass(frozen=True)
class HalfSquaredError(Loss):
    r"""Half the squared error, for regression.

    .. math:: L = \frac{1}{2N} \sum_n \sum_k (y_{nk} - t_{nk})^2, \qquad \frac{\partial L}{\partial y} = \frac{y - t}{N}
    """

    kind: ClassVar[str] = "half-squared-error"

    def value(self, outputs: Array, t: Array) -> Array:
        """Return the mean over the batch of half the sum of squares."""
        return half_squared_error(outputs, t)

    def gradient(self, outputs: Array, t: Array) -> Array:
        """Return (y - t) / N."""
        return half_squared_error_derivative(outputs, t)


LOSSES: dict[str, type[Loss]] = {kind.kind: kind for kind in (SoftmaxCrossEntropy, HalfSquaredError)}
