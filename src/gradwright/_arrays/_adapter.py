"""The protocol that every array library is brought to, and its default: any library of the array API standard."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Protocol, TypeAlias

import numpy as np
import numpy.typing as npt

from gradwright.errors import ArgumentTypeError

#: An array of any library. The standard has no common base class to name here.
Array: TypeAlias = Any
FloatArray: TypeAlias = npt.NDArray[np.float64]
#: The libraries with automatic differentiation, as messages name them.
DIFFERENTIATING = "torch, jax"


class Container(Protocol):
    """An object that holds arrays under names, such as a ``torch.nn.Module``, and stays as it is.

    What is run is a copy of it: the same one in every call, so that what an object remembers from call to call is seen.
    """

    def arrays(self) -> dict[str, Array]:
        """Return what may be differentiated by, by name; an array that has several names under the first of them."""

    def holding(self, arrays: dict[str, Array]) -> Any:
        """Return a copy of the object that holds `arrays`; all else in it is as it was at the start."""

    def changed(self, arrays: dict[str, Array]) -> None:
        """Write into `arrays` what the copy that got them holds now."""

    def gradient(self, f: Callable[[Any], Any], arrays: dict[str, Array]) -> dict[str, Array]:
        """Return the gradient of a function of the object, by automatic differentiation, where it holds `arrays`."""


class Adapter:
    """Access to one array library beyond the array API standard; this base suits any library of the standard.

    Attributes
    ----------
    library : str
        The name that messages use.
    mixes_dtypes : bool
        Whether float32 and float64 can be multiplied as matrices.
    differentiates : bool
        Whether the library has automatic differentiation: see `gradient`.
    """

    library = "array-api"
    mixes_dtypes = True
    differentiates = False

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

    def brought(self, array: Array, like: Array, dtype: str) -> Array:
        """Return `array`, of this library or NumPy's, in a dtype on the device of `like`, apart from any graph."""
        return self.from_numpy(np.asarray(self.to_numpy(array), dtype=dtype), like)

    def taken(self, array: Array, places: Array, axis: int) -> Array:
        """Return the slices of `array` at `places` along an axis; none of them counts from the end."""
        return self.namespace(array).take(array, places, axis=axis)

    def counted(self, start: int, stop: int, like: Array) -> Array:
        """Return the integers from `start` up to but without `stop`, on the device of `like`."""
        return self.namespace(like).arange(start, stop, device=like.device)

    def replayed(self, function: Callable[..., list[Array]]) -> Callable[..., list[Array]]:
        """Return `function`, of arrays to arrays, in a way that is faster after the first calls with the same shapes.

        What is returned is valid until the next call. The function must not look at a number.
        """
        return function

    def sums_of_parts(self, rows: Array, counts: Array) -> Array:
        """Return the sums of the first ``counts[0]`` rows, of the next ``counts[1]``, and so on: (parts, columns)."""
        host, lengths = self.to_numpy(rows), np.asarray(self.to_numpy(counts))
        sums, some = np.zeros((len(lengths), host.shape[1]), host.dtype), np.flatnonzero(lengths)
        if some.size:
            sums[some] = np.add.reduceat(host, np.cumsum(lengths[some]) - lengths[some], axis=0)
        return self.from_numpy(sums, rows)

    def dtype_name(self, array: Array) -> str:
        """Return the dtype's plain name, such as ``float32``."""
        return str(array.dtype).rpartition(".")[2]

    def device_name(self, array: Array) -> str:
        """Return the device's name; two arrays can be computed with together where it is the same."""
        return str(getattr(array, "device", "cpu"))

    def is_traced(self, array: Array) -> bool:
        """Tell whether `array` stands for values that cannot be looked at, as inside ``jax.jit``."""
        return False

    def is_plain(self, array: Array) -> bool:
        """Tell at once whether `array` holds floating numbers, and nothing but its class tells what it may do."""
        return False

    def successor(self, old: Array, new: Array) -> Array:
        """Return `new` in the role of `old`: apart from the graph that computed it, recording one where `old` does."""
        return new

    @contextlib.contextmanager
    def float64(self) -> Iterator[None]:
        """Let the library compute in float64 inside the block, whatever its settings outside."""
        yield

    def gradient(self, f: Callable[[list[Array]], Any], arrays: Sequence[Array]) -> list[Array]:
        """Return the gradient of ``f(arrays) -> number``, an array for each, by the library's own differentiation.

        Raises
        ------
        ArgumentTypeError
            If the library has none.
        FunctionError
            If f returns something else than one number, or leaves the library on its way to it.
        """
        raise ArgumentTypeError("autograd.library", name="x", library=self.library, libraries=DIFFERENTIATING)

    def container(self, value: Any) -> Container | None:
        """Return access to an object of this library that holds arrays; None where `value` is no such object.

        Raises
        ------
        ArgumentError
            If it holds no arrays to differentiate by, or cannot be copied.
        """
        return None
