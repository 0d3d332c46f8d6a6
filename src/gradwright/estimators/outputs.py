"""The outputs of a network for tables of any length, dense or sparse; all that a prediction needs."""

from __future__ import annotations

from contextlib import nullcontext
from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt

from gradwright.nn import Network
from gradwright.nn.fast_pass import FastPass
from gradwright.workers.blas import kept_limit, threads_allowed
from gradwright.workers.threads import side_by_side

Numbers = npt.NDArray[Any]

#: Rows that go through the network together; samples times parameters that are worth more threads than one.
_ROWS, _MUCH = 1000, 2 * 10**7


def dense(rows: Any) -> Numbers:
    """Return rows of a table as an ordinary array."""
    return rows if isinstance(rows, np.ndarray) else np.asarray(rows.toarray())


class Outputs:
    """What the last layer of a network gives for each row of a table.

    The bits do not depend on the number of threads: each thread takes whole parts, one after another, which is also why
    one that gets no core holds nobody up.

    Parameters
    ----------
    network : Network
        Of affine layers and activations of this library, with parameters of NumPy.
    n_samples : int
        The length of the longest table to come.
    """

    def __init__(self, network: Network, n_samples: int) -> None:
        self.network, self._rows = network, max(1, min(n_samples, _ROWS))
        self.dtype = network.params["W1"].dtype
        self._first = FastPass(network, self._rows, self.dtype)
        # Threads only for what takes a millisecond or more: to start them takes a tenth of one.
        much = n_samples * self._first.size >= _MUCH
        self._threads = min(threads_allowed(), -(-n_samples // self._rows)) if much else 1

    def of(self, x: Any) -> Numbers:
        """Return them for `x`, an array or a sparse matrix, (n_samples, n_in), at the parameters as they are."""
        found = np.empty((x.shape[0], self.network.n_out), self.dtype)
        passes = [self._first, *(FastPass(self.network, self._rows, self.dtype) for _ in range(1, self._threads))]

        def part(start: int) -> None:
            rows, own = slice(start, start + self._rows), passes.pop()
            with np.errstate(over="ignore", invalid="ignore", under="ignore"):  # each thread has its own
                found[rows] = own.outputs(self.network.params, dense(x[rows]))
            passes.append(own)

        # A single part is left to BLAS, and to its threads.
        with kept_limit()() if len(found) > self._rows else nullcontext():
            side_by_side([partial(part, start) for start in range(0, len(found), self._rows)], self._threads)
        return found
