"""The protocol that every array library is brought to, and its default: any library of the array API standard."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

#: An array of any library. The standard has no common base class to name here.
Array: TypeAlias = Any
FloatArray: TypeAlias = npt.NDArray[np.float64]


class Adapter:
    """Access to one array library beyond the array API standard; this base suits any library of the standard.

    Attributes
    ----------
    library : str
        The name that messages use.
    mixes_dtypes : bool
        Whether float32 and float64 can be multiplied as matrices.
    """

    library = "array-api"
    mixes_dtypes = True

    def namespace(self, array: Array) -> Any:
        """Return the array API namespace of `array`."""
        import array_api_compat

        return array_api_compat.array_namespace(array)

    def to_numpy(self, array: Array) -> npt.NDArray[Any]:
        """Return `array` on the host; it may share memory with `array`, so it is never written to."""
        return np.asarray(np.from_dlpack(array))

    def from_numpy(self, values: npt.ArrayLike, like: Array) -> Array:
        """Return a new array of this library, with the values and dtype of `values`, on the device of `like`."""
        return self.namespace(like).asarray(np.array(values), copy=True, device=like.device)

    def dtype_name(self, array: Array) -> str:
        """Return the dtype's plain name, such as ``float32``."""
        return str(array.dtype).rpartition(".")[2]

    def device_name(self, array: Array) -> str:
        """Return the device's name; two arrays can be computed with together where it is the same."""
        return str(getattr(array, "device", "cpu"))

    def is_traced(self, array: Array) -> bool:
        """Tell whether `array` stands for values that cannot be looked at, as inside ``jax.jit``."""
        return False

    def successor(self, old: Array, new: Array) -> Array:
        """Return `new` in the role of `old`: apart from the graph that computed it, recording one where `old` does."""
        return new

    @contextlib.contextmanager
    def float64(self) -> Iterator[None]:
        """Let the library compute in float64 inside the block, whatever its settings outside."""
        yield
