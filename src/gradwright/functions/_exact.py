"""The ends of the range: underflow without a warning, log 0, 0 log 0 = 0, and what counts as a probability."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from gradwright import _validate
from gradwright._arrays import Array, adapter, namespace, to_numpy
from gradwright.errors import ArgumentError, ShapeError

#: Decorator. Where a result is too small for the dtype it is 0, where too large inf, and log 0 is -inf: these are the
#: values that we mean, and NumPy alone among the libraries warns about them. "invalid" (a NaN made from numbers) stays
#: as the caller has set it. As a decorator it enters a fresh errstate a call, so it is safe in threads.
quiet = np.errstate(under="ignore", over="ignore", divide="ignore")


def log_of_base(base: Any) -> float:
    """Return ln(base), by which natural logarithms are divided; 1 for None (nats)."""
    if base is None:
        return 1.0
    try:
        number = _validate.positive("base", base)
    except ArgumentError:
        number = 1.0
    if number == 1.0:
        raise ArgumentError("argument.base", name="base", value=base)
    return math.log(number)


def surprise(p: Array, base: Any, xp: Any) -> Array:
    """Return -log p to the base."""
    scale = log_of_base(base)
    # log2 is exact at powers of two, where ln(p) / ln(2) may miss by a bit. 0 - log p, as -log 1 would be -0.0.
    return 0.0 - (xp.log2(p) if scale == math.log(2.0) else xp.log(p) / scale)


def weighted_surprise(weights: Array, p: Array, base: Any, xp: Any) -> Array:
    """Return the sum over the last axis of -weights log p, an entry of weight 0 contributing 0 also where p = 0."""
    counted = weights > 0
    # The inner `where` matters to automatic differentiation: it would carry the NaN of 0 * inf past the outer one.
    terms = weights * surprise(xp.where(counted, p, xp.ones_like(p)), base, xp)
    return xp.sum(xp.where(counted, terms, xp.zeros_like(terms)), axis=-1)


def require(name: str, array: Array, good: Array, key: str) -> None:
    """Raise ArgumentError for the first entry of `array` where `good` is False."""
    xp = namespace(array)
    if not bool(xp.all(good)):
        index = tuple(int(i) for i in np.argwhere(~to_numpy(good))[0])
        raise ArgumentError(key, name=name, value=to_numpy(array)[index], index=index)


def check_probabilities(name: str, p: Array, key: str = "probs.range") -> None:
    """Raise unless every entry is 0 to 1; arrays that are being traced are let through."""
    if adapter(p).is_traced(p):
        return
    # A softmax that multiplies by a rounded 1 / sum may come out a few eps above 1.
    top = 1.0 + 8.0 * float(namespace(p).finfo(p.dtype).eps)
    require(name, p, (p >= 0) & (p <= top), key)


def check_last_axis(name: str, array: Array) -> None:
    """Raise unless `array` has a last axis with at least one entry."""
    if array.ndim == 0:
        raise ShapeError("array.no-axis", name=name)
    if array.shape[-1] == 0:
        raise ShapeError("array.empty", name=name, shape=tuple(array.shape))
