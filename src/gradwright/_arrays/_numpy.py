"""NumPy: the namespace is NumPy itself, which speaks the standard since version 2."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from gradwright._arrays._adapter import Adapter, Array


class NumpyAdapter(Adapter):
    """NumPy, without the detour through array-api-compat: that import alone takes 0.1 s."""

    library = "numpy"

    def namespace(self, array: Array) -> Any:
        """Return NumPy."""
        return np

    def to_numpy(self, array: Array) -> npt.NDArray[Any]:
        """Return the array itself, as a base ndarray."""
        return np.asarray(array)

    def from_numpy(self, values: npt.ArrayLike, like: Array) -> Array:
        """Return a copy that can be written to."""
        return np.array(values)

    def brought(self, array: Array, like: Array, dtype: str) -> Array:
        """Return the array itself where it has the dtype."""
        return np.asarray(array, dtype=dtype)

    def device_name(self, array: Array) -> str:
        """Return ``cpu``: there is no other."""
        return "cpu"
