"""How many answers of a network are right."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from gradwright._arrays import Array, to_numpy
from gradwright.nn import inputs
from gradwright.nn.own_parameters import outputs_of

if TYPE_CHECKING:
    from gradwright.nn.network import Network

#: Full sets go through in chunks of this many samples, so that memory does not grow with the set.
_CHUNK = 8192


def share_of_right(net: Network, batch: Array, answers: Array) -> float:
    """Return the share of samples whose most probable class is the answer."""
    labels = inputs.class_labels(answers, net.n_out)
    right = 0
    count = int(batch.shape[0])
    for start in range(0, count, _CHUNK):
        stop = min(start + _CHUNK, count)
        outputs = outputs_of(net, batch[start:stop, ...])
        right += int(np.count_nonzero(to_numpy(outputs).argmax(axis=1) == labels[start:stop]))
    return right / count
