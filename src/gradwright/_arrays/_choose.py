"""From a value to its adapter, by the module of its type, so that no library is imported to find out."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt

from gradwright._arrays._adapter import Adapter, Array, Container
from gradwright._arrays._cupy import CupyAdapter
from gradwright._arrays._jax import JaxAdapter
from gradwright._arrays._numpy import NumpyAdapter
from gradwright._arrays._torch import TorchAdapter
from gradwright.errors import ArgumentTypeError

_NUMPY = NumpyAdapter()
# By the first part of the module name of the array's type; a JAX tracer's type lives in `jax`, an array's in `jaxlib`.
_JAX = JaxAdapter()
_ADAPTERS: dict[str, Adapter] = {"cupy": CupyAdapter(), "jax": _JAX, "jaxlib": _JAX, "torch": TorchAdapter()}
_STANDARD = Adapter()


def _adapter_of(value: Any) -> Adapter | None:
    if isinstance(value, type):  # np.float64 itself has all that an array has
        return None
    if isinstance(value, (np.ndarray, np.generic)):
        return _NUMPY
    for base in type(value).__mro__[:-1]:  # nn.Parameter and users' subclasses of Tensor count as what they extend
        root = base.__module__.partition(".")[0]
        if root in _ADAPTERS and hasattr(value, "dtype") and hasattr(value, "shape"):
            return _ADAPTERS[root]
    return _STANDARD if hasattr(value, "__array_namespace__") else None


def is_array(value: Any) -> bool:
    """Tell whether `value` is an array (or NumPy scalar) of a library we know; lists and plain numbers are not."""
    return _adapter_of(value) is not None


def container(value: Any) -> Container | None:
    """Return access to an object that holds arrays, such as a ``torch.nn.Module``; None where `value` is none.

    Raises
    ------
    ArgumentError
        If it holds no arrays to differentiate by, or cannot be copied.

    Examples
    --------
    >>> container({"W": np.ones(2)}) is None
    True
    """
    for base in type(value).__mro__[:-1]:
        found = _ADAPTERS.get(base.__module__.partition(".")[0], _STANDARD).container(value)
        if found is not None:
            return found
    return None


def adapter(*values: Any, name: str = "x") -> Adapter:
    """Return the adapter of the one library that `values` come from; NumPy where none of them is an array.

    Parameters
    ----------
    *values
        Arrays, numbers, lists or None. NumPy arrays may stand beside those of another library (labels often do).
    name : str
        The argument to name in an error.

    Raises
    ------
    ArgumentTypeError
        If they are of two libraries besides NumPy.
    """
    found: dict[str, Adapter] = {}
    for value in values:
        this = _adapter_of(value)
        if this is not None and this is not _NUMPY:
            found[this.library] = this
    if len(found) > 1:
        raise ArgumentTypeError("array.mixed-libraries", name=name, libraries=", ".join(sorted(found)))
    return next(iter(found.values()), _NUMPY)


def namespace(*values: Any) -> Any:
    """Return the array API namespace that `values` share; NumPy's for numbers and lists."""
    chosen = adapter(*values)
    if chosen is _NUMPY:
        return np
    return chosen.namespace(next(v for v in values if _adapter_of(v) is chosen))


def in_place(function: Callable[..., Array], array: Array) -> Array:
    """Return ``function(array)``, written over `array` where that is NumPy's: a large one more costs more than many."""
    return function(array, out=array) if isinstance(array, np.ndarray) else function(array)


def to_numpy(value: Any) -> npt.NDArray[Any]:
    """Return `value` as a NumPy array on the host, sharing memory where the library allows it."""
    chosen = _adapter_of(value)
    return np.asarray(value) if chosen is None else chosen.to_numpy(value)


def array_of(value: Any, like: Array = None, *, name: str = "x") -> Array:
    """Return `value` as an array: unchanged where it is one, else of the library and device of `like` (default NumPy).

    Raises
    ------
    ArgumentTypeError
        If it holds something other than numbers, or rows of different lengths.
    """
    chosen = adapter(value, like, name=name)
    own = _adapter_of(value)
    if own is not None and (own is chosen or like is None):
        # A NumPy scalar has no writable memory and no item assignment: as an array it behaves like all others.
        result = np.asarray(value) if isinstance(value, np.generic) else value
    else:
        try:
            host = np.asarray(value)
        except ValueError:
            raise ArgumentTypeError("array.ragged", name=name) from None
        if host.dtype.kind not in "buifc":
            kind = type(value).__name__ if host.ndim == 0 else str(host.dtype)
            key = "array.not-array" if host.ndim == 0 else "array.not-numeric"
            raise ArgumentTypeError(key, name=name, kind=kind, dtype=kind)
        result = host if chosen is _NUMPY else chosen.from_numpy(host, like)
    if isinstance(result, np.ndarray) and result.dtype.kind not in "buifc":
        raise ArgumentTypeError("array.not-numeric", name=name, dtype=str(result.dtype))
    return result


def floating(array: Array, xp: Any) -> Array:
    """Return `array` in a floating dtype: as it is where that is one, else in the library's default."""
    if xp.isdtype(array.dtype, ("real floating", "complex floating")):
        return array
    return xp.astype(array, xp.__array_namespace_info__().default_dtypes()["real floating"])
