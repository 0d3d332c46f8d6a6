"""The function that a descent goes down, over one flat vector: its value, its gradient, and what they cost."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from gradwright import _validate
from gradwright._arrays import FloatArray, to_numpy
from gradwright.differentiate import gradient as numerical_gradient
from gradwright.differentiate.calling import is_domain_error, number_array
from gradwright.differentiate.estimate import Status
from gradwright.differentiate.gradients import partials
from gradwright.differentiate.noise import noise_level
from gradwright.differentiate.options import Options
from gradwright.differentiate.point import Point
from gradwright.differentiate.sampling import Sampler
from gradwright.errors import FunctionError
from gradwright.trees import flatten


@dataclass(frozen=True)
class Sides:
    """The slopes from the left and from the right along each entry, and where they differ: a kink or a jump."""

    left: FloatArray
    right: FloatArray
    apart: np.ndarray[Any, Any]


class Objective:
    """A function of a point of any form, seen as a function of a flat float64 vector that is to be made small.

    Parameters
    ----------
    f : callable
        ``f(x) -> number``.
    x0 : number, array or tree of arrays
        The form of the points; also where f is evaluated first.
    gradient : callable or None
        ``gradient(x)`` -> like x; None: numerical.
    sign : float
        -1.0 to turn a maximum into a minimum.
    **options
        Of the numerical gradient.

    Attributes
    ----------
    native : Point
        Builds points in the dtypes of x0.
    low, high : ndarray, shape (n,)
        The bounds, infinite where there is none.
    step : ndarray or None
        The difference step asked for.
    eps, x_eps : float
        The relative spacing of the values of f, and of the entries of x.
    evaluations : int
        How often f was evaluated.
    vague : bool
        Whether the gradient measured last has an entry that is not sure.
    noise : float
        The standard deviation of the noise in one value, once it was listened for.
    trusted : bool
        Whether the gradient that the caller gave is used, where there is one.
    """

    def __init__(self, f: Any, x0: Any, gradient: Any, sign: float, **options: Any) -> None:
        _validate.function("f", f)
        self._f = f
        self._gradient = None if gradient is None else _validate.function("gradient", gradient)
        self._options, self.sign = options, sign
        self.trusted, self._begun, self.vague, self.noise = True, False, False, 0.0
        self.vectorized = bool(options["vectorized"])
        self.native = Point(x0, "x0")
        self.native.raised = False
        self._point = Point(x0, "x0")
        checked = {name: options[name] for name in ("method", "step", "bounds", "rtol")}
        limits = Options.of(self._point, order=1, **checked)
        self.low, self.high, self.step = limits.low, limits.high, limits.step
        sampler = Sampler(self._safe, self._point, vectorized=self.vectorized)
        self.start_value = sign * float(sampler.centre[0])
        self.eps, self.evaluations, self._begun = sampler.eps, sampler.evaluations, True
        kinds = {np.dtype("float32" if d == "bfloat16" else d) for d in self.native.dtypes}
        self.x_eps = max(float(np.finfo(kind).eps) for kind in kinds)

    @property
    def analytic(self) -> bool:
        """Whether the caller gave the gradient."""
        return self._gradient is not None

    def _safe(self, x: Any) -> Any:
        try:
            return self._f(x)
        except OverflowError:  # Python's own floats raise where arrays become infinite
            return math.inf * self.sign
        except (ValueError, ZeroDivisionError) as error:
            # `math.log` and its like raise outside their domain. At x0 an error is the caller's to see, and one of f's
            # own anywhere.
            if not (self._begun and is_domain_error(error)):
                raise
            return math.nan

    def value(self, vector: FloatArray) -> float:
        """Return the value to be made small; infinite or NaN where f is."""
        self.evaluations += 1
        with self._point.float64():
            point = self._point.build(vector[None, :], stacked=True) if self.vectorized else self._point.build(vector)
            result = number_array(self._safe(point))
        if result.size != 1:
            raise FunctionError("f.not-scalar", name="f", shape=result.shape)
        return self.sign * float(result.item())

    def gradient(self, vector: FloatArray, automatic: bool = False) -> tuple[FloatArray, FloatArray]:
        """Return the gradient and a bound on its error; with `automatic` not by the step asked for."""
        if self._gradient is not None and self.trusted:
            given = self._into_bounds(vector, self.given(vector))
            return given, np.where(np.isfinite(given), 8 * self.eps * np.abs(given), 0.0)
        if automatic or self.analytic:
            return self.measured(vector)
        return self._measured(vector, self._options)

    def measured(self, vector: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Return the numerical gradient by steps of its own choice, and a bound on its error."""
        return self._measured(vector, {**self._options, "step": None, "method": "auto"})

    def _measured(self, vector: FloatArray, options: dict[str, Any]) -> tuple[FloatArray, FloatArray]:
        estimate = numerical_gradient(self._safe, self.native.build(vector), **options)
        self.evaluations += estimate.evaluations
        self.vague = not estimate.all_ok
        gradient = self._into_bounds(vector, self.sign * flat(estimate.value))
        return gradient, np.where(np.isinf(gradient), 0.0, flat(estimate.error))

    def listen(self, vector: FloatArray, before: float) -> None:
        """Measure the noise of f about a point where its value was `before`, if there is a sign of any."""
        restless = abs(self.value(vector) - before)
        if not (restless > 0 or self.vague):
            return
        size = float(np.linalg.norm(vector))
        way = np.ones(len(vector)) / math.sqrt(len(vector))

        def sample(_: Any, offsets: FloatArray) -> FloatArray:
            points = [self.inside(vector + offset * way) for offset in offsets[0]]
            return np.array([self.value(point) for point in points])[None, :, None]

        step = np.array([(size or 1.0) / 16])
        level = noise_level(sample, np.zeros(1, dtype=int), step, np.array([size]), self.eps, np.array([[restless]]))[0]
        self.noise = float(np.nan_to_num(level, posinf=0.0).item())

    def rounding(self, value: float) -> float:
        """Return what one value of f of this size may be wrong by."""
        return max(self.eps * abs(value), 2 * self.noise)

    def _into_bounds(self, vector: FloatArray, gradient: FloatArray) -> FloatArray:
        """Return the gradient with infinite slopes on a bound as such: the root has one at 0, and a minimum there."""
        gradient = gradient.copy()
        for i in np.flatnonzero(~np.isfinite(gradient) & ((vector == self.low) | (vector == self.high))):
            side = 1.0 if vector[i] == self.low[i] else -1.0
            inner = vector.copy()
            inner[i] += side * math.sqrt(self.x_eps) * (abs(float(vector[i])) or 1.0)
            here, there = self.value(vector), self.value(self.inside(inner))
            if math.isfinite(here) and there != here and not math.isnan(there):
                gradient[i] = side * math.copysign(math.inf, there - here)
        return gradient

    def sides(self, vector: FloatArray) -> Sides:
        """Return the slopes to either side along each entry."""
        axes, bounds = np.arange(len(vector)), (self.low, self.high)
        seen = partials(self.value, vector, axes, bounds=bounds)
        return Sides(seen.left, seen.right, np.isin(seen.status, (int(Status.KINK), int(Status.JUMP))))

    def given(self, vector: FloatArray) -> FloatArray:
        """Return the caller's gradient; NaN throughout where one of its entries is not finite."""
        assert self._gradient is not None  # noqa: S101 - the caller looked
        nowhere = np.full(len(vector), np.nan)
        try:
            answer = self._gradient(self.native.build(vector))
        except OverflowError:
            return nowhere
        finite = all(np.isfinite(to_numpy(leaf.array)).all() for leaf in flatten(answer, "gradient")[0])
        return self.sign * self.native.like(answer, "gradient") if finite else nowhere

    def inside(self, vector: FloatArray) -> FloatArray:
        """Return the nearest point within the bounds."""
        return np.clip(vector, self.low, self.high)

    def gaps(self, vector: FloatArray, way: FloatArray) -> FloatArray:
        """Return how far the next float of its dtype is from every entry, on the side that `way` leads to."""
        parts, start = [], 0
        for size, name in zip(self.native.sizes, self.native.dtypes, strict=True):
            kind = np.dtype("float32" if name == "bfloat16" else name).type
            x = vector[start : start + size].astype(kind)
            ahead = np.nextafter(x, np.copysign(np.inf, way[start : start + size]).astype(kind))
            parts.append(np.abs(ahead.astype(np.float64) - x.astype(np.float64)))
            start += size
        return np.concatenate(parts)

    def free(self, vector: FloatArray, gradient: FloatArray) -> FloatArray:
        """Return the gradient without the entries that press against a bound."""
        pressed = ((vector <= self.low) & (gradient > 0)) | ((vector >= self.high) & (gradient < 0))
        return np.where(pressed, 0.0, gradient)


def flat(tree: Any) -> FloatArray:
    """Return all entries of a tree as one float64 vector."""
    parts = [np.asarray(to_numpy(leaf.array)).ravel() for leaf in flatten(tree)[0]]
    return np.concatenate(parts).astype(np.float64)
