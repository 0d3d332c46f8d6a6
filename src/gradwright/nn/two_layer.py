"""The course's network."""

from __future__ import annotations

import numpy as np

from gradwright import _validate
from gradwright.nn.layers import ACTIVATIONS, Affine
from gradwright.nn.losses import SoftmaxCrossEntropy
from gradwright.nn.network import Network


class TwoLayerNet(Network):
    """The course's network: affine, an activation, affine, softmax with cross-entropy.

    Parameters
    ----------
    n_in, n_hidden, n_out : int
        The sizes of the input, the hidden layer and the output.
    init : float or {"auto", "he", "xavier"}
        The standard deviation of the first weights; the course's 0.01 by default.
    rng : int, numpy.random.Generator or None
        The seed. None draws a fresh one.
    dtype : {"float32", "float64"}
        The dtype of the parameters.
    activation : {"sigmoid", "tanh", "relu", "identity"}
        The activation of the hidden layer.

    Examples
    --------
    >>> net = TwoLayerNet(784, 50, 10, rng=0)
    >>> sum(net.numerical_gradient_cost().values())
    79520
    """

    def __init__(
        self,
        n_in: int,
        n_hidden: int,
        n_out: int,
        init: float | str = 0.01,
        rng: int | np.random.Generator | None = None,
        dtype: str = "float32",
        activation: str = "sigmoid",
    ) -> None:
        _validate.choice("activation", activation, ACTIVATIONS)
        layers = [Affine(n_in, n_hidden), ACTIVATIONS[activation](), Affine(n_hidden, n_out)]
        super().__init__(layers, SoftmaxCrossEntropy(), init, rng, dtype)
