"""What a run of descent leaves behind, step by step."""

from __future__ import annotations

import math

import numpy as np

from gradwright._arrays import FloatArray


class Trace:
    """The path of a run; values and gradients as of a function to be made small."""

    def __init__(self, x: FloatArray, value: float, tol: float | None = None) -> None:
        self.path = [x]
        self.values = [value]
        self.norms: list[float] = []
        self.errors: list[float] = []  # the 2-norms of the gradients' error bars
        self.rates: list[float] = []
        self.secants: list[float] = []  # the curvature along each step, NaN where rounding hides it
        self.gradient = np.zeros_like(x)  # the last one, without the entries that press against a bound
        self.start_gradient = self.gradient
        self.error = np.zeros_like(x)
        #: Which entries press against a bound, and what they press with: at the end, and at the start.
        self.pressed, self.start_pressed = np.zeros_like(x), np.zeros_like(x)
        self.tol = tol
        self.met_tol = self.overflow = False
        self._full: FloatArray | None = None

    def add(self, x: FloatArray, value: float, rate: float) -> None:
        """Note a step."""
        self.path.append(x)
        self.values.append(value)
        self.rates.append(rate)

    def see(self, gradient: FloatArray, free: FloatArray, error: FloatArray) -> None:
        """Note the gradient at the last point, and the curvature along the step that led there."""
        if self._full is not None:
            self.secants.append(self._secant(gradient - self._full, error))
        else:
            self.start_gradient, self.start_pressed = free, _pressed(gradient, free)
        self._full, self.gradient, self.error = gradient, free, error
        self.pressed = _pressed(gradient, free)
        self.norms.append(float(np.linalg.norm(free)))
        self.errors.append(float(np.linalg.norm(error)))

    def _secant(self, change: FloatArray, error: FloatArray) -> float:
        move = self.path[-1] - self.path[-2]
        length = float(np.linalg.norm(move))
        size = float(np.linalg.norm(change))
        # Rounding of x is worth eps |x| of the step, the errors of both gradients are part of their difference.
        visible = length > 2.0**10 * np.finfo(np.float64).eps * float(np.linalg.norm(self.path[-1]))
        if not (visible and size > 100 * float(np.linalg.norm(error + self.error))):
            return math.nan
        unit = move / length
        return float(unit @ change) / length


def _pressed(gradient: FloatArray, free: FloatArray) -> FloatArray:
    """Return what was taken from the gradient, as it presses against a bound."""
    return np.where(free == gradient, 0.0, gradient)
