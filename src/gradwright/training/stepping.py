"""One step of a run: the samples of a batch, their gradient, and what the optimizer makes of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt

from gradwright._arrays import Array, to_numpy
from gradwright.descent import Optimizer
from gradwright.nn import Network, differences
from gradwright.nn.numerical import numerical_gradient
from gradwright.training import placement
from gradwright.training.ahead import Ahead
from gradwright.training.batches import Batches
from gradwright.training.fast_steps import FastSteps

GRADIENTS = ("backprop", "numerical")
_STEP = 1e-4  # of the numerical gradient, as in the course


class Stepping:
    """Computes steps of a network, which it leaves as it is.

    Parameters
    ----------
    network : Network
    gradient : {"backprop", "numerical"}
        How the gradient is found.
    x, t : array, ndarray
        The samples and answers to train on.
    batches : Batches
        Which of them make a batch.

    Attributes
    ----------
    fast : FastSteps or None
        The quick way, where network and samples are known.
    ahead : Ahead or None
        What gathers batches on another thread, while there is one.
    """

    def __init__(self, network: Network, gradient: str, x: Array, t: npt.NDArray[Any], batches: Batches) -> None:
        self._network, self._gradient, self._x, self._t, self._batches = network, gradient, x, t, batches
        self._differences = differences.NumericalGradient(network, _STEP)
        self.fast = FastSteps.of(network, x, t, batches.batch_size) if gradient == "backprop" else None
        self.ahead: Ahead | None = None

    def step(
        self, numbers: npt.NDArray[np.int64], optimizer: Optimizer, state: dict[str, Any]
    ) -> tuple[float, dict[str, Array], dict[str, Any]]:
        """Return the loss of the batch of these samples, and parameters and state of the optimizer after the step."""
        params = self._network.params
        fast = self.fast if self.fast is not None and self.fast.fits(self._network, optimizer) else None
        batch, answers = self._batch(numbers, fast)
        if fast is not None:
            return fast.step(params, state, batch, answers, optimizer)
        look, grads = self._loss_and_gradient(batch, answers)
        after, state = optimizer.update(grads, state, params)
        return look(), after, state  # the look waits for a device, which is by then told all of the step

    def _batch(self, numbers: npt.NDArray[np.int64], fast: FastSteps | None) -> tuple[Array, npt.NDArray[Any]]:
        if self._batches.whole:
            return self._x, self._t
        batch = None if self.ahead is None else self.ahead.rows(numbers)
        if batch is None:
            batch = placement.rows(self._x, numbers) if fast is None else fast.pass_.rows(self._x, numbers)
        return batch, self._t[numbers]

    def _loss_and_gradient(self, batch: Array, answers: Array) -> tuple[Callable[[], float], dict[str, Array]]:
        """Return what looks at the loss, and the gradient."""
        network, loss = self._network, self._network.loss_function
        if self._gradient == "backprop":
            value, grads = network.loss_and_gradient(network.params, batch, answers)
            # By way of the host: torch warns where a tensor that records gradients is made a number.
            return lambda: float(to_numpy(value)), grads
        if differences.suits(network):
            outputs, wide = self._differences(batch, answers)
            look = lambda: float(loss.value(to_numpy(outputs), answers))  # noqa: E731
        else:
            value = loss.value(network.forward(network.params, batch)[0], answers)
            wide = numerical_gradient(network, batch, answers, _STEP)
            look = lambda: float(to_numpy(value))  # noqa: E731
        return look, {name: placement.cast(wide[name], weight) for name, weight in network.params.items()}
