"""Checks that raise: each returns the value in the form that the caller goes on with, or says what is wrong."""

from __future__ import annotations

import math
import operator
import os
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import numpy as np

from gradwright._arrays import Array, adapter, array_of, floating, namespace, to_numpy
from gradwright.errors import ArgumentError, ArgumentTypeError, NonFiniteError, ShapeError
from gradwright.messages import phrase


def number_or_nan(value: Any) -> float:
    """Return `value` as a float; NaN, which fails every comparison, where it is no single real number."""
    # float() takes "1" and b"1" and True too, but such an argument is a mistake.
    if isinstance(value, (bool, np.bool_, str, bytes, bytearray)) or getattr(value, "ndim", 0) != 0:
        return math.nan
    try:
        return float(value)
    except (TypeError, ValueError, OverflowError):
        return math.nan


def positive(name: str, value: Any) -> float:
    """Return `value` as a float that is finite and above zero."""
    number = number_or_nan(value)
    if not (math.isfinite(number) and number > 0):
        raise ArgumentError("argument.positive", name=name, value=value)
    return number


def _whole(value: Any) -> int | None:
    # An array of one number still passes for a whole number in NumPy 2.1, with a warning.
    if isinstance(value, bool) or (isinstance(value, np.ndarray) and value.ndim):
        return None
    try:
        return operator.index(value)
    except TypeError:
        return None


def positive_int(name: str, value: Any) -> int:
    """Return `value` as a whole number of at least 1."""
    number = _whole(value)
    if number is None or number < 1:
        raise ArgumentError("argument.positive-int", name=name, value=value)
    return number


def non_negative_int(name: str, value: Any) -> int:
    """Return `value` as a whole number of at least 0."""
    number = _whole(value)
    if number is None or number < 0:
        raise ArgumentError("argument.non-negative-int", name=name, value=value)
    return number


def in_range(name: str, value: Any, low: float, high: float) -> float:
    """Return `value` as a float from `low` to `high`, both ends included."""
    number = number_or_nan(value)
    if not low <= number <= high:
        raise ArgumentError("argument.range", name=name, low=low, high=high, value=value)
    return number


def fraction(name: str, value: Any) -> float:
    """Return `value` as a float that is at least 0 and below 1."""
    number = number_or_nan(value)
    if not 0 <= number < 1:
        raise ArgumentError("argument.fraction", name=name, value=value)
    return number


def choice(name: str, value: Any, choices: Iterable[str]) -> str:
    """Return `value` if it is one of `choices`."""
    known = list(choices)
    if not isinstance(value, str) or value not in known:
        raise ArgumentError("argument.choice", name=name, value=value, choices=", ".join(map(repr, known)))
    return value


def no_class(name: str, value: Any, base: type) -> None:
    """Raise if `value` is a kind of `base` where an object of it is needed: the brackets were forgotten."""
    if isinstance(value, type) and issubclass(value, base):
        ours = value.__module__.partition(".")[0] == "gradwright"
        raise ArgumentTypeError("argument.class", name=name, kind=f"gw.{value.__name__}" if ours else value.__name__)


def function(name: str, value: Any) -> Callable[..., Any]:
    """Return `value` if it can be called."""
    if not callable(value):
        raise ArgumentTypeError("argument.not-callable", name=name, kind=type(value).__name__)
    return value  # type: ignore[no-any-return]


def instance(name: str, value: Any, kind: type) -> None:
    """Raise unless `value` is a `kind`, one of the library's own classes; a class of that kind lacks its brackets."""
    no_class(name, value, kind)
    if not isinstance(value, kind):
        called = kind.__name__
        expected = phrase("kind.an" if called[0] in "AEIOU" else "kind.a", name=called)
        raise ArgumentTypeError("argument.type", name=name, expected=expected, kind=type(value).__name__)


def path(name: str, value: Any) -> Path:
    """Return `value` as a path."""
    if not isinstance(value, (str, os.PathLike)):
        raise ArgumentTypeError("argument.type", name=name, expected=phrase("kind.path"), kind=type(value).__name__)
    return Path(value)


def names(name: str, value: Any) -> tuple[str, ...]:
    """Return `value` as names; a text would be a name for each of its letters."""
    if isinstance(value, (str, bytes)) or not isinstance(value, Iterable):
        raise ArgumentTypeError("argument.type", name=name, expected=phrase("kind.names"), kind=type(value).__name__)
    return tuple(map(str, value))


def flag(name: str, value: Any) -> bool:
    """Return `value` if it is True or False; 1 and 0 pass for them."""
    if not isinstance(value, (bool, np.bool_)) and _whole(value) not in (0, 1):
        raise ArgumentTypeError("argument.type", name=name, expected=phrase("kind.flag"), kind=type(value).__name__)
    return bool(value)


def generator(name: str, rng: Any) -> np.random.Generator:
    """Return a generator: the one given, or a new one from the seed given, or from fresh entropy for None."""
    if isinstance(rng, np.random.Generator):
        return rng
    if rng is None:
        return np.random.default_rng()
    seed = _whole(rng)
    if seed is None or seed < 0:
        raise ArgumentError("argument.rng", name=name, value=rng)
    return np.random.default_rng(seed)


def real_array(name: str, value: Any, like: Array = None) -> Array:
    """Return `value` as an array of real floating numbers, of its own library or that of `like`; integers promoted."""
    array = array_of(value, like, name=name)
    xp = namespace(array)
    if xp.isdtype(array.dtype, "complex floating"):
        raise ArgumentTypeError("array.not-real", name=name, dtype=adapter(array).dtype_name(array))
    return floating(array, xp)


def not_empty(name: str, array: Array) -> None:
    """Raise if `array` has no entries."""
    if 0 in array.shape:
        raise ShapeError("array.empty", name=name, shape=tuple(array.shape))


def same_shape(first: str, a: Array, second: str, b: Array) -> None:
    """Raise unless both arrays have the same shape."""
    if tuple(a.shape) != tuple(b.shape):
        raise ShapeError(
            "array.shapes-differ",
            first=first,
            first_shape=tuple(a.shape),
            second=second,
            second_shape=tuple(b.shape),
        )


def all_finite(name: str, array: Array) -> None:
    """Raise if `array` holds NaN or infinity; arrays that are being traced are let through."""
    if adapter(array).is_traced(array):
        return
    host = to_numpy(array)
    # The sum is finite unless an entry is not, or it overflows: a test without a temporary for the usual case.
    if host.dtype.kind not in "fc":
        return
    with np.errstate(over="ignore", invalid="ignore"):
        if np.isfinite(host.sum(dtype=np.float64 if host.dtype.kind == "f" else None)):
            return
    bad = ~np.isfinite(host)
    if bad.any():
        index = tuple(int(i) for i in np.argwhere(bad)[0])
        raise NonFiniteError(
            "array.non-finite",
            name=name,
            what=str(host[index]),
            index=index,
            count=int(np.count_nonzero(bad)),
        )
