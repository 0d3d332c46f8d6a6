"""The function that a descent goes down, over one flat vector: its value, its gradient, and what they cost."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from gradwright import _validate
from gradwright._arrays import FloatArray, to_numpy
from gradwright.differentiate import gradient as numerical_gradient
from gradwright.differentiate.options import Options
from gradwright.differentiate.point import Point
from gradwright.differentiate.sampling import Sampler, number_array
from gradwright.errors import FunctionError
from gradwright.trees import flatten


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
    """

    def __init__(self, f: Any, x0: Any, gradient: Any, sign: float, **options: Any) -> None:
        _validate.function("f", f)
        self._f = f
        self._gradient = None if gradient is None else _validate.function("gradient", gradient)
        self._options, self.sign = options, sign
        self.vectorized = bool(options["vectorized"])
        self.native = Point(x0, "x0")
        self.native.raised = False
        self._point = Point(x0, "x0")
        checked = {name: options[name] for name in ("method", "step", "bounds", "rtol")}
        limits = Options.of(self._point, order=1, **checked)
        self.low, self.high, self.step = limits.low, limits.high, limits.step
        sampler = Sampler(self._safe, self._point, vectorized=self.vectorized)
        self.start_value = sign * float(sampler.centre[0])
        self.eps, self.evaluations = sampler.eps, sampler.evaluations
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
        if self._gradient is not None:
            given = self._given(vector)
            return self.sign * given, 8 * self.eps * np.abs(given)
        options = {**self._options, "step": None, "method": "auto"} if automatic else self._options
        estimate = numerical_gradient(self._safe, self.native.build(vector), **options)
        self.evaluations += estimate.evaluations
        return self.sign * flat(estimate.value), flat(estimate.error)

    def _given(self, vector: FloatArray) -> FloatArray:
        """Return the caller's gradient; NaN throughout where one of its entries is not finite."""
        assert self._gradient is not None  # noqa: S101 - the caller looked
        nowhere = np.full(len(vector), np.nan)
        try:
            answer = self._gradient(self.native.build(vector))
        except OverflowError:
            return nowhere
        finite = all(np.isfinite(to_numpy(leaf.array)).all() for leaf in flatten(answer, "gradient")[0])
        return self.native.like(answer, "gradient") if finite else nowhere

    def inside(self, vector: FloatArray) -> FloatArray:
        """Return the nearest point within the bounds."""
        return np.clip(vector, self.low, self.high)

    def free(self, vector: FloatArray, gradient: FloatArray) -> FloatArray:
        """Return the gradient without the entries that press against a bound."""
        pressed = ((vector <= self.low) & (gradient > 0)) | ((vector >= self.high) & (gradient < 0))
        return np.where(pressed, 0.0, gradient)


def flat(tree: Any) -> FloatArray:
    """Return all entries of a tree as one float64 vector."""
    parts = [np.asarray(to_numpy(leaf.array)).ravel() for leaf in flatten(tree)[0]]
    return np.concatenate(parts).astype(np.float64)
