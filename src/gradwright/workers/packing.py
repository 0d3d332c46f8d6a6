"""Values on their way between processes: vectors of one kind travel as one array.

Python's way of sending an array costs some 18 us each, whatever its size: more than many functions take. As rows of
one array they cost about 2 us.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt


@dataclass(frozen=True)
class Rows:
    """Arrays of the same shape and dtype, as the rows of one."""

    block: npt.NDArray[Any]


def pack(values: Sequence[Any]) -> Rows | list[Any]:
    """Return `values` in the form to send: as `Rows` where they come back from it just as they are."""
    first = values[0] if values else None
    if type(first) is not np.ndarray or first.ndim == 0 or first.dtype.kind not in "biufc" or not first.dtype.isnative:
        return list(values)
    alike = all(
        # In C order, since a sum over an array in another order may have other last bits.
        type(value) is np.ndarray
        and value.shape == first.shape
        and value.dtype == first.dtype
        and value.flags.c_contiguous
        for value in values
    )
    return Rows(np.stack(values)) if alike else list(values)


def unpack(packed: Rows | list[Any]) -> list[Any]:
    """Return the values: each array has its own memory, as if it had been sent alone."""
    return [row.copy() for row in packed.block] if isinstance(packed, Rows) else packed
