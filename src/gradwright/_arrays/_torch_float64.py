"""Computing in float64 with what holds float32: a batch, a constant, the weights of a layer.

PyTorch multiplies no float32 matrix with one of float64. Where a function is to be evaluated in float64 although it
closes over tensors of float32, these are raised on their way into every operation.
"""

from __future__ import annotations

from typing import Any

import torch
from torch.overrides import TorchFunctionMode

_LOW = (torch.float32, torch.float16, torch.bfloat16)


class InFloat64(TorchFunctionMode):  # type: ignore[misc, unused-ignore]  # torch is not always installed
    """Raises the floating tensors that go into an operation, and those that come out of nothing, to float64.

    What an operation writes into stays as it is, or it would be written into a copy.
    """

    def __torch_function__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        """Call `func` with tensors of float64."""
        kwargs = dict(kwargs or {})
        if getattr(func, "__name__", "") in _NO_OPERATIONS:
            return func(*args, **kwargs)
        first = 1 if _writes(func) else 0
        given = [*args, *kwargs.values()]
        args = (*args[:first], *(_raised(value) for value in args[first:]))
        kwargs = {name: value if name == "out" else _raised(value) for name, value in kwargs.items()}
        result = func(*args, **kwargs)
        made = kwargs.get("dtype") is None and not any(map(_holds_tensor, given))
        return _raised(result) if made else result


#: What looks at a tensor or copies it, and computes nothing.
_NO_OPERATIONS = ("__get__", "__deepcopy__", "clone", "detach")


def _writes(func: Any) -> bool:
    name = str(getattr(func, "__name__", ""))
    in_place = name.endswith("_") and not name.endswith("__")
    return in_place or name in ("__setitem__", "__set__") or (name.startswith("__i") and name not in _NOT_IN_PLACE)


#: Methods that begin as those that work in place do.
_NOT_IN_PLACE = ("__int__", "__index__", "__invert__", "__init__", "__iter__", "__instancecheck__")


def _raised(value: Any) -> Any:
    if isinstance(value, torch.Tensor):
        return value.double() if value.dtype in _LOW else value
    if type(value) in (list, tuple):
        return type(value)(_raised(item) for item in value)
    return value


def _holds_tensor(value: Any) -> bool:
    if type(value) in (list, tuple):
        return any(map(_holds_tensor, value))
    return isinstance(value, torch.Tensor)
