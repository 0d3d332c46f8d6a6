"""The gradient of a batch as the sum of those of its halves, side by side on two threads.

BLAS has threads of its own, but they wait for each other at every product: where other work keeps the cores busy, a
step of scikit-learn's was seen to take 37 ms in the place of 1 (784-50-10, float64, two cores and one other process).
Here the two halves meet once a step, and a half that no core was free to begin is done by whoever is done with his own.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import Executor
from typing import Any

import numpy as np
import numpy.typing as npt

from gradwright.nn import Network
from gradwright.nn.fast_pass import FastPass

Numbers = npt.NDArray[Any]
#: From the pass whose arrays they may lie in, and the place in the batch: the samples, answers and weights of a part.
Part = Callable[[FastPass, slice], tuple[Numbers, Numbers, Numbers | None]]

#: It pays from so many samples times bytes of parameters on: to wake another thread, and to wait for the interpreter's
#: lock, takes 0.1 ms. (A thread that looks out for work awake holds that lock too often, and the step takes longer.)
_MUCH = 5 * 10**7


class Halves:
    """Loss and gradient of a batch, as `FastPass` gives them to rounding.

    The halves are the same however many threads there are, and so are the bits.

    Parameters
    ----------
    network : Network
        One that `FastPass` suits.
    whole : FastPass
        For batches as a whole; the gradient is written into its own.
    n_samples : int
        The largest batch.
    """

    def __init__(self, network: Network, whole: FastPass, n_samples: int) -> None:
        size, decays = (n_samples + 1) // 2, (whole.weight_decay, 0.0)  # the decay of the weights counts once
        self._whole, self._passes = whole, [FastPass(network, size, whole.dtype, decay) for decay in decays]

    @staticmethod
    def pay(whole: FastPass, n_samples: int) -> bool:
        """Tell whether so many samples are enough work for two threads."""
        return n_samples * whole.size * whole.dtype.itemsize >= _MUCH

    def loss_and_gradient(
        self, params: Mapping[str, Numbers], count: int, part: Part, thread: Executor | None
    ) -> tuple[float, dict[str, Numbers]]:
        """Return the mean loss of a batch of `count` samples, and its gradient; `thread` may do the second half."""
        cut = count // 2

        def half(i: int) -> float:
            own = self._passes[i]
            with np.errstate(over="ignore", invalid="ignore", under="ignore"):  # each thread has its own
                samples = part(own, slice(cut) if i == 0 else slice(cut, count))
                return own.loss_and_gradient(params, *samples, total=count)[0]

        # `cancel` tells whether nobody has begun it.
        other = None if thread is None else thread.submit(half, 1)
        loss = half(0)
        loss += half(1) if other is None or other.cancel() else other.result()
        np.add(self._passes[0].gradient, self._passes[1].gradient, out=self._whole.gradient)
        return loss, self._whole.grads
