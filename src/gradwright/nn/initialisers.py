"""How weights begin: small random numbers, of a size that keeps signals alive through the layers."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from gradwright import _validate
from gradwright._arrays import FloatArray
from gradwright.errors import ArgumentError

NAMES = ("auto", "he", "xavier")


def standard_deviation(init: float | str, n_in: int, n_out: int, activation: str | None) -> float:
    r"""Return the standard deviation that weights of one layer are drawn with.

    ``"he"`` is :math:`\sqrt{2 / n_{in}}`, which keeps the variance of a signal through a ReLU, that drops half of it;
    ``"xavier"`` is :math:`\sqrt{2 / (n_{in} + n_{out})}`, a compromise between the forward and the backward pass for
    activations that are straight around 0.

    Parameters
    ----------
    init : float or {"auto", "he", "xavier"}
        A number is used as it is; ``"auto"`` is He before a ReLU and Xavier elsewhere.
    n_in, n_out : int
        The sizes of the layer.
    activation : str or None
        The kind of the layer that follows, such as ``"relu"``.

    Raises
    ------
    ArgumentError
        If `init` is neither a positive number nor one of the names.

    References
    ----------
    X. Glorot and Y. Bengio, Understanding the difficulty of training deep feedforward neural networks, AISTATS 2010,
    equation 12. K. He et al., Delving deep into rectifiers, ICCV 2015, equation 10.

    Examples
    --------
    >>> standard_deviation("auto", 50, 10, "relu")
    0.2
    """
    if not isinstance(init, str):
        return _validate.positive("init", init)
    if init not in NAMES:
        raise ArgumentError("init.unknown", value=init)
    if init == "he" or (init == "auto" and activation == "relu"):
        return math.sqrt(2.0 / n_in)
    return math.sqrt(2.0 / (n_in + n_out))


def draw(rng: np.random.Generator, shape: tuple[int, ...], std: float, dtype: Any) -> FloatArray:
    """Return normal numbers of mean 0; drawn in float64, so that a seed means the same in every dtype."""
    return (std * rng.standard_normal(shape)).astype(dtype)
