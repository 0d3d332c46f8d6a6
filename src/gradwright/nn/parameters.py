"""The parameters of a network as they stand in its dict: all there, each fit for its layer, and finite?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from gradwright._arrays import Adapter, Array, adapter, is_array, namespace, to_numpy
from gradwright.errors import ArgumentError, ArgumentTypeError, NonFiniteError, ShapeError

if TYPE_CHECKING:
    from gradwright.nn.network import Network


def shapes(net: Network) -> dict[str, tuple[int, ...]]:
    """Return the shape that each parameter must have, in order."""
    pairs = zip(net.layers, net._names, strict=True)
    return {names[key]: shape for layer, names in pairs for key, shape in layer.shapes().items()}


def checked(net: Network) -> Array:
    """Return the first parameter, to whose library, device and dtype inputs are brought; all are looked at, not into.

    The dict is the user's to change, and what does not fit would else come out as an error of the array library, or as
    a wrong number: beside weights of integers the inputs would be cut to integers too.

    Raises
    ------
    ArgumentError, ArgumentTypeError, ShapeError
        If one is missing, no array of floating numbers, of another shape, or does not go with the first.
    """
    params = net.params
    if not isinstance(params, Mapping):
        raise ArgumentTypeError("params.form", kind=type(params).__name__)
    first: Array = None
    for name, shape in shapes(net).items():
        if name not in params:
            raise ArgumentError("params.missing", name=name, shape=shape)
        array = params[name]
        if not is_array(array):
            raise ArgumentTypeError("params.kind", name=name, shape=shape, kind=type(array).__name__)
        if tuple(array.shape) != shape:
            raise ShapeError("params.shape", name=name, shape=tuple(array.shape), expected=shape)
        own = adapter(array)
        if not namespace(array).isdtype(array.dtype, "real floating"):
            raise ArgumentTypeError("params.dtype", name=name, dtype=own.dtype_name(array))
        if first is None:
            first, leader = array, name
        elif not _go_together(own, array, first):
            raise ArgumentTypeError("params.apart", name=name, own=_told(array), first=leader, its=_told(first))
    return first


def _go_together(own: Adapter, array: Array, first: Array) -> bool:
    if own is not adapter(first) or not (own.mixes_dtypes or array.dtype == first.dtype):
        return False
    traced = own.is_traced(array) or own.is_traced(first)
    return traced or own.device_name(array) == own.device_name(first)


def _told(array: Array) -> str:
    own = adapter(array)
    return f"{own.library}, {own.dtype_name(array)}, {own.device_name(array)}"


def refuse_non_finite(net: Network) -> None:
    """Raise if a parameter holds NaN or infinity."""
    found = first_non_finite(net)
    if found is not None:
        raise NonFiniteError("params.non-finite", **found)


def first_non_finite(net: Network) -> dict[str, Any] | None:
    """Return the name of a parameter with NaN or infinity, what it holds, where and how often; None if none is."""
    for name in shapes(net):
        host = to_numpy(net.params[name])
        bad = ~np.isfinite(host)
        if bad.any():
            index = tuple(int(i) for i in np.argwhere(bad)[0])
            return {"name": name, "what": str(host[index]), "index": index, "count": int(np.count_nonzero(bad))}
    return None
