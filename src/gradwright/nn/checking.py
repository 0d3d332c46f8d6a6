"""Backpropagation against derivatives of the loss: the gradient check of a network."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from gradwright._arrays import Array, FloatArray, adapter, to_numpy
from gradwright.check import GradientReport, check_gradient
from gradwright.nn import parameters

if TYPE_CHECKING:
    from gradwright.nn.network import Network


def check_gradients(
    net: Network, x: Array, t: Array, sample: int | None, rng: int | np.random.Generator | None
) -> GradientReport:
    """Check a sample of entries of each array, in float64 throughout.

    The rules of the way back are the same in every dtype. In float32 the gradient of a network that fits its data well
    is a difference of nearly equal numbers, and what rounding leaves of it could not be told from a mistake.
    """
    like = parameters.checked(net)
    parameters.refuse_non_finite(net)
    own = adapter(like)

    def wide(values: Array) -> Array:
        return own.from_numpy(np.asarray(to_numpy(values), dtype=np.float64), like)

    def loss(params: dict[str, FloatArray]) -> float:
        with own.float64():
            outputs = net.forward({name: wide(array) for name, array in params.items()}, wide(x))[0]
            return float(net.loss_function.value(outputs, t))

    with own.float64():
        grads = net.loss_and_gradient({name: wide(array) for name, array in net.params.items()}, wide(x), t)[1]
        gradient = {name: to_numpy(array) for name, array in grads.items()}
    point = {name: np.array(to_numpy(array), dtype=np.float64) for name, array in net.params.items()}
    return check_gradient(loss, point, gradient, sample=sample, rng=rng)
