"""A gradient under test beside that of the reference pass, with what rounding and kinks allow."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from gradwright._arrays import FloatArray
from gradwright.check.analytic import EPS, ROUNDING, Analytic
from gradwright.check.causes import Cause
from gradwright.check.mistakes import Pass
from gradwright.check.report import GradientReport, Mismatch
from gradwright.differentiate.point import Point

#: What rounding may do, by `Pass.rounding`, may come together in so many ways.
_SAFE = 8.0
#: Elsewhere a gradient is wrong only if by so many times its tolerance: there nobody looks twice.
_CLEARLY = 100.0
#: And by so much of the largest entry of all.
_NOTHING = 1e-6


@dataclass
class Comparison:
    """The gradient under test beside the reference; vectors."""

    low: FloatArray
    high: FloatArray
    slack: FloatArray
    tolerance: FloatArray
    error: FloatArray
    numeric: FloatArray
    wrong: np.ndarray[Any, Any]
    unclear: np.ndarray[Any, Any]

    @property
    def clearly(self) -> bool:
        """Whether something is wrong beyond doubt."""
        nothing = _NOTHING * float(np.abs(self.numeric).max(initial=0.0))
        return bool((self.error > _CLEARLY * self.tolerance + nothing).any())

    def report(self, point: Point, analytic: FloatArray, misbehaves: bool, confirmed: bool) -> GradientReport:
        """Return the report; `misbehaves` where something else is wrong, `confirmed` where the reference is sure."""
        ratio = np.divide(self.error, self.tolerance, out=np.zeros_like(self.error), where=self.tolerance > 0)
        bad = np.flatnonzero(self.wrong)
        mismatches = []
        for i in bad[np.argsort(-ratio[bad], kind="stable")]:
            numbers = (float(a[i]) for a in (analytic, self.numeric, self.error, self.tolerance))
            mismatches.append(Mismatch(*point.entry(int(i)), *numbers))
        kinks = [point.where(int(i)) for i in np.flatnonzero(self.low < self.high)]
        unclear = [point.where(int(i)) for i in np.flatnonzero(self.unclear)]
        wrong = bool(mismatches) or misbehaves
        verdict = "wrong" if wrong else "passed" if confirmed and not unclear else "inconclusive"
        causes = []
        if verdict == "inconclusive":
            causes.append(Cause("precision", (), {"count": len(unclear), "checked": len(ratio)}))
        elif kinks and not wrong:
            causes.append(Cause("kink", (), {"count": len(kinks), "entry": kinks[0]}))
        size, largest = len(ratio), float(ratio.max(initial=0.0))
        return GradientReport(verdict, mismatches, size, size, kinks, unclear, largest, 0, causes)


#: Below these float32 and float64 hold nothing, or next to nothing: products of such numbers are 0.
_LOST, _GONE = 1e-30, 1e-290


def compare(p: Pass, analytic: Analytic, point: Point) -> Comparison:
    """Compare a gradient with that of a pass: at a kink of the activation any slope between the two is right."""
    low = high = vector_of(p.gradient(), point)
    if any(mask.any() for mask in p.kinks(analytic.eps)):
        ends = [
            vector_of(p.gradient({"through-activation": _at_kinks(analytic.eps, side)}), point) for side in (0.0, 1.0)
        ]
        low, high = (np.minimum.reduce([low, *ends]), np.maximum.reduce([high, *ends]))
    slack = _SAFE * vector_of(p.rounding(analytic.eps), point)
    largest = float(np.abs(analytic.value).max(initial=0.0))
    tolerance = slack + analytic.rounding + ROUNDING * EPS * largest + (_LOST if analytic.eps > EPS else _GONE)
    error = np.maximum(np.maximum(low - analytic.value, analytic.value - high), 0.0)
    wrong = error > tolerance
    numeric = np.clip(analytic.value, low, high)
    return Comparison(low, high, slack, tolerance, error, numeric, wrong, np.zeros_like(wrong))


def _at_kinks(eps: float, slope: float) -> Callable[..., FloatArray]:
    return lambda p, k, back: back * np.where(p.kinks(eps)[k - 1], slope, p.slope(k))


def vector_of(arrays: Mapping[str, FloatArray], point: Point) -> FloatArray:
    """Return a gradient by name as a vector in the order of the point."""
    return np.concatenate([arrays[path].ravel() for path in point.structure.paths])
