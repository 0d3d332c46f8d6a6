"""A gradient under test beside what was measured, array by array, for those who look for the cause."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np

from gradwright._arrays import FloatArray

Mask = np.ndarray[Any, Any]
#: An explanation leaves at most so much of a difference.
_LEFT = 0.05


@dataclass(frozen=True)
class Direction:
    """The slope of f along one direction within one array: `value` known to `error`; `along` has the array's shape."""

    along: FloatArray
    value: float
    error: float


@dataclass
class Observed:
    """One array of a gradient; all arrays have its shape.

    Attributes
    ----------
    name : str
        Its path.
    x, analytic : ndarray
        The point, and the gradient under test.
    numeric, error : ndarray
        What was measured, and what that may be wrong by; NaN where nothing was.
    wrong : ndarray of bool
        Where the two contradict each other.
    eps : float
        The relative spacing of the dtype in which the gradient was computed.
    directions : list of Direction
        Slopes along random directions, of an array too large to measure entry by entry.
    alone : bool
        Whether it is one number and all that x is.
    """

    name: str
    x: FloatArray
    analytic: FloatArray
    numeric: FloatArray
    error: FloatArray
    wrong: Mask
    eps: float
    directions: list[Direction] = field(default_factory=list)
    alone: bool = False

    @cached_property
    def measured(self) -> Mask:
        """Where there is something to compare with."""
        return np.asarray(np.isfinite(self.numeric))

    @property
    def observations(self) -> int:
        """How many numbers there are to compare with: a fit of one number needs two, of an array of more than one."""
        return int(np.count_nonzero(self.measured)) + len(self.directions) + self.alone

    @property
    def is_wrong(self) -> bool:
        """Whether anything in the array is."""
        return bool(self.wrong.any()) or any(not self._follows(d, self.analytic) for d in self.directions)

    def fits(self, corrected: FloatArray) -> bool:
        """Tell whether `corrected` is what was measured, to rounding; not where nothing was."""
        # What was added or taken away is known no better than to a part of itself.
        size = np.maximum(np.abs(corrected), np.abs(self.analytic))
        allowed = 2 * self.error + 32 * self.eps * float(size.max(initial=0.0)) + np.sqrt(self.eps) * size
        here = self.measured
        if not here.any() and not self.directions:
            return False
        close = bool((np.abs(corrected - self.numeric)[here] <= allowed[here]).all())
        return close and all(self._follows(direction, corrected) for direction in self.directions)

    def _follows(self, direction: Direction, gradient: FloatArray) -> bool:
        size = float(np.abs(direction.along * gradient).sum())
        allowed = 4 * direction.error + 32 * self.eps * size + np.sqrt(self.eps) * abs(direction.value)
        return bool(abs(float((direction.along * gradient).sum()) - direction.value) <= allowed)

    def explains(self, corrected: FloatArray) -> bool:
        """Tell whether `corrected` is what was measured, and much nearer to it than the gradient under test is."""
        return bool(self.fits(corrected) and self.agreement(corrected) <= _LEFT * self.agreement(self.analytic))

    def agreement(self, corrected: FloatArray) -> float:
        """Return the largest difference of `corrected` from what was measured, relative to the largest entry."""
        here = self.measured
        scale = float(np.abs(self.numeric[here]).max(initial=0.0) or np.abs(self.analytic[here]).max(initial=0.0))
        if here.any() and scale > 0:
            return float(np.abs(corrected - self.numeric)[here].max()) / scale
        off = [abs(float((d.along * corrected).sum()) / d.value - 1) for d in self.directions if d.value]
        return max(off, default=0.0)

    def coefficient(self, of: FloatArray, base: FloatArray | None = None) -> float | None:
        """Return the number c for which ``base + c * of`` comes nearest to what was measured; None where `of` is 0."""
        base = np.zeros_like(of) if base is None else base
        here = self.measured
        rows, goals = [of[here]], [(self.numeric - base)[here]]
        for d in self.directions:
            scale = float(np.linalg.norm(d.along)) or 1.0
            rows.append(np.array([float((d.along * of).sum()) / scale]))
            goals.append(np.array([(d.value - float((d.along * base).sum())) / scale]))
        row, wanted = np.concatenate(rows), np.concatenate(goals)
        square = float(row @ row)
        return float(row @ wanted) / square if square > 0 else None
