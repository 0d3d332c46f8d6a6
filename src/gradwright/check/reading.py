"""What a function reads besides its argument: the lengths that a batch may have."""

from __future__ import annotations

import functools
import inspect
import math
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from gradwright._arrays import FloatArray, is_array, to_numpy
from gradwright.differentiate.point import Point

#: Functions in functions are followed so far.
_DEPTH = 3
#: The length of x itself says little if it is so small.
_FEW = 3


def batch_sizes(point: Point, *functions: Callable[..., Any] | None) -> list[int]:
    """Return the lengths of the arrays that functions read, and of x itself where it is one array.

    A gradient that is wrong by such a factor was not divided by the number of samples, or twice.
    """
    shapes = [tuple(value.shape) for function in functions for value in _arrays(function)]
    if not shapes and len(point.shapes) == 1 and point.shapes[0] and point.shapes[0][0] > _FEW:
        shapes = point.shapes
    # A mean over all entries of an array of samples divides by their number.
    lengths = [int(shape[0]) for shape in shapes] + [math.prod(shape) for shape in shapes]
    return [n for n in dict.fromkeys(lengths) if n > 1]


def arrays_read(function: Callable[..., Any]) -> list[FloatArray]:
    """Return the real arrays that a function reads, as NumPy arrays in float64."""
    found = [np.asarray(to_numpy(value)) for value in _arrays(function)]
    return [array.astype(np.float64) for array in found if array.dtype.kind in "fiu"]


def _arrays(function: Callable[..., Any] | None) -> list[Any]:
    """Return the arrays of at least one axis that a function reads: they are hints, so what is odd is passed over."""
    found = []
    for value in _read(function, _DEPTH):
        try:
            if is_array(value) and len(value.shape) >= 1:
                found.append(value)
        except Exception:  # noqa: S112 - an object of the user's that only looks like an array
            continue
    return found


def _read(function: Any, depth: int) -> Iterator[Any]:
    """Yield what a function holds or names: closures, defaults, bound objects, globals."""
    if depth == 0 or function is None:
        return
    if isinstance(function, functools.partial):
        yield from (*function.args, *function.keywords.values())
        yield from _read(function.func, depth - 1)
        return
    bound = getattr(function, "__self__", None)
    if bound is not None and not inspect.ismodule(bound):
        yield from _held(bound)
    code = getattr(function, "__code__", None) or getattr(getattr(function, "__func__", None), "__code__", None)
    if code is None:
        return
    held = [cell.cell_contents for cell in function.__closure__ or () if _is_full(cell)]
    held += list(function.__defaults__ or ()) + list((function.__kwdefaults__ or {}).values())
    named = [function.__globals__[name] for name in code.co_names if name in function.__globals__]
    for value in (*held, *named):
        yield value
        if inspect.isfunction(value) or isinstance(value, functools.partial):
            yield from _read(value, depth - 1)
        elif isinstance(value, (list, tuple)):
            yield from value[:8]
        elif isinstance(value, dict):
            yield from value.values()
        elif not inspect.ismodule(value) and not isinstance(value, type):
            yield from _held(value)


def _held(value: Any) -> list[Any]:
    """Return the attributes of an object."""
    try:
        return list(vars(value).values())
    except Exception:  # it has none, or will not show them
        return []


def _is_full(cell: Any) -> bool:
    try:
        cell.cell_contents  # noqa: B018 - asking is the only way to know
    except ValueError:
        return False
    return True
