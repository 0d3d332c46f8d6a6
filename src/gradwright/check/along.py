"""A function of many numbers along a direction: slopes with error bars for the price of one derivative."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from gradwright._arrays import FloatArray
from gradwright.differentiate import Status, derivative
from gradwright.differentiate.calling import number_array
from gradwright.differentiate.point import Point
from gradwright.errors import FunctionError

#: Around what is to be seen a smaller piece is looked at where the first was not smooth: so much smaller.
_CLOSER = 1e-4


@dataclass(frozen=True)
class Slope:
    """A slope along a direction: somewhere from `low` to `high`, each known to `error`; `known` where that is sure."""

    low: float
    high: float
    error: float
    step: float
    known: bool

    @property
    def kink(self) -> bool:
        """Whether the slope is another one on each side."""
        return self.low < self.high

    @property
    def value(self) -> float:
        """The middle."""
        return (self.low + self.high) / 2

    def away(self, value: float) -> float:
        """Return how far a value is from what the slope may be, signed; 0 within."""
        return min(value - self.low, 0.0) + max(value - self.high, 0.0)


class _TooManyError(Exception):
    """A slope took more evaluations than it may."""


class Along:
    """f along lines through points, counted.

    Parameters
    ----------
    f : callable
        ``f(x) -> number``.
    point : Point
        Gives the form of x.

    Attributes
    ----------
    evaluations : int
        The number of evaluations so far.
    eps : float
        The relative spacing of what f returns.
    limit : float
        From so many evaluations on no slope is known any more.
    """

    def __init__(self, f: Callable[..., Any], point: Point) -> None:
        self.f, self.point, self.evaluations, self.eps = f, point, 0, float(np.finfo(np.float64).eps)
        self.limit = math.inf
        try:
            self(point.vector)
        except Exception:
            if not point.raised:
                raise
            point.raised = False  # f holds arrays that do not mix with float64
            self(point.vector)

    def __call__(self, vector: FloatArray) -> Any:
        """Return f at a vector; NumPy's own type where f computes in less than float64."""
        self.evaluations += 1
        with self.point.float64(), np.errstate(all="ignore"):
            value = number_array(self.f(self.point.build(vector)))
        if value.size != 1:
            raise FunctionError("f.not-scalar", name="f", shape=value.shape)
        if value.dtype.itemsize < 8:
            self.eps = max(self.eps, float(np.finfo(value.dtype).eps))
            return value.dtype.type(value.item())
        return float(value.reshape(()))

    def slope(self, base: FloatArray, direction: FloatArray, most: int | None = None) -> Slope:
        """Return the slope at `base` along `direction`, of which one length is a move to be felt.

        Not known where it takes more than `most` evaluations.
        """
        end = self.limit if most is None else min(self.limit, self.evaluations + most)

        def f(s: float, v: FloatArray) -> Any:
            if self.evaluations >= end:
                raise _TooManyError
            return self(base + s * v)

        for scale in (1.0, _CLOSER):
            try:
                found = derivative(partial(f, v=scale * direction), 0.0)
            except _TooManyError:
                return Slope(-math.inf, math.inf, math.inf, 0.1, known=False)
            if found.status in (Status.CONVERGED, Status.ONE_SIDED, Status.KINK):
                break
        kink = found.status is Status.KINK
        low, high = sorted((float(found.left), float(found.right))) if kink else (float(found.value),) * 2
        # The slopes of the two sides of a kink are known to a part of the gap.
        error = 0.01 * (high - low) if kink else float(found.error)
        known = found.status in (Status.CONVERGED, Status.ONE_SIDED, Status.KINK)
        return Slope(low / scale, high / scale, error / scale, float(found.step) * scale, known)

    def quick(self, base: FloatArray, direction: FloatArray, step: float) -> float:
        """Return the slope by four values at a given step, without an error bar."""
        at = [float(self(base + k * step * direction)) for k in (1, -1, 2, -2)]
        return (8 * (at[0] - at[1]) - (at[2] - at[3])) / (12 * step)


def lengths(point: Point) -> FloatArray:
    """Return for each entry of x a move to be felt: its own size, or its array's where that is more."""
    parts, start = [], 0
    for size in point.sizes:
        part = np.abs(point.vector[start : start + size])
        largest = float(part.max(initial=0.0))
        typical = largest * float(np.sqrt(np.mean((part / largest) ** 2))) if largest > 0 else 1.0
        parts.append(np.maximum(part, typical))
        start += size
    return np.concatenate(parts)


def directions(point: Point, rng: np.random.Generator) -> FloatArray:
    """Return a random direction: each entry moves by its own size or its array's, more or less, this way or that.

    Sizes are different, so that two mistakes that are the opposite of each other do not cancel.
    """
    parts = [rng.uniform(0.5, 1.5, size) * rng.choice([-1.0, 1.0], size) for size in point.sizes]
    return np.asarray(lengths(point) * np.concatenate(parts))
