"""What a network computes at its own parameters, where numbers that are not finite are an error and not a result."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from gradwright._arrays import Array, adapter, namespace, to_numpy
from gradwright.errors import NonFiniteError
from gradwright.nn import parameters

if TYPE_CHECKING:
    from gradwright.nn.network import Network


def outputs_of(net: Network, batch: Array) -> Array:
    """Return the outputs of the last layer for a batch.

    Raises
    ------
    NonFiniteError
        If one is NaN or infinite; it names the parameter that is, if one is. The parameters are only looked into then:
        on a good day this costs a look at the outputs. Outputs that are traced are let through.
    """
    with np.errstate(over="ignore", invalid="ignore"):  # told in words
        outputs = net.forward(net.params, batch)[0]
    if adapter(outputs).is_traced(outputs):
        return outputs
    xp = namespace(outputs)
    if not bool(xp.all(xp.isfinite(outputs))):
        parameters.refuse_non_finite(net)
        raise NonFiniteError("network.overflow", dtype=adapter(outputs).dtype_name(outputs))
    return outputs


def gradient_of(net: Network, batch: Array, answers: Array) -> dict[str, Array]:
    """Return the gradient of the loss; errors as in `outputs_of`."""
    with np.errstate(over="ignore", invalid="ignore"):
        loss, grads = net.loss_and_gradient(net.params, batch, answers)
    if not adapter(loss).is_traced(loss) and not math.isfinite(to_numpy(loss)):
        outputs_of(net, batch)
    return grads


def is_plain(net: Network) -> bool:
    """Tell whether nobody has put another way through the network in the place of its own."""
    methods = (type(net).forward, type(net).loss_and_gradient)
    own = all(getattr(method, "__module__", "") == "gradwright.nn.network" for method in methods)
    return own and vars(net).keys().isdisjoint(("forward", "loss_and_gradient"))
