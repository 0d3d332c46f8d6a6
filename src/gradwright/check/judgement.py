"""Entry by entry: may the analytic and the measured derivative both be true?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from gradwright._arrays import FloatArray
from gradwright.differentiate import Status
from gradwright.differentiate.gradients import Partials

#: The slopes on both sides of a kink are measured too, and no better than this part of the gap between them.
_SLOPES = 0.01


@dataclass
class Judgement:
    """What may be said of each entry; all of shape (k,).

    Attributes
    ----------
    analytic, rounding : ndarray
        The values under test, and how far rounding may have moved them.
    low, high, slack : ndarray
        The derivative is somewhere from `low` to `high`, which are the same but at a kink, each known to `slack`.
    wrong, unclear, kink, trusted : ndarray of bool
        `wrong` and `unclear` exclude each other.
    """

    analytic: FloatArray
    rounding: FloatArray
    low: FloatArray
    high: FloatArray
    slack: FloatArray
    wrong: np.ndarray[Any, Any]
    unclear: np.ndarray[Any, Any]
    kink: np.ndarray[Any, Any]
    trusted: np.ndarray[Any, Any]

    @classmethod
    def of(cls, analytic: FloatArray, rounding: FloatArray, measured: Partials) -> Judgement:
        """Compare the analytic derivatives, which rounding may have moved by `rounding`, with measured ones."""
        kink = measured.status == Status.KINK
        # At a kink all between the slopes of the two sides may be called a gradient.
        low = np.where(kink, np.minimum(measured.left, measured.right), measured.value)
        high = np.where(kink, np.maximum(measured.left, measured.right), measured.value)
        with np.errstate(invalid="ignore"):  # slopes may be infinite
            gap = np.maximum(high - low, np.abs(measured.value - (high + low) / 2))
            slack = np.where(kink, _SLOPES * gap, 2 * measured.error)
        trusted = kink | np.isin(measured.status, (Status.CONVERGED, Status.ONE_SIDED))
        new = cls(analytic, rounding, low, high, slack, trusted, ~trusted, kink, trusted)
        new.wrong = new.error > new.tolerance
        new.unclear = ~trusted & ~new.wrong
        return new

    @property
    def error(self) -> FloatArray:
        """How far the analytic values are from what may be right."""
        return self.away(self.analytic)

    @property
    def tolerance(self) -> FloatArray:
        """How far they may be."""
        return self.slack + self.rounding

    @property
    def nearest(self) -> FloatArray:
        """The values nearest to the analytic ones that may be right."""
        return np.clip(self.analytic, self.low, self.high)

    @property
    def ratio(self) -> FloatArray:
        """The error in units of its tolerance."""
        error = self.error
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.where(error > 0, error / self.tolerance, 0.0)

    def away(self, values: FloatArray) -> FloatArray:
        """Return how far `values` are from what may be right."""
        with np.errstate(invalid="ignore"):
            return np.maximum(np.maximum(self.low - values, values - self.high), 0.0)

    def doubt(self, doubtful: np.ndarray[Any, Any]) -> None:
        """Take back that entries are wrong, and say that they are unclear, where `doubtful`."""
        self.unclear = self.unclear | (self.wrong & doubtful)
        self.wrong = self.wrong & ~doubtful

    def settle(self, at: np.ndarray[Any, Any], slope: FloatArray, slack: FloatArray) -> None:
        """Judge the entries `at` by other measurements."""
        self.low[at] = self.high[at] = slope
        self.slack[at] = slack
        self.wrong[at] = self.error[at] > self.tolerance[at]
        self.unclear[at] = False
