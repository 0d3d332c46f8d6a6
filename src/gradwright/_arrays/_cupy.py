"""CuPy: the host copy is explicit."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from gradwright._arrays._adapter import Adapter, Array


class CupyAdapter(Adapter):
    """CuPy on the device of each array."""

    library = "cupy"

    def to_numpy(self, array: Array) -> npt.NDArray[Any]:
        """Return a copy on the host."""
        return np.asarray(array.get())

    def from_numpy(self, values: npt.ArrayLike, like: Array) -> Array:
        """Return a new array on the device of `like`."""
        import cupy

        with like.device:
            return cupy.asarray(np.array(values))
