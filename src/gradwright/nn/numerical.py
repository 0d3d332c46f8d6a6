"""The numerical gradient of a network: each parameter moved by h to both sides, the whole network run each time."""

from __future__ import annotations

import math
import warnings
from typing import TYPE_CHECKING

import numpy as np

from gradwright import messages
from gradwright._arrays import Array, FloatArray, adapter, namespace, to_numpy
from gradwright.errors import CostWarning
from gradwright.nn import differences, parameters

if TYPE_CHECKING:
    from gradwright.nn.network import Network

#: From this many evaluations on, the cost is told: a 784x10 layer takes 15,680.
_EXPENSIVE = 10_000


def cost(net: Network) -> dict[str, int]:
    """Return the number of evaluations of the loss for each parameter array: two for each entry."""
    return {name: 2 * math.prod(shape) for name, shape in parameters.shapes(net).items()}


def cost_text(net: Network, lang: str | None = None) -> str:
    """Return the cost in words, array by array."""
    parts = cost(net)
    return messages.text(
        "cost.told", lang, evaluations=sum(parts.values()), parts=", ".join(f"{k} {n:,}" for k, n in parts.items())
    )


def warn_of_cost(net: Network) -> None:
    """Warn where a numerical gradient is expensive: in the plain way, if it is large."""
    if not differences.suits(net) and sum(cost(net).values()) >= _EXPENSIVE:
        warnings.warn(cost_text(net), CostWarning, stacklevel=3)


def numerical_gradient(net: Network, x: Array, t: Array, step: float) -> dict[str, Array]:
    """Return the central difference for every parameter of `net`, in its library and float64."""
    return (differences.numerical_gradient if differences.suits(net) else run_by_run)(net, x, t, step)


def run_by_run(net: Network, x: Array, t: Array, step: float) -> dict[str, Array]:
    """Return the same in the plain way, by two runs of the whole network for each parameter.

    The parameters of the network are not touched: a float64 copy is moved, entry by entry, and put back exactly.
    """
    like = parameters.checked(net)
    own = adapter(like)
    host = {name: np.array(to_numpy(array), dtype=np.float64) for name, array in net.params.items()}
    grads: dict[str, FloatArray] = {}
    with own.float64():
        batch = own.from_numpy(np.asarray(to_numpy(x), dtype=np.float64), like)
        params = {name: own.from_numpy(array, like) for name, array in host.items()}
        for name, array in host.items():
            grads[name] = np.empty_like(array)
            for index in np.ndindex(array.shape):
                middle = array[index]
                sides = []
                for moved in (middle + step, middle - step):
                    array[index] = moved
                    params[name] = own.from_numpy(array, like)
                    sides.append(float(net.loss_function.value(net.forward(params, batch)[0], t)))
                array[index] = middle
                grads[name][index] = (sides[0] - sides[1]) / (2 * step)
            params[name] = own.from_numpy(array, like)
        if namespace(like) is not np:
            return {name: own.from_numpy(array, like) for name, array in grads.items()}
    return grads
