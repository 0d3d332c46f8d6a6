"""The gradient under test, taken apart: a vector in float64, and what rounding may have done to each entry."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from gradwright._arrays import FloatArray, adapter, array_of, is_array, to_numpy
from gradwright.differentiate.point import Point, dtype_eps
from gradwright.errors import ArgumentTypeError, NonFiniteError, ShapeError
from gradwright.trees import matching_leaves

#: A backward pass adds up many terms, each rounded: this many spacings of its dtype, at the size of the array's largest
#: entry, are put down to rounding. Sums of n terms lose about sqrt(n) spacings, and pairwise sums fewer. Besides, an
#: entry may lose half of its own digits to a difference inside: y - t where a network is sure of its answer.
ROUNDING = 32.0
EPS = float(np.finfo(np.float64).eps)
_SMALLEST = {"float64": 2.0**-1074, "float32": 2.0**-149, "bfloat16": 2.0**-133, "float16": 2.0**-24}


@dataclass(frozen=True)
class Analytic:
    """The gradient under test as a vector, and what rounding may have done to each entry; `eps` is the coarsest."""

    value: FloatArray
    rounding: FloatArray
    eps: float


def taken_apart(point: Point, gradient: Any, dtypes: list[str], name: str = "gradient") -> Analytic:
    """Take the gradient apart; it was computed from arrays of `dtypes`.

    Raises
    ------
    ShapeError, ArgumentError, ArgumentTypeError, NonFiniteError
        If it has not the structure or shapes of x, or holds no real numbers or NaN.
    """
    parts, rounding, coarsest = [], [], EPS
    _refuse_none(gradient, point, name)
    leaves = matching_leaves(point.structure, gradient, name)
    for path, shape, dtype, leaf, given in zip(
        point.structure.paths, point.shapes, dtypes, leaves, point.given, strict=True
    ):
        full = f"{name} {path}".strip()
        _refuse_other_device(full, leaf, given)
        host, own = _numbers(full, leaf, shape)
        eps = max(_eps(own), _eps(dtype))  # computed from a float32 x, a gradient in float64 has the digits of float32
        size = np.abs(host)
        parts.append(host)
        rounding.append(ROUNDING * eps * size.max(initial=0.0) + math.sqrt(eps) * size + _underflow(dtype, own))
        coarsest = max(coarsest, eps)
    return Analytic(np.concatenate(parts), np.concatenate(rounding), coarsest)


def in_float64(point: Point, rule: Callable[..., Any]) -> Analytic | None:
    """Return the gradient computed in float64, where x came in less and the rule allows it."""
    if not point.raised:
        return None
    try:
        with point.float64():
            return taken_apart(point, rule(point.build(point.vector)), ["float64"] * len(point.dtypes))
    except Exception:  # it may hold float32 arrays that do not mix; the caller's own x went well
        return None


def _refuse_none(gradient: Any, point: Point, name: str) -> None:
    """Say for which parameter there is no gradient."""
    if isinstance(gradient, Mapping):
        missing = [key for key, value in gradient.items() if value is None]
        if missing:
            raise ArgumentTypeError("gradient.none", name=name, where=missing[0])


def _refuse_other_device(name: str, leaf: Any, given: Any) -> None:
    own, its = adapter(given), adapter(leaf)
    if is_array(leaf) and own.library == its.library and own.device_name(given) != its.device_name(leaf):
        raise ArgumentTypeError(
            "gradient.device", name=name, device=its.device_name(leaf), expected=own.device_name(given)
        )


def _eps(dtype: str) -> float:
    return dtype_eps(dtype) if dtype.startswith(("float", "bfloat")) else EPS


def _underflow(*dtypes: str) -> float:
    """Return what may have vanished because numbers of these dtypes get no smaller."""
    return ROUNDING * max(_SMALLEST.get(dtype, 0.0) for dtype in dtypes)


def _numbers(name: str, leaf: Any, shape: tuple[int, ...]) -> tuple[FloatArray, str]:
    """Return one array of the gradient as a vector in float64, and the name of the dtype that it came in."""
    array = array_of(leaf, name=name)
    host = to_numpy(array)
    dtype = adapter(array).dtype_name(array)
    if is_array(leaf) and host.ndim and host.dtype.kind in "iub":
        raise ArgumentTypeError("gradient.integers", name=name, dtype=dtype)
    if host.shape != shape:
        raise ShapeError("array.shape", name=name, shape=host.shape, expected=shape)
    if host.dtype.kind == "c":
        raise ArgumentTypeError("array.not-real", name=name, dtype=dtype)
    bad = np.argwhere(~np.isfinite(host))
    if len(bad):
        index = tuple(int(i) for i in bad[0])
        raise NonFiniteError("array.non-finite", name=name, what=str(host[index]), index=index, count=len(bad))
    return host.astype(np.float64).ravel(), dtype
