"""The outputs of a network for tables of any length, dense or sparse; all that a prediction needs."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from gradwright.nn import Network
from gradwright.nn.fast_pass import FastPass

Numbers = npt.NDArray[Any]

#: Rows that go through the network together: their arrays stay in a core's cache.
_ROWS = 1000


def dense(rows: Any) -> Numbers:
    """Return rows of a table as an ordinary array."""
    return rows if isinstance(rows, np.ndarray) else np.asarray(rows.toarray())


class Outputs:
    """What the last layer of a network gives for each row of a table.

    Parameters
    ----------
    network : Network
        Of affine layers and activations of this library.
    n_samples : int
        The length of the longest table to come.
    """

    def __init__(self, network: Network, n_samples: int) -> None:
        self.network, self.rows = network, min(n_samples, _ROWS)
        self.dtype = network.params["W1"].dtype
        self.pass_ = FastPass(network, self.rows, self.dtype)

    def of(self, x: Any) -> Numbers:
        """Return them for `x`, an array or a sparse matrix, (n_samples, n_in), at the parameters as they are."""
        found = np.empty((x.shape[0], self.network.n_out), self.dtype)
        with np.errstate(over="ignore", invalid="ignore", under="ignore"):
            for start in range(0, len(found), self.rows):
                part = dense(x[start : start + self.rows])
                found[start : start + self.rows] = self.pass_.outputs(self.network.params, part)
        return found
